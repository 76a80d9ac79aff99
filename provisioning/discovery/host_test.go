package discovery

import "testing"

func TestLookupFindsAnInterface(t *testing.T) {
	h, err := Lookup("")
	if err != nil {
		t.Skip("this machine has no interface at all:", err)
	}
	if h.Interface == "" || !h.Prefix.IsValid() {
		t.Fatalf("Lookup = %+v, want a name and an address", h)
	}
}

func TestLookupNamesTheMissingInterface(t *testing.T) {
	if _, err := Lookup("no-such-if0"); err == nil {
		t.Fatal("Lookup of a missing interface succeeded")
	}
}

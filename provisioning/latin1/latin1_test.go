package latin1

import "testing"

func TestWhatIsNotUTF8IsISO88591(t *testing.T) {
	for data, want := range map[string]string{
		"": "", "plain": "plain", "Büro": "Büro", "B\xfcro": "Büro", "\xff\x80": "ÿ\u0080",
	} {
		if got := Text([]byte(data)); got != want {
			t.Errorf("%q: %q, want %q", data, got, want)
		}
	}
}

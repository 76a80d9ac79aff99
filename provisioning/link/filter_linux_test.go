package link

import (
	"testing"

	"golang.org/x/net/bpf"
)

func controlVM(t testing.TB) *bpf.VM {
	t.Helper()
	vm, err := bpf.NewVM(isControl())
	if err != nil {
		t.Fatal(err)
	}
	return vm
}

func passes(t testing.TB, vm *bpf.VM, frame []byte) bool {
	t.Helper()
	n, err := vm.Run(frame)
	if err != nil {
		t.Fatal(err)
	}
	return n > 0
}

func TestKernelFilterPassesControlFrames(t *testing.T) {
	vm := controlVM(t)
	for _, c := range controlFrames {
		if got := passes(t, vm, c.frame); got != c.want {
			t.Errorf("%s: filter says %t", c.name, got)
		}
	}
}

// FuzzFilter: the kernel's program and IsControl are of one mind.
func FuzzFilter(f *testing.F) {
	vm := controlVM(f)
	for _, c := range controlFrames {
		f.Add(c.frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		if got, want := passes(t, vm, frame), IsControl(frame); got != want {
			t.Fatalf("filter says %t, IsControl %t: %x", got, want, frame)
		}
	})
}

package flash

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func check(data []byte) error { return checkPages(bytes.NewReader(data), int64(len(data))) }

// golden is a flash of pages of 4096 bytes, whatever the machine's are.
func golden(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "schema2.db"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSoundFilesPassTheCheck(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	random := rand.New(rand.NewPCG(3, 4))
	for round := range 60 {
		values := map[string]string{}
		var reset []string
		for range random.IntN(300) {
			values[fmt.Sprintf("%0*d", 1+random.IntN(maxName), random.IntN(1000))] = strings.Repeat("v", random.IntN(maxValue))
			reset = append(reset, fmt.Sprint(random.IntN(1000)))
		}
		err := errors.Join(f.Save(values, reset), f.Put("blob", make([]byte, random.IntN(200_000))))
		if round%20 == 19 {
			err = errors.Join(err, f.Erase())
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, File))
		if err != nil {
			t.Fatal(err)
		}
		if err := check(data); err != nil {
			t.Fatalf("round %d, %d bytes: %v", round, len(data), err)
		}
	}
}

// The first meta record may be torn: the second one, which is the older, holds.
func TestOneTornMetaRecordIsNoDamage(t *testing.T) {
	for _, at := range []int{0, 4096} {
		dir := t.TempDir()
		data := golden(t)
		clear(data[at : at+200])
		if err := os.WriteFile(filepath.Join(dir, File), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if f := open(t, dir); f.Damaged() != "" {
			t.Errorf("without the record at %d: %s", at, f.Damaged())
		}
	}
}

func TestDamagedPagesAreFound(t *testing.T) {
	for _, sound := range [][]byte{golden(t), filled(t)} {
		if err := check(sound); err != nil {
			t.Fatal(err)
		}
		c := &pageCheck{file: bytes.NewReader(sound), size: uint64(len(sound))}
		if err := c.findMeta(); err != nil {
			t.Fatal(err)
		}
		used := map[string]uint64{"root": c.meta.root, "list of free pages": c.meta.freeList}
		for name, number := range used {
			for field, at := range map[string]uint64{"number": 0, "kind": 8, "count": 11, "further pages": 14, "all of them": 15} {
				data := bytes.Clone(sound)
				data[number*c.meta.pageSize+at] ^= 0x40
				if err := check(data); !errors.Is(err, ErrDamaged) {
					t.Errorf("%s, %s: %v", name, field, err)
				}
			}
		}
		for size := range len(sound) / 512 {
			if err := check(sound[:size*512]); err == nil && uint64(size*512) < c.meta.pages*c.meta.pageSize {
				t.Errorf("%d bytes of %d pass", size*512, len(sound))
			}
		}
	}
}

// garble damages a file as disks do: bytes, a run of them, a whole page, or
// the head of a page, which is what bbolt trusts.
func garble(random *rand.Rand, sound []byte) []byte {
	const size = 4096
	data := bytes.Clone(sound)
	at := random.IntN(len(data)/size) * size
	fill := func(b []byte) {
		for i := range b {
			b[i] = byte(random.Uint32())
		}
	}
	switch random.IntN(5) {
	case 0:
		for range 1 + random.IntN(40) {
			data[random.IntN(len(data))] = byte(random.Uint32())
		}
	case 1:
		fill(data[at:][:size])
	case 2:
		fill(data[at:][:16+random.IntN(48)])
	case 3:
		data[at+random.IntN(16)] ^= 1 << random.IntN(8)
	case 4:
		from := random.IntN(len(data)/size) * size
		copy(data[at:][:size], sound[from:][:size])
	}
	return data
}

// Whatever a disk does to the file: the flash opens and takes values, in
// bounded time and memory.
func TestRandomDamageNeverCrashesNorGrows(t *testing.T) {
	const (
		rounds = 2000
		most   = 32 << 20 // bytes taken in one round
		limit  = 20 * time.Second
	)
	files := [][]byte{golden(t), filled(t)}
	random := rand.New(rand.NewPCG(1, 2))
	refused, took, slowest := 0, uint64(0), time.Duration(0)
	for round := range rounds {
		data := garble(random, files[round%2])
		bad := check(data) != nil
		if bad {
			// That a refused file is put aside need not be seen each time.
			if refused++; refused%10 != 0 {
				continue
			}
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, File), data, 0o600); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		ended := make(chan error, 1)
		go func() { ended <- useDamaged(dir, bad) }()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("round %d: %v", round, err)
			}
		case <-time.After(limit):
			t.Fatalf("round %d does not end", round)
		}
		runtime.ReadMemStats(&after)
		took, slowest = max(took, after.TotalAlloc-before.TotalAlloc), max(slowest, time.Since(begun))
		if took > most {
			t.Fatalf("round %d takes %d bytes", round, took)
		}
	}
	t.Logf("of %d garbled files %d were refused; the others took at most %d KiB and %v", rounds, refused, took>>10, slowest)
	if refused < rounds/4 || refused == rounds {
		t.Errorf("of %d garbled files %d were refused", rounds, refused)
	}
}

// useDamaged does with a flash what a phone does.
func useDamaged(dir string, bad bool) error {
	f, err := Open(dir, nil)
	if err != nil {
		return err
	}
	if bad && f.Damaged() == "" {
		err = errors.New("a damaged file is not put aside")
	}
	_, load := f.Load()
	return errors.Join(err, load, f.Save(map[string]string{"a": "b"}, nil), f.Put("c", make([]byte, 5000)), f.Erase(), f.Close())
}

func FuzzCheckPages(f *testing.F) {
	random := rand.New(rand.NewPCG(5, 6))
	sound := golden(f)
	f.Add(sound)
	for range 20 {
		f.Add(garble(random, sound))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := check(data); err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("error %v", err)
		}
	})
}

package image

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"deskset/provisioning/firmware"
)

const benchSize = 16 << 20

// BenchmarkProgram takes an image in pieces: of TFTP without and with a larger
// block size, and of HTTP. Beside it stands what the disk does alone.
func BenchmarkProgram(b *testing.B) {
	data := container(b, "DS79-1-0-0", "", bytes.Repeat([]byte("0123456789abcdef"), benchSize/16))
	for _, piece := range []int{512, 1428, 32 << 10} {
		b.Run(fmt.Sprintf("pieces of %d", piece), func(b *testing.B) {
			m := newMachine(b, b.TempDir())
			m.boot()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				p, err := m.store.Program("DS79-1-0-0")
				if err != nil {
					b.Fatal(err)
				}
				if err := inPieces(p, data, piece); err != nil {
					b.Fatal(err)
				}
				if _, err := p.Commit(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("copy and sync, pieces of %d", piece), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "file")
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				f, err := os.Create(path)
				if err != nil {
					b.Fatal(err)
				}
				if err := inPieces(f, data, piece); err != nil {
					b.Fatal(err)
				}
				if err := f.Sync(); err != nil {
					b.Fatal(err)
				}
				f.Close()
			}
		})
	}
}

func inPieces(w io.Writer, data []byte, piece int) error {
	_, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{bytes.NewReader(data)}, make([]byte, piece))
	return err
}

// BenchmarkBoot checks two images of 8 MiB, as large as instruments' are at
// the most.
func BenchmarkBoot(b *testing.B) {
	m := newMachine(b, b.TempDir())
	for _, load := range []string{"DS79-1-0-0", "DS79-2-0-0"} {
		m.boot()
		m.mustProgram(load, container(b, load, "", make([]byte, 8<<20)))
	}
	b.SetBytes(16 << 20)
	for b.Loop() {
		m.boot()
	}
}

// BenchmarkScan is the check alone.
func BenchmarkScan(b *testing.B) {
	data := container(b, "DS79-1-0-0", "", make([]byte, benchSize))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := firmware.Scan(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}

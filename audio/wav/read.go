package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxBytes bounds what Read takes into memory: more than an hour at 8 kHz.
const maxBytes = 64 << 20

const (
	formatPCM        = 1
	formatExtensible = 0xFFFE
)

var (
	errNotWAV = errors.New("not a WAV file (no RIFF/WAVE header)")
	errNoData = errors.New("no fmt and data chunk")
)

// Read gives the samples of a file and their rate in Hz.
func Read(path string) (samples []int16, rate int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	samples, rate, err = Decode(file)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", path, err)
	}
	return samples, rate, nil
}

type format struct {
	channels, rate int
}

// Decode gives the samples of a WAV file that comes from r, mixed down to
// mono, and their rate in Hz. A file cut short gives what is there. Unknown
// chunks are skipped.
func Decode(r io.Reader) (samples []int16, rate int, err error) {
	r = io.LimitReader(r, maxBytes)
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return nil, 0, errNotWAV
	}
	var f format
	for {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return nil, 0, errNoData
		}
		// Chunks are padded to an even length.
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		body := io.LimitReader(r, size+size&1)
		switch id := string(chunk[:4]); {
		case id == "fmt ":
			if f, err = readFormat(body); err != nil {
				return nil, 0, err
			}
		case id == "data" && f.rate != 0:
			data, err := io.ReadAll(io.LimitReader(body, size))
			if err != nil {
				return nil, 0, err
			}
			return mono(data, f.channels), f.rate, nil
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			return nil, 0, err
		}
	}
}

func readFormat(r io.Reader) (format, error) {
	var b [16]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return format{}, errNoData
	}
	kind := binary.LittleEndian.Uint16(b[0:])
	f := format{
		channels: int(binary.LittleEndian.Uint16(b[2:])),
		rate:     int(binary.LittleEndian.Uint32(b[4:])),
	}
	bits := binary.LittleEndian.Uint16(b[14:])
	if kind != formatPCM && kind != formatExtensible || bits != 16 {
		return format{}, fmt.Errorf("format %d with %d bits: want 16-bit PCM", kind, bits)
	}
	if f.channels < 1 || f.channels > 8 || f.rate < 1000 || f.rate > 192000 {
		return format{}, fmt.Errorf("%d channels at %d Hz: want 1 to 8 at 1000 to 192000 Hz", f.channels, f.rate)
	}
	return f, nil
}

func mono(data []byte, channels int) []int16 {
	samples := make([]int16, len(data)/(2*channels))
	for i := range samples {
		sum := 0
		for c := range channels {
			sum += int(int16(binary.LittleEndian.Uint16(data[2*(i*channels+c):])))
		}
		samples[i] = int16(sum / channels)
	}
	return samples
}

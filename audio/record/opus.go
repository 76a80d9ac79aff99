package record

import (
	"encoding/binary"
	"errors"
	"os"
	"time"

	"deskset/audio/codec"
	"deskset/audio/linear"
	"deskset/audio/mix"
)

const (
	// opusFrame is what a packet lasts: 20 ms at 48 kHz.
	opusFrame = mix.Rate / 50
	// preSkip is the delay of the encoder, which a player leaves out: 2.5 ms of
	// overlap and 4 ms of its own (RFC 7845 section 4.2).
	preSkip = mix.Rate/400 + mix.Rate/250
	// pagePackets is a second: what is lost at most when the program dies.
	pagePackets = int(time.Second / (20 * time.Millisecond))
)

var errNoOpus = errors.New("no Opus is built in: use wav")

// oggFile is Ogg/Opus with two uncoupled streams (RFC 7845 section 5.1.1.2).
type oggFile struct {
	*oggWriter
	coders  [2]codec.Codec
	pcm     [2][]int16
	packets int    // of the page
	granule uint64 // behind the last packet, with the encoder's delay
	frames  uint64 // that were written
	joined  []byte
	single  [2][]byte
}

func newOgg(f *os.File) (*oggFile, error) {
	info, ok := codec.Lookup("opus")
	if !ok || info.SampleRate != mix.Rate {
		return nil, errNoOpus
	}
	o := &oggFile{oggWriter: newOggWriter(f)}
	for i := range o.coders {
		o.coders[i] = info.New()
		o.pcm[i] = make([]int16, 0, opusFrame)
	}
	return o, o.headers()
}

// headers are the identification and the comment, each on a page of its own (RFC
// 7845 section 3 and 5).
func (o *oggFile) headers() error {
	le := binary.LittleEndian
	const twoStreams, family = 2, 1
	h := append([]byte("OpusHead"), 1, 2)
	h = le.AppendUint16(h, preSkip)
	h = le.AppendUint32(h, mix.Rate)
	h = le.AppendUint16(h, 0)
	h = append(h, family, twoStreams, 0, 0, 1)
	o.packet(h)
	if err := o.flush(pageFirst, 0); err != nil {
		return err
	}
	const vendor = "Deskset"
	t := le.AppendUint32([]byte("OpusTags"), uint32(len(vendor)))
	t = append(t, vendor...)
	o.packet(le.AppendUint32(t, 0))
	return o.flush(0, 0)
}

func (o *oggFile) size() int64 { return o.written }

func (o *oggFile) write(frames []frame) error {
	for _, f := range frames {
		o.pcm[0] = append(o.pcm[0], linear.Sample(f.near))
		o.pcm[1] = append(o.pcm[1], linear.Sample(f.far))
		o.frames++
		if len(o.pcm[0]) == opusFrame {
			if err := o.encode(); err != nil {
				return err
			}
		}
	}
	return nil
}

// encode makes a packet of 20 ms of both sides; a page holds a second.
func (o *oggFile) encode() error {
	for i, c := range o.coders {
		o.single[i] = c.Encode(o.single[i][:0], o.pcm[i])
		o.pcm[i] = o.pcm[i][:0]
	}
	o.joined = join(o.joined[:0], o.single[0], o.single[1])
	// A full page waits for the next packet, so that the last one is never empty.
	if o.packets >= pagePackets || !o.fits(len(o.joined)) {
		if err := o.page(0); err != nil {
			return err
		}
	}
	o.packet(o.joined)
	o.granule += opusFrame
	o.packets++
	return nil
}

func (o *oggFile) page(flags byte) error {
	o.packets = 0
	return o.flush(flags, o.granule)
}

// close lets the encoder give what it still holds, and says where the end is.
func (o *oggFile) close() error {
	end := o.frames + preSkip
	var err error
	for o.granule < end && err == nil {
		for i := range o.pcm {
			rest := o.pcm[i][len(o.pcm[i]):opusFrame]
			clear(rest)
			o.pcm[i] = o.pcm[i][:opusFrame]
		}
		err = o.encode()
	}
	if err == nil {
		o.granule = end
		err = o.page(pageLast)
	}
	if e := o.f.Close(); err == nil {
		err = e
	}
	return err
}

// nothing is a packet of 20 ms without a frame, which a decoder conceals.
const nothing = 0x08 // SILK, narrow band, 20 ms, mono (RFC 6716 section 3.1)

// join makes one packet of two streams: the first tells its own length (RFC 6716
// appendix B). Only packets of one frame come from our encoder, and none where it
// failed.
func join(dst, near, far []byte) []byte {
	if len(near) == 0 || near[0]&3 != 0 {
		near = []byte{nothing}
	}
	if len(far) == 0 {
		far = []byte{nothing}
	}
	dst = append(dst, near[0])
	if n := len(near) - 1; n < 252 {
		dst = append(dst, byte(n))
	} else {
		first := 252 + n&3
		dst = append(dst, byte(first), byte((n-first)/4))
	}
	return append(append(dst, near[1:]...), far...)
}

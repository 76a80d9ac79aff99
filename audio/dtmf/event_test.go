package dtmf

import (
	"math/rand/v2"
	"testing"
)

const (
	clock  = 8000
	packet = 160
)

// send runs the sending side until all keys are done; each packet is handed to
// deliver.
func send(t *testing.T, keys *Keys, start uint32, deliver func(p Packet)) {
	t.Helper()
	keyer, sender := NewKeyer(keys, clock), &Sender{}
	idle := 0
	for ts := start; idle < 10; ts += packet {
		p, ok := sender.Next(keyer.Advance(packet), ts)
		if !ok {
			idle++
			continue
		}
		idle = 0
		deliver(p)
	}
}

func TestEventPayloadIsThatOfRFC4733(t *testing.T) {
	got := Event{Digit: '#', End: true, Volume: 10, Duration: 0x0320}.Append([]byte{0xEE})
	want := []byte{0xEE, 11, 0x8A, 0x03, 0x20}
	if string(got) != string(want) {
		t.Errorf("payload % x, want % x", got, want)
	}
	for _, digit := range []byte(codes) {
		e := Event{Digit: digit, Duration: 160}
		if back, err := ParseEvent(e.Append(nil)); err != nil || back != e {
			t.Errorf("%c comes back as %+v, %v", digit, back, err)
		}
	}
	if _, err := ParseEvent([]byte{16, 0, 0, 0}); err == nil {
		t.Error("hook flash is no digit")
	}
	if _, err := ParseEvent([]byte{1, 0, 0}); err == nil {
		t.Error("short payload accepted")
	}
}

func TestEventOfAShortPress(t *testing.T) {
	keys := &Keys{}
	keys.Down('7')
	keys.Up()
	var got []Packet
	send(t, keys, 1000, func(p Packet) { got = append(got, p) })
	// 100 ms in packets of 20, then the final one twice again.
	if len(got) != 7 {
		t.Fatalf("%d packets, want 7: %+v", len(got), got)
	}
	for i, p := range got {
		want := Packet{
			Event:     Event{Digit: '7', End: i >= 4, Volume: 10, Duration: uint16(min(i+1, 5) * packet)},
			Timestamp: 1000,
			Marker:    i == 0,
		}
		if p != want {
			t.Errorf("packet %d is %+v, want %+v", i, p, want)
		}
	}
}

func TestEventLastsWhileTheKeyIsHeld(t *testing.T) {
	keys := &Keys{}
	keys.Down('1')
	keyer, sender := NewKeyer(keys, clock), &Sender{}
	for i := range 100 { // 2 s
		p, ok := sender.Next(keyer.Advance(packet), uint32(i*packet))
		if !ok || p.Event.End || int(p.Event.Duration) != (i+1)*packet {
			t.Fatalf("packet %d: %+v, %v", i, p, ok)
		}
	}
	keys.Up()
	if p, _ := sender.Next(keyer.Advance(packet), 100*packet); !p.Event.End || p.Event.Duration != 101*packet {
		t.Errorf("release gives %+v", p)
	}
}

func TestLongEventIsToldInSegments(t *testing.T) {
	keys := &Keys{}
	keys.Down('5')
	keyer, sender, receiver := NewKeyer(keys, clock), &Sender{}, NewReceiver(clock)
	digits := ""
	var last Packet
	ends := 0
	for i := range 1030 { // 20.6 s: 164,800 units
		if i == 1020 {
			keys.Up()
		}
		p, ok := sender.Next(keyer.Advance(packet), uint32(500+i*packet))
		if !ok {
			continue
		}
		if p.Marker != (i == 0) {
			t.Errorf("packet %d: marker %v", i, p.Marker)
		}
		if i > 0 && p.Timestamp != last.Timestamp {
			if last.Event.Duration != maxDuration || p.Timestamp != last.Timestamp+maxDuration {
				t.Errorf("segment ends with %+v and begins with %+v", last, p)
			}
		}
		if p.Event.End {
			ends++
			if told := int(p.Timestamp) - 500 + int(p.Event.Duration); told != 1021*packet {
				t.Errorf("event ends after %d units, want %d", told, 1021*packet)
			}
		}
		last = p
		if d := receiver.Receive(p.Event.Append(nil), p.Timestamp, p.Marker); d != 0 {
			digits += string(d)
		}
	}
	if digits != "5" || ends != 3 {
		t.Errorf("received %q with %d ends, want one 5 and 3 ends", digits, ends)
	}
}

func TestTypedDigitsWaitInLine(t *testing.T) {
	keys := &Keys{}
	for _, d := range []byte("1155*#0") {
		keys.Down(d)
		keys.Up()
	}
	receiver := NewReceiver(clock)
	got := ""
	send(t, keys, 0xFFFFF000, func(p Packet) { // the timestamp wraps on the way
		if d := receiver.Receive(p.Event.Append(nil), p.Timestamp, p.Marker); d != 0 {
			got += string(d)
		}
	})
	if got != "1155*#0" {
		t.Errorf("received %q", got)
	}
}

func TestPressOfTheNextKeyEndsTheFirst(t *testing.T) {
	keys := &Keys{}
	keys.Down('1')
	keys.Down('2')
	keys.Up()
	receiver := NewReceiver(clock)
	got := ""
	send(t, keys, 0, func(p Packet) {
		if d := receiver.Receive(p.Event.Append(nil), p.Timestamp, p.Marker); d != 0 {
			got += string(d)
		}
	})
	if got != "12" {
		t.Errorf("received %q, want 12", got)
	}
}

func TestFullQueueDropsDigitsNotReleases(t *testing.T) {
	keys := &Keys{}
	taken := 0
	for range 200 {
		if keys.Down('9') {
			taken++
			keys.Up()
		}
	}
	if taken != queueLength/2 {
		t.Errorf("%d digits taken, want %d", taken, queueLength/2)
	}
}

// 20 % loss, order and duplicates included: an event of five packets and two
// repetitions is lost as a whole once in 78,125.
func TestReceiverHearsEachDigitOnceAt20PercentLoss(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		keys := &Keys{}
		const digits = "0123456789*#1122"
		for _, d := range []byte(digits) {
			keys.Down(d)
			keys.Up()
		}
		var arriving []Packet
		send(t, keys, uint32(round)<<24, func(p Packet) {
			if random.Float64() < 0.2 {
				return
			}
			arriving = append(arriving, p)
			if random.Float64() < 0.05 {
				arriving = append(arriving, p)
			}
			if n := len(arriving); n > 1 && random.Float64() < 0.05 {
				arriving[n-1], arriving[n-2] = arriving[n-2], arriving[n-1]
			}
		})
		receiver := NewReceiver(clock)
		got := ""
		for _, p := range arriving {
			if d := receiver.Receive(p.Event.Append(nil), p.Timestamp, p.Marker); d != 0 {
				got += string(d)
			}
		}
		if got != digits {
			t.Fatalf("round %d: received %q, want %q", round, got, digits)
		}
	}
}

// Some gateways move the timestamp with every update.
func TestReceiverToleratesMovingTimestamps(t *testing.T) {
	receiver := NewReceiver(clock)
	got := ""
	for _, begin := range []uint32{0, 3200} {
		for i := range uint32(5) {
			e := Event{Digit: '4', Duration: uint16((i + 1) * packet), End: i == 4}
			if d := receiver.Receive(e.Append(nil), begin+i*packet, i == 0); d != 0 {
				got += string(d)
			}
		}
	}
	if got != "44" {
		t.Errorf("received %q, want 44", got)
	}
}

func FuzzReceiver(f *testing.F) {
	f.Add([]byte{1, 0x8A, 3, 0x20}, uint32(160), true)
	f.Fuzz(func(t *testing.T, payload []byte, ts uint32, marker bool) {
		r := NewReceiver(clock)
		for i := range uint32(4) {
			if d := r.Receive(payload, ts*i, marker); d != 0 {
				if e, err := ParseEvent(payload); err != nil || e.Digit != d {
					t.Errorf("digit %c from % x", d, payload)
				}
			}
		}
	})
}

func TestSendingSideDoesNotAllocate(t *testing.T) {
	keys := &Keys{}
	keyer, sender, payload := NewKeyer(keys, clock), &Sender{}, make([]byte, 0, eventLength)
	if n := testing.AllocsPerRun(1000, func() {
		keys.Down('1')
		keys.Up()
		if p, ok := sender.Next(keyer.Advance(packet), 0); ok {
			payload = p.Event.Append(payload[:0])
		}
	}); n != 0 {
		t.Errorf("%v allocations per packet, want 0", n)
	}
}

package view

import "fmt"

// Key is one control that a person can press. Press and release are separate
// events, so that a held key can repeat or send DTMF as long as it is down.
type Key uint8

// The controls of the instrument. Their names (see [Key.String]) are those of
// the faceplate's geometry table.
const (
	KeyNone Key = iota
	Key0
	Key1
	Key2
	Key3
	Key4
	Key5
	Key6
	Key7
	Key8
	Key9
	KeyStar
	KeyPound
	KeyLine1
	KeyLine2
	KeyLine3
	KeyLine4
	KeyLine5
	KeyLine6
	KeySoft1
	KeySoft2
	KeySoft3
	KeySoft4
	KeyScrollUp
	KeyScrollDown
	KeyMessages
	KeyDirectories
	KeyServices
	KeySettings
	KeyInfo
	KeyVolumeDown
	KeyVolumeUp
	KeyHeadset
	KeyMute
	KeySpeaker
	// KeyHandset is the cradle switch: each press changes the handset from
	// resting to lifted or back; View.HandsetLifted tells which it is.
	KeyHandset
	numKeys
)

// NumLines is how many line keys the 7960 has.
const NumLines = 6

// NumSoftKeys is how many soft keys stand under the LCD.
const NumSoftKeys = 4

var keyNames = [numKeys]string{
	KeyNone: "none",
	Key0:    "0", Key1: "1", Key2: "2", Key3: "3", Key4: "4",
	Key5: "5", Key6: "6", Key7: "7", Key8: "8", Key9: "9",
	KeyStar: "star", KeyPound: "pound",
	KeyLine1: "line1", KeyLine2: "line2", KeyLine3: "line3",
	KeyLine4: "line4", KeyLine5: "line5", KeyLine6: "line6",
	KeySoft1: "soft1", KeySoft2: "soft2", KeySoft3: "soft3", KeySoft4: "soft4",
	KeyScrollUp: "scroll.up", KeyScrollDown: "scroll.down",
	KeyMessages: "messages", KeyDirectories: "directories",
	KeyServices: "services", KeySettings: "settings", KeyInfo: "info",
	KeyVolumeDown: "volume.down", KeyVolumeUp: "volume.up",
	KeyHeadset: "headset", KeyMute: "mute", KeySpeaker: "speaker",
	KeyHandset: "handset",
}

// Keys lists every key of the instrument, in the order of the constants.
func Keys() []Key {
	keys := make([]Key, 0, numKeys-1)
	for k := KeyNone + 1; k < numKeys; k++ {
		keys = append(keys, k)
	}
	return keys
}

// String gives the key's name in the geometry table, "none" for KeyNone.
func (k Key) String() string {
	if k < numKeys {
		return keyNames[k]
	}
	return fmt.Sprintf("key(%d)", uint8(k))
}

// ParseKey finds a key by its name.
func ParseKey(name string) (Key, error) {
	for k := KeyNone + 1; k < numKeys; k++ {
		if keyNames[k] == name {
			return k, nil
		}
	}
	return KeyNone, fmt.Errorf("view: no key is named %q", name)
}

// LineKey gives the key of line 1 to NumLines, KeyNone for other numbers.
func LineKey(line int) Key {
	if line < 1 || line > NumLines {
		return KeyNone
	}
	return KeyLine1 + Key(line-1)
}

// SoftKey gives the soft key at position 1 to NumSoftKeys, KeyNone for others.
func SoftKey(position int) Key {
	if position < 1 || position > NumSoftKeys {
		return KeyNone
	}
	return KeySoft1 + Key(position-1)
}

// DigitKey gives the dial-pad key for '0'-'9', '*' and '#', KeyNone for others.
func DigitKey(digit rune) Key {
	switch {
	case digit >= '0' && digit <= '9':
		return Key0 + Key(digit-'0')
	case digit == '*':
		return KeyStar
	case digit == '#':
		return KeyPound
	}
	return KeyNone
}

// Digit gives '0'-'9', '*' or '#' for a dial-pad key, 0 for others.
func (k Key) Digit() byte {
	switch {
	case k >= Key0 && k <= Key9:
		return '0' + byte(k-Key0)
	case k == KeyStar:
		return '*'
	case k == KeyPound:
		return '#'
	}
	return 0
}

// Line gives 1 to NumLines for a line key, 0 for others.
func (k Key) Line() int {
	if k >= KeyLine1 && k <= KeyLine6 {
		return int(k-KeyLine1) + 1
	}
	return 0
}

// Soft gives 1 to NumSoftKeys for a soft key, 0 for others.
func (k Key) Soft() int {
	if k >= KeySoft1 && k <= KeySoft4 {
		return int(k-KeySoft1) + 1
	}
	return 0
}

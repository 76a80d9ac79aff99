package flash

import (
	"encoding/json"
	"fmt"
)

// Image is what the flash records of an image in a slot. Without a digest the
// slot is empty.
type Image struct {
	Name       string `json:"name"`
	Generation string `json:"generation,omitempty"`
	// Digest is the SHA-256 of the image file, in hexadecimal.
	Digest  string `json:"digest,omitempty"`
	Size    int64  `json:"size"`
	BuiltIn bool   `json:"built_in,omitempty"`
}

// Images is the record of the two image slots (guide 2-9).
type Images struct {
	Slots [2]Image `json:"slots"`
	// Active is the slot that starts, 0 or 1.
	Active int `json:"active"`
}

// slotsRecord is the one entry of the images bucket: since both slots and the
// active one change together, they are one value.
const slotsRecord = "slots"

// Images reads the record of the image slots. Both are empty if there is none.
// ErrDamaged says that the record makes no sense.
func (f *Flash) Images() (Images, error) {
	data, err := f.store.get(images, slotsRecord)
	if err != nil || data == nil {
		return Images{}, err
	}
	var record Images
	if err := json.Unmarshal(data, &record); err != nil {
		return Images{}, fmt.Errorf("%w: the record of the images: %w", ErrDamaged, err)
	}
	if record.Active < 0 || record.Active >= len(record.Slots) {
		return Images{}, fmt.Errorf("%w: image slot %d is active", ErrDamaged, record.Active)
	}
	return record, nil
}

// SetImages records both slots and the active one, in one transaction.
func (f *Flash) SetImages(record Images) error {
	if record.Active < 0 || record.Active >= len(record.Slots) {
		return fmt.Errorf("image slot %d cannot be active: want 0 or 1", record.Active)
	}
	data, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return f.apply([]change{{images, slotsRecord, data}}, maxValue)
}

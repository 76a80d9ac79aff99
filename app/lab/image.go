package lab

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"time"

	"deskset/provisioning/firmware"
)

// imageSize is the payload of the lab's images: about what an instrument's have.
const imageSize = 768 << 10

// upgradeImage is the load that Options.Upgrade offers; a phone that runs it
// already is offered laterImage. strangeImage is what bad-image-name serves.
const (
	upgradeImage = "DS79-0-2-0"
	laterImage   = "DS79-0-3-0"
	strangeImage = "DS79-0-9-0"
)

// imageFile is the name under which a load lies on the server.
func imageFile(load string) string { return load + ".img" }

// upgradeOf is the load that is offered to a phone that runs another one.
func upgradeOf(running string) string {
	if running == upgradeImage {
		return laterImage
	}
	return upgradeImage
}

// makeImage builds an image in the container of package firmware. Its payload
// is noise, the same for each start.
func makeImage(load string) ([]byte, error) {
	payload := make([]byte, imageSize)
	_, _ = rand.NewChaCha8([32]byte([]byte(fmt.Sprintf("%-32.32s", load)))).Read(payload) // never fails
	m := firmware.Manifest{Name: load, Description: "Made by the Deskset lab; it holds nothing", Created: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	var b bytes.Buffer
	b.Grow(imageSize + 4096)
	if err := firmware.WriteContainer(&b, m, bytes.NewReader(payload), imageSize); err != nil {
		return nil, fmt.Errorf("lab: image %.64q: %w", load, err)
	}
	return b.Bytes(), nil
}

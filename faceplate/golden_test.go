package faceplate

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"deskset/assets"
	"deskset/faceplate/art"
	"deskset/faceplate/lcd/samples"
	"deskset/phonecore/view"
)

// update rewrites the golden pictures: go test ./faceplate -update. Look at
// them before you commit them.
var update = flag.Bool("update", false, "rewrite the golden pictures")

// busyView has everything lit and lifted.
func busyView() view.View {
	v := idleView()
	v.HandsetLifted = true
	for l := range v.Lamps {
		v.Lamps[l] = view.LampOn
	}
	return v
}

func sampleView(name string) view.View {
	v, ok := samples.Get(name)
	if !ok {
		panic("no sample is named " + name)
	}
	return v
}

var goldens = []struct {
	name    string
	view    view.View
	width   int
	scale   float32
	compact bool
	// digest keeps only the picture's SHA-256: it is too large for the tree.
	digest bool
}{
	{name: "face-480", view: idleView(), width: 480, scale: 1},
	{name: "face-1060", view: idleView(), width: 1060, scale: 1},
	{name: "face-2120", view: idleView(), width: 1060, scale: 2, digest: true},
	{name: "busy-640", view: busyView(), width: 640, scale: 1},
	{name: "compact-760", view: idleView(), width: 760, scale: 1, compact: true},
	{name: "panel-480", view: sampleView("startup-panel-failed"), width: 480, scale: 1},
	{name: "panel-2120", view: sampleView("startup-panel"), width: 1060, scale: 2, digest: true},
}

func TestGoldenPicturesOfTheFace(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			if raced && g.digest {
				t.Skip("pixels by the million: without the race detector only")
			}
			got := render(g.view, g.width, g.scale, g.compact).(*image.RGBA)
			if g.digest {
				compareDigest(t, g.name, got)
			} else {
				comparePicture(t, g.name, got)
			}
		})
	}
}

func compareDigest(t *testing.T, name string, got *image.RGBA) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the digest is that of amd64; other processors round a colour step differently")
	}
	file := filepath.Join("testdata", name+".sha256")
	sum := fmt.Sprintf("%x\n", sha256.Sum256(got.Pix))
	if *update {
		write(t, file, []byte(sum))
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(want)) != strings.TrimSpace(sum) {
		keepFailed(t, name, got)
	}
}

func comparePicture(t *testing.T, name string, got *image.RGBA) {
	file := filepath.Join("testdata", name+".png")
	if *update {
		write(t, file, encode(t, got))
		return
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := decode(t, data)
	if want.Rect != got.Rect {
		t.Fatalf("%s: %v, want %v", name, got.Rect, want.Rect)
	}
	tolerance := 0
	if runtime.GOARCH != "amd64" {
		tolerance = 2 // fused multiply-add rounds the edges of shapes differently
	}
	for i, b := range want.Pix {
		if d := int(b) - int(got.Pix[i]); d > tolerance || -d > tolerance {
			t.Errorf("%s: pixel %d,%d differs", name, i/4%want.Rect.Dx(), i/4/want.Rect.Dx())
			keepFailed(t, name, got)
			return
		}
	}
}

func keepFailed(t *testing.T, name string, got *image.RGBA) {
	file := filepath.Join(os.TempDir(), name+"-failed.png")
	write(t, file, encode(t, got))
	t.Errorf("%s is not as it was; see %s, and refresh with -update if it is right", name, file)
}

func TestTheIconIsTheOneThatIsDrawn(t *testing.T) {
	want := decode(t, assets.Icon)
	got := image.NewRGBA(want.Rect)
	// PNG keeps colours unmultiplied, so compare what comes back from it.
	draw.Draw(got, got.Rect, decode(t, encode(t, art.Icon(art.IconSize))), image.Point{}, draw.Src)
	if runtime.GOARCH == "amd64" && !bytes.Equal(got.Pix, want.Pix) {
		t.Error("assets/icon.png is old: go run ./faceplate/art/genicon")
	}
}

func encode(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(t *testing.T, data []byte) *image.RGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

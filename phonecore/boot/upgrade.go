package boot

import (
	"context"
	"errors"
	"strings"

	"deskset/phonecore/image"
	"deskset/phonecore/text"
	"deskset/provisioning/fetch"
	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
)

// maxImage bounds an image; the largest seen in the wild has 8 MB.
const maxImage = 64 << 20

// checkImage compares image_version with the running image. Any other name is
// loaded: there is no older or newer (guide 2-8, 2-9).
func checkImage(ctx context.Context, r *run, rep *Report) {
	rep.Provenance = Real
	want := r.wantedImage()
	switch {
	case want == "":
		rep.Provenance = Skipped
		rep.learn(text.LearnedNoImage, r.Running)
		r.restore(rep)
		return
	case sameLoad(want, r.Running) && !r.Started.Recovery:
		rep.learn(text.LearnedSameImage, r.Running)
		return
	case r.Images == nil || r.files == nil || !r.Answered:
		rep.Provenance = Skipped
		rep.add(text.StatusLoadDiffers, nil, want, r.Running)
		r.restore(rep)
		return
	}
	if r.NoUpgrade {
		rep.fail(text.StatusUpgradeLoop, nil, want, r.Running)
		return
	}
	r.tell(text.UpgradingSoftware, want)
	info, err := r.upgrade(ctx, want)
	if err != nil {
		rep.upgradeFailed(r.Server, want, err)
		r.restore(rep)
		return
	}
	rep.add(text.StatusProgrammed, nil, info.Name)
	rep.learn(text.LearnedProgrammed, info.Name, info.Size)
	r.Programmed = &info
}

// sameLoad compares names of loads: case and extension do not count, since
// the header's spelling may differ from the file's.
func sameLoad(a, b string) bool { return strings.EqualFold(firmware.Stem(a), firmware.Stem(b)) }

// wantedImage is the load that the files ask for; in recovery, when both slots
// are bad, the one of OS79XX.TXT serves as well.
func (r *run) wantedImage() string {
	v := r.Set.Value("image_version")
	if v.Origin >= param.FromDefaultFile && v.Text != "" {
		return v.Text
	}
	if r.Started.Recovery {
		return r.Load
	}
	return ""
}

// restore ends a recovery for which no server has an image: the program's own
// goes into a slot, or the next start would be a recovery again.
func (r *run) restore(rep *Report) {
	if !r.Started.Recovery {
		return
	}
	info, err := r.Images.Restore()
	if err != nil {
		rep.fail(text.StatusProgramming, err, r.BuiltIn)
		return
	}
	rep.add(text.StatusRestored, nil, info.Name)
}

// upgrade downloads an image into the idle slot, under the first of its
// names that the server has.
func (r *run) upgrade(ctx context.Context, load string) (image.Info, error) {
	var last error
	for _, name := range r.Images.FileNames(load) {
		info, err := r.program(ctx, load, name)
		if err == nil || !errors.Is(err, fetch.ErrNotFound) {
			return info, err
		}
		if last == nil {
			last = err
		}
	}
	return image.Info{}, last
}

func (r *run) program(ctx context.Context, load, name string) (image.Info, error) {
	programmer, err := r.Images.Program(load)
	if err != nil {
		return image.Info{}, err
	}
	defer programmer.Abort()
	r.packets.note(true, "read "+clean(name))
	shown := int64(-1)
	err = r.files.Download(ctx, name, maxImage, programmer, func(done, total int64) {
		part := programmed(done, total)
		if part == shown {
			return
		}
		shown = part
		r.report(Progress{
			Stage: r.step, Message: text.UpgradingSoftware, Detail: name,
			Step: r.step, Steps: r.steps, Done: done, Total: total,
		})
	})
	if err != nil {
		return image.Info{}, err
	}
	return programmer.Commit()
}

// programmed is how far a download is as a person sees it: in percent, or in
// pieces of 256 kB of a file whose size nobody told. Each block of 1.4 kB drawn on
// the LCD would take longer than its way from the server.
func programmed(done, total int64) int64 {
	if total <= 0 {
		return done >> 18
	}
	return 100 * done / total
}

// imageTexts are the instrument's words (the reference, section 4).
var imageTexts = []struct {
	err error
	id  text.ID
}{
	{image.ErrLoadID, text.StatusLoadID},
	{image.ErrChecksum, text.StatusChecksum},
	{image.ErrFormat, text.StatusLoadRejected},
	{image.ErrProgramming, text.StatusProgramming},
}

func (rep *Report) upgradeFailed(server, load string, err error) {
	rep.Failed = true
	if cut, ok := errors.AsType[*firmware.CutOffError](err); ok {
		rep.add(text.StatusCutOff, err, load, cut.Have, cut.Want)
		return
	}
	for _, t := range imageTexts {
		if errors.Is(err, t.err) {
			rep.add(t.id, err, load)
			return
		}
	}
	rep.fetchFailed(server, load, err)
}

package cnf

import (
	"testing"

	"deskset/provisioning/fieldtest"
	"deskset/provisioning/param"
)

// settingsReadBack checks that the settings of a file, written as a file, are
// the same settings.
func settingsReadBack(t *testing.T, f File) {
	t.Helper()
	set, _ := param.Merge(param.Profile3, f.Layer(param.FromPhoneFile))
	var entries []param.Entry
	for _, a := range set.All() {
		if a.Value.Origin != param.FromDefault || a.Value.Source != "" {
			entries = append(entries, param.Entry{Name: a.Name, Text: a.Value.Text, Reset: a.Value.Origin == param.FromDefault})
		}
	}
	data, err := Write(entries)
	if err != nil {
		return // with both kinds of quotes there may be no way to write it
	}
	again, _ := param.Merge(param.Profile3, Parse("again", data).Layer(param.FromPhoneFile))
	for _, name := range set.Changed(again) {
		t.Errorf("%s: %q reads back as %q from\n%s", name, set.Text(name), again.Text(name), data)
	}
	for _, a := range again.All() {
		if was := set.Value(a.Name); was.Origin != a.Value.Origin {
			t.Errorf("%s: from %v, reads back as from %v", a.Name, was.Origin, a.Value.Origin)
		}
	}
}

func TestSettingsOfTheFieldReadBackTheSame(t *testing.T) {
	for _, data := range fieldtest.Folder("cnf") {
		settingsReadBack(t, Parse("field.cnf", data))
	}
}

// What a phone does at its start: read the default file and its own, and merge.
func BenchmarkParse(b *testing.B) {
	common, phone := bytesOf(b, "SIPDefault.cnf"), bytesOf(b, "SIP00503EFFD842.cnf")
	for _, merge := range []bool{false, true} {
		b.Run(map[bool]string{false: "read", true: "readAndMerge"}[merge], func(b *testing.B) {
			b.SetBytes(int64(len(common) + len(phone)))
			b.ReportAllocs()
			for b.Loop() {
				a, z := Parse("SIPDefault.cnf", common), Parse("SIP00503EFFD842.cnf", phone)
				if merge {
					param.Merge(param.ProfileGuide, a.Layer(param.FromDefaultFile), z.Layer(param.FromPhoneFile))
				}
			}
			b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}

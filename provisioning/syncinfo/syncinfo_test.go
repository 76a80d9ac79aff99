package syncinfo

import (
	"testing"

	"deskset/provisioning/fieldtest"
)

func TestPhoneRestartsIfSyncDiffers(t *testing.T) {
	tests := []struct {
		name, text string
		restart    bool
		problems   int
	}{
		{"equal", `<SYNCINFO><IMAGE VERSION="*" SYNC="1"/></SYNCINFO>`, false, 0},
		{"different", `<SYNCINFO><IMAGE VERSION="*" SYNC="2"/></SYNCINFO>`, true, 0},
		{"own load", `<syncinfo><image version="ds79-0-1-0" sync="2"/></syncinfo>`, true, 0},
		{"another load", `<SYNCINFO><IMAGE VERSION="P0S3-8-12-00" SYNC="2"/></SYNCINFO>`, false, 0},
		{"first that fits", `<SYNCINFO><IMAGE VERSION="DS79-0-1-0" SYNC="1"/><IMAGE VERSION="*" SYNC="2"/></SYNCINFO>`, false, 0},
		{"bare image", `<IMAGE VERSION="*" SYNC="2"/>`, true, 0},
		{"missing quote", `<SYNCINFO><IMAGE VERSION="DS79-0-1-0 SYNC="2"/></SYNCINFO>`, true, 1},
		{"empty sync", `<SYNCINFO><IMAGE VERSION="*" SYNC=""/></SYNCINFO>`, true, 0},
		{"no sync", `<SYNCINFO><IMAGE VERSION="*"/></SYNCINFO>`, false, 2},
		{"nothing", ``, false, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			images, problems := Parse("syncinfo.xml", []byte(tt.text))
			if got := Restart(images, "DS79-0-1-0", "1"); got != tt.restart || len(problems) != tt.problems {
				t.Errorf("restart %v, %v", got, problems)
			}
		})
	}
}

func TestImagesThatAreNeverUsedAreTold(t *testing.T) {
	for text, want := range map[string]int{
		`<SYNCINFO><IMAGE VERSION="A" SYNC="1"/><IMAGE VERSION="*" SYNC="1"/></SYNCINFO>`: 0,
		`<SYNCINFO><IMAGE VERSION="*" SYNC="1"/><IMAGE VERSION="A" SYNC="1"/></SYNCINFO>`: 1,
		`<SYNCINFO><IMAGE VERSION="A" SYNC="1"/><IMAGE VERSION="a" SYNC="2"/></SYNCINFO>`: 1,
	} {
		if _, problems := Parse("syncinfo.xml", []byte(text)); len(problems) != want {
			t.Errorf("%s: %v", text, problems)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, data := range fieldtest.Folder("syncinfo") {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		images, _ := Parse("f", data)
		Restart(images, "a", "b")
	})
}

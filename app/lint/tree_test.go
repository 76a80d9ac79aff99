package lint

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/firmware"
)

func TestNamesOfFilesTellWhatTheyAre(t *testing.T) {
	for name, want := range map[string]naming{
		"SIPDefault.cnf":           {kind: defaultFile},
		"SIPDEFAULT.CNF":           {kind: defaultFile, want: "SIPDefault.cnf"},
		"SIP00503EFFD842.cnf":      {kind: phoneFile, mac: "00503EFFD842"},
		"SIP00503effd842.cnf":      {kind: phoneFile, mac: "00503EFFD842", want: "SIP00503EFFD842.cnf"},
		"sip00:50:3e:ff:d8:42.CNF": {kind: phoneFile, mac: "00503EFFD842", want: "SIP00503EFFD842.cnf"},
		"SIP00503EFFD84.cnf":       {kind: phoneFile},
		"SIP.cnf":                  {kind: phoneFile},
		"SEP00503EFFD842.cnf.xml":  {kind: deviceXML, mac: "00503EFFD842"},
		"sep00503effd842.cnf.xml":  {kind: deviceXML, mac: "00503EFFD842", want: "SEP00503EFFD842.cnf.xml"},
		"SEP00503EFFD842.cnf":      {kind: looseFile},
		"XMLDefault.cnf.xml":       {kind: defaultXML},
		"XmlDefault7960.cnf.xml":   {kind: defaultXML},
		"OS79XX.TXT":               {kind: bootFile},
		"os79xx.txt":               {kind: bootFile, want: "OS79XX.TXT"},
		"RingList.XML":             {kind: ringList},
		"ringlist.dat":             {kind: ringList, want: "RINGLIST.DAT"},
		"Bell.RAW":                 {kind: ringFile},
		"P0S3-8-12-00.sb2":         {kind: imageFile},
		"index.cnf":                {kind: looseFile},
		"other.xml":                {kind: someXML},
		"README":                   {},
		"":                         {},
	} {
		got := classify(name)
		if got.kind != want.kind || got.mac != want.mac || got.want != want.want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
		if want.want != "" && got.advice == "" {
			t.Errorf("%s: no advice", name)
		}
	}
}

// wantLines checks that lines begin like this.
func wantLines(t *testing.T, out string, lines ...string) {
	t.Helper()
	for _, want := range lines {
		if !strings.Contains("\n"+out, "\n"+want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

func TestPhoneFilesLieWhereTftpCfgDirSays(t *testing.T) {
	t.Chdir(write(t, map[string]string{
		"SIPDefault.cnf":             "tftp_cfg_dir: \"./phones/\"\ntimer_t1: 400\n",
		"phones/SIP00503EFFD842.cnf": "line1_name: 5551212\n",
		"phones/RINGLIST.DAT":        "not looked at",
	}))
	code, out, _ := lint(t, "-strict", ".")
	if code != 0 {
		t.Errorf("exit %d", code)
	}
	wantLines(t, out, "phones/SIP00503EFFD842.cnf over SIPDefault.cnf, defaults of profile guide:", "  timer_t1                 400 ",
		"  line1_name               5551212                      phones/SIP00503EFFD842.cnf:1", "2 files: 0 errors")

	t.Chdir(write(t, map[string]string{"SIPDefault.cnf": "tftp_cfg_dir: \"../../etc\"\n"}))
	_, out, _ = lint(t, ".")
	wantLines(t, out, `SIPDefault.cnf:1: warning: tftp_cfg_dir "../../etc": the directory cannot be opened: `)
}

func TestPhoneFileIsLaidOverTheDefaultBesideIt(t *testing.T) {
	t.Chdir(write(t, map[string]string{
		"a/SIPDefault.cnf": "timer_t1: 400\n", "a/SIP00503EFFD842.cnf": "line1_name: 1\n",
		"b/SIPDefault.cnf": "timer_t1: 300\n", "b/SIP00503EFFD843.cnf": "line1_name: 2\n",
		"c/SIP00503EFFD844.cnf": "line1_name: 3\n",
	}))
	_, out, _ := lint(t, "c/SIP00503EFFD844.cnf", "b/SIP00503EFFD843.cnf", "a/SIP00503EFFD842.cnf", "b/SIPDefault.cnf", "a/SIPDefault.cnf")
	wantLines(t, out, "b/SIP00503EFFD843.cnf over b/SIPDefault.cnf", "a/SIP00503EFFD842.cnf over a/SIPDefault.cnf")
	if strings.Contains(out, "c/SIP") {
		t.Errorf("two default files, none beside it: %s", out)
	}
	_, out, _ = lint(t, "c/SIP00503EFFD844.cnf", "a/SIPDefault.cnf")
	wantLines(t, out, "c/SIP00503EFFD844.cnf over a/SIPDefault.cnf")
	if _, out, _ = lint(t, "c/SIP00503EFFD844.cnf"); strings.Contains(out, "line1_name") {
		t.Errorf("nothing to merge: %s", out)
	}
	_, out, _ = lint(t, "-merged", "always", "c/SIP00503EFFD844.cnf")
	wantLines(t, out, "c/SIP00503EFFD844.cnf without a default file")
}

func TestDefaultFileAloneShowsWhatPhonesGet(t *testing.T) {
	t.Chdir(write(t, map[string]string{"SIPDefault.cnf": "timer_t1: 400\n"}))
	_, out, _ := lint(t, ".", "SIPDefault.cnf", "./SIPDefault.cnf")
	wantLines(t, out, "SIPDefault.cnf alone, defaults of profile guide:", "1 file: 0 errors, 0 warnings, 0 notes")
}

func TestImagesMatchTheirNames(t *testing.T) {
	image := string(firmware.AppendHeader(nil, "P0S3-8-12-00.sbn", time.Unix(0, 0)))
	t.Chdir(write(t, map[string]string{
		"OS79XX.TXT": "P003-8-12-00\r\n", "os79xx-old.txt": "x", "SIPDefault.cnf": "image_version: P0S3-8-12-00\n",
		"P0S3-8-12-00.sbn": image, "P0S3-8-11-00.sbn": image, "P003-8-12-00.sbn": "no header",
		"P0S3-8-12-00.loads": string(firmware.AppendHeader(nil, "P0S3-8-12-00.loads", time.Unix(0, 0))) + "P0S3-8-12-00.sbn\nP0S3-8-12-00.sb2\n",
	}))
	_, out, _ := lint(t, ".")
	wantLines(t, out, "P003-8-12-00.sbn: warning: no header; instruments of release 5 and later refuse it [image-header]",
		`P0S3-8-11-00.sbn: error: the header names another file: "P0S3-8-12-00.sbn", not "P0S3-8-11-00.sbn"; phones refuse it [image-header]`,
		"P0S3-8-12-00.loads: warning: the image P0S3-8-12-00.sb2 is missing [missing-file]", "6 files: 1 error, 2 warnings, 0 notes")
}

func TestBootFileInAnotherCase(t *testing.T) {
	t.Chdir(write(t, map[string]string{"os79xx.txt": "SIP41.8-5-2\nmore\n"}))
	_, out, _ := lint(t, ".")
	wantLines(t, out, "os79xx.txt: note: want the name OS79XX.TXT in this case", "os79xx.txt:1: warning: \"SIP41.8-5-2\": want a load of the 7940 and 7960",
		"os79xx.txt:2: note: want one line")
}

func TestDialTemplateNamesAFile(t *testing.T) {
	t.Chdir(write(t, map[string]string{"SIPDefault.cnf": "dial_template: office\n", "home.xml": "<DIALTEMPLATE><TEMPLATE/></DIALTEMPLATE>"}))
	_, out, _ := lint(t, ".")
	wantLines(t, out, `SIPDefault.cnf:1: warning: dial_template "office": there is no office.xml in . [missing-file]`, "home.xml:1: warning: want a MATCH")
}

func TestEqualSyncDoesNotRestart(t *testing.T) {
	for sync, want := range map[string]string{"1": "0 notes", "2": "1 note"} {
		t.Chdir(write(t, map[string]string{"SIPDefault.cnf": "sync: 1\n", "syncinfo.xml": `<SYNCINFO><IMAGE VERSION="*" SYNC="` + sync + `"/></SYNCINFO>`}))
		if _, out, _ := lint(t, "."); !strings.Contains(out, want) {
			t.Errorf("SYNC %s: %s", sync, out)
		}
	}
}

func TestManyDirectoriesInOneRun(t *testing.T) {
	dir := write(t, map[string]string{"a/RINGLIST.DAT": "B\tb.raw\n", "b/RINGLIST.DAT": "B\tb.raw\n", "b/b.raw": strings.Repeat("x", 240)})
	code, out, _ := lint(t, "-strict", filepath.Join(dir, "a"), filepath.Join(dir, "b", "RINGLIST.DAT"))
	if code != 1 || strings.Count(out, "is missing") != 1 {
		t.Errorf("exit %d: %s", code, out)
	}
}

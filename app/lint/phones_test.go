package lint

import (
	"bytes"
	"strings"
	"testing"

	"deskset/provisioning/firmware"
)

const (
	sipFile = "SIP00503EFFD842.cnf"
	sepFile = "SEP00503EFFD842.cnf.xml"
)

// bothFamilies is a tree with both files of a phone.
func bothFamilies(load, device string) map[string]string {
	files := map[string]string{
		"SIPDefault.cnf": "timer_t1: 400\n", sipFile: "line1_name: 1001\n",
		sepFile: "<device>" + device + "<sipProfile><sipLines><line button='1'><name>2002</name></line></sipLines></sipProfile></device>",
	}
	if load != "" {
		files["OS79XX.TXT"] = load + "\n"
	}
	return files
}

// The reference, section 4: the universal loader stops at the file that it finds
// first, so that a stray SEP file changes the phone.
func TestTheLoadDecidesWhichFamilyIsRead(t *testing.T) {
	tests := []struct{ load, sip, sep string }{
		{"P003-8-12-00", "not read, because P003-8-12-00 finds " + sepFile + " first", "read by P003-8-12-00"},
		{"P0S3-8-12-00", "read by P0S3-8-12-00", "not read, because P0S3-8-12-00 asks for " + sipFile},
		{"", "SIP loads read it", "universal loaders read it"},
	}
	for _, tt := range tests {
		t.Chdir(write(t, bothFamilies(tt.load, "<deviceProtocol>SIP</deviceProtocol>")))
		_, out, _ := lint(t, ".")
		wantLines(t, out,
			sipFile+": warning: there is "+sepFile+" too; this one: "+tt.sip+" [conflict]",
			sepFile+": warning: there is "+sipFile+" too; this one: "+tt.sep+" [conflict]",
			sipFile+" over SIPDefault.cnf ("+tt.sip+"), defaults of profile guide:",
			"  line1_name               1001                         "+sipFile+":1",
			sepFile+" without a default file ("+tt.sep+"), defaults of profile guide:",
			"  line1_name               2002                         "+sepFile+":1")
		if _, out, _ = lint(t, "-json", "."); !strings.Contains(out, `"remark": "`+tt.sep+`"`) {
			t.Errorf("%s: no remark in the document", tt.load)
		}
	}
}

func TestOneFamilyNeedsNoRemark(t *testing.T) {
	files := bothFamilies("P003-8-12-00", "<deviceProtocol>SIP</deviceProtocol>")
	delete(files, sepFile)
	t.Chdir(write(t, files))
	if _, out, _ := lint(t, "."); strings.Contains(out, "conflict") || strings.Contains(out, "(not read") {
		t.Error(out)
	}
}

func TestStraySkinnyFileIsTold(t *testing.T) {
	t.Chdir(write(t, map[string]string{
		"SIPDefault.cnf": "timer_t1: 400\n", sepFile: "<device><deviceProtocol>sccp</deviceProtocol></device>",
	}))
	_, out, _ := lint(t, ".")
	wantLines(t, out, sepFile+": warning: its protocol is SCCP", "SIPDefault.cnf alone, defaults of profile guide:")
}

func TestVendorSettingsAreNamed(t *testing.T) {
	t.Chdir(write(t, map[string]string{
		sepFile: "<device>\n<vendorConfig>\n<webAccess>1</webAccess>" + strings.Repeat("<pcPort>0</pcPort>", 10) + "</vendorConfig></device>",
	}))
	_, out, _ := lint(t, sepFile)
	wantLines(t, out, sepFile+":3: note: vendorConfig has settings for instruments only: webAccess, "+strings.Repeat("pcPort, ", 7)+"and 3 more [unknown-parameter]")
}

// Guide 2-13, 3-4: they can stand in the settings file only.
func TestStaticNetworkSettingsAreChecked(t *testing.T) {
	t.Chdir(write(t, map[string]string{
		"deskset.cnf": "dhcp_enabled: 0\nip_address: 192.168.1.20\nsubnet_mask: 255.0.255.0\ndefault_router1: 10.0.0.1\ntftp_server: 0.0.0.0\n",
	}))
	_, out, _ := lint(t, "deskset.cnf")
	wantLines(t, out,
		`deskset.cnf:3: error: subnet_mask "255.0.255.0": want ones, then zeros, like 255.255.255.0 [invalid-subnet-mask]`,
		"deskset.cnf:5: error: tftp_server: want the TFTP server, because DHCP does not name it [tftp-server-required]")

	t.Chdir(write(t, map[string]string{
		"deskset.cnf": "dhcp_enabled: 0\nip_address: 192.168.1.20\nsubnet_mask: 255.255.255.0\ndefault_router1: 10.0.0.1\nalternate_tftp: 1\n",
	}))
	_, out, _ = lint(t, "deskset.cnf")
	wantLines(t, out,
		`deskset.cnf: error: tftp_server: want the TFTP server, because DHCP does not name it [tftp-server-required]`,
		`deskset.cnf:4: error: default_router1 "10.0.0.1": want an address on the phone's subnet, 192.168.1.0/24 [router-not-on-subnet]`)
}

// Our own images are checked to their end, whatever their size.
func TestContainersAreCheckedWhole(t *testing.T) {
	payload := bytes.Repeat([]byte("deskset "), imageHead)
	var image bytes.Buffer
	if err := firmware.WriteContainer(&image, firmware.Manifest{Name: "DS79-0-2-0"}, bytes.NewReader(payload), int64(len(payload))); err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(image.Bytes())
	damaged[len(damaged)/2]++
	t.Chdir(write(t, map[string]string{
		"SIPDefault.cnf": "image_version: DS79-0-2-0\n", "DS79-0-2-0.img": image.String(), "DS79-0-3-0.img": image.String(),
		"damaged.img": string(damaged), "short.img": image.String()[:imageHead],
	}))
	code, out, _ := lint(t, ".")
	wantLines(t, out, `DS79-0-3-0.img: error: the header names another file`, "damaged.img: error: the digest at the end does not match; phones refuse it",
		"short.img: error: cut off", "5 files: 3 errors, 0 warnings, 0 notes")
	if code != exitErrors {
		t.Errorf("exit %d", code)
	}
}

// What no instrument of any release takes is an error; a file with an image's
// older extension may be one from before headers.
func TestImageWithNothingInItIsAnError(t *testing.T) {
	t.Chdir(write(t, map[string]string{
		"DS79-0-2-0.img": "", "DS79-0-3-0.img": "x", "DS79-0-4-0.img": "<html>", "P0S3-8-12-00.sbn": "", "P0S3-8-11-00.sbn": "x", "P003-8-11-00.sbn": "<html>",
	}))
	code, out, _ := lint(t, ".")
	wantLines(t, out, "DS79-0-2-0.img: error: no header", "DS79-0-3-0.img: error: no header", "DS79-0-4-0.img: error: no header",
		"P0S3-8-12-00.sbn: error: no header", "P0S3-8-11-00.sbn: error: no header", "P003-8-11-00.sbn: warning: no header")
	if code != exitErrors {
		t.Errorf("exit %d", code)
	}
}

func TestMissingImageIsAWarning(t *testing.T) {
	t.Chdir(write(t, map[string]string{"SIPDefault.cnf": "image_version: DS79-0-2-0\n", "DS79-0-3-0.img": ""}))
	_, out, _ := lint(t, ".")
	wantLines(t, out, `SIPDefault.cnf:1: warning: image_version "DS79-0-2-0": there is no image DS79-0-2-0.img, .sbn, .loads, .sb2 or .bin in .; `)

	t.Chdir(write(t, map[string]string{"XMLDefault.cnf.xml": "<Default>\n<loadInformation7>P0S3-8-12-00</loadInformation7></Default>"}))
	_, out, _ = lint(t, ".")
	wantLines(t, out, `XMLDefault.cnf.xml:2: warning: image_version "P0S3-8-12-00": there is no image P0S3-8-12-00.img`)
}

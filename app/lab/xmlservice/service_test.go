package xmlservice

import (
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func start(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.StripPrefix("/services", Handler([]Person{{"Echo & Co", "600"}, {"Read <back>", "601"}})))
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, server *httptest.Server, path string) (status int, body string, header http.Header) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(server.URL + "/services/" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data), response.Header
}

func wellFormed(text string) error {
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

var address = regexp.MustCompile(`<URL>([a-z]+)</URL>`)

func TestEveryPageOfTheMenuIsThere(t *testing.T) {
	server := start(t)
	want := map[string]int{"nowhere": http.StatusNotFound, "private": http.StatusUnauthorized, "moved": http.StatusFound, "loop": http.StatusFound}
	_, body, _ := get(t, server, "menu")
	links := address.FindAllStringSubmatch(body, -1)
	if len(links) < 12 {
		t.Fatalf("%d links in %s", len(links), body)
	}
	for _, link := range append(links, []string{"", "menu"}, []string{"", "directory"}, []string{"", "read?message=1"}) {
		status, body, header := get(t, server, link[1])
		if expected, special := want[link[1]]; special {
			if to := header.Get("Location"); status != expected || strings.Contains(to, "/") {
				t.Errorf("%s: %d to %q", link[1], status, to)
			}
			continue
		}
		err := wellFormed(body)
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/xml") || !strings.Contains(body, "<CiscoIPPhone") || (err == nil) != (link[1] != "broken") {
			t.Errorf("%s: %d, %v, %.100s", link[1], status, err, body)
		}
	}
}

func TestDirectoryFinds(t *testing.T) {
	server := start(t)
	for query, want := range map[string]int{"name=echo&number=": 1, "name=&number=60": 2, "number=601": 1, "name=zzz": 0} {
		if _, body, _ := get(t, server, "directory?"+query); strings.Count(body, "<DirectoryEntry>") != want || wellFormed(body) != nil {
			t.Errorf("%s: %s", query, body)
		}
	}
}

func TestPrivatePageWantsItsUser(t *testing.T) {
	request := httptest.NewRequest("GET", "/private", nil)
	for secret, want := range map[string]int{"guest": http.StatusOK, "guess": http.StatusUnauthorized, "": http.StatusUnauthorized} {
		answer := httptest.NewRecorder()
		request.SetBasicAuth("guest", secret)
		Handler(nil).ServeHTTP(answer, request)
		if answer.Code != want {
			t.Errorf("%q: %d", secret, answer.Code)
		}
	}
}

func TestPixelsArePackedLowestFirst(t *testing.T) {
	if got := pixels(drawing{4, 1, []byte{1, 3, 2, 0}}); !strings.Contains(got, "<Data>2D</Data>") {
		t.Error(got)
	}
	data := regexp.MustCompile("<Data>(.*)</Data>").FindStringSubmatch(pixels(sine()))[1]
	packed, err := hex.DecodeString(data)
	if err != nil || len(packed) != (paneWidth*paneHeight+3)/4 {
		t.Fatalf("%d bytes, %v", len(packed), err)
	}
	for i, grey := range sine().grey {
		if packed[i/4]>>(i%4*2)&3 != grey {
			t.Fatalf("pixel %d", i)
		}
	}
}

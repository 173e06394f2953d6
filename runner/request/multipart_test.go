package request_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"runner/runner/protocol/dial"
	"runner/runner/protocol/http1"
	"runner/runner/request"
	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

// uploads is a real server that keeps what it is sent.
type uploads struct {
	mu     sync.Mutex
	bodies []string
	forms  []string
	*httptest.Server
}

func newUploads(t *testing.T) *uploads {
	u := &uploads{}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(text)))
		form := fmt.Sprint("length ", r.ContentLength == int64(len(text)), " ", r.Header.Get("X-Sign"), "\n")
		for parts, err := r.MultipartReader(); err == nil; {
			part, end := parts.NextPart()
			if end != nil {
				break
			}
			data, _ := io.ReadAll(part)
			if len(data) > 100 {
				data = fmt.Appendf(nil, "%d bytes %x", len(data), sha256.Sum256(data))
			}
			form += fmt.Sprintf("%s %q %s: %s\n", part.FormName(), part.FileName(), part.Header.Get("Content-Type"), data)
		}
		u.mu.Lock()
		defer u.mu.Unlock()
		u.bodies, u.forms = append(u.bodies, string(text)), append(u.forms, form)
	}))
	t.Cleanup(u.Close)
	return u
}

func overNetwork(t *testing.T, files map[string]string) vutest.Options {
	d, err := dial.New(dial.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return vutest.Options{Seed: 7, Files: files, Request: request.Compile, Peer: func(clock func() int64) vu.Client {
		return http1.New(http1.Config{Dialer: d, Clock: clock})
	}}
}

func uploading(u *uploads, steps string) string {
	return "http: { base_url: '" + u.URL + "' }\nscenarios:\n  s:\n    executor: { type: constant-vus, vus: 1, duration: 1s }\n    steps:\n" + steps
}

func TestMultipart(t *testing.T) {
	u := newUploads(t)
	large := strings.Repeat("0123456789abcdef", 40_000)
	files := map[string]string{"small.txt": "hello", "large.bin": large, "empty.csv": ""}
	w := vutest.New(t, uploading(u, `
      - post: /fields
        multipart: { title: "no ${vu.id}", 'we"ird': x, tag: [a, b], meta: { value: '{"a":1}', content_type: application/json } }
        headers: { X-Sign: "${len(request.body)}" }
      - post: /files
        multipart:
          title: with files
          one: { file: small.txt }
          two: { file: large.bin, filename: "photo ${vu.id}.jpg", content_type: image/jpeg }
          many: [{ file: empty.csv }, { file: small.txt, filename: 'a"b' }]
          after: end
`), overNetwork(t, files))
	v := w.VU(t, 1)
	for n := range int64(2) {
		if !v.Iterate(vu.Iteration{N: n}) {
			t.Fatal("the VU has ended")
		}
	}
	v.Close()
	if len(u.forms) != 4 {
		t.Fatalf("%d requests came: %q", len(u.forms), u.forms)
	}
	want := fmt.Sprintf("length true %d\ntitle \"\" : no 1\nwe%%22ird \"\" : x\ntag \"\" : a\ntag \"\" : b\nmeta \"\" application/json: {\"a\":1}\n", len(u.bodies[0]))
	if u.forms[0] != want {
		t.Errorf("fields came as\n%s\nwant\n%s", u.forms[0], want)
	}
	want = fmt.Sprintf("length true \ntitle \"\" : with files\none \"small.txt\" text/plain: hello\ntwo \"photo 1.jpg\" image/jpeg: %d bytes %x\n"+
		"many \"empty.csv\" text/csv: \nmany \"a%%22b\" text/plain: hello\nafter \"\" : end\n", len(large), sha256.Sum256([]byte(large)))
	if u.forms[1] != want {
		t.Errorf("files came as\n%s\nwant\n%s", u.forms[1], want)
	}
	if u.bodies[1] != u.bodies[3] || u.bodies[0] != u.bodies[2] {
		t.Error("the same step sends other bytes in the next iteration: the boundary comes from the seed")
	}
	if n := w.Value(w.Cut(), "data_sent", "", "", "count"); n < float64(2*len(large)) {
		t.Errorf("%v bytes sent were counted", n)
	}
}

func TestAFileThatChangesDuringTheRunIsOurFault(t *testing.T) {
	for _, c := range []struct {
		why    string
		change func(path string) error
	}{
		{"it grew", func(path string) error { return os.WriteFile(path, []byte("longer than before"), 0o600) }},
		{"it is gone", os.Remove},
	} {
		t.Run(c.why, func(t *testing.T) {
			u := newUploads(t)
			opt := overNetwork(t, map[string]string{"a.txt": "before"})
			w := vutest.New(t, uploading(u, "      - post: /\n        multipart: { f: { file: a.txt } }\n"), opt)
			matches, err := filepath.Glob(filepath.Join(filepath.Dir(t.TempDir()), "*", "a.txt"))
			if err != nil || len(matches) != 1 {
				t.Fatal(matches, err)
			}
			if err := c.change(matches[0]); err != nil {
				t.Fatal(err)
			}
			v := w.VU(t, 1)
			v.Iterate(vu.Iteration{})
			v.Close()
			cut := w.Cut()
			if n := w.Value(cut, "request_errors", "class", "local", "count"); n != 1 || w.Value(cut, "http_req_failed", "", "", "passes") != 0 || len(u.forms) != 0 {
				t.Errorf("%v local errors, the target got %q", n, u.forms)
			}
		})
	}
}

func TestWrongMultipart(t *testing.T) {
	for _, c := range []struct{ step, want, why string }{
		{"multipart: { f: { file: gone.txt } }", "the file gone.txt does not exist", "found before the run"},
		{"multipart: { f: { file: ../../../../../../../etc/passwd } }", "lies outside the project", "the fence"},
		{"multipart: { f: { file: a.txt } }\n        headers: { X: '${sha256(request.body)}' }", "request.body is not known here", "nobody has the whole body"},
		{"multipart: { f: { file: a.txt } }\n        auth: { hmac: { key: k, string: '${request.body}', headers: { S: '${signature}' } } }", "request.body is not known here", "nor has a signature"},
		{"multipart: { f: a }\n        headers: { Content-Type: text/plain }", "the Content-Type of a multipart body", "the boundary would be lost"},
		{"multipart: { f: '${nam}' }", `unknown name "nam"`, "a template"},
	} {
		_, problems := vutest.Try(t, scenario("      - post: /\n        "+c.step+"\n"), vutest.Options{Request: request.Compile, Files: map[string]string{"a.txt": "x"}})
		if len(problems) != 1 || !strings.Contains(problems[0].Message, c.want) {
			t.Errorf("%s: %v, want one problem with %q: %s", c.step, problems, c.want, c.why)
		}
	}
}

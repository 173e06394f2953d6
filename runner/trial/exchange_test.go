package trial

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec/shape"
)

// files is a body with a file between two texts.
type files struct{ path string }

func (f files) Size() int64                  { return 6 }
func (f files) Open() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }
func (f files) Pieces(text func([]byte), file func(string)) {
	text([]byte("a'\n"))
	file(f.path)
	text([]byte("%z"))
}

// exchanges are requests as steps make them, each with a reason.
func exchanges(t *testing.T) map[string]*protocol.Request {
	file := filepath.Join(t.TempDir(), "it's a file")
	if err := os.WriteFile(file, []byte("F"), 0o600); err != nil {
		t.Fatal(err)
	}
	header := func(pairs ...string) (fields []protocol.Field) {
		for i := 0; i < len(pairs); i += 2 {
			fields = append(fields, protocol.Field{Name: pairs[i], Value: []byte(pairs[i+1])})
		}
		return fields
	}
	return map[string]*protocol.Request{
		"a plain get":                {Method: "GET", Path: []byte("/a?b=c%20d&e=%22")},
		"brackets in the path":       {Method: "GET", Path: []byte("/a?x[]={1}"), Fields: header("Accept", "*/*")},
		"dots in the path":           {Method: "GET", Path: []byte("/a/../b/./c")},
		"quotes in JSON":             {Method: "POST", Path: []byte("/"), Fields: header("Content-Type", "application/json", "X-Quote", "it's"), Body: []byte(`{"a": "it's \"b\" $HOME ` + "`x`" + `"}`), HasBody: true},
		"bytes that are not text":    {Method: "PUT", Path: []byte("/"), Body: []byte("\x00\xff\r\n'\\x41"), HasBody: true},
		"an empty body":              {Method: "POST", Path: []byte("/"), HasBody: true},
		"a get with a body":          {Method: "GET", Path: []byte("/"), Body: []byte("@file"), HasBody: true},
		"an empty header":            {Method: "DELETE", Path: []byte("/"), Fields: header("X-Empty", "", "User-Agent", "runner")},
		"another host in its header": {Method: "GET", Path: []byte("/"), Authority: "shop.example"},
		"a head":                     {Method: "HEAD", Path: []byte("/")},
		"a file":                     {Method: "POST", Path: []byte("/"), Content: files{file}, HasBody: true, Fields: header("Content-Type", "multipart/form-data; boundary=x")},
	}
}

// TestCurlSendsTheSame pastes every command into a shell and compares what arrives.
func TestCurlSendsTheSame(t *testing.T) {
	for _, program := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s", program)
		}
	}
	arrived := make(chan string, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- fmt.Sprintf("%s %s host=%v accept=%q type=%q empty=%v quote=%q body=%q", r.Method, r.RequestURI, r.Host != s0(r), r.Header["Accept"], r.Header["Content-Type"], r.Header["X-Empty"], r.Header["X-Quote"], body)
	}))
	defer s.Close()
	host, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	for why, r := range exchanges(t) {
		t.Run(why, func(t *testing.T) {
			r.Target = protocol.Target{Host: host, Port: port}
			if r.Authority == "" {
				r.Authority = host + ":" + port
			}
			var lines []string
			shownBy(t, func(l *listener) { lines = l.command(&vu.Exchange{Request: r, Response: &vu.Response{}}) })
			out, err := exec.Command("bash", "-c", "set -o pipefail; "+strings.TrimSpace(strings.Join(lines, "\n"))+" -sS").CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s\n%s", err, out, strings.Join(lines, "\n"))
			}
			body := r.Body
			if r.Content != nil {
				body = []byte("a'\nF%z")
			}
			field := func(name string) []string {
				for _, f := range r.Fields {
					if f.Name == name {
						return []string{string(f.Value)}
					}
				}
				return nil
			}
			want := fmt.Sprintf("%s %s host=%v accept=%q type=%q empty=%v quote=%q body=%q", r.Method, r.Path, r.Authority == "shop.example", field("Accept"), field("Content-Type"), field("X-Empty"), field("X-Quote"), body)
			if got := <-arrived; got != want {
				t.Errorf("got  %s\nwant %s\n%s", got, want, strings.Join(lines, "\n"))
			}
		})
	}
}

// s0 is the server's own address.
func s0(r *http.Request) string {
	return fmt.Sprint(r.Context().Value(http.LocalAddrContextKey))
}

func TestSecretsInCommands(t *testing.T) {
	r := &protocol.Request{Method: "GET", Authority: "127.0.0.1", Target: protocol.Target{Host: "127.0.0.1", Port: "80"}, Path: []byte("/?key=s3cret"), Body: bytes.Repeat([]byte("x"), mostInline+1), HasBody: true}
	var text string
	shownBy(t, func(l *listener) {
		text = strings.Join(l.command(&vu.Exchange{Request: r, Response: &vu.Response{}}), "\n")
	})
	for _, want := range []string{"# put the secret where *** stands", "/?key=***'", "--data-binary @body   # 4097 bytes"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "s3cret") {
		t.Error(text)
	}
}

// TestArchive holds every kind of exchange against the shape that HAR 1.2 says.
func TestArchive(t *testing.T) {
	a := NewArchive("1.0")
	a.now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC) }
	a.page("scenario s")
	mask := func(s string) string { return strings.ReplaceAll(s, "s3cret", "***") }
	field := func(name, value string) protocol.HeaderField {
		return protocol.HeaderField{Name: []byte(name), Value: []byte(value)}
	}
	for _, r := range exchanges(t) {
		r.Target, r.Authority = protocol.Target{Host: "127.0.0.1", Port: "80"}, "127.0.0.1"
		r.Fields = append(r.Fields, protocol.Field{Name: "Cookie", Value: []byte("sid=s3cret")})
		resp := &vu.Response{Kept: true, Response: protocol.Response{Status: 302, Proto: "HTTP/2.0", Body: []byte("\xffs3cret"), BodyBytes: 7, Header: protocol.Header{
			field("Location", "/next?t=s3cret"), field("Set-Cookie", "a=s3cret; Path=/; HttpOnly; Expires=Fri, 02 Jan 2026 03:04:05 GMT"), field("Content-Type", "image/png"),
		}}}
		timing := &protocol.Timing{Blocked: 5e6, DNS: 1e6, Connecting: 1e6, TLS: 2e6, Sending: 1e6, Waiting: 2e6, Receiving: 3e6}
		a.add(&vu.Exchange{Step: "s", Turn: "redirect 1", Request: r, Response: resp, Timing: timing}, mask)
		a.add(&vu.Exchange{Step: "s", Request: r, Response: resp, Timing: &protocol.Timing{}, Failure: protocol.Failure{Class: protocol.ClassReset, Err: fmt.Errorf("by s3cret")}}, mask)
	}
	var out bytes.Buffer
	if err := a.Write(&out); err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Abs("testdata/har.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := shape.Open(path, filepath.Abs)
	if err != nil {
		t.Fatal(err)
	}
	if violation, err := s.Body(out.Bytes()); violation != "" || err != nil {
		t.Error(violation, err)
	}
	if strings.Contains(out.String(), "s3cret") {
		t.Error("a secret is in the archive")
	}
	for _, want := range []string{`"connect": 3,`, `"ssl": 2`, `"blocked": 1,`, `"time": 11,`, `"startedDateTime": "2026-01-02T03:04:04.995Z"`, `"encoding": "base64"`, `"_error": "reset: by ***"`, `"redirectURL": "/next?t=***"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %s in\n%s", want, out.String()[:3000])
		}
	}
}

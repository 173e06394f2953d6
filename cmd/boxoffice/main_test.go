package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// box is a server under test, with a small shop and keys of its own.
type box struct {
	*server
	t *testing.T
}

func newBox(t *testing.T, change ...func(*config)) box {
	t.Helper()
	cfg := config{
		seed: 1, size: seedSize{events: 3, seats: 1000, tickets: 60},
		keys: keys{anon: "public", service: "staff"}, webhookSecret: "whsec_test",
	}
	for _, f := range change {
		f(&cfg)
	}
	db, err := openStore(t.Context(), cfg.db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.close(); err != nil {
			t.Error(err)
		}
	})
	srv := newServer(cfg, db)
	if err := srv.prepare(); err != nil {
		t.Fatal(err)
	}
	return box{srv, t}
}

// answer is a response with its body.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// field finds a member of a JSON object, nil if it has none.
func (a answer) field(name string) any {
	var object map[string]any
	_ = json.Unmarshal(a.body, &object) // not an object: it has no members
	return object[name]
}

// request sends a request to the handler; headers come in pairs.
func (b box) request(method, path, body string, headers ...string) answer {
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.Bytes()}
}

// staff sends a request with the service-role key.
func (b box) staff(method, path, body string, headers ...string) answer {
	return b.request(method, path, body, append(headers, "apikey", "staff")...)
}

// numbers is /stats.
func (b box) numbers() statsBody {
	b.t.Helper()
	var s statsBody
	if err := json.Unmarshal(b.request("GET", "/stats", "").body, &s); err != nil {
		b.t.Fatal(err)
	}
	return s
}

// want fails the test unless two values are the same.
func want[T comparable](t *testing.T, what string, got, expected T) {
	t.Helper()
	if got != expected {
		t.Errorf("%s: got %v, want %v", what, got, expected)
	}
}

func TestServesUntilItIsToldToStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"--listen", "127.0.0.1:0", "--tickets", "4"}, noEnv, in, io.Discard)
	}()
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	address, ok := strings.CutPrefix(strings.TrimSpace(string(line[:n])), "boxoffice listening on ")
	if !ok {
		t.Fatalf("printed %q", line[:n])
	}
	client := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	response, err := client.Get(address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	want(t, "healthz", response.StatusCode, 200)
	cancel()
	want(t, "exit code", <-code, 0)
}

func TestABusyPortIsExplained(t *testing.T) {
	taken := httptest.NewServer(http.NotFoundHandler())
	defer taken.Close()
	var stderr bytes.Buffer
	code := run(t.Context(), []string{"--listen", taken.Listener.Addr().String()}, noEnv, io.Discard, &stderr)
	want(t, "exit code", code, 1)
	if !strings.Contains(stderr.String(), "is taken by another process") {
		t.Errorf("said %q", stderr.String())
	}
}

func TestADatabaseOfTheUserIsKept(t *testing.T) {
	file := t.TempDir() + "/shop.db"
	inFile := func(c *config) { c.db = file }
	first := newBox(t, inFile)
	want(t, "purchase", first.buy(1).status, 200)
	sold := first.numbers().Seats.Sold
	second := newBox(t, inFile)
	want(t, "sold after a restart", second.numbers().Seats.Sold, sold)
}

func noEnv(string) string { return "" }

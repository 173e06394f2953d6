package ui_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"runner/runner/metrics"
	"runner/runner/report"
	"runner/runner/ui"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// obedient does what it is told, and remembers.
type obedient struct {
	told   []string
	refuse error
}

func (o *obedient) Pause(by string) error  { return o.do("pause " + by) }
func (o *obedient) Resume(by string) error { return o.do("resume " + by) }
func (o *obedient) Stop(by string) error   { return o.do("stop " + by) }
func (o *obedient) Scale(scenario string, s report.Scale, by string) error {
	text, _ := json.Marshal(s)
	return o.do("scale " + scenario + " " + string(text) + " " + by)
}
func (o *obedient) do(what string) error { o.told = append(o.told, what); return o.refuse }

// serve is a server that shows a run.
func serve(t *testing.T, c report.Control) *ui.Server {
	t.Helper()
	s, err := ui.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	if err := s.Start(report.Info{Plan: "shop", File: "shop.yaml", Seed: 7, Planned: time.Minute, Control: c}); err != nil {
		t.Fatal(err)
	}
	s.Interval(&report.Live{Phase: report.PhaseRunning, Elapsed: 5200 * time.Millisecond,
		Scenarios: []report.LiveScenario{{Name: "<b>burst</b>", State: report.StateRunning, Planned: 50, Done: 25, Factor: 1}}})
	return s
}

func token(t *testing.T, s *ui.Server) string {
	t.Helper()
	return field(t, ask(t, s, "GET", "api/v1/status", "", nil), "token").(string)
}

type reply struct {
	code int
	body string
	head http.Header
}

// ask sends a request; header Host goes where it belongs.
func ask(t *testing.T, s *ui.Server, method, path, body string, headers map[string]string) reply {
	t.Helper()
	r, err := http.NewRequest(method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	r.Host = headers["Host"]
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{a.StatusCode, string(text), a.Header}
}

func field(t *testing.T, r reply, name string) any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(r.body), &all); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
	return all[name]
}

func TestStatus(t *testing.T) {
	s := serve(t, &obedient{})
	r := ask(t, s, "GET", "api/v1/status", "", nil)
	for name, want := range map[string]any{"schema": "status/v1", "phase": "running", "elapsed_s": 5.2, "over": false, "paused": false} {
		if got := field(t, r, name); r.code != 200 || got != want {
			t.Errorf("%d, %s: %v, want %v", r.code, name, got, want)
		}
	}
	if strings.Contains(r.body, "<b>") {
		t.Errorf("markup in %s", r.body)
	}
	if r := ask(t, s, "GET", "api/v1/result", "", nil); r.code != 409 {
		t.Errorf("a result before the end: %d", r.code)
	}
}

// Who may do what: other sites, other names and wrong tokens get nothing done.
func TestWhoMayComeIn(t *testing.T) {
	for _, c := range []struct {
		why, method, path string
		headers           map[string]string
		code              int
	}{
		{"the page", "GET", "", nil, 200},
		{"by name", "GET", "", map[string]string{"Host": "localhost:1234"}, 200},
		{"by IPv6", "GET", "", map[string]string{"Host": "[::1]:1234"}, 200},
		{"a name that another made point here", "GET", "", map[string]string{"Host": "evil.example:1234"}, 421},
		{"a name that only looks like an address", "GET", "", map[string]string{"Host": "127.0.0.1.evil.example"}, 421},
		{"an address that is not of this machine", "GET", "", map[string]string{"Host": "192.0.2.1"}, 421},
		{"an order without a token", "POST", "api/v1/pause", nil, 403},
		{"with a wrong one", "POST", "api/v1/pause", map[string]string{"X-Runner-Token": "00000000000000000000000000000000"}, 403},
		{"with an empty one", "POST", "api/v1/pause", map[string]string{"X-Runner-Token": ""}, 403},
		{"with the right one", "POST", "api/v1/pause", map[string]string{"X-Runner-Token": "TOKEN"}, 200},
		{"from another site", "POST", "api/v1/pause", map[string]string{"X-Runner-Token": "TOKEN", "Origin": "http://evil.example"}, 403},
		{"from another port", "POST", "api/v1/pause", map[string]string{"X-Runner-Token": "TOKEN", "Origin": "http://127.0.0.1:1"}, 403},
		{"from a page without an origin", "POST", "api/v1/pause", map[string]string{"X-Runner-Token": "TOKEN", "Origin": "null"}, 403},
		{"a browser that says it is another site's", "GET", "api/v1/status", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"or the same machine's", "GET", "api/v1/events", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"an order by GET", "GET", "api/v1/pause", nil, 404},
		{"a file that there is not", "GET", "assets/../ui.go", nil, 404},
	} {
		t.Run(c.why, func(t *testing.T) {
			o := &obedient{}
			s := serve(t, o)
			if c.headers["X-Runner-Token"] == "TOKEN" {
				c.headers["X-Runner-Token"] = token(t, s)
			}
			r := ask(t, s, c.method, c.path, "", c.headers)
			if r.code != c.code {
				t.Errorf("%d, want %d: %s", r.code, c.code, r.body)
			}
			if done := len(o.told) > 0; done != (c.method == "POST" && c.code == 200) {
				t.Errorf("told %v", o.told)
			}
			if policy := r.head.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("policy %q", policy)
			}
		})
	}
}

func TestOrders(t *testing.T) {
	for _, c := range []struct {
		path, body string
		refuse     error
		code       int
		told       string
	}{
		{"pause", "", nil, 200, "pause api, 127.0.0.1"}, {"resume", "", nil, 200, "resume api, 127.0.0.1"}, {"stop", "", nil, 200, "stop api, 127.0.0.1"},
		{"scale", `{"scenario": "a", "factor": 1.5}`, nil, 200, `scale a {"factor":1.5} api, 127.0.0.1`},
		{"scale", `{"scenario": "a", "vus": 20}`, nil, 200, `scale a {"vus":20} api, 127.0.0.1`},
		{"scale", `{"scenario": "a", "rate": "50/s"}`, nil, 200, `scale a {"rate":"50/s"} api, 127.0.0.1`},
		{"scale", `{"scenario": "a", "rate": "50/s"}`, errors.New("it is over"), 409, `scale a {"rate":"50/s"} api, 127.0.0.1`},
		{"scale", `{"scenario": "a", "rate": "50/s", "vus": 1}`, nil, 400, ""}, {"scale", `{"scenario": "a"}`, nil, 400, ""},
		{"scale", `{"factor": 2}`, nil, 400, ""}, {"scale", `{"scenario": "a", "faktor": 2}`, nil, 400, ""}, {"scale", `no`, nil, 400, ""},
		{"scale", `{"scenario": "` + strings.Repeat("a", 5000) + `", "factor": 1}`, nil, 400, ""},
	} {
		o := &obedient{refuse: c.refuse}
		s := serve(t, o)
		r := ask(t, s, "POST", "api/v1/"+c.path, c.body, map[string]string{"X-Runner-Token": token(t, s), "Content-Type": "application/json"})
		if told := strings.Join(o.told, ", "); r.code != c.code || told != c.told {
			t.Errorf("%s %.80s: %d, told %q; want %d, %q: %s", c.path, c.body, r.code, told, c.code, c.told, r.body)
		}
		if c.code != 200 && field(t, r, "error") == "" {
			t.Errorf("no reason in %s", r.body)
		}
	}
}

func TestAFormCannotScale(t *testing.T) {
	o := &obedient{}
	s := serve(t, o)
	r := ask(t, s, "POST", "api/v1/scale", `{"scenario": "a", "factor": 1.5}`, map[string]string{"X-Runner-Token": token(t, s), "Content-Type": "text/plain"})
	if r.code != 400 || o.told != nil {
		t.Errorf("%d, told %v", r.code, o.told)
	}
}

// The stream tells how the run stands, then its result, which stays the last word.
func TestEvents(t *testing.T) {
	s := serve(t, nil)
	a, err := http.Get(s.URL() + "api/v1/events")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	lines := bufio.NewScanner(a.Body)
	lines.Buffer(nil, 1<<20)
	next := func() (name, data string) {
		for lines.Scan() && lines.Text() != "" {
			if text, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = text
			} else {
				data = strings.TrimPrefix(lines.Text(), "data: ")
			}
		}
		return name, data
	}
	if name, data := next(); name != "status" || !strings.Contains(data, `"phase":"running"`) {
		t.Fatalf("%s %s", name, data)
	}
	if err := s.Finish(&metrics.Result{Verdict: metrics.Verdict{Status: "pass", Reasons: []string{"line\n\nevent: bye"}}}); err != nil {
		t.Fatal(err)
	}
	if name, data := next(); name != "status" || !strings.Contains(data, `"over":true`) {
		t.Fatalf("%s %s", name, data)
	}
	if name, data := next(); name != "result" || !json.Valid([]byte(data)) {
		t.Fatalf("%s %s", name, data)
	}
	done := make(chan error)
	go func() { done <- s.Close() }()
	for name, _ := next(); name != "bye"; name, _ = next() {
		if name == "" {
			t.Fatal("the stream ended without a word")
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAddresses(t *testing.T) {
	for _, addr := range []string{"nowhere", "127.0.0.1:99999", "256.0.0.1:0"} {
		if s, err := ui.Listen(addr); err == nil {
			t.Errorf("%s: no error (%v)", addr, s.Close())
		} else if !strings.Contains(err.Error(), "HOST:PORT") {
			t.Errorf("%s: %v", addr, err)
		}
	}
	first, err := ui.Listen("")
	if err != nil {
		t.Fatal(err)
	}
	second, err := ui.Listen("") // the port is taken
	if err != nil {
		t.Fatal(err)
	}
	if first.URL() == second.URL() || !strings.HasPrefix(second.URL(), "http://127.0.0.1:") {
		t.Errorf("%s and %s", first.URL(), second.URL())
	}
	if err := errors.Join(first.Close(), second.Close()); err != nil {
		t.Error(err)
	}
}

// Away from loopback nothing is shown without the token of the printed address.
func TestOtherMachinesNeedTheToken(t *testing.T) {
	s, err := ui.Listen("0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	base, query, _ := strings.Cut(s.URL(), "?")
	base = strings.Replace(strings.Replace(base, "[::]", "127.0.0.1", 1), "0.0.0.0", "127.0.0.1", 1)
	for path, code := range map[string]int{"": 401, "?" + query: 200, "api/v1/status": 401, "api/v1/status?" + query: 200, "api/v1/status?token=": 401} {
		r, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != code {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, code)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

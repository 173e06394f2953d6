package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"runner/runner/metrics"
	"runner/schemas"
)

// witness is a server that writes down what it saw, so that a run's report can be held against it. It speaks just enough
// HTTP/1.1, with a goroutine a connection, to be no slower than it has to.
type witness struct {
	url string
	// hold is called when a request is there and before it is answered. gone is closed if the client goes away first.
	hold func(r *http.Request, gone <-chan struct{})

	mu   sync.Mutex
	log  []seen
	wait sync.WaitGroup
}

// seen is one request: when the whole of it was there, and when its answer was let go or its client had gone.
type seen struct {
	path              string
	arrived, released time.Time
	gone              bool
}

func newWitness(t *testing.T, hold func(*http.Request, <-chan struct{})) *witness {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{url: "http://" + l.Addr().String(), hold: hold}
	w.wait.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.wait.Go(func() { w.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		w.wait.Wait()
	})
	return w
}

// serve answers one request after the other. A goroutine of its own reads, so that a client that goes away is noticed
// while its request is held.
func (w *witness) serve(c net.Conn) {
	defer c.Close()
	requests, gone := make(chan *http.Request), make(chan struct{})
	go func() {
		defer close(gone)
		in := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			requests <- r
		}
	}()
	for {
		select {
		case r := <-requests:
			w.answer(c, r, gone)
		case <-gone:
			return
		}
	}
}

func (w *witness) answer(c net.Conn, r *http.Request, gone <-chan struct{}) {
	s := seen{path: r.URL.Path, arrived: time.Now()}
	w.hold(r, gone)
	s.released = time.Now()
	select {
	case <-gone:
		s.gone = true
	default:
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, s)
}

// requests are those to paths that begin so, in order of arrival.
func (w *witness) requests(prefix string) []seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []seen
	for _, s := range w.log {
		if strings.HasPrefix(s.path, prefix) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b seen) int { return a.arrived.Compare(b.arrived) })
	return all
}

// program is the real program, in a process of its own.
type program struct {
	*exec.Cmd
	dir string
	out bytes.Buffer
	err *watcher // finds the line that says what is about to run
}

// start runs the plan's text in a folder of its own; the result goes to plan.json there.
func start(t *testing.T, plan string) *program {
	t.Helper()
	p := &program{dir: t.TempDir()}
	write(t, filepath.Join(p.dir, "plan.yaml"), "version: 1\nname: test\n"+plan)
	p.run(t, "plan.yaml")
	return p
}

func (p *program) run(t *testing.T, plans ...string) {
	t.Helper()
	beside()
	p.err = &watcher{word: []byte("seed"), found: make(chan struct{})}
	p.Cmd = exec.Command("runner", append(plans, "--out", "json="+p.dir+"/")...)
	p.Dir, p.Stdout, p.Stderr = p.dir, &p.out, p.err
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// result waits for the program's end and reads the result of a plan; it must be what the schema says.
func (p *program) result(t *testing.T, plan string) *metrics.Result {
	t.Helper()
	_ = p.Wait() // the exit code is looked at by those who want it
	text, err := os.ReadFile(filepath.Join(p.dir, plan+".json"))
	if err != nil {
		t.Fatalf("no result: %v\nstdout:\n%s\nstderr:\n%s", err, &p.out, &p.err.all)
	}
	var loose any
	var r metrics.Result
	if err := json.Unmarshal(text, &loose); err != nil {
		t.Fatalf("the result is no JSON: %v", err)
	}
	if err := schema(t).Validate(loose); err != nil {
		t.Errorf("the result is not what the schema says: %v", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemas.Result))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("result.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("result.json")
}

// value is an aggregate of a metric's total.
func value(t *testing.T, r *metrics.Result, name, aggregate string) float64 {
	t.Helper()
	for _, m := range r.Metrics {
		if m.Name == name && len(m.Tags) == 0 {
			return m.Values[aggregate]
		}
	}
	t.Errorf("the result has no %s", name)
	return 0
}

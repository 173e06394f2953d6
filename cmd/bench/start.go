package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// repeats is how often what takes milliseconds is repeated in a round.
const repeats = 5

// firstRequest measures from the start of the process to the first byte at the server.
func firstRequest(b *bench) section {
	s := section{
		title: "From the start of the process to its first request",
		how:   fmt.Sprintf("%d starts a round, on one core; plan.yaml has one step.", repeats),
		unit:  "ms",
	}
	f := finding{who: "runner"}
	for range repeats * b.rounds {
		f.note(toFirst(b))
	}
	s.findings = []finding{f}
	s.targets = []target{{what: "runner", values: f.values, limit: 50, unit: "ms", missing: f.missing}}
	return s
}

func toFirst(b *bench) (float64, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	first := make(chan time.Time, 1)
	go func() {
		defer close(first)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		if _, err := c.Read(make([]byte, 1)); err == nil {
			first <- time.Now()
		}
		_, _ = c.Write([]byte(reply)) // the client's verdict does not matter
	}()
	begin := time.Now()
	o := finish(b.client, "http://"+l.Addr().String(), b.runner, "-q", "--vus", "1", "--iterations", "1", b.file("plain.yaml"))
	_ = l.Close()
	came, ok := <-first
	if !ok {
		return 0, fmt.Errorf("no request came: %s", firstLine(o.said, o.out))
	}
	return float64(came.Sub(begin).Microseconds()) / 1e3, nil
}

// validate measures runner validate of a plan of 5,000 lines.
func validate(b *bench) section {
	s := section{
		title: "Validating a plan of 5,000 lines",
		how:   fmt.Sprintf("runner validate as a user calls it, %d times a round: ten scenarios with 500 requests, each with a header, two checks and a capture.", repeats),
		unit:  "ms",
	}
	f := finding{who: "runner"}
	plan := filepath.Join(b.dir, "long.yaml")
	if err := os.WriteFile(plan, []byte(longPlan()), 0o600); err != nil {
		f.missing = err.Error()
	}
	for range repeats * b.rounds {
		o := finish(-1, "", b.runner, "validate", plan)
		f.note(float64(o.wall.Microseconds())/1e3, o.failed)
	}
	s.findings = []finding{f}
	s.targets = []target{{what: "runner", values: f.values, limit: 100, unit: "ms", missing: f.missing}}
	return s
}

// longPlan is a valid plan of 5,000 lines.
func longPlan() string {
	const lines, scenarios, requests = 5000, 10, 50
	var w strings.Builder
	fmt.Fprint(&w, "version: 1\nname: long\nhttp: { base_url: 'http://127.0.0.1:1' }\nscenarios:\n")
	for s := range scenarios {
		fmt.Fprintf(&w, "  scenario-%d:\n    executor: { type: constant-vus, vus: 1, duration: 1s }\n    steps:\n", s)
		for r := range requests {
			fmt.Fprintf(&w, "      - get: /items/%d/%d\n        name: step %d-%d\n        headers:\n          X-Id: ${uuid()}\n        check:\n", s, r, s, r)
			fmt.Fprintf(&w, "          ok: status == 200\n          same: json(\"a.b\") == %d\n        capture:\n          c%d: json(\"id\")\n", r, r)
		}
	}
	for n := strings.Count(w.String(), "\n"); n < lines; n++ {
		fmt.Fprintf(&w, "# line %d\n", n+1)
	}
	return w.String()
}

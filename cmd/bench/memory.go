package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// crowd compares memory per VU.
type crowd struct {
	title, how string
	plan       string
	script     string
	vus, k6VUs int
	settled    time.Duration // after the start: until then VUs come up
	limit      float64       // KiB per VU
}

var connected = &crowd{
	title: "Memory of 10,000 VUs with an open connection each",
	how:   "Resident memory of the whole process, its largest value once all are connected, divided by the VUs; one round. k6 has 1,000 VUs.",
	plan:  "connected.yaml", script: "connected.js", vus: 10_000, k6VUs: 1000, settled: 12 * time.Second, limit: 16,
}

var thinking = &crowd{
	title: "Memory of 100,000 VUs in think time",
	how:   "Resident memory of the whole process, its largest value once all think, divided by the VUs; one round. k6 has 5,000 VUs.",
	plan:  "thinking.yaml", script: "thinking.js", vus: 100_000, k6VUs: 5000, settled: 6 * time.Second, limit: 6,
}

func (c *crowd) measure(b *bench) section {
	s := section{title: c.title, how: c.how, unit: "KiB per VU"}
	own := c.fill("runner", b, c.vus, b.runner, "-q", "--vus", fmt.Sprint(c.vus), "--duration", "60s", b.file(c.plan))
	other := finding{who: "k6", missing: "k6 is missing"}
	if path := b.peers["k6"].path; path != "" {
		other = c.fill("k6", b, c.k6VUs, path, "run", "--quiet", "--no-color", "--vus", fmt.Sprint(c.k6VUs), "--duration", "60s", b.file(c.script))
	}
	s.findings = []finding{own, other}
	s.targets = []target{{what: "runner", values: own.values, limit: c.limit, unit: "KiB per VU", missing: own.missing}}
	return s
}

// fill starts a client and watches its memory after it has settled.
func (c *crowd) fill(who string, b *bench, vus int, path string, args ...string) finding {
	f := finding{who: who}
	if vus > int(openFiles())-200 && c == connected {
		vus = int(openFiles()) - 200
		f.who = fmt.Sprintf("%s (%d VUs, as there may be only %d open files)", who, vus, openFiles())
	}
	sizes, err := watch(b, b.nginx.plain, c.settled+8*time.Second, path, args...)
	if err != nil {
		f.missing = err.Error()
		return f
	}
	late := sizes[min(int(c.settled/pulse), len(sizes)-1):]
	f.values = []float64{slices.Max(late) / 1024 / float64(vus)}
	return f
}

// pulse is the time between two looks at a process's memory.
const pulse = 500 * time.Millisecond

// watch runs a client for a while, or to its end if that comes first, and looks at its memory.
func watch(b *bench, base string, d time.Duration, path string, args ...string) ([]float64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), longest+d)
	defer cancel()
	cmd := command(ctx, base, path, args...)
	if err := startOn(b.client, cmd); err != nil {
		return nil, err
	}
	var sizes []float64
	ticks := time.NewTicker(pulse)
	defer ticks.Stop()
	for range int(d / pulse) {
		<-ticks.C
		size, err := resident(cmd.Process.Pid)
		if err != nil {
			return sizes, fmt.Errorf("it ended early: %w", cmd.Wait())
		}
		sizes = append(sizes, size)
	}
	end(cmd)
	return sizes, nil
}

// end stops a client. Its verdict on a run that was stopped does not matter.
func end(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(os.Interrupt)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait()
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		<-done
	}
}

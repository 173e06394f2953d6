package main

import (
	"fmt"
	"regexp"
	"strconv"
)

// cost compares CPU per request.
type cost struct {
	title, how string
	contenders []contender
	targets    []ratio
}

// contender is a client and its work.
type contender struct {
	name string // also of the peer that it is
	who  string // in the table, if it does something else than the others
	base func(*nginx) string
	args func(b *bench, seconds int) []string
	// few is the same client doing next to nothing: what it then costs is its start, and is subtracted. nil: it starts
	// in a few milliseconds.
	few   func(b *bench) []string
	count *regexp.Regexp
}

// ratio is a target: over divided by under.
type ratio struct {
	over, under string
	least       bool
	limit       float64
}

func plainURL(n *nginx) string { return n.plain }
func tlsURL(n *nginx) string   { return n.tls }
func http2URL(n *nginx) string { return n.http2 }

func ours(plan string, base func(*nginx) string) contender {
	return contender{
		name: "runner", base: base, count: runnerCount,
		args: func(b *bench, seconds int) []string {
			return []string{"-q", "--vus", "64", "--duration", strconv.Itoa(seconds) + "s", b.file(plan)}
		},
		few: func(b *bench) []string { return []string{"-q", "--vus", "64", "--iterations", "64", b.file(plan)} },
	}
}

func k6(script string, base func(*nginx) string) contender {
	return contender{
		name: "k6", base: base, count: k6Count,
		args: func(b *bench, seconds int) []string {
			return []string{"run", "--quiet", "--no-color", "--vus", "64", "--duration", strconv.Itoa(seconds) + "s", b.file(script)}
		},
		few: func(b *bench) []string {
			return []string{"run", "--quiet", "--no-color", "--vus", "64", "--iterations", "64", b.file(script)}
		},
	}
}

func wrk(base func(*nginx) string) contender {
	return contender{
		name: "wrk", base: base, count: wrkCount,
		args: func(b *bench, seconds int) []string {
			return []string{"-t1", "-c64", fmt.Sprintf("-d%ds", seconds), base(b.nginx) + "/items"}
		},
	}
}

func hey(base func(*nginx) string) contender {
	return contender{
		name: "hey", base: base, count: heyCount,
		args: func(b *bench, seconds int) []string {
			return []string{"-z", strconv.Itoa(seconds) + "s", "-c", "64", base(b.nginx) + "/items"}
		},
		few: func(b *bench) []string { return []string{"-n", "64", "-c", "64", base(b.nginx) + "/items"} },
	}
}

func h2load(base func(*nginx) string) contender {
	return contender{
		name: "h2load", base: base, count: h2loadCount,
		args: func(b *bench, seconds int) []string {
			return []string{"-t1", "-c4", "-m16", "-D", strconv.Itoa(seconds), base(b.nginx) + "/items"}
		},
	}
}

// path is where the contender's program is; empty: it is missing.
func (c *contender) path(b *bench) string {
	if c.name == "runner" {
		return b.runner
	}
	return b.peers[c.name].path
}

// spent is what the contender needs in a run.
type spent struct{ requests, microseconds float64 }

func (c *contender) run(b *bench, args []string) (spent, error) {
	o := finish(b.client, c.base(b.nginx), c.path(b), args...)
	if o.failed != nil {
		return spent{}, o.failed
	}
	n, err := found(c.count, o.out)
	return spent{n, float64(o.cpu.Microseconds())}, err
}

func (k *cost) measure(b *bench) section {
	s := section{title: k.title, how: k.how, unit: "µs of CPU per request"}
	starts := make([]spent, len(k.contenders))
	for i := range k.contenders {
		f := finding{who: k.contenders[i].name}
		if k.contenders[i].who != "" {
			f.who = k.contenders[i].who
		}
		f.missing, starts[i] = k.contenders[i].begin(b)
		s.findings = append(s.findings, f)
	}
	for range b.rounds {
		for i := range k.contenders {
			if f := &s.findings[i]; f.missing == "" {
				k.contenders[i].round(b, f, starts[i])
			}
		}
	}
	for _, r := range k.targets {
		s.targets = append(s.targets, k.judge(s.findings, r))
	}
	return s
}

// begin finds out what the contender's start costs, or why it can't take part.
func (c *contender) begin(b *bench) (missing string, start spent) {
	if c.path(b) == "" {
		return c.name + " is missing", start
	}
	if c.few == nil {
		return "", start
	}
	start, err := c.run(b, c.few(b))
	if err != nil {
		return err.Error(), start
	}
	return "", start
}

// round adds a round to a finding. One that fails drops the contender: part of the rounds is no comparison.
func (c *contender) round(b *bench, f *finding, start spent) {
	s, err := c.run(b, c.args(b, b.seconds))
	if err != nil {
		f.missing, f.values = err.Error(), nil
		return
	}
	f.values = append(f.values, (s.microseconds-start.microseconds)/(s.requests-start.requests))
}

func (k *cost) judge(findings []finding, r ratio) target {
	t := target{what: r.over + " / " + r.under, least: r.least, limit: r.limit, unit: "×"}
	var over, under finding
	for i, c := range k.contenders {
		switch c.name {
		case r.over:
			over = findings[i]
		case r.under:
			under = findings[i]
		}
	}
	t.values = ratios(over.values, under.values)
	if len(t.values) == 0 {
		t.missing = firstLine(over.missing, under.missing)
	}
	return t
}

package main

import (
	"fmt"
	"io"
)

// report is the whole file.
type report struct {
	machine  []string
	rounds   int
	seconds  int
	sections []section
}

func (r *report) print(w io.Writer) {
	fmt.Fprint(w, `# Benchmarks

Written by `+"`make bench`"+`; `+"`go run ./cmd/bench -h`"+` lists its flags. All clients do the same work in turn, round after round,
pinned to one core; the server (nginx with one worker, or a server of the benchmark's own where its time is asked for) has
another. Ratios are taken round by round, and their median is judged: other machines give other microseconds and much the
same ratios.

`)
	for _, line := range r.machine {
		fmt.Fprintf(w, "- %s\n", line)
	}
	fmt.Fprintf(w, "- %d rounds of %d s each, unless a section says otherwise\n\n", r.rounds, r.seconds)
	missed, open := r.tally()
	switch {
	case missed == 0 && open == 0:
		fmt.Fprint(w, "All targets are met.\n\n")
	default:
		fmt.Fprintf(w, "%d targets are missed, %d were not measured; each is marked below.\n\n", missed, open)
	}
	for i := range r.sections {
		r.sections[i].print(w)
	}
}

// tally counts the targets that are missed, and those that could not be measured.
func (r *report) tally() (missed, open int) {
	for _, s := range r.sections {
		for _, t := range s.targets {
			switch {
			case len(t.values) == 0:
				open++
			case !t.met():
				missed++
			}
		}
	}
	return missed, open
}

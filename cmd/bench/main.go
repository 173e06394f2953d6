// Command bench measures runner beside the load testers that people use, on one machine and in turn, and writes what it
// found as Markdown. It sees runner as a user does: a program, its flags, what it prints and its result file. It knows
// nothing of how runner works.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, errs io.Writer) int {
	var err error
	switch {
	case len(args) > 0 && args[0] == "serve":
		err = serve(out)
	case len(args) > 0 && args[0] == "timer":
		err = timerLoop(out)
	default:
		err = measure(args, out, errs)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(errs, "bench: %v\n", err)
		return 1
	}
	return 0
}

// options are the flags.
type options struct {
	runner  string
	out     string
	rows    string
	rounds  int
	seconds int
	growth  time.Duration
	install bool
}

func parseFlags(args []string, errs io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.SetOutput(errs)
	fs.StringVar(&o.runner, "runner", "bin/runner", "the runner to measure")
	fs.StringVar(&o.out, "out", "BENCHMARKS.md", "where the tables go")
	fs.StringVar(&o.rows, "rows", "", "only these rows, separated by commas: "+strings.Join(names(), ", "))
	fs.IntVar(&o.rounds, "rounds", 3, "how often each comparison is repeated")
	fs.IntVar(&o.seconds, "seconds", 3, "how long each client makes load in a round")
	fs.DurationVar(&o.growth, "growth", 20*time.Second, "how long to watch memory over time; 10m for a real answer")
	fs.BoolVar(&o.install, "install", true, "install peers that are missing (apt-get as root, go install)")
	err := fs.Parse(args)
	switch {
	case err != nil:
		return o, err
	case fs.NArg() > 0:
		return o, fmt.Errorf("%q is no flag; see bench -h", fs.Arg(0))
	case o.rounds < 1 || o.seconds < 1 || o.growth < 8*time.Second:
		return o, fmt.Errorf("rounds and seconds must be at least 1, and growth at least 8s")
	}
	for _, name := range split(o.rows) {
		if !slices.Contains(names(), name) {
			return o, fmt.Errorf("there is no row %q (rows: %s)", name, strings.Join(names(), ", "))
		}
	}
	o.runner, err = filepath.Abs(o.runner)
	return o, err
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// measure runs the rows and writes the report.
func measure(args []string, out, errs io.Writer) error {
	o, err := parseFlags(args, errs)
	if err != nil {
		return err
	}
	b, err := open(o, errs)
	if err != nil {
		return err
	}
	defer b.close()
	report := report{machine: describe(b), rounds: o.rounds, seconds: o.seconds}
	for _, r := range rows {
		if o.rows != "" && !slices.Contains(split(o.rows), r.name) {
			continue
		}
		fmt.Fprintf(errs, "%s …\n", r.name)
		s := r.measure(b)
		s.print(out)
		report.sections = append(report.sections, s)
	}
	file, err := os.Create(o.out)
	if err != nil {
		return err
	}
	report.print(file)
	return file.Close()
}

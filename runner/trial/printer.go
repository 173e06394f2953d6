// Package trial shows a person what happens in one iteration: each request and response, each check with the values of its
// parts, what differs from what was expected, and failed requests as curl commands; and it keeps them as an HTTP archive. It
// does not know how an iteration runs: it listens (vu.Trace).
package trial

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"

	"runner/runner/report"
	"runner/runner/vu"
)

// Printer writes to one place for all parts of a trial. Parallel branches speak at once, so each event is written whole.
type Printer struct {
	Out     io.Writer
	Colour  bool
	MaxBody int64               // bytes of a body that are shown
	Curl    bool                // every request as a curl command, not only those that failed
	Mask    func(string) string // takes secrets out of a text
	Archive *Archive            // nil: nobody wants one

	mu sync.Mutex
}

// Colours of ANSI terminals.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// Clean is text without secrets and without what could steer a terminal.
func (p *Printer) Clean(text string) string { return report.Clean(p.Mask(text)) }

func (p *Printer) paint(code, text string) string {
	if !p.Colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// print writes lines that are clean but for the paint put on afterwards.
func (p *Printer) print(lines ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintln(p.Out, strings.Join(lines, "\n"))
}

// Log prints a line that the plan logs.
func (p *Printer) Log(line string) { p.print("  " + p.Clean("log: "+line)) }

// Say prints a line of the program's own.
func (p *Printer) Say(line string) { p.print(p.paint(yellow, p.Clean(line))) }

// Part begins a part of the plan and gives its listener.
func (p *Printer) Part(name string) vu.Trace {
	p.print("", p.paint(bold, "── "+p.Clean(name)+" ──"))
	if p.Archive != nil {
		p.Archive.page(p.Clean(name))
	}
	return &listener{Printer: p, write: p.print}
}

// Ended says how a part ended, unless it ended well.
func (p *Printer) Ended(part string, err error) {
	if err != nil {
		p.print("", p.paint(red, "✗ "+p.Clean(part)+" ended: "+p.Clean(err.Error())))
	}
}

// listener is told what happens in one part of the plan, or in one branch of a parallel step there. Only the goroutine of
// that part or branch speaks to it.
type listener struct {
	*Printer
	write func(lines ...string)
	held  bytes.Buffer // of a branch: what is printed when it is over
	step  string       // that was headed last
	curl  []string     // of the last request, until it is printed
	quiet bool         // a heading has just been printed
	came  int          // the status of the last response; 0: none came
}

var _ vu.Trace = (*listener)(nil)

// Step heads a step of the plan's list.
func (l *listener) Step(i, of int, label string) {
	l.write("", l.paint(bold, fmt.Sprintf("▶ %d/%d %s", i, of, l.Clean(label))))
	l.step = label
}

// head says which step speaks, where that is not the one that was headed last.
func (l *listener) head(step, turn string) (lines []string) {
	switch {
	case turn != "":
		lines = append(lines, l.paint(bold, "  ↻ "+l.Clean(turn)))
	case step != l.step:
		if !l.quiet {
			lines = append(lines, "")
		}
		lines = append(lines, l.paint(bold, "  ▷ "+l.Clean(step)))
	}
	l.step, l.quiet = step, false
	return lines
}

// Note says what a step did that is no request.
func (l *listener) Note(n vu.Note) {
	text := "  · " + n.Verb
	if n.Text != "" {
		text += " " + n.Text
	}
	if n.Valued {
		text += " = " + l.shown(n.Value)
	}
	l.write(append([]string{l.Clean(text)}, l.parts(n.Parts)...)...)
}

// Branch is the listener of one branch of a parallel step: what it says is printed when it is over, so that branches do not
// interrupt each other.
func (l *listener) Branch(n int) vu.Trace {
	b := &listener{Printer: l.Printer}
	b.write = func(lines ...string) { fmt.Fprintln(&b.held, strings.Join(lines, "\n")) }
	b.write("", l.paint(dim, fmt.Sprintf("  branch %d", n)))
	b.quiet = true
	return b
}

// Joined prints what a branch has said.
func (l *listener) Joined() { l.print(strings.TrimSuffix(l.held.String(), "\n")) }

// Outcome says when the last response was not an expected one.
func (l *listener) Outcome(_ string, failed bool, why string) {
	switch {
	case why != "":
		l.failed("  ✗ the request failed: " + why)
	case failed && l.came != 0:
		l.failed(fmt.Sprintf("  ✗ the request failed: status %d is not an expected one (see expect)", l.came))
	case failed:
		l.failed("  ✗ the request failed: no response")
	}
}

// failed prints what went wrong with a request, and once for each request how to send it again.
func (l *listener) failed(first string, more ...string) {
	lines := append([]string{l.paint(red, l.Clean(first))}, more...)
	l.write(append(lines, l.curl...)...)
	l.curl = nil
}

// Capture prints what was captured.
func (l *listener) Capture(_, name string, value any, secret bool, err error) {
	switch {
	case err != nil:
		l.failed(fmt.Sprintf("  ✗ capture %s: %v", name, err))
	case secret:
		l.write(l.Clean(fmt.Sprintf("  = %s = *** (secret)", name)))
	default:
		l.write(l.Clean(fmt.Sprintf("  = %s = %s", name, l.shown(value))))
	}
}

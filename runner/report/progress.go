package report

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"runner/runner/metrics"
)

// maxLines is how many log lines wait for a slow terminal; more are counted and left out.
const maxLines = 1000

// Progress shows a run while it goes: on a terminal a few lines that are redrawn in place, else a line now and then.
// A slow terminal misses frames and, in the end, log lines; it never holds up the run.
type Progress struct {
	view view
	w    io.Writer // only the goroutine writes to it, between Start and Close

	mu    sync.Mutex
	live  *Live    // newest frame that has not been shown
	lines []string // to be printed, cleaned
	lost  int      // lines that found no room
	state progressState

	wake chan struct{} // holds one token: there is something to show, or the end has come
	done chan struct{} // closed when the goroutine has ended
}

type progressState uint8

const (
	fresh progressState = iota
	started
	closed
)

// view turns what there is to show into the bytes of one write.
type view interface {
	start(Info) string
	// show prints lines and then the frame; live may be nil if only lines are new.
	show(live *Live, lines []string) string
	// end leaves the screen in order.
	end() string
}

// ProgressOptions is where and how progress is shown.
type ProgressOptions struct {
	Color bool
	// Size is the terminal's size (see TerminalSize), asked for every frame. nil: not a terminal, lines are written.
	Size func() (columns, rows int)
}

var _ Output = (*Progress)(nil)

// NewProgress makes a view on w, which should be stderr. Start starts its goroutine; Finish or Close ends it.
func NewProgress(w io.Writer, o ProgressOptions) *Progress {
	p := &Progress{w: w, wake: make(chan struct{}, 1), done: make(chan struct{})}
	if o.Size != nil {
		p.view = &screen{color: o.Color, size: o.Size}
	} else {
		p.view = &plain{}
	}
	return p
}

// Start says what is about to run. It returns at once and never fails.
func (p *Progress) Start(info Info) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == fresh {
		p.state = started
		go p.run(p.view.start(info))
	}
	return nil
}

// Interval shows a frame, or drops an older one that is still waiting.
func (p *Progress) Interval(l *Live) {
	p.mu.Lock()
	p.live = l
	p.mu.Unlock()
	p.kick()
}

// Print shows a line of a log step above the live lines. Any goroutine may call it; it returns at once. After Close
// there is no place for it any more.
func (p *Progress) Print(line string) {
	line = Clean(line)
	p.mu.Lock()
	switch {
	case p.state == closed:
	case len(p.lines) < maxLines:
		p.lines = append(p.lines, line)
	default:
		p.lost++
	}
	p.mu.Unlock()
	p.kick()
}

// Finish ends the view before the tables come.
func (p *Progress) Finish(*metrics.Result) error {
	p.Close()
	return nil
}

// Close shows what is still waiting, puts the screen in order and returns when all of it is written. It may be called
// any number of times, and without Start.
func (p *Progress) Close() {
	p.mu.Lock()
	if p.state == fresh {
		close(p.done) // there is no goroutine that would
	}
	p.state = closed
	p.mu.Unlock()
	p.kick()
	<-p.done
}

func (p *Progress) kick() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run is the goroutine. After a failed write it only throws away: a terminal that went away does not end a load test.
func (p *Progress) run(first string) {
	defer close(p.done)
	_, err := io.WriteString(p.w, first)
	for range p.wake {
		live, lines, last := p.take()
		if err == nil && (live != nil || len(lines) > 0) {
			_, err = io.WriteString(p.w, p.view.show(live, lines))
		}
		if last {
			if err == nil {
				_, _ = io.WriteString(p.w, p.view.end())
			}
			return
		}
	}
}

// take empties the mailbox.
func (p *Progress) take() (live *Live, lines []string, last bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	live, lines = p.live, p.lines
	if p.lost > 0 {
		lines = append(lines, fmt.Sprintf("(%s left out: they came faster than they could be shown)", plural(int64(p.lost), "log line")))
	}
	p.live, p.lines, p.lost = nil, nil, 0
	return live, lines, p.state == closed
}

// introduction says what is about to run, one line for the plan and one for each scenario.
func introduction(info Info) []string {
	title := info.Plan
	if info.File != "" && info.File != info.Plan {
		title += " (" + info.File + ")"
	}
	if info.Profile != "" {
		title += ", profile " + info.Profile
	}
	title += fmt.Sprintf(", seed %d", info.Seed)
	if info.Planned > 0 {
		title += ", planned " + map[bool]string{true: "at most "}[info.Limit] + seconds(info.Planned.Seconds())
	}
	lines := []string{Clean(title)}
	for _, s := range info.Scenarios {
		line := fmt.Sprintf("  %s: %s", s.Name, s.Executor)
		if s.MaxVUs > 0 && s.MaxVUs != s.VUs {
			line += fmt.Sprintf(", %s to %s", count(s.VUs), plural(s.MaxVUs, "VU"))
		} else if s.VUs > 0 {
			line += ", " + plural(s.VUs, "VU")
		}
		lines = append(lines, Clean(line))
	}
	for _, w := range info.Warnings {
		lines = append(lines, "warning: "+Clean(w))
	}
	return lines
}

func joinLines(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

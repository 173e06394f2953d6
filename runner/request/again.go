package request

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// again is when and how a step sends its request more than once. The zero again sends it once.
type again struct {
	// Of retry.
	attempts    int
	delay, most time.Duration
	exponential bool
	jitter      spec.Ratio
	anything    bool // whatever fails the request
	classes     [protocol.NumClasses]bool
	statuses    []spec.Status
	cond        *expr.Program

	// Of until.
	until  *expr.Program
	every  time.Duration
	within time.Duration
}

// The defaults of retry and until.
const (
	defaultDelay    = 100 * time.Millisecond
	defaultMaxDelay = 10 * time.Second
	defaultEvery    = time.Second
)

// tries is what a VU knows of the attempts that it has made.
type tries struct {
	made     int
	deadline int64 // of until, on the run's clock
	late     bool  // the time of until is up
	why      error // until had no value at the last poll
	mark     expr.Source
}

// polls and retries tell the two ways apart.
func (a *again) polls() bool   { return a.until != nil }
func (a *again) retries() bool { return a.attempts > 1 }

// compileAgain compiles retry and until, whose expressions read the response.
func compileAgain(c *vu.Compiler, s *spec.Request, step *Step) {
	a := &step.again
	if !s.Until.IsZero() {
		a.until = step.reads(c, s.Until)
		a.every, a.within = s.Every.Or(defaultEvery), step.timeout
		step.timeout = c.HTTP.Timeout.Or(DefaultTimeout)
	}
	t := s.Retry
	if t == nil {
		return
	}
	a.attempts, a.delay, a.most = int(t.Attempts.Value), t.Delay.Or(defaultDelay), t.MaxDelay.Or(defaultMaxDelay)
	a.exponential, a.jitter = t.Backoff.Or("exponential") == "exponential", t.Jitter.Or(spec.Ratio{Num: 0, Den: 1})
	a.anything = len(t.On) == 0 && t.If.IsZero()
	for _, on := range t.On {
		a.compileOn(c, on)
	}
	if !t.If.IsZero() {
		a.cond = step.reads(c, t.If)
	}
}

// reads compiles a condition on the step's own response.
func (s *Step) reads(c *vu.Compiler, e spec.Expr) *expr.Program {
	p, problems := expr.Compile(e, c.Scope, expr.Bool)
	c.Add(problems)
	if p != nil {
		c.Note(p)
		s.needsBody = s.needsBody || p.NeedsBody()
	}
	return p
}

// compileOn reads one entry of on: a status or a class.
func (a *again) compileOn(c *vu.Compiler, on spec.Text) {
	if status, ok := spec.ParseStatus(on.Value); ok {
		a.statuses = append(a.statuses, status)
		return
	}
	names := protocol.Classes()
	class := slices.Index(names, on.Value)
	retried := slices.Delete(slices.Clone(names), int(protocol.ClassInterrupted), int(protocol.ClassInterrupted)+1)[1:]
	if class < 1 || !slices.Contains(retried, on.Value) {
		p := spec.Problemf(on.Pos, len(on.Value), "on wants a class of failure or a status, found %q", on.Value)
		hint := "a status such as 503 or 5xx, or one of " + strings.Join(retried, ", ")
		if near := spec.Suggest(on.Value, retried); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		c.Add(spec.Problems{p.WithHint("%s", hint)})
		return
	}
	a.classes[class] = true
}

// wants tells whether another attempt follows one that came to o.
func (a *again) wants(v *vu.VU, t *tries, o *outcome) bool {
	t.made++
	switch {
	case !a.polls() && !a.retries(), o.failure.Class == protocol.ClassInterrupted, v.Interrupted():
		return false
	case a.polls():
		return !a.reached(v, t, o) && !t.late
	}
	return t.made < a.attempts && a.wrong(v, o)
}

// reached asks until. A poll without a usable response, and a condition without a value, are answers that may change.
func (a *again) reached(v *vu.VU, t *tries, o *outcome) bool {
	t.why = nil
	if o.failure.Class == protocol.ClassNone {
		ok, err := a.until.Bool(&v.VM)
		if endsVU(err) {
			o.broken = err
			return true
		}
		if t.why = err; ok {
			return true
		}
	}
	t.late = v.Run.Clock()+int64(a.every) >= t.deadline
	return false
}

// wrong tells whether an attempt is one to be repeated. What is this host's own fault is not, unless the plan names it.
func (a *again) wrong(v *vu.VU, o *outcome) bool {
	class := o.failure.Class
	if class != protocol.ClassNone {
		return a.classes[class] || a.anything && class != protocol.ClassLocal
	}
	status := v.Response.Response.Status
	for _, r := range a.statuses {
		if r.From <= status && status <= r.To {
			return true
		}
	}
	if a.cond != nil {
		ok, err := a.cond.Bool(&v.VM)
		if endsVU(err) {
			o.broken = err
		}
		return ok && err == nil
	}
	return a.anything && o.unexpected
}

// pause waits for the next attempt.
func (a *again) pause(v *vu.VU, t *tries) error {
	if a.polls() {
		return v.Sleep(a.every)
	}
	d := a.delay
	if a.exponential && t.made > 1 {
		d = a.most
		if shift := t.made - 1; shift < bits.LeadingZeros64(uint64(a.delay)) {
			d = a.delay << shift
		}
	}
	d = min(d, a.most)
	shorter := time.Duration(float64(d) * a.jitter.Float())
	return v.Sleep(v.Between(d-shorter, d))
}

// expired is the end of a step whose until did not come true in time: its captures have nothing to take.
func (s *Step) expired(v *vu.VU, t *tries, o *outcome) error {
	if _, broken := s.check(v, o); endsVU(broken) {
		return broken
	}
	last := "no response"
	if o.failure.Class == protocol.ClassNone {
		last = fmt.Sprintf("status %d", v.Response.Response.Status)
	}
	if t.why != nil {
		last += fmt.Sprintf(" (%v)", t.why)
	}
	return s.endAs(metrics.CauseError, fmt.Errorf("until %s: not so within %s, in %d polls; the last brought %s", s.again.until.Source(), spec.FormatDuration(s.again.within), t.made, last))
}

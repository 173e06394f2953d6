package executor_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/executor"
	"runner/runner/schedule"
	"runner/spec"
)

// played is one iteration that ran.
type played struct {
	executor.Ticket
	vu          int64
	user        int // the how-manieth user that was made
	start, end  time.Duration
	interrupted bool
}

func (p played) due() time.Duration { return time.Duration(p.Due) }

type dropped struct {
	n, count int64
	stage    int16
	due      time.Duration
	cause    string
}

// play is a scenario under a fake clock: what its iterations take, and what became of it.
type play struct {
	takes   func(t executor.Ticket, vu int64) time.Duration // of an iteration; nil: no time
	init    func(vu int64) (time.Duration, error)           // of making a user; nil: no time
	deaf    bool                                            // making a user goes on when the run has ended
	pace    time.Duration                                   // of every iteration
	last    func(t executor.Ticket, vu int64) bool          // the user ends with this iteration
	seg     schedule.Segment
	grace   time.Duration
	delay   time.Duration                                         // NotBefore
	stop    time.Duration                                         // when the caller's context ends; 0: never
	stall   [2]time.Duration                                      // a wait that ends in this time ends at its end: a generator that is late
	control map[time.Duration]func(c *executor.Control, at int64) // changes, by when they are asked for
	err     error
	elapsed time.Duration

	mu          sync.Mutex
	epoch       time.Time
	t0          time.Duration
	began       int   // calls of Started
	planned     int64 // in the end, where there was a control
	late        error // of a change after the end
	ran         []played
	drops       []dropped
	gaveUp      int64
	users, open int
	peak, made  int64
	active      int64
	double      bool // one user ran two iterations at once, or was used after Close
}

func (p *play) now() time.Duration { return time.Since(p.epoch) }

// run plays an executor in a bubble of its own.
func (p *play) run(t *testing.T, x executor.Executor) *play {
	t.Helper()
	synctest.Test(t, func(*testing.T) { p.inBubble(x) })
	if p.double {
		t.Error("a user was used twice at once, or after its end")
	}
	if p.open != 0 {
		t.Errorf("%d users were not closed", p.open)
	}
	if p.active != 0 {
		t.Errorf("%d VUs are still said to be active", p.active)
	}
	return p
}

func (p *play) inBubble(x executor.Executor) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p.epoch = time.Now()
	if p.stop > 0 {
		defer time.AfterFunc(p.stop, cancel).Stop()
	}
	clock := func() int64 { return int64(p.now()) }
	var control *executor.Control
	if p.control != nil {
		control = executor.NewControl(x.Info())
		for at, ask := range p.control {
			defer time.AfterFunc(at, func() { ask(control, clock()) }).Stop()
		}
	}
	p.err = x.Run(ctx, executor.Plan{
		Users: p, Recorder: p, Clock: clock, Segment: p.seg, Graceful: p.grace, NotBefore: int64(p.delay),
		Waiter: func() (executor.Waiter, error) {
			return &lateWaiter{executor.NewTimeWaiter(clock), int64(p.stall[0]), int64(p.stall[1])}, nil
		},
		Control: control,
		Started: func(t0 int64) { p.t0 = time.Duration(t0); p.began++ },
	})
	p.elapsed = p.now()
	if control != nil {
		p.planned = control.Standing().Info.Planned
		p.late = <-control.Pause(clock())
	}
}

func (p *play) New(ctx context.Context, id int64) (executor.User, error) {
	if p.init != nil {
		d, err := p.init(id)
		done := ctx.Done()
		if p.deaf {
			done = nil
		}
		select {
		case <-time.After(d):
		case <-done:
			return nil, ctx.Err()
		}
		if err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users++
	p.open++
	return &actor{play: p, id: id, user: p.users, stop: make(chan struct{})}, nil
}

func (p *play) GaveUp(count int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gaveUp += count
}

func (p *play) Dropped(n, count int64, stage int16, due int64, cause string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drops = append(p.drops, dropped{n, count, stage, time.Duration(due), cause})
}

func (p *play) Active(active, made int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active, p.made, p.peak = active, made, max(p.peak, active)
}

// lost is how many tickets were dropped, for a cause or for any ("").
func (p *play) lost(cause string) (n int64) {
	for _, d := range p.drops {
		if cause == "" || d.cause == cause {
			n += d.count
		}
	}
	return n
}

func (p *play) interrupted() (n int) {
	for _, r := range p.ran {
		if r.interrupted {
			n++
		}
	}
	return n
}

// actor is a user that sleeps.
type actor struct {
	play *play
	id   int64
	user int
	stop chan struct{}
	once sync.Once

	mu   sync.Mutex
	busy bool
}

func (a *actor) use(busy bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.busy == busy {
		a.play.mu.Lock()
		a.play.double = true
		a.play.mu.Unlock()
	}
	a.busy = busy
}

func (a *actor) Iterate(t executor.Ticket) bool {
	a.use(true)
	defer a.use(false)
	r := played{Ticket: t, vu: a.id, user: a.user, start: a.play.now()}
	var d time.Duration
	if a.play.takes != nil {
		d = a.play.takes(t, a.id)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-a.stop:
		r.interrupted = true
	default:
		select {
		case <-timer.C:
		case <-a.stop:
			r.interrupted = true
		}
	}
	r.end = a.play.now()
	a.play.mu.Lock()
	defer a.play.mu.Unlock()
	a.play.ran = append(a.play.ran, r)
	return !r.interrupted && (a.play.last == nil || !a.play.last(t, a.id))
}

func (a *actor) Pace() time.Duration { return a.play.pace }

func (a *actor) Interrupt() { a.once.Do(func() { close(a.stop) }) }

func (a *actor) Close() {
	a.use(true) // for good
	a.play.mu.Lock()
	defer a.play.mu.Unlock()
	a.play.open--
}

// lateWaiter does not come back from a wait within a time.
type lateWaiter struct {
	executor.Waiter
	from, to int64
}

func (w *lateWaiter) Until(t int64) bool {
	if w.from <= t && t < w.to {
		t = w.to
	}
	return w.Waiter.Until(t)
}

// always is an iteration time.
func always(d time.Duration) func(executor.Ticket, int64) time.Duration {
	return func(executor.Ticket, int64) time.Duration { return d }
}

func build(t testing.TB, e spec.Executor) executor.Executor {
	t.Helper()
	x, err := executor.New(e, 1)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func count(n int64) spec.Int                { return spec.Int{Value: n, Set: true} }
func lasting(d time.Duration) spec.Duration { return spec.Duration{Value: d, Set: true} }

func perSecond(n int64) spec.RateOf {
	return spec.RateOf{Value: spec.Rate{Num: n, Den: 1, Per: time.Second}, Set: true}
}

func toVUs(d time.Duration, n int64) spec.Stage[spec.Int] {
	return spec.Stage[spec.Int]{Duration: lasting(d), Target: count(n)}
}

func toRate(d time.Duration, n int64) spec.Stage[spec.RateOf] {
	return spec.Stage[spec.RateOf]{Duration: lasting(d), Target: perSecond(n)}
}

var errInit = errors.New("init failed")

package executor

import (
	"context"
	"sync"
	"sync/atomic"

	"runner/runner/schedule"
)

// run is what both loops share: the VUs, the first error, and the end.
type run struct {
	p      Plan
	seg    schedule.Segment
	waiter Waiter
	now    Standing           // only whoever keeps the schedule touches it
	began  int64              // on Clock; a change that was asked for earlier counts from then on
	wg     sync.WaitGroup     // goroutines that run iterations or make VUs
	cancel context.CancelFunc // ends the making of VUs
	halted atomic.Bool        // no iteration starts any more, and VUs are being interrupted

	mu           sync.Mutex // guards what follows
	seats        []*seat
	err          error
	active, made int64
}

// begin prepares a run; done releases what it took, and waits until nothing of the run is going on any more.
func (r *run) begin(parent context.Context, p Plan, info Info) (ctx context.Context, done func(), err error) {
	r.p, r.seg = p, p.Segment.Of(info.MaxVUs)
	r.now = Standing{Info: info, Factor: 1, Length: info.Duration}
	if p.Waiter != nil {
		r.waiter, err = p.Waiter()
	} else {
		r.waiter, err = NewWaiter(p.Clock, p.Spin)
	}
	if err != nil {
		return nil, nil, err
	}
	r.now.T0 = max(p.Clock(), p.NotBefore) // until start: a run that ends before it has a T0, too
	ctx, r.cancel = context.WithCancel(parent)
	ended := make(chan struct{})
	stop := context.AfterFunc(parent, func() { defer close(ended); r.halt() })
	return ctx, func() {
		r.release()
		r.wg.Wait()
		if !stop() {
			<-ended
		}
		r.cancel()
		r.closeAll()
		r.waiter.Close()
	}, nil
}

// makers is how many VUs are made at once: enough to hide the round trips of init steps, few enough not to be the load
// test before the load test.
const makers = 100

// fill makes the users of seats, and returns when all exist or the first could not be made.
func (r *run) fill(ctx context.Context, seats []*seat) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(makers, len(seats)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(seats)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				r.sit(ctx, seats[i])
			}
		})
	}
	wg.Wait()
}

// sit makes a seat's user. If that fails, or the run has ended meanwhile, ok is false and the seat stays empty.
func (r *run) sit(ctx context.Context, s *seat) (ok bool) {
	u, err := r.p.Users.New(ctx, s.id)
	if err != nil {
		r.fail(ctx, err)
		return false
	}
	s.sit(u)
	// halt sets the flag before it goes through the seats: either it saw this user or we see the flag.
	if r.halted.Load() {
		s.close()
		return false
	}
	return true
}

// start is T0: it tells the caller, and returns it.
func (r *run) start() {
	r.began = r.p.Clock()
	r.now.T0 = max(r.began, r.p.NotBefore)
	if r.p.Started != nil {
		r.p.Started(r.now.T0)
	}
	if r.p.Control != nil {
		r.p.Control.publish(r.now)
	}
}

// release tells whoever would change the run that its schedule is over.
func (r *run) release() {
	if r.p.Control != nil {
		r.p.Control.Close()
	}
}

// fail ends the run with its first error. What fails because the run has ended is no error.
func (r *run) fail(ctx context.Context, err error) {
	r.mu.Lock()
	if ctx.Err() == nil && r.err == nil {
		r.err = err
	}
	r.mu.Unlock()
	r.halt()
}

// halt ends the run now: nothing starts, whoever waits is woken, what runs is interrupted.
func (r *run) halt() {
	r.halted.Store(true)
	r.cancel()
	r.waiter.Wake()
	r.mu.Lock()
	seats := r.seats
	r.mu.Unlock()
	for _, s := range seats {
		s.interrupt()
	}
}

func (r *run) closeAll() {
	for _, s := range r.seats {
		s.close()
	}
}

// report tells the recorder how many VUs there are. The caller holds mu, so that reports come in order.
func (r *run) report() { r.p.Recorder.Active(r.active, r.made) }

// result is the first error.
func (r *run) result() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

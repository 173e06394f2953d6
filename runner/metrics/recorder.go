package metrics

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Interval is the length of a snapshot.
const Interval = time.Second

// maxFilled buffers wait for the recorder's owner; then those who record help out, so that nothing is ever lost and
// memory stays bounded.
const maxFilled = 64

// Recorder collects the samples of one segment. VUs record into shards; the goroutine in Run counts what they hold and
// hands on a snapshot every second.
type Recorder struct {
	layout     *Layout
	conditions *Conditions
	clock      func() int64
	shards     []Shard
	samples    *samples
	full       chan struct{} // a buffer is waiting; one signal is enough for all
	tap        func([]Request)

	pool   sync.Mutex
	filled []*buffer
	taken  []*buffer // the list that was filled before
	spares []*buffer

	mu            sync.Mutex
	current, next *Snapshot // next takes the samples that ended after current's end
	active, made  []int64   // by scenario, and together in the last place
	times         []ScenarioTime
	lastEnds      []int64         // by scenario: when its last iteration ended
	pauses        []span          // of the run, by hand
	starts        [][]StartSecond // by scenario, by second of the run
}

// StartSecond is what happened to a scenario's arrivals in one second of the run: how many started, how many of these
// over 50 ms after a VU was free, and how many were dropped (by the second in which they were due).
type StartSecond struct{ Arrivals, Late, Dropped int32 }

const lateStart = 50 * int64(time.Millisecond)

// NewRecorder makes a recorder. clock is ns since the run's start. conditions may be nil: then nothing is selected.
func NewRecorder(l *Layout, conditions *Conditions, clock func() int64) *Recorder {
	if conditions == nil {
		conditions = &Conditions{}
	}
	r := &Recorder{
		layout: l, conditions: conditions, clock: clock,
		shards:  make([]Shard, 4*runtime.GOMAXPROCS(0)),
		samples: newSamples(l),
		full:    make(chan struct{}, 1),
		active:  make([]int64, len(l.Scenarios)+1),
		made:    make([]int64, len(l.Scenarios)+1),
		times:   make([]ScenarioTime, len(l.Scenarios)), lastEnds: make([]int64, len(l.Scenarios)),
		starts: make([][]StartSecond, len(l.Scenarios)),
	}
	for i := range r.shards {
		r.shards[i].rec, r.shards[i].buf = r, newBuffer()
	}
	r.current = r.snapshot(0, int64(Interval))
	r.next = r.snapshot(int64(Interval), 2*int64(Interval))
	return r
}

// Tap makes whoever counts samples show every batch of requests to f, one call at a time. f may neither keep the slice nor
// wait for anything: what it costs, a virtual user may have to pay. Call it before anything is recorded.
func (r *Recorder) Tap(f func([]Request)) { r.tap = f }

func (r *Recorder) snapshot(from, to int64) *Snapshot {
	return newSnapshot(r.layout, r.conditions.slots, from, to)
}

// Shard is where VU number id records. Several VUs share one.
func (r *Recorder) Shard(id int64) *Shard {
	n := int64(len(r.shards))
	return &r.shards[(id%n+n)%n]
}

// Run counts what is recorded and hands a snapshot to each at the end of every second. It returns when ctx ends, after a
// last, shorter snapshot; by then nobody may record any more. each is called on Run's goroutine.
func (r *Recorder) Run(ctx context.Context, each func(*Snapshot)) {
	timer := time.NewTimer(r.untilCut())
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			r.cutAll(each)
			each(r.Cut(r.clock()))
			return
		case <-r.full:
			r.Drain()
		case <-timer.C:
			r.cutAll(each)
			timer.Reset(r.untilCut())
		}
	}
}

func (r *Recorder) untilCut() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return max(time.Duration(r.current.To-r.clock()), 0)
}

// cutAll hands on every interval that is over.
func (r *Recorder) cutAll(each func(*Snapshot)) {
	for r.untilCut() <= 0 {
		each(r.Cut(0))
	}
}

// Cut ends the interval and returns what was seen in it. end is its end in ns since the run's start; 0: the planned one.
func (r *Recorder) Cut(end int64) *Snapshot {
	r.Drain()
	r.mu.Lock()
	defer r.mu.Unlock()
	done := r.current
	if end > 0 {
		done.Merge(r.next)
		done.To = max(end, done.From)
		r.next = r.snapshot(done.To, done.To+int64(Interval))
	}
	copy(done.Times, r.times)
	done.pauses = slices.Clone(r.pauses)
	r.current = r.next
	r.next = r.snapshot(r.current.To, r.current.To+int64(Interval))
	r.carryVUs(done)
	return done
}

// Drain counts what every shard holds. Any goroutine may call it.
func (r *Recorder) Drain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.takeFilled() {
		r.drain(b)
	}
	for i := range r.shards {
		if b := r.shards[i].take(); b != nil {
			r.drain(b)
		}
	}
}

// swap takes a full buffer from a shard and gives it an empty one. The owner is told; behind tells that it is far behind.
func (r *Recorder) swap(b *buffer) (empty *buffer, behind bool) {
	r.pool.Lock()
	r.filled = append(r.filled, b)
	behind = len(r.filled) > maxFilled
	r.pool.Unlock()
	select {
	case r.full <- struct{}{}:
	default:
	}
	return r.spare(), behind
}

// help counts the full buffers in the owner's stead. The caller holds no shard's lock: Drain takes them in the other order.
func (r *Recorder) help() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.takeFilled() {
		r.drain(b)
	}
}

// takeFilled is the buffers that wait. The caller holds r.mu and is done with them before it lets go: the two lists take
// turns, so that none is made.
func (r *Recorder) takeFilled() []*buffer {
	r.pool.Lock()
	defer r.pool.Unlock()
	filled := r.filled
	r.filled, r.taken = r.taken[:0], filled
	return filled
}

func (r *Recorder) spare() *buffer {
	r.pool.Lock()
	defer r.pool.Unlock()
	n := len(r.spares)
	if n == 0 {
		return newBuffer()
	}
	b := r.spares[n-1]
	r.spares = r.spares[:n-1]
	return b
}

func (r *Recorder) release(b *buffer) {
	b.reset()
	r.pool.Lock()
	defer r.pool.Unlock()
	r.spares = append(r.spares, b)
}

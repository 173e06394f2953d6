package export

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"runner/runner/metrics"
)

const (
	waitingSpans = 8192        // that wait for the collector; what finds no room is missed
	perUpload    = 512         // spans in one request, as the SDK has it
	uploadEvery  = time.Second // at the latest
)

// Spanner is a Stream that wants spans of a sample of the iterations.
type Spanner interface {
	// Sampled is the trace of an iteration, false if it is not one of the sample. Which are follows from the run's seed.
	Sampled(scenario metrics.ScenarioID, n int64) (metrics.TraceID, bool)
	// Span returns at once and keeps nothing of the caller's.
	Span(*metrics.Span)
}

// Spanner is the stream that wants spans, nil if none does: a request has one trace, so the first is the only one.
func (s Streams) Spanner() Spanner {
	for _, one := range s {
		if t, ok := one.(Spanner); ok {
			return t
		}
	}
	return nil
}

// spanReceiver takes spans.
type spanReceiver interface {
	Start(context.Context) error
	Stop(context.Context) error
	UploadTraces(context.Context, []*tracepb.ResourceSpans) error
}

// traces sends the spans of a sample to a collector, in batches, from a goroutine of its own. VUs put spans into a queue;
// what finds no room there, or can't be delivered until the end, is counted.
type traces struct {
	name   string
	below  uint64 // an iteration whose draw is below this is sampled
	client spanReceiver
	info   Info
	shape  spanShape

	queue  chan metrics.Span
	missed atomic.Int64
	stop   chan context.Context // the end, and how long there is to deliver what is left
	done   chan struct{}

	// The goroutine's own until done.
	batch  []metrics.Span
	result metrics.OutputResult
}

var (
	_ Stream  = (*traces)(nil)
	_ Spanner = (*traces)(nil)
)

func newTraces(name string, share float64, client spanReceiver) *traces {
	below := uint64(math.MaxUint64)
	if share < 1 {
		below = uint64(share * (1 << 63) * 2)
	}
	return &traces{
		name: name, below: below, client: client,
		queue: make(chan metrics.Span, waitingSpans), stop: make(chan context.Context, 1), done: make(chan struct{}),
	}
}

// parseShare reads 1% or 0.5%: more than nothing, not more than everything.
func parseShare(text string) (float64, error) {
	number, found := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(number, 64)
	if !found || err != nil || !(v > 0 && v <= 100) {
		return 0, fmt.Errorf("traces is %q: want the share of iterations to trace, above 0%% and up to 100%%, as in traces=1%%", text)
	}
	return v / 100, nil
}

// Start begins to deliver; the collector need not be there yet.
func (t *traces) Start(info Info) error {
	if err := t.client.Start(context.Background()); err != nil {
		return fmt.Errorf("output %s: %w", t.name, err)
	}
	t.info, t.shape = info, newSpanShape(info)
	t.result = metrics.OutputResult{Name: t.name, Unit: "spans"}
	go t.run()
	return nil
}

// Second does nothing: spans come one by one.
func (t *traces) Second(*metrics.Snapshot) {}

// Sampled draws from the seed, the scenario's name and the iteration's number, so that repeating a run traces the same
// iterations. The trace's own name has the run in it, so that two runs of a seed are two traces.
func (t *traces) Sampled(scenario metrics.ScenarioID, n int64) (metrics.TraceID, bool) {
	x := t.shape.seeds[scenario] + uint64(n)*0x9e3779b97f4a7c15 // splitmix64, as everything that is drawn by number
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	if x ^= x >> 31; x > t.below || x == t.below && t.below < math.MaxUint64 {
		return metrics.TraceID{}, false
	}
	var number [16]byte
	binary.BigEndian.PutUint64(number[:], t.shape.seeds[scenario])
	binary.BigEndian.PutUint64(number[8:], uint64(n))
	sum := sha256.Sum256(append([]byte(t.info.RunID), number[:]...))
	return metrics.TraceID(sum[:16]), true
}

// Span puts a span into the queue, or counts it.
func (t *traces) Span(s *metrics.Span) {
	select {
	case t.queue <- *s:
	default:
		t.missed.Add(1)
	}
}

// run delivers until the end. While a full batch waits for a collector that is down, the queue fills.
func (t *traces) run() {
	defer close(t.done)
	tick := time.NewTicker(uploadEvery)
	defer tick.Stop()
	for {
		in := t.queue
		if len(t.batch) == perUpload {
			in = nil
		}
		select {
		case s := <-in:
			if t.batch = append(t.batch, s); len(t.batch) == perUpload {
				t.upload(context.Background())
			}
		case <-tick.C:
			t.upload(context.Background())
		case ctx := <-t.stop:
			t.rest(ctx)
			return
		}
	}
}

// upload sends the batch, and keeps it if that fails.
func (t *traces) upload(ctx context.Context) {
	if len(t.batch) == 0 {
		return
	}
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	if err := t.client.UploadTraces(ctx, t.shape.resource(t.batch)); err != nil {
		if t.result.Error == "" {
			t.info.Log(t.name + ": " + err.Error())
		}
		t.result.Error = err.Error()
		return
	}
	t.result.Delivered += int64(len(t.batch))
	t.result.Error = ""
	t.batch = t.batch[:0]
}

// rest delivers what is left, in batches. The first that fails is the last that is tried.
func (t *traces) rest(ctx context.Context) {
	for {
		for len(t.batch) < perUpload && len(t.queue) > 0 {
			t.batch = append(t.batch, <-t.queue)
		}
		if len(t.batch) == 0 {
			break
		}
		if t.upload(ctx); len(t.batch) > 0 {
			t.missed.Add(int64(len(t.batch) + len(t.queue)))
			break
		}
	}
	if err := t.client.Stop(ctx); err != nil && !errors.Is(err, context.Canceled) && t.result.Error == "" {
		t.result.Error = err.Error()
	}
}

// Close delivers what is left until ctx ends.
func (t *traces) Close(ctx context.Context) metrics.OutputResult {
	t.stop <- ctx
	<-t.done
	t.result.Missed = t.missed.Load()
	return t.result
}

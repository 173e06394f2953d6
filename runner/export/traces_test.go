package export

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"runner/runner/metrics"
)

// uploads is a collector that is down while failing is set.
type uploads struct {
	mu      sync.Mutex
	failing bool
	spans   int
}

func (u *uploads) Start(context.Context) error { return nil }
func (u *uploads) Stop(context.Context) error  { return nil }

func (u *uploads) UploadTraces(_ context.Context, list []*tracepb.ResourceSpans) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.failing {
		return errors.New("down")
	}
	u.spans += len(list[0].ScopeSpans[0].Spans)
	return nil
}

func (u *uploads) set(failing bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.failing = failing
}

// A collector that is away gets what the queue holds; what it didn't is counted.
func TestTracesCountWhatIsMissed(t *testing.T) {
	for why, c := range map[string]struct {
		spans             int
		back              bool
		delivered, missed int64
	}{
		"a collector that comes back has everything":         {1000, true, 1000, 0},
		"what finds no room while it is away is missed":      {waitingSpans + perUpload + 100, true, waitingSpans + perUpload, 100},
		"one that stays away misses everything, once":        {1000, false, 0, 1000},
		"also what found no room":                            {waitingSpans + perUpload + 100, false, 0, waitingSpans + perUpload + 100},
		"nothing to deliver is no failure, back or not back": {0, false, 0, 0},
	} {
		t.Run(why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &uploads{failing: true}
				s := newTraces("otlp=x (traces)", 1, u)
				info := infoOf(shop())
				info.Log = func(string) {}
				if err := s.Start(info); err != nil {
					t.Fatal(err)
				}
				for i := range c.spans {
					s.Span(&metrics.Span{N: int64(i)})
					if i == perUpload-1 {
						synctest.Wait() // a full batch is taken out of the queue, and no more
					}
				}
				synctest.Wait()
				u.set(!c.back)
				r := s.Close(t.Context())
				if r.Delivered != c.delivered || r.Missed != c.missed || int64(u.spans) != c.delivered || (r.Error != "") != (c.spans > 0 && !c.back) {
					t.Errorf("%+v, and %d arrived; want %d delivered, %d missed", r, u.spans, c.delivered, c.missed)
				}
			})
		})
	}
}

func TestShareOfTraces(t *testing.T) {
	for target, want := range map[string]float64{
		"grpc://h:4317": 0, "grpc://h:4317?traces=1%": 0.01, "grpc://h:4317?traces=1%25": 0.01, "http://h/?traces=0.5%": 0.005,
		"http://h/?traces=100%": 1, "http://h/?key=1&traces=2%": 0.02,
		"grpc://h?traces=0%": -1, "grpc://h?traces=101%": -1, "grpc://h?traces=1": -1, "grpc://h?traces=NaN%": -1, "grpc://h?trace=1%": -1,
	} {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		share, err := cutTraces(u)
		if (err != nil) != (want < 0) || err == nil && share != want {
			t.Errorf("%s: %v, %v, want %v", target, share, err, want)
		}
	}
}

// Of many iterations about that share is sampled, of every scenario others.
func TestSampleHasItsShare(t *testing.T) {
	s := newTraces("", 0.1, &uploads{})
	l := shop()
	l.Scenarios = append(l.Scenarios, metrics.Scenario{Name: "another"})
	s.info, s.shape = infoOf(l), newSpanShape(infoOf(l))
	n, both := 0, 0
	for i := range int64(20000) {
		_, one := s.Sampled(0, i)
		_, other := s.Sampled(metrics.ScenarioID(len(l.Scenarios)-1), i)
		if one {
			n++
		}
		if one && other {
			both++
		}
	}
	if n < 1850 || n > 2150 || both > 300 {
		t.Errorf("%d of 20000 sampled, %d of them in both scenarios; want about 2000 and 200", n, both)
	}
	all := newTraces("", 1, &uploads{})
	all.info, all.shape = s.info, s.shape
	for i := range int64(1000) {
		if _, ok := all.Sampled(0, i); !ok {
			t.Fatal("100% is not everything")
		}
	}
}

func TestWhereSignalsGo(t *testing.T) {
	for target, want := range map[string][2]string{
		"http://h:4318":                {"http://h:4318/v1/metrics", "http://h:4318/v1/traces"},
		"http://h:4318/":               {"http://h:4318/v1/metrics", "http://h:4318/v1/traces"},
		"http://h/otlp/v1/metrics":     {"http://h/otlp/v1/metrics", "http://h/otlp/v1/traces"},
		"http://h/otlp/v1/metrics?k=v": {"http://h/otlp/v1/metrics?k=v", "http://h/otlp/v1/traces?k=v"},
	} {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{signalURL(u, "metrics"), signalURL(u, "traces")}; got != want {
			t.Errorf("%s: %v, want %v", target, got, want)
		}
	}
}

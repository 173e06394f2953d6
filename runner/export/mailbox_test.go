package export

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/metrics"
)

// receiver is a sink under a test's control.
type receiver struct {
	mu        sync.Mutex
	down      bool
	slow      bool // takes until its context ends
	delivered []int64
	closed    bool
}

func (r *receiver) open(Info) error { return nil }

func (r *receiver) deliver(ctx context.Context, s *metrics.Snapshot) error {
	r.mu.Lock()
	down, slow := r.down, r.slow
	r.mu.Unlock()
	if slow {
		<-ctx.Done()
		return ctx.Err()
	}
	if down {
		return errors.New("connection refused")
	}
	var n int64
	for _, leaf := range s.Requests {
		if leaf != nil {
			n += leaf.Count
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delivered = append(r.delivered, n)
	return nil
}

func (r *receiver) close(context.Context) error { r.closed = true; return nil }

func (r *receiver) set(down, slow bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down, r.slow = down, slow
}

func (r *receiver) sum() (n int64) {
	for _, d := range r.delivered {
		n += d
	}
	return n
}

// A receiver that was away gets what it missed with the next interval: late, but not lost.
func TestMailboxSendsAgainWhatCouldNotBeDelivered(t *testing.T) {
	for name, cumulative := range map[string]bool{"intervals": false, "cumulative": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				list, totals := intervals(t, shop(), 6)
				r := &receiver{}
				m := newMailbox("test=x", cumulative, r)
				var told []string
				info := infoOf(shop())
				info.Log = func(line string) { told = append(told, line) }
				if err := m.Start(info); err != nil {
					t.Fatal(err)
				}
				for i, s := range list {
					r.set(i > 0 && i < 4, false)
					m.Second(s)
					synctest.Wait()
				}
				result := m.Close(t.Context())
				got := r.sum()
				if cumulative {
					got = r.delivered[len(r.delivered)-1]
				}
				if want := int64(of(t, totals, "http_reqs", "", "", "count")); got != want || len(r.delivered) != 3 {
					t.Errorf("%d requests in %d deliveries, want %d in 3", got, len(r.delivered), want)
				}
				if result.Delivered != 6 || result.Missed != 0 || result.Error != "" || !r.closed {
					t.Errorf("%+v", result)
				}
				if len(told) != 1 || !strings.Contains(told[0], "test=x: connection refused; the run goes on") {
					t.Errorf("told %q", told)
				}
			})
		})
	}
}

// A receiver that stays away costs what it misses, counted, and nothing else.
func TestMailboxCountsWhatIsMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list, _ := intervals(t, shop(), 5)
		r := &receiver{}
		m := newMailbox("test=x", false, r)
		if err := m.Start(infoOf(shop())); err != nil {
			t.Fatal(err)
		}
		for i, s := range list {
			r.set(i > 1, false)
			m.Second(s)
			synctest.Wait()
		}
		if got := m.Close(t.Context()); got.Delivered != 2 || got.Missed != 3 || got.Error != "connection refused" {
			t.Errorf("%+v", got)
		}
	})
}

// Nobody waits for a receiver that takes its time: Second returns at once, what waits is merged, and the end has an end.
func TestMailboxNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const seconds = 2*maxWaiting + 7
		list, _ := intervals(t, shop(), seconds)
		r := &receiver{slow: true}
		m := newMailbox("test=x", true, r)
		if err := m.Start(infoOf(shop())); err != nil {
			t.Fatal(err)
		}
		before := time.Now()
		for _, s := range list {
			m.Second(s)
		}
		if took := time.Since(before); took > 0 {
			t.Errorf("handing over took %v", took)
		}
		if n := len(m.waiting); n > maxWaiting {
			t.Errorf("%d intervals wait", n)
		}
		ctx, stop := context.WithTimeout(t.Context(), Grace)
		defer stop()
		result := m.Close(ctx)
		if took := time.Since(before); took > Grace+time.Second {
			t.Errorf("the end took %v", took)
		}
		if result.Missed != seconds || result.Delivered != 0 || result.Error == "" {
			t.Errorf("%+v", result)
		}
	})
}

// What is merged while it waits is not lost.
func TestMailboxMergesWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list, totals := intervals(t, shop(), maxWaiting+20)
		r := &receiver{slow: true}
		m := newMailbox("test=x", false, r)
		if err := m.Start(infoOf(shop())); err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			m.Second(s)
		}
		synctest.Wait()
		r.set(false, false)
		result := m.Close(t.Context())
		if want := int64(of(t, totals, "http_reqs", "", "", "count")); r.sum() != want || result.Delivered != maxWaiting+20 || result.Missed != 0 {
			t.Errorf("%d requests, want %d; %+v", r.sum(), want, result)
		}
	})
}

func TestTargets(t *testing.T) {
	for _, c := range []struct{ kind, target, want string }{
		{"prometheus", "localhost:9090", "must be a URL, such as http://"}, {"prometheus", "ftp://x/", "the scheme ftp: is not known here: want http or https"},
		{"prometheus", "http://u:secret@h:9090/x", ""}, {"otlp", "localhost:4317", "must be a URL"}, {"otlp", "grpc://localhost:4317", ""}, {"otlp", "https://h/v1/metrics", ""}, {"otlp", "https://h/v1/metrics?traces=1%", ""},
		{"otlp", "https://h/otlp?traces=1%", "ends in /v1/metrics"}, {"otlp", "grpc://h?traces=2", "traces=1%"},
		{"influxdb", "http://h:8086", "name the bucket"}, {"influxdb", "http://h:8086?bucket=b&org=o", ""}, {"influxdb", ":", "must be a URL"},
		{"statsd", "h", "must be HOST:PORT"}, {"statsd", "h:8125", ""}, {"statsd", "h:8125?tags=x", "not \"tags=x\""}, {"statsd", "h:8125?tags=none", ""},
	} {
		for _, k := range Kinds() {
			if k.Name != c.kind {
				continue
			}
			s, err := k.Open(c.target)
			if c.want == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s=%s: %v, want %s", c.kind, c.target, err, c.want)
			}
			for _, one := range s {
				if m, ok := one.(*mailbox); ok && (strings.Contains(m.name, "secret") || !strings.HasPrefix(m.name, c.kind+"=")) {
					t.Errorf("%s is called %s", c.target, m.name)
				}
			}
		}
	}
}

func TestStreamsAsOne(t *testing.T) {
	fails := newMailbox("test=no", false, &broken{})
	fine := newMailbox("test=yes", false, &receiver{})
	if err := (Streams{fine, fails}).Start(infoOf(shop())); err == nil || !strings.Contains(err.Error(), "output test=no: wrong") {
		t.Errorf("%v", err)
	}
	<-fine.done // what was started before has been ended
	if (Streams{fine}).Tap() != nil {
		t.Error("nobody asked for requests")
	}
	if (Streams{newSamples("x")}).Tap() == nil {
		t.Error("samples want requests")
	}
}

type broken struct{ receiver }

func (*broken) open(Info) error { return errors.New("wrong") }

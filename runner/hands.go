package runner

import (
	"math"
	"sync"
	"time"

	"runner/runner/metrics"
)

// hands is what people did to a run while it went.
type hands struct {
	mu     sync.Mutex
	done   []metrics.Intervention
	paused bool
	since  int64         // when it was paused, on the run's clock
	before time.Duration // of pauses that are over
	stop   string        // by whom; "": by nobody
}

// note writes down what was done. The caller holds mu, as all that follows asks for it.
func (d *hands) note(at int64, i metrics.Intervention) {
	i.AtS = math.Round(float64(at)/1e6) / 1e3
	d.done = append(d.done, i)
}

func (d *hands) list() []metrics.Intervention {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]metrics.Intervention(nil), d.done...)
}

func (d *hands) stopped() bool { return d.stoppedBy() != "" }

func (d *hands) stoppedBy() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stop
}

// standing tells whether the run stands still.
func (d *hands) standing() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.paused
}

// pausedFor is how long the run stood still, up to a time.
func (d *hands) pausedFor(now int64) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.paused {
		return d.before + time.Duration(now-d.since)
	}
	return d.before
}

package dial

import (
	"context"
	"net"
	"time"

	"runner/runner/protocol"
)

// idle is how long a dialer goroutine waits for another job.
const idle = 2 * time.Second

// job is one dial: the worker fills it and closes done, after which it belongs to the goroutine that asked.
type job struct {
	ctx    context.Context // of this dial alone: it goes where the job goes
	target protocol.Target
	done   chan struct{}

	conn                 *Conn
	failure              protocol.Failure
	dns, connecting, tls int64
}

// submit gives j to an idle worker, or to a new one. false: the dialer is closed.
func (d *Dialer) submit(j *job) bool {
	select {
	case d.jobs <- j:
		return true
	default:
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	d.workers.Go(func() { d.work(j) })
	return true
}

func (d *Dialer) work(j *job) {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for {
		d.run(j)
		timer.Reset(idle)
		select {
		case j = <-d.jobs:
		case <-timer.C:
			return
		case <-d.quit:
			return
		}
	}
}

func (d *Dialer) run(j *job) {
	defer close(j.done)
	j.conn, j.failure = d.open(j)
	if j.failure.Class == protocol.ClassLocal && d.fault != nil {
		d.fault(j.failure.Err, net.JoinHostPort(j.target.Host, j.target.Port))
	}
}

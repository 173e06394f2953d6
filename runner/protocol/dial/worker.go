package dial

import (
	"context"
	"net"
	"runtime"
	"time"

	"runner/runner/protocol"
)

// idle is how long a dialer goroutine waits for another job.
const idle = 2 * time.Second

// job is one dial: the worker fills it and closes done, after which it belongs to the goroutine that asked.
type job struct {
	ctx    context.Context // of this dial alone: it goes where the job goes
	target protocol.Target
	age    int // the dialer's when it began
	done   chan struct{}

	conn                 *Conn
	failure              protocol.Failure
	dns, connecting, tls int64
}

// few is how many dials there may be at once that began lately. When ten thousand users begin together, every dial is under way
// until all the others had the processor: a worker for each would take as much memory as their users do.
const few = 256

// lately is how old a dial is that waits for its target and not for the processor. The runtime looks at the network every 10 ms
// however busy it is. few in this time is more than a core can dial: a slow target makes no job wait for long.
const lately = 20 * time.Millisecond

// submit gives j to a worker, or puts it in line. false: the dialer is closed.
func (d *Dialer) submit(j *job) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return false
	case d.young < few:
		d.begin(j)
		return true
	}
	d.line = append(d.line, j)
	if len(d.line) == 1 {
		time.AfterFunc(lately, d.relieve)
	}
	return true
}

// begin gives j to an idle worker, or to a new one; mu is held.
func (d *Dialer) begin(j *job) {
	d.young++
	j.age = d.age
	select {
	case d.jobs <- j:
	default:
		d.workers.Go(func() { d.work(j) })
	}
}

// relieve makes workers for those who stand in line, as the dials before them have shown to be slow.
func (d *Dialer) relieve() {
	runtime.Gosched() // behind the workers whose targets have answered
	d.mu.Lock()
	defer d.mu.Unlock()
	d.age++
	d.young = 0
	for d.young < few && len(d.line) > 0 && !d.closed { // a closed one's are left to the workers that there are
		d.begin(d.first())
	}
	if len(d.line) > 0 && !d.closed {
		time.AfterFunc(lately, d.relieve)
	}
}

// first takes the first out of the line; mu is held.
func (d *Dialer) first() *job {
	j := d.line[0]
	d.line[0] = nil
	if d.line = d.line[1:]; len(d.line) == 0 {
		d.line = nil
	}
	return j
}

// next is a worker's job after one that is done; nil: it is not needed.
func (d *Dialer) next(age int) *job {
	d.mu.Lock()
	defer d.mu.Unlock()
	if age == d.age {
		d.young--
	}
	if len(d.line) == 0 || d.young >= few { // else those that were added while this one was slow would all stay
		return nil
	}
	j := d.first()
	d.young++
	j.age = d.age
	return j
}

func (d *Dialer) work(j *job) {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for {
		for j != nil {
			age := j.age // when it is done, it is not ours any more
			d.run(j)
			j = d.next(age)
		}
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

package executor

import (
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// spinner waits by having Go's scheduler run what can run, and look at the network, until it is time. It parks on an
// eventfd that has an event already: the scheduler finds it when it has run everything else and asks the poller what is
// there, without waiting.
type spinner struct {
	spin    *Spin // nil: it only glances
	clock   func() int64
	ended   *atomic.Bool // the wait is over
	file    *os.File
	conn    syscall.RawConn
	step    func(fd uintptr) bool // made once, so that a look allocates nothing
	asked   bool
	quick   int64 // the shortest look so far: one that found nothing
	crowded bool  // the last look found so much that it may be time before the next one ends
	alone   bool  // so may any, as nobody else can run what it finds
	armed   bool  // the file has a deadline
	looked  int64 // when the last look ended
	took    int64 // what the last glance took
	seen    switches
}

const (
	crowd = int64(20 * time.Microsecond)  // a look takes as long if it found much
	blind = int64(50 * time.Microsecond)  // between two looks of who is late
	brief = int64(100 * time.Microsecond) // what such a look takes at most, but for a goroutine that runs then
)

// newSpinner is nil where there is no descriptor left for it.
func newSpinner(spin *Spin, clock func() int64, ended *atomic.Bool) *spinner {
	fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		return nil
	}
	s := &spinner{
		spin: spin, clock: clock, ended: ended, file: os.NewFile(uintptr(fd), "eventfd"),
		quick: int64(time.Millisecond), alone: runtime.GOMAXPROCS(0) == 1,
	}
	s.step = s.ask
	if s.conn, err = s.file.SyscallConn(); err != nil || s.file.SetReadDeadline(time.Time{}) != nil {
		s.close()
		return nil
	}
	return s
}

// may tells whether it may spin now. nil may not.
func (s *spinner) may(now int64) bool { return s != nil && s.spin != nil && !s.spin.rests(now) }

// glance is for who is late and has no time to wait: it lets the network be looked at all the same, if that was long ago.
// Otherwise one late iteration would follow the other, each of a VU of its own, as the replies that would set VUs free are
// looked at only when nothing else can run. Starts get three times the time that replies get, so that a backlog goes down.
func (s *spinner) glance(now int64) {
	if s == nil || now-s.looked < max(blind, 3*s.took) {
		return
	}
	s.arm(brief)
	s.look()
	s.looked = s.clock()
	s.took = min(s.looked-now, brief) // a machine that stood still meanwhile is no reason to be blind for long
}

// until waits for t or the end. It returns false if it gave up: another spins already, or others want the core.
func (s *spinner) until(t int64) bool {
	if !s.spin.turn.CompareAndSwap(false, true) {
		return false
	}
	defer s.spin.turn.Store(false)
	now := s.clock()
	s.seen.refresh(now)
	s.arm(t - now)
	for now < t && !s.ended.Load() {
		asked := s.look()
		s.looked = s.clock()
		took := s.looked - now
		now = s.looked
		if !asked {
			continue
		}
		s.quick, s.crowded = min(s.quick, took), took > crowd
		if took > 3*s.quick {
			continue // something ran
		}
		s.spin.idle.Add(took)
		if now = s.offer(now); s.spin.rests(now) {
			return false
		}
	}
	return true
}

// arm sets a timer, where it is worth it: a busy process looks at its timers between two goroutines, and at the network
// only when all have run.
func (s *spinner) arm(rest int64) {
	arm := s.crowded || s.alone
	if !arm && !s.armed {
		return
	}
	var deadline time.Time
	if s.armed = arm; arm {
		deadline = time.Now().Add(time.Duration(rest))
	}
	_ = s.file.SetReadDeadline(deadline) // fails only after Close
}

// look returns when everything else that can run has run and the poller was asked, or the timer ended. It returns false if
// that was at once.
func (s *spinner) look() bool {
	s.asked = false
	_ = s.conn.Read(s.step) // what it comes to does not matter: the clock tells
	return s.asked
}

// ask makes the event, once, after the poller has been armed for it.
func (s *spinner) ask(fd uintptr) bool {
	if s.asked {
		return true
	}
	s.asked = true
	event := [8]byte{1} // any number but 0
	_, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&event)), unsafe.Sizeof(event))
	return errno != 0
}

// offer lets another process have this core, if one waits for it, and gives the time then.
func (s *spinner) offer(now int64) int64 {
	_, _, _ = syscall.RawSyscall(syscall.SYS_SCHED_YIELD, 0, 0, 0)
	after := s.clock()
	if after-now > crowd && s.seen.more(after) {
		s.spin.gave(now, after)
	}
	return after
}

func (s *spinner) close() {
	if s != nil {
		_ = s.file.Close()
	}
}

// switches is how often a thread lost its core to another. A core that a hypervisor took is no switch, and no sleep brings
// it back sooner.
type switches struct {
	thread int
	count  int64
	at     int64 // on the clock
}

// fresh is how old a count may be: what else switched since then would be taken for more.
const fresh = int64(time.Millisecond)

func (s *switches) refresh(now int64) {
	if now-s.at > fresh {
		s.more(now)
	}
}

// more tells whether the present thread lost its core since the last call, if that was for the same thread.
func (s *switches) more(now int64) bool {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &r) != nil {
		return false
	}
	before := *s
	*s = switches{unix.Gettid(), r.Nvcsw + r.Nivcsw, now}
	return s.thread == before.thread && s.count > before.count
}

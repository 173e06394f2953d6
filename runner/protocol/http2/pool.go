package http2

import (
	"slices"
	"sync"
	"time"

	"runner/runner/protocol"
)

// maxTargets is how many targets' connections a Pool keeps; an idle one goes when another is needed.
const maxTargets = 32

// PoolConfig is what a Pool needs; Dialer and Clock are required.
type PoolConfig struct {
	Dialer Dialer
	// Clock is in nanoseconds and only ever grows; differences count.
	Clock func() int64
	// Conns is how many connections to one target may be open; 0: 1.
	Conns int
}

// Pool is the connections that its clients use together. Any number of goroutines may use it.
type Pool struct {
	dialer Dialer
	clock  func() int64
	size   int

	mu     sync.Mutex // taken while a connection's may be held, never the other way round
	groups []*group
}

// group is the connections to one target.
type group struct {
	target  protocol.Target
	conns   []*conn
	dialing int
	waiting []*stream // for a stream on one of them, in turn
}

// NewPool makes a Pool without connections.
func NewPool(cfg PoolConfig) *Pool {
	return &Pool{dialer: cfg.Dialer, clock: cfg.Clock, size: max(cfg.Conns, 1)}
}

// acquire finds a connection with room for a stream, opens one, or waits for room.
func (p *Pool) acquire(s *stream) (*conn, protocol.Failure) {
	for {
		p.mu.Lock()
		g := p.group(s.req.Target)
		cn, open := g.pick(p.size)
		switch {
		case s.client.interrupted.Load():
			p.mu.Unlock()
			return nil, s.interruption()
		case open:
			return p.add(g, s)
		case cn != nil:
			cn.active++
			idle := cn.active == 1
			p.mu.Unlock()
			usable, f := true, protocol.Failure{}
			if idle {
				usable, f = cn.look(s)
			}
			if usable {
				return cn, f
			}
			p.release(cn)
			if f.Class != protocol.ClassNone {
				return nil, f
			}
		case !p.wait(g, s):
			return nil, s.expiry()
		}
	}
}

// pick is the connection with the fewest streams, if there is room on it. open says that another one is better.
func (g *group) pick(size int) (best *conn, open bool) {
	for _, cn := range g.conns {
		if best == nil || cn.active < best.active {
			best = cn
		}
	}
	if len(g.conns)+g.dialing < size && (best == nil || best.active > 0) {
		return nil, true
	}
	if best == nil || best.active >= int(best.limit.Load()) {
		return nil, false
	}
	return best, false
}

// add opens a connection for s; p.mu is held, and released. Others that want it wait.
func (p *Pool) add(g *group, s *stream) (*conn, protocol.Failure) {
	g.dialing++
	p.mu.Unlock()
	wire, f := s.client.open(s)
	p.mu.Lock()
	defer p.mu.Unlock()
	g.dialing--
	g.rouse(len(g.waiting))
	if f.Class != protocol.ClassNone {
		return nil, f
	}
	cn := newConn(p, g, wire)
	cn.active = 1
	g.conns = append(g.conns, cn)
	return cn, f
}

// wait sleeps until there may be room; p.mu is held, and released. false: the request's time is over.
func (p *Pool) wait(g *group, s *stream) bool {
	left := s.deadline - p.clock()
	if left <= 0 {
		p.mu.Unlock()
		return false
	}
	g.waiting = append(g.waiting, s)
	p.mu.Unlock()
	timer := time.NewTimer(time.Duration(left))
	defer timer.Stop()
	inTime := true
	select {
	case <-s.wake:
	case <-timer.C:
		inTime = false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(g.waiting, s)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	} else if !inTime || s.client.interrupted.Load() {
		g.rouse(1) // it was our turn: the next one's now
	}
	return inTime
}

// rouse wakes those that have waited longest.
func (g *group) rouse(n int) {
	n = min(n, len(g.waiting))
	for _, s := range g.waiting[:n] {
		s.rouse()
	}
	g.waiting = slices.Delete(g.waiting, 0, n)
}

// release gives a stream's place back.
func (p *Pool) release(cn *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	cn.active--
	if cn.retired && cn.active == 0 {
		cn.wire.Abort()
	}
	if len(cn.group.waiting) > 0 {
		cn.group.rouse(1)
	}
}

// retire takes a connection out of use; its streams may go on.
func (p *Pool) retire(cn *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cn.retired {
		return
	}
	cn.retired = true
	cn.group.drop(cn)
	cn.group.rouse(len(cn.group.waiting))
}

// raised tells those who wait that a connection takes more streams now.
func (p *Pool) raised(cn *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	cn.group.rouse(len(cn.group.waiting))
}

func (g *group) drop(cn *conn) {
	g.conns = slices.DeleteFunc(g.conns, func(other *conn) bool { return other == cn })
}

// group finds the target's, or makes one.
func (p *Pool) group(t protocol.Target) *group {
	for _, g := range p.groups {
		if g.target == t {
			return g
		}
	}
	if len(p.groups) >= maxTargets {
		p.forget()
	}
	g := &group{target: t}
	p.groups = append(p.groups, g)
	return g
}

// forget drops the oldest target that nobody uses.
func (p *Pool) forget() {
	for i, g := range p.groups {
		if g.dialing == 0 && len(g.waiting) == 0 && g.closeIdle() {
			p.groups = slices.Delete(p.groups, i, i+1)
			return
		}
	}
}

// closeIdle closes the connections without streams, and tells whether none is left.
func (g *group) closeIdle() bool {
	g.conns = slices.DeleteFunc(g.conns, func(cn *conn) bool {
		if cn.active > 0 {
			return false
		}
		cn.retired = true
		_ = cn.wire.Close() // nothing is under way on it
		return true
	})
	return len(g.conns) == 0
}

// CloseIdle closes the connections that carry nothing.
func (p *Pool) CloseIdle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.groups {
		g.closeIdle()
	}
}

// Close closes all connections. Exchanges on them fail: their clients should have been interrupted before.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.groups {
		for _, cn := range g.conns {
			cn.retired = true
			cn.wire.Abort()
		}
		g.conns = nil
	}
}

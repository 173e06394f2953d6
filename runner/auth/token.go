package auth

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// token is one token of a run, kept fresh by a goroutine of its own from the first question until stop. Readers take it
// without a lock, and get none that has expired: they are told why it could not be renewed.
type token struct {
	current atomic.Pointer[grant]
	lost    atomic.Pointer[error] // there is no good token, and why

	asked, refused atomic.Int64 // requests for it, and those that brought none

	ready chan struct{} // closed when the first answer is there
	done  chan struct{} // closed by stop
	ends  sync.WaitGroup

	mu   sync.Mutex
	from *request // nil: nobody has asked yet
}

func newToken() *token { return &token{ready: make(chan struct{}), done: make(chan struct{})} }

var errOver = errors.New("the run is over")

// header is the value of Authorization. Before the first answer of the token endpoint it waits, until given up.
func (t *token) header(ask func() (*request, error), given <-chan struct{}) ([]byte, error) {
	if g := t.current.Load(); g != nil && t.lost.Load() == nil {
		return g.header, nil
	}
	if err := t.start(ask); err != nil {
		return nil, err
	}
	select {
	case <-t.ready:
	case <-given:
		return nil, errOver
	}
	if lost := t.lost.Load(); lost != nil {
		return nil, *lost
	}
	return t.current.Load().header, nil
}

// start begins to fetch, once.
func (t *token) start(ask func() (*request, error)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.from != nil {
		return nil
	}
	select {
	case <-t.done:
		return errOver
	default:
	}
	from, err := ask()
	if err != nil {
		return err
	}
	t.from = from
	t.ends.Go(t.keep)
	return nil
}

// early is how long before its end a token is renewed: a tenth of its life, and a minute at most.
func early(life time.Duration) time.Duration { return min(life/10, time.Minute) }

// retryEvery is the longest pause after a fetch that failed.
const retryEvery = time.Second

// keep fetches the token and renews it. One that can't be renewed is used until it expires, and renewing is tried on.
func (t *token) keep() {
	first := sync.OnceFunc(func() { close(t.ready) })
	defer first()
	var expires time.Time
	wait, pause := time.Duration(0), retryEvery
	for t.sleep(wait) {
		asked := time.Now()
		g, err := t.from.fetch()
		t.asked.Add(1)
		if err != nil {
			t.refused.Add(1)
			if !time.Now().Before(expires) {
				t.lost.Store(&err)
			}
			first()
			wait = pause
			continue
		}
		t.current.Store(g)
		t.lost.Store(nil)
		first()
		if g.life <= 0 {
			return
		}
		expires = asked.Add(g.life)
		wait = g.life - early(g.life)
		pause = min(retryEvery, max(early(g.life)/4, 10*time.Millisecond))
	}
	if t.current.Load() == nil && t.lost.Load() == nil {
		err := fmt.Errorf("no token: %w", errOver)
		t.lost.Store(&err)
	}
}

// sleep waits; false: the run is over.
func (t *token) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-t.done:
		return false
	case <-timer.C:
		return true
	}
}

// stop ends the renewal, also one that waits for an answer.
func (t *token) stop() {
	t.mu.Lock()
	close(t.done)
	from := t.from
	t.mu.Unlock()
	if from == nil {
		return
	}
	from.client.Interrupt()
	t.ends.Wait()
	from.client.Close()
}

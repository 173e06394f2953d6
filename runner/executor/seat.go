package executor

import "sync"

// seat is the place of VU number id. Its user changes if one is interrupted or ends while its number is still needed.
type seat struct {
	id          int64
	mu          sync.Mutex // guards what follows, except that the seat's goroutine may read user: nobody else writes it
	user        User
	interrupted bool // the user is of no further use
}

func (s *seat) sit(u User) {
	s.mu.Lock()
	s.user, s.interrupted = u, false
	s.mu.Unlock()
}

// interrupt is safe at any time: the lock keeps close from coming between the question and the call.
func (s *seat) interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interruptLocked()
}

// interruptLocked is interrupt for a caller who holds mu.
func (s *seat) interruptLocked() {
	if s.user != nil && !s.interrupted {
		s.interrupted = true
		s.user.Interrupt()
	}
}

// close releases the user, if there is one.
func (s *seat) close() {
	s.mu.Lock()
	u := s.user
	s.user = nil
	s.mu.Unlock()
	if u != nil {
		u.Close()
	}
}

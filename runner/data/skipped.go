package data

import "sync"

// skipped are iterations that ended before they read their row.
type skipped struct {
	mu   sync.Mutex
	list []int64
}

func (s *skipped) add(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, n)
}

func (s *skipped) take() (n int64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == 0 {
		return 0, false
	}
	n, s.list = s.list[0], s.list[1:]
	return n, true
}

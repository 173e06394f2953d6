package metrics

import (
	"strings"
	"sync"
	"sync/atomic"
)

const (
	maxClasses       = 24 // of request_errors; a larger number counts as the last
	samplesPerKind   = 3  // kept for each class of failure at each step
	maxMessageLength = 1000
)

// samples keeps the first few failures of each class at each step, and of each cause in each scenario.
type samples struct {
	steps int
	taken []atomic.Int32 // by key

	mu   sync.Mutex
	kept [][]ErrorSample // by key
}

func newSamples(l *Layout) *samples {
	n := len(l.Steps)*maxClasses + len(l.Scenarios)*int(NumCauses)
	return &samples{steps: len(l.Steps), taken: make([]atomic.Int32, n), kept: make([][]ErrorSample, n)}
}

// request is the key of a class of failure at a step; -1 where there is none.
func (s *samples) request(step StepID, class uint8) int {
	if step < 0 || int(step) >= s.steps {
		return -1
	}
	return int(step)*maxClasses + classIndex(class)
}

// iteration is the key of a cause in a scenario; -1 where there is none.
func (s *samples) iteration(scenario ScenarioID, cause Cause) int {
	key := s.steps*maxClasses + int(scenario)*int(NumCauses) + int(cause)
	if scenario < 0 || cause >= NumCauses || key >= len(s.taken) {
		return -1
	}
	return key
}

func (s *samples) wants(key int) bool { return key >= 0 && s.taken[key].Load() < samplesPerKind }

func (s *samples) keep(key int, at int64, url, message string) {
	if key < 0 || s.taken[key].Add(1) > samplesPerKind {
		return
	}
	if len(message) > maxMessageLength {
		message = strings.ToValidUTF8(message[:maxMessageLength], "") + "…"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[key] = append(s.kept[key], ErrorSample{AtS: float64(at) / 1e9, URL: url, Message: message})
}

// of lists what was kept under a key.
func (s *samples) of(key int) []ErrorSample {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key < 0 {
		return nil
	}
	return append([]ErrorSample{}, s.kept[key]...)
}

func classIndex(class uint8) int { return min(int(class), maxClasses-1) }

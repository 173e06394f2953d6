package metrics

import "sync"

// A buffer holds samples between the moment they are taken and the moment they are counted. It is full as soon as one
// of its lists is.
type buffer struct {
	requests   []Request
	iterations []Iteration
	checks     []checkSample
	emits      []emitSample
	groups     []groupSample
}

type checkSample struct {
	Moment
	check CheckID
	pass  bool
}

type emitSample struct {
	Moment
	emit  EmitID
	value float64
	at    int64
}

type groupSample struct {
	Moment
	group      GroupID
	start, end int64
}

const bufferSize = 128 // samples of each kind: about 30 KB a buffer

func newBuffer() *buffer {
	return &buffer{
		requests:   make([]Request, 0, bufferSize),
		iterations: make([]Iteration, 0, bufferSize),
		checks:     make([]checkSample, 0, bufferSize),
		emits:      make([]emitSample, 0, bufferSize),
		groups:     make([]groupSample, 0, bufferSize),
	}
}

func (b *buffer) reset() {
	b.requests, b.iterations, b.checks = b.requests[:0], b.iterations[:0], b.checks[:0]
	b.emits, b.groups = b.emits[:0], b.groups[:0]
}

func (b *buffer) empty() bool {
	return len(b.requests)+len(b.iterations)+len(b.checks)+len(b.emits)+len(b.groups) == 0
}

// Shard takes samples from the VUs that share it; any goroutine may call its methods. Nothing is allocated, looked up or
// sent per sample: a short lock, a copy into a buffer. On a nil Shard every method does nothing: that is how setup and
// teardown stay out of the numbers.
type Shard struct {
	mu  sync.Mutex
	buf *buffer
	rec *Recorder
	_   [64]byte // neighbours do not share a cache line
}

// Request records one request.
func (s *Shard) Request(r *Request) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.buf.requests = append(s.buf.requests, *r)
	full := len(s.buf.requests) == bufferSize
	s.unlock(full)
}

// Iteration records the end of one iteration.
func (s *Shard) Iteration(it *Iteration) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.buf.iterations = append(s.buf.iterations, *it)
	full := len(s.buf.iterations) == bufferSize
	s.unlock(full)
}

// Check records whether a check held. m is when the iteration was due.
func (s *Shard) Check(c CheckID, m Moment, pass bool) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.buf.checks = append(s.buf.checks, checkSample{m, c, pass})
	full := len(s.buf.checks) == bufferSize
	s.unlock(full)
}

// Emit adds a sample to a metric of the plan's own: a counter adds the value, a gauge keeps it, a trend spreads it, and
// for a rate everything but 0 is true. m is when the iteration was due.
func (s *Shard) Emit(id EmitID, m Moment, value float64) {
	if s == nil {
		return
	}
	at := s.rec.clock()
	s.mu.Lock()
	s.buf.emits = append(s.buf.emits, emitSample{m, id, value, at})
	full := len(s.buf.emits) == bufferSize
	s.unlock(full)
}

// Group records how long a group took, from start to end on the run's clock.
func (s *Shard) Group(g GroupID, m Moment, start, end int64) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.buf.groups = append(s.buf.groups, groupSample{m, g, start, end})
	full := len(s.buf.groups) == bufferSize
	s.unlock(full)
}

// WantError tells whether another sample of this class at this step is kept, so that nobody writes a message for nothing.
// Class 0 is an unexpected status.
func (s *Shard) WantError(step StepID, class uint8) bool {
	return s != nil && s.rec.samples.wants(s.rec.samples.request(step, class))
}

// Error keeps a sample of a failed request for people. at is on the run's clock.
func (s *Shard) Error(step StepID, class uint8, at int64, url, message string) {
	if s != nil {
		s.rec.samples.keep(s.rec.samples.request(step, class), at, url, message)
	}
}

// Failed keeps a sample of why iterations fail, for people. at is on the run's clock. The error is only made into text
// if it is kept.
func (s *Shard) Failed(scenario ScenarioID, cause Cause, at int64, err error) {
	if s == nil {
		return
	}
	if key := s.rec.samples.iteration(scenario, cause); s.rec.samples.wants(key) {
		s.rec.samples.keep(key, at, "", err.Error())
	}
}

// unlock ends a recording; a full buffer is handed over for an empty one.
func (s *Shard) unlock(full bool) {
	behind := false
	if full {
		s.buf, behind = s.rec.swap(s.buf)
	}
	s.mu.Unlock()
	if behind {
		s.rec.help()
	}
}

// take hands over what the shard holds, for a drain.
func (s *Shard) take() *buffer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buf.empty() {
		return nil
	}
	full := s.buf
	s.buf = s.rec.spare()
	return full
}

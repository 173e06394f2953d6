package metrics

// Snapshot is what one segment saw in one interval: counts and histograms by leaf series, never percentiles. Merge is
// the only aggregation, over segments and over time alike. A nil leaf had no sample. Whoever receives a snapshot only
// reads it.
type Snapshot struct {
	From, To int64 // ns since the run's start; a sample belongs where it ended

	Requests   []*RequestLeaf   // 2·step, and +1 for expected ones
	Iterations []*IterationLeaf // by scenario
	Checks     []Tally          // by check
	Groups     []*Histogram     // by group, ns
	Custom     []*Series        // by emit
	VUs        []VULevel        // by scenario, then all together
	Times      []ScenarioTime   // by scenario
	pauses     []span           // of the run so far, by hand
	selected   []*selected      // what conditions select by tags that leaves do not keep apart
}

// VULevel is how many VUs there are, and how many were ever made.
type VULevel struct{ Active, Made Level }

// ScenarioTime is when a scenario ran, in ns since the run's start.
type ScenarioTime struct {
	Started, Ended      bool
	Skipped             bool // its if: said no
	Start, End, Planned int64
}

// selected is the accumulator of a selection that no merge of leaves can give. Only the part of the metric's domain is used.
type selected struct {
	requests   RequestLeaf
	iterations IterationLeaf
	checks     Tally
	groups     Histogram
	custom     Series
	vus        VULevel
}

func newSnapshot(l *Layout, selections int, from, to int64) *Snapshot {
	return &Snapshot{
		From: from, To: to,
		Requests:   make([]*RequestLeaf, 2*len(l.Steps)),
		Iterations: make([]*IterationLeaf, len(l.Scenarios)),
		Checks:     make([]Tally, len(l.Checks)),
		Groups:     make([]*Histogram, len(l.Groups)),
		Custom:     make([]*Series, len(l.Emits)),
		VUs:        make([]VULevel, len(l.Scenarios)+1),
		Times:      make([]ScenarioTime, len(l.Scenarios)),
		selected:   make([]*selected, selections),
	}
}

// leaf is *p, made if need be.
func leaf[T any](p **T) *T {
	if *p == nil {
		*p = new(T)
	}
	return *p
}

// Merge adds what another snapshot of the same run saw. Of the same interval on another machine, VUs add up; of another
// interval, the newer level counts.
func (s *Snapshot) Merge(o *Snapshot) {
	same := s.From == o.From && s.To == o.To
	mergeAll(s.Requests, o.Requests, (*RequestLeaf).merge)
	mergeAll(s.Iterations, o.Iterations, (*IterationLeaf).merge)
	mergeAll(s.Groups, o.Groups, (*Histogram).Merge)
	mergeAll(s.selected, o.selected, func(a, b *selected) { a.merge(b, same) })
	for i := range o.Checks {
		s.Checks[i].merge(o.Checks[i])
	}
	for i, c := range o.Custom {
		if c != nil {
			leaf(&s.Custom[i]).Type = c.Type
			s.Custom[i].merge(c)
		}
	}
	for i := range o.VUs {
		s.VUs[i].merge(&o.VUs[i], same)
	}
	for i := range o.Times {
		s.Times[i].merge(o.Times[i])
	}
	if o.To >= s.To {
		s.pauses = o.pauses
	}
	s.From, s.To = min(s.From, o.From), max(s.To, o.To)
}

func mergeAll[T any](to, from []*T, merge func(a, b *T)) {
	for i, f := range from {
		if f != nil {
			merge(leaf(&to[i]), f)
		}
	}
}

func (v *VULevel) merge(o *VULevel, same bool) {
	if same {
		v.Active.plus(&o.Active)
		v.Made.plus(&o.Made)
		return
	}
	v.Active.merge(&o.Active)
	v.Made.merge(&o.Made)
}

func (s *selected) merge(o *selected, same bool) {
	s.requests.merge(&o.requests)
	s.iterations.merge(&o.iterations)
	s.checks.merge(o.checks)
	s.groups.Merge(&o.groups)
	s.custom.Type = o.custom.Type
	s.custom.merge(&o.custom)
	s.vus.merge(&o.vus, same)
}

// merge is the hull of two times.
func (t *ScenarioTime) merge(o ScenarioTime) {
	t.Skipped = t.Skipped || o.Skipped
	if !o.Started {
		return
	}
	if !t.Started {
		*t = o
		return
	}
	t.Start = min(t.Start, o.Start)
	t.End = max(t.End, o.End)
	t.Planned = max(t.Planned, o.Planned)
	t.Ended = t.Ended || o.Ended
}

package metrics

import "strings"

// Series is the merged measurements of one metric, whatever its type: what aggregates are computed from.
type Series struct {
	Type  Type
	Count int64 // samples of a counter (not its sum)
	Total Sum   // counter
	Tally Tally // rate
	Level Level // gauge
	Hist  Histogram

	Scale   float64 // trend: recorded units in a shown one
	Seconds float64 // of the scenarios it covers, for a counter's rate

	scenario int // 1 + the last one that addCause has seen
}

// Custom is fed by emit.
func (s *Series) emit(v float64, at int64) {
	switch s.Type {
	case Counter:
		if v-v == 0 {
			s.Count++
			s.Total.Add(v)
		}
	case Gauge:
		s.Level.set(v, at)
	case Rate:
		s.Tally.add(v != 0)
	case Trend:
		s.Hist.Record(v)
	}
}

func (s *Series) merge(o *Series) {
	s.Count += o.Count
	s.Total.Merge(&o.Total)
	s.Tally.merge(o.Tally)
	s.Level.merge(&o.Level)
	s.Hist.Merge(&o.Hist)
}

// Empty tells whether no sample was taken. (A counter with none is 0 all the same.)
func (s *Series) Empty() bool {
	return s.Count == 0 && s.Tally == Tally{} && s.Level.N == 0 && s.Hist.Count() == 0
}

// samples is how many were taken.
func (s *Series) samples() int64 {
	return s.Count + s.Tally.Passes + s.Tally.Fails + s.Level.N + s.Hist.Count()
}

// Aggregate is a value by its name in plans and results: count and rate of a counter; rate (0..1), passes and fails of a
// rate; value, min and max of a gauge; count, avg, min, max, med, p90, p99.9 … of a trend. ok is false for any other name.
func (s *Series) Aggregate(name string) (value float64, ok bool) {
	switch s.Type {
	case Counter:
		return s.counter(name)
	case Rate:
		return s.rate(name)
	case Gauge:
		switch name {
		case "value":
			return s.Level.Value, true
		case "min":
			return s.Level.Min, true
		case "max":
			return s.Level.Max, true
		}
	case Trend:
		return s.trend(name)
	}
	return 0, false
}

func (s *Series) counter(name string) (float64, bool) {
	switch name {
	case "count":
		return s.Total.Value(), true
	case "rate":
		if s.Seconds <= 0 {
			return 0, true
		}
		return s.Total.Value() / s.Seconds, true
	}
	return 0, false
}

// rate divides last, so that 7 of 1,000 is the same float64 as the literal 0.7%.
func (s *Series) rate(name string) (float64, bool) {
	switch name {
	case "rate":
		n := s.Tally.Passes + s.Tally.Fails
		if n == 0 {
			return 0, true
		}
		return float64(s.Tally.Passes) / float64(n), true
	case "passes":
		return float64(s.Tally.Passes), true
	case "fails":
		return float64(s.Tally.Fails), true
	}
	return 0, false
}

func (s *Series) trend(name string) (float64, bool) {
	scale := s.Scale
	if scale == 0 {
		scale = 1
	}
	switch name {
	case "count":
		return float64(s.Hist.Count()), true
	case "min":
		return s.Hist.Min() / scale, true
	case "avg":
		return s.Hist.Mean() / scale, true
	case "max":
		return s.Hist.Max() / scale, true
	}
	q, ok := percentile(name)
	if !ok {
		return 0, false
	}
	return s.Hist.Percentile(q) / scale, true
}

// Weak tells whether an aggregate is a percentile with fewer than ten samples beyond it.
func (s *Series) Weak(name string) bool {
	q, ok := percentile(name)
	return ok && s.Type == Trend && s.Hist.Weak(q)
}

// percentile reads med, p95, p99.9 and p(99.9).
func percentile(name string) (Quantile, bool) {
	if name == "med" {
		return p50, true
	}
	text, ok := strings.CutPrefix(name, "p")
	if !ok {
		return Quantile{}, false
	}
	if inner, ok := strings.CutPrefix(text, "("); ok {
		text = strings.TrimSuffix(inner, ")")
	}
	q, err := ParseQuantile(text)
	return q, err == nil
}

package metrics

// Tally counts how often something was true: Passes, and false: Fails.
type Tally struct{ Passes, Fails int64 }

func (t *Tally) add(pass bool) {
	if pass {
		t.Passes++
		return
	}
	t.Fails++
}

func (t *Tally) merge(o Tally) {
	t.Passes += o.Passes
	t.Fails += o.Fails
}

// Level is a gauge: its newest value and its extremes. At is when it was set, in ns since the run's start.
type Level struct {
	N               int64
	Value, Min, Max float64
	At              int64
}

func (g *Level) set(v float64, at int64) {
	if v-v != 0 {
		return
	}
	if g.N == 0 {
		g.Min, g.Max = v, v
	}
	g.N++
	g.Min, g.Max = min(g.Min, v), max(g.Max, v)
	if at >= g.At {
		g.Value, g.At = v, at
	}
}

// merge keeps the newest value.
func (g *Level) merge(o *Level) {
	if o.N == 0 {
		return
	}
	if g.N == 0 {
		*g = *o
		return
	}
	g.N += o.N
	g.Min, g.Max = min(g.Min, o.Min), max(g.Max, o.Max)
	if o.At >= g.At {
		g.Value, g.At = o.Value, o.At
	}
}

// plus adds a level of the same moment on another machine.
func (g *Level) plus(o *Level) {
	g.N = max(g.N, o.N)
	g.Value += o.Value
	g.Min += o.Min
	g.Max += o.Max
	g.At = max(g.At, o.At)
}

package spec

import "time"

// mostWindow is the longest window of a threshold: each second of it is kept.
const mostWindow = 10 * time.Minute

// thresholds judges the settings of a list of thresholds. What they select is judged where the plan's series are known.
func (v *validator) thresholds(list []*Threshold) {
	for _, t := range list {
		v.positive("window", t.Window, t.Pos)
		v.bounded("delay", t.Delay, t.Pos)
		v.bounded("exclude_warmup", t.ExcludeWarmup, t.Pos)
		v.within("min_samples", t.MinSamples, 1, mostIterations, t.Pos)
		switch w := t.Window; {
		case w.Value > mostWindow && w.Value <= mostDuration:
			v.at(w.Pos, t.Pos, "window is %s, want at most 10m", FormatDuration(w.Value))
		case w.Value > 0 && w.Value%time.Second != 0:
			v.at(w.Pos, t.Pos, "window is %s, want whole seconds", FormatDuration(w.Value))
		}
		if t.Delay.Set && !t.Abort.Value && (t.Abort.Set || t.Abort.Pos.IsZero()) {
			v.add(v.widen(Problemf(t.Delay.Pos, 1, "delay says when abort may begin, and there is no abort")).WithHint("add abort: true"))
		}
	}
}

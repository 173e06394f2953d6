package metrics

import "slices"

// Dropped says that so many iterations of the scenario, all of one stage, were not started. due, in ns since the run's
// start, is that of the first; cause is "vus" (every VU was busy; a count of 1) or "end" (the run was over).
func (r *Recorder) Dropped(scenario ScenarioID, count int64, stage int16, due int64, cause string) {
	why := max(slices.Index(dropNames[:], cause), 0)
	r.mu.Lock()
	defer r.mu.Unlock()
	if why == dropVUs {
		r.start(scenario, due).Dropped += int32(count)
	}
	leaf(&r.current.Iterations[scenario]).Dropped[why] += count
	tags := r.tags(scenario, Moment{due, stage})
	for _, sel := range r.conditions.bySample[perDrop] {
		if sel.matches(int(scenario)*numDrops+why, &tags) {
			leaf(&r.current.selected[sel.slot]).iterations.Dropped[why] += count
		}
	}
}

// VUs says how many virtual users the scenario has now: active ones (iterating or waiting for a ticket), and made at all.
func (r *Recorder) VUs(scenario ScenarioID, active, made int64) {
	now := r.clock()
	r.mu.Lock()
	defer r.mu.Unlock()
	all := len(r.active) - 1
	r.active[all] += active - r.active[scenario]
	r.made[all] += made - r.made[scenario]
	r.active[scenario], r.made[scenario] = active, made
	r.setVUs(r.current, int(scenario), now)
	r.setVUs(r.current, all, now)
	r.setSelectedVUs(r.current, now)
}

func (r *Recorder) setVUs(s *Snapshot, i int, at int64) {
	s.VUs[i].Active.set(float64(r.active[i]), at)
	s.VUs[i].Made.set(float64(r.made[i]), at)
}

func (r *Recorder) setSelectedVUs(s *Snapshot, at int64) {
	for _, sel := range r.conditions.bySample[perVUs] {
		var active, made int64
		for i, in := range sel.include.leaves {
			if in {
				active += r.active[i]
				made += r.made[i]
			}
		}
		v := &leaf(&s.selected[sel.slot]).vus
		v.Active.set(float64(active), at)
		v.Made.set(float64(made), at)
	}
}

// carryVUs tells the new interval how many VUs there are, since nothing may change in it.
func (r *Recorder) carryVUs(done *Snapshot) {
	for i := range r.active {
		if done.VUs[i].Active.N > 0 {
			r.setVUs(r.current, i, r.current.From)
		}
	}
	if done.VUs[len(r.active)-1].Active.N > 0 {
		r.setSelectedVUs(r.current, r.current.From)
	}
}

// ScenarioStarted says when a scenario's time began: T0, in ns since the run's start.
func (r *Recorder) ScenarioStarted(id ScenarioID, t0 int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times[id].Started, r.times[id].Start = true, t0
}

// ScenarioEnded says that a scenario is over, and when it was planned to end, in ns since the run's start (0: when its
// iterations had run). All its samples must have been taken. Its time ends with its last iteration or as planned, whichever
// is later: that somebody noticed later still must not flatter nor spoil a rate.
func (r *Recorder) ScenarioEnded(id ScenarioID, planned int64) {
	r.Drain()
	r.mu.Lock()
	defer r.mu.Unlock()
	t := &r.times[id]
	t.Ended, t.End, t.Planned = true, max(r.lastEnds[id], planned, t.Start), planned
}

// ScenarioSkipped says that a scenario's if: said no. Conditions that select nothing else do not apply.
func (r *Recorder) ScenarioSkipped(id ScenarioID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times[id].Skipped = true
}

// start is the second of a scenario's arrivals that holds t. The caller holds r.mu.
func (r *Recorder) start(scenario ScenarioID, t int64) *StartSecond {
	second := int(max(t, 0) / int64(Interval))
	for len(r.starts[scenario]) <= second {
		r.starts[scenario] = append(r.starts[scenario], StartSecond{})
	}
	return &r.starts[scenario][second]
}

// Starts is what happened to the arrivals so far, by scenario and by second of the run. Arrivals whose iteration has not
// ended yet are missing.
func (r *Recorder) Starts() [][]StartSecond {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([][]StartSecond, len(r.starts))
	for i := range r.starts {
		out[i] = slices.Clone(r.starts[i])
	}
	return out
}

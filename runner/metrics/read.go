package metrics

// series merges what a selection selects of a snapshot. times are the scenarios' times, and now is the end of those that
// still run.
func (s *Snapshot) series(l *Layout, sel *selection) Series {
	out := Series{Type: sel.metric.typ, Scale: sel.metric.scale, Seconds: s.seconds(sel.scenarios(l))}
	if sel.slot >= 0 {
		if acc := s.selected[sel.slot]; acc != nil {
			out.addSelected(&sel.metric, acc)
		}
		return out
	}
	for leaf, in := range sel.include.leaves {
		if in {
			out.addLeaf(&sel.metric, s, leaf)
		}
	}
	return out
}

// seconds is the time of scenarios together: from the first start to max(planned end, last end), without pauses.
func (s *Snapshot) seconds(in []bool) float64 {
	var hull ScenarioTime
	for i, on := range in {
		if !on || !s.Times[i].Started {
			continue
		}
		t := s.Times[i]
		if !t.Ended {
			t.End, t.Planned = max(t.End, s.To), 0
		}
		hull.merge(t)
	}
	whole := span{hull.Start, max(hull.End, hull.Planned)}
	length := whole.to - whole.from
	for _, p := range s.pauses {
		length -= p.within(whole)
	}
	return float64(length) / 1e9
}

// start is when the first of some scenarios started; false: none has.
func (s *Snapshot) start(in []bool) (int64, bool) {
	first, some := int64(0), false
	for i, on := range in {
		if t := s.Times[i]; on && t.Started && (!some || t.Start < first) {
			first, some = t.Start, true
		}
	}
	return first, some
}

// addLeaf adds one leaf's share.
func (s *Series) addLeaf(m *metric, from *Snapshot, leaf int) {
	switch m.domain {
	case perRequest:
		s.addRequests(m, from.Requests[leaf])
	case perClass:
		if r := from.Requests[leaf/maxClasses]; r != nil {
			s.addCount(r.Errors[leaf%maxClasses])
		}
	case perIteration:
		s.addIterations(m, from.Iterations[leaf])
	case perCause:
		s.addCause(from.Iterations[leaf/int(NumCauses)], leaf)
	case perDrop:
		if r := from.Iterations[leaf/numDrops]; r != nil {
			s.addCount(r.Dropped[leaf%numDrops])
		}
	case perCheck:
		s.Tally.merge(from.Checks[leaf])
	case perGroup:
		if h := from.Groups[leaf]; h != nil {
			s.Hist.Merge(h)
		}
	case perCustom:
		if c := from.Custom[leaf]; c != nil {
			s.merge(c)
		}
	case perVUs:
		s.addVUs(m, &from.VUs[leaf])
	}
}

// addSelected adds an accumulator that was fed by this selection alone.
func (s *Series) addSelected(m *metric, acc *selected) {
	switch m.domain {
	case perRequest:
		s.addRequests(m, &acc.requests)
	case perClass:
		for _, n := range acc.requests.Errors {
			s.addCount(n)
		}
	case perIteration:
		s.addIterations(m, &acc.iterations)
	case perCause:
		var failed int64
		for _, n := range acc.iterations.Failed {
			failed += n
		}
		s.Tally.merge(Tally{Passes: failed, Fails: acc.iterations.Completed - failed})
	case perDrop:
		for _, n := range acc.iterations.Dropped {
			s.addCount(n)
		}
	case perCheck:
		s.Tally.merge(acc.checks)
	case perGroup:
		s.Hist.Merge(&acc.groups)
	case perCustom:
		s.merge(&acc.custom)
	case perVUs:
		s.addVUs(m, &acc.vus)
	}
}

func (s *Series) addCount(n int64) {
	s.Count += n
	s.Total.AddInt(n)
}

func (s *Series) addRequests(m *metric, r *RequestLeaf) {
	if r == nil {
		return
	}
	switch m.name {
	case "http_reqs":
		s.addCount(r.Count)
	case "http_req_failed":
		s.Tally.merge(Tally{Passes: r.Failed, Fails: r.Judged - r.Failed})
	case "data_sent":
		s.addCount(r.Sent)
	case "data_received":
		s.addCount(r.Received)
	default:
		s.Hist.Merge(&r.Trends[m.index])
	}
}

func (s *Series) addIterations(m *metric, r *IterationLeaf) {
	if r == nil {
		return
	}
	switch m.name {
	case "iterations":
		s.addCount(r.Completed)
	case "iterations_interrupted":
		s.addCount(r.Interrupted)
	default:
		s.Hist.Merge(&r.Trends[m.index])
	}
}

// addCause adds a cause's failures. What did not fail for a selected cause counts as not failed, so that the rate is
// always a share of all iterations: it is put in once a scenario, with the first of its selected causes.
func (s *Series) addCause(r *IterationLeaf, leaf int) {
	if r == nil {
		return
	}
	n := r.Failed[leaf%int(NumCauses)]
	s.Tally.merge(Tally{Passes: n, Fails: -n})
	if scenario := leaf/int(NumCauses) + 1; s.scenario != scenario {
		s.scenario = scenario
		s.Tally.Fails += r.Completed
	}
}

func (s *Series) addVUs(m *metric, v *VULevel) {
	level := &v.Active
	if m.name == "vus_max" {
		level = &v.Made
	}
	s.Level.merge(level)
}

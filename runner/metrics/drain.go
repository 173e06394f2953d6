package metrics

// drain counts a buffer's samples and keeps the buffer for reuse. The caller holds r.mu.
func (r *Recorder) drain(b *buffer) {
	if r.tap != nil && len(b.requests) > 0 {
		r.tap(b.requests)
	}
	for i := range b.requests {
		r.request(&b.requests[i])
	}
	for i := range b.iterations {
		r.iteration(&b.iterations[i])
	}
	for _, c := range b.checks {
		r.check(c)
	}
	for _, e := range b.emits {
		r.emit(e)
	}
	for _, g := range b.groups {
		r.group(g)
	}
	r.release(b)
}

// tags are what selections may ask of a sample of an iteration that was due at m. The caller holds r.mu.
func (r *Recorder) tags(scenario ScenarioID, m Moment) sampleTags {
	t := sampleTags{layout: r.layout, scenario: scenario, stage: m.Stage}
	if scenario >= 0 {
		t.age = m.Due - r.times[scenario].Start
	}
	return t
}

// at is the snapshot that a sample belongs to by its end. What is recorded after its interval was cut goes to the
// interval that is open.
func (r *Recorder) at(end int64) *Snapshot {
	if end >= r.current.To {
		return r.next
	}
	return r.current
}

func (r *Recorder) request(q *Request) {
	if q.Step < 0 || int(q.Step) >= len(r.layout.Steps) {
		return
	}
	s := r.at(q.End)
	n := 2 * int(q.Step)
	if q.Class == 0 && !q.Unexpected {
		n++
	}
	leaf(&s.Requests[n]).add(q)
	tags := r.tags(r.layout.Steps[q.Step].Scenario, Moment{q.Due, q.Stage})
	tags.status, tags.class = q.Status, q.Class
	for _, sel := range r.conditions.bySample[perRequest] {
		if sel.matches(n, &tags) {
			leaf(&s.selected[sel.slot]).requests.add(q)
		}
	}
	for _, sel := range r.conditions.bySample[perClass] {
		if sel.matches(n*maxClasses+classIndex(q.Class), &tags) {
			leaf(&s.selected[sel.slot]).requests.add(q)
		}
	}
}

func (r *Recorder) iteration(it *Iteration) {
	if it.Scenario < 0 || int(it.Scenario) >= len(r.layout.Scenarios) {
		return
	}
	if it.Open {
		second := r.start(it.Scenario, it.Start)
		second.Arrivals++
		if it.Start-max(it.Due, it.Free, it.Ready) > lateStart { // what init waited for is the target's time, not ours
			second.Late++
		}
	}
	r.lastEnds[it.Scenario] = max(r.lastEnds[it.Scenario], it.End)
	s := r.at(it.End)
	leaf(&s.Iterations[it.Scenario]).add(it)
	tags := r.tags(it.Scenario, Moment{it.Due, it.Stage})
	tags.cause, tags.flow = it.Cause, it.Flow
	for _, sel := range r.conditions.bySample[perIteration] {
		if sel.matches(int(it.Scenario), &tags) {
			leaf(&s.selected[sel.slot]).iterations.add(it)
		}
	}
	for _, sel := range r.conditions.bySample[perCause] {
		sel.addCause(s, it, &tags)
	}
}

// addCause feeds a selection of iterations_failed: an iteration that failed for a cause that is not selected counts as
// one that did not fail, if any cause of its scenario is.
func (s *selection) addCause(to *Snapshot, it *Iteration, tags *sampleTags) {
	first := int(it.Scenario) * int(NumCauses)
	some := false
	for cause := CauseNone + 1; cause < NumCauses; cause++ {
		some = some || s.matches(first+int(cause), tags)
	}
	if !some {
		return
	}
	sample := *it
	if !s.matches(first+int(it.Cause), tags) {
		sample.Cause = CauseNone
	}
	leaf(&to.selected[s.slot]).iterations.add(&sample)
}

func (r *Recorder) check(c checkSample) {
	if c.check < 0 || int(c.check) >= len(r.layout.Checks) {
		return
	}
	r.current.Checks[c.check].add(c.pass)
	tags := r.tags(r.layout.Checks[c.check].Scenario, c.Moment)
	for _, sel := range r.conditions.bySample[perCheck] {
		if sel.matches(int(c.check), &tags) {
			leaf(&r.current.selected[sel.slot]).checks.add(c.pass)
		}
	}
}

func (r *Recorder) emit(e emitSample) {
	if e.emit < 0 || int(e.emit) >= len(r.layout.Emits) {
		return
	}
	place := &r.layout.Emits[e.emit]
	s := r.at(e.at)
	series := leaf(&s.Custom[e.emit])
	series.Type = r.layout.Custom[place.Metric].Type
	series.emit(e.value, e.at)
	tags := r.tags(place.Scenario, e.Moment)
	for _, sel := range r.conditions.bySample[perCustom] {
		if sel.matches(int(e.emit), &tags) {
			custom := &leaf(&s.selected[sel.slot]).custom
			custom.Type = series.Type
			custom.emit(e.value, e.at)
		}
	}
}

func (r *Recorder) group(g groupSample) {
	if g.group < 0 || int(g.group) >= len(r.layout.Groups) {
		return
	}
	s := r.at(g.end)
	leaf(&s.Groups[g.group]).nanoseconds(g.end - g.start)
	tags := r.tags(r.layout.Groups[g.group].Scenario, g.Moment)
	for _, sel := range r.conditions.bySample[perGroup] {
		if sel.matches(int(g.group), &tags) {
			leaf(&s.selected[sel.slot]).groups.nanoseconds(g.end - g.start)
		}
	}
}

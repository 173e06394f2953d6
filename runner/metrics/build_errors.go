package metrics

// statusClass is what an unexpected status is called among the classes of failure.
const statusClass = "status"

// errorKey is one line of the errors: what equal steps of a scenario share.
type errorKey struct{ class, scenario, step string }

// errorList collects lines in the order in which they are first seen.
type errorList struct {
	list  []ErrorResult
	index map[errorKey]int
}

func (e *errorList) add(k errorKey, n int64, samples []ErrorSample) {
	if n == 0 {
		return
	}
	at, ok := e.index[k]
	if !ok {
		at = len(e.list)
		e.index[k] = at
		e.list = append(e.list, ErrorResult{Class: k.class, Scenario: k.scenario, Step: k.step, Samples: []ErrorSample{}})
	}
	line := &e.list[at]
	line.Count += n
	room := max(samplesPerKind-len(line.Samples), 0)
	line.Samples = append(line.Samples, samples[:min(room, len(samples))]...)
}

// errors lists what failed: by step the unexpected statuses and the classes, then by scenario the iterations' causes.
func (b *builder) errors(kept *samples) []ErrorResult {
	out := errorList{list: []ErrorResult{}, index: map[errorKey]int{}}
	for id := range b.layout.Steps {
		step := &b.layout.Steps[id]
		if step.Scenario < 0 {
			continue
		}
		key := errorKey{scenario: b.layout.Scenarios[step.Scenario].Name, step: step.Name}
		for class := range maxClasses {
			key.class = b.layout.className(uint8(class))
			if class == 0 {
				key.class = statusClass
			}
			n := b.failures(id, class)
			out.add(key, n, kept.of(kept.request(StepID(id), uint8(class))))
		}
	}
	for id := range b.layout.Scenarios {
		for cause := CauseNone + 1; cause < NumCauses; cause++ {
			if r := b.all.Iterations[id]; r != nil {
				key := errorKey{class: cause.String(), scenario: b.layout.Scenarios[id].Name}
				out.add(key, r.Failed[cause], kept.of(kept.iteration(ScenarioID(id), cause)))
			}
		}
	}
	return out.list
}

// failures counts a class at a step; class 0 is an unexpected status.
func (b *builder) failures(step, class int) int64 {
	var n int64
	for _, r := range b.all.Requests[2*step : 2*step+2] {
		switch {
		case r == nil:
		case class == 0:
			n += r.Unexpected
		default:
			n += r.Errors[class]
		}
	}
	return n
}

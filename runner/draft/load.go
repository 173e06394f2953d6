package draft

// The load that a draft begins with where its source says nothing of load: little, so that nobody is hurt by a first try.

// modest is a low rate of arrivals.
func modest() []Pair {
	return []Pair{
		{Key: "type", Value: Word("constant-arrival-rate")},
		{Key: "rate", Value: Word("1/s")},
		{Key: "duration", Value: Word("30s")},
		{Key: "vus", Value: Word("5")},
		{Key: "max_vus", Value: Word("20")},
	}
}

const modestComment = "A modest load to begin with: one iteration a second, whether or not the target keeps up."

// limits are the conditions that a plan begins with.
func limits() []Pair {
	return []Pair{{Key: "http_req_latency", Value: Run(Template("p95 < 1s"), Template("p99 < 3s")), Comment: "Generous limits to begin with: tighten them once you know what is normal."}}
}

// single is a plan's one scenario.
func (p *Plan) single(name string, steps []Step) {
	if len(steps) == 0 {
		return
	}
	p.Scenarios = append(p.Scenarios, Scenario{Name: name, Comment: modestComment, Executor: modest(), Steps: steps})
	if len(p.Thresholds) == 0 {
		p.Thresholds = limits()
	}
}

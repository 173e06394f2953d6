package vu

// Reach is which targets a VU, or one branch of a parallel step in it, has connections to.
type Reach struct {
	targets  map[string]bool
	branches []*Reach // by position: the parallel steps of a VU use the same branches
}

// Add notes a target: a base URL, as it was written or as it comes to.
func (r *Reach) Add(target string) {
	if r.targets == nil {
		r.targets = map[string]bool{}
	}
	r.targets[target] = true
}

// Connections is how many one VU holds to each target at most.
func (r *Reach) Connections() map[string]int64 {
	all := map[string]int64{}
	r.count(all)
	return all
}

func (r *Reach) count(into map[string]int64) {
	for t := range r.targets {
		into[t]++
	}
	for _, b := range r.branches {
		b.count(into)
	}
}

// branch is the reach of branch i of a parallel step.
func (r *Reach) branch(i int) *Reach {
	for len(r.branches) <= i {
		r.branches = append(r.branches, &Reach{})
	}
	return r.branches[i]
}

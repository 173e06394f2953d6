package vu

// Way is a target as one of the scenario's ways to connect reaches it.
type Way struct {
	Target string // a base URL's host, as it was written or as it comes to
	Peer   int    // number of the way to connect
}

// Reach is which targets a VU, or one branch of a parallel step in it, has connections to.
type Reach struct {
	ways     map[Way]bool
	branches []*Reach // by position: the parallel steps of a VU use the same branches
}

// Add notes a target.
func (r *Reach) Add(w Way) {
	if r.ways == nil {
		r.ways = map[Way]bool{}
	}
	r.ways[w] = true
}

// Clients is how many clients of one VU, its branches among them, talk to each target at most.
func (r *Reach) Clients() map[Way]int64 {
	all := map[Way]int64{}
	r.count(all)
	return all
}

func (r *Reach) count(into map[Way]int64) {
	for w := range r.ways {
		into[w]++
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

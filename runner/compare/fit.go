package compare

import (
	"fmt"
	"slices"

	"runner/runner/metrics"
)

// fit refuses runs that can't be compared, and notes what makes them hard to compare.
func fit(base, head []Run, force bool) (notes []string, err error) {
	if len(base) == 0 || len(head) == 0 {
		return nil, fmt.Errorf("there is nothing to compare: name at least one result for each side")
	}
	notes = []string{}
	first := base[0]
	for _, r := range slices.Concat(base, head) {
		if why := broken(r.Result); why != "" {
			return nil, fmt.Errorf("%s: %s", r.File, why)
		}
		if why := other(first.Result, r.Result); why != "" {
			if !force {
				return nil, fmt.Errorf("%s: %s: results of different plans say nothing about each other (--force compares them all the same)", r.File, why)
			}
			notes = append(notes, r.File+": "+why)
		}
	}
	return append(notes, marks(base, head)...), nil
}

// broken says why a run's numbers are not those of its whole load.
func broken(r *metrics.Result) string {
	switch v := r.Verdict; {
	case v.Status == "load_not_achieved" && v.LimitedBy == metrics.LimitedByGenerator:
		return "this run's load was not achieved, so that its numbers say more about the load generator than about the target"
	case v.Status == "interrupted", v.Status == "aborted", v.Status == "error":
		return fmt.Sprintf("this run ended as %s: take runs that made their whole load", v.Status)
	case len(r.Interventions) > 0:
		return "somebody paused, scaled or stopped this run by hand"
	}
	return ""
}

// other says why two results are of different plans.
func other(a, b *metrics.Result) string {
	switch {
	case a.Tool.Name != b.Tool.Name:
		return fmt.Sprintf("it was measured by %s, not %s", b.Tool.Name, a.Tool.Name)
	case a.Plan.Name != b.Plan.Name:
		return fmt.Sprintf("it is of the plan %q, not %q", b.Plan.Name, a.Plan.Name)
	case a.Plan.Profile != b.Plan.Profile:
		return fmt.Sprintf("its profile is %q, not %q", b.Plan.Profile, a.Plan.Profile)
	}
	return ""
}

// marks notes what differs between the sides, or within one.
func marks(base, head []Run) []string {
	var notes []string
	for _, m := range []struct {
		what string
		of   func(*metrics.Result) string
	}{
		{"the plan, its data or its flags", func(r *metrics.Result) string { return r.Plan.Digest }},
		{"the tool's version", func(r *metrics.Result) string { return r.Tool.Version }},
		{"the machine", func(r *metrics.Result) string { return fmt.Sprint(r.Run.Host) }},
	} {
		a, b := values(base, m.of), values(head, m.of)
		switch {
		case len(a) > 1 || len(b) > 1:
			notes = append(notes, m.what+" was not the same in all runs of a side")
		case a[0] != b[0]:
			notes = append(notes, m.what+" is not the same on both sides")
		}
	}
	return notes
}

// values lists the different values over runs.
func values(runs []Run, of func(*metrics.Result) string) []string {
	var list []string
	for _, r := range runs {
		if v := of(r.Result); !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

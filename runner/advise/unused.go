package advise

import (
	"regexp"
	"slices"
	"strings"

	"runner/spec"
)

var (
	// member is record.name, record?.name or record["name"].
	member = regexp.MustCompile(`\b(env|vars|gen|data|setup)\s*(?:\?\.|\.|\[\s*["'])\s*([A-Za-z_][A-Za-z0-9_]*)`)
	rows   = regexp.MustCompile(`\brows\(\s*["']([A-Za-z_][A-Za-z0-9_]*)`)

	records = []string{"env", "vars", "gen", "data", "setup"} // of member: most texts name none of them, and a search for a word is cheaper than an expression
)

// contains tells whether a text has one of the words.
func contains(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

// mentions are the names that the texts of a plan bring up, as record.name. A text that is no expression counts too: one
// warning too few is better than one too many.
func mentions(p *spec.Plan) map[string]bool {
	found := map[string]bool{}
	p.Written(func(keys []string, t spec.Text) {
		if contains(t.Value, records...) {
			for _, m := range member.FindAllStringSubmatch(t.Value, -1) {
				found[m[1]+"."+m[2]] = true
			}
		}
		if contains(t.Value, "rows(") {
			for _, m := range rows.FindAllStringSubmatch(t.Value, -1) {
				found["data."+m[1]] = true
			}
		}
		n := len(keys)
		switch {
		case n == 0:
		case keys[n-1] == "call" || keys[n-1] == "flow":
			found["flows."+t.Value] = true
		case n > 1 && keys[n-2] == "emit":
			found["metrics."+keys[n-1]] = true
		}
	})
	return found
}

// unused finds what the plan itself defines and nothing in it reads.
func unused(s *Subject) spec.Problems {
	used := s.mentioned
	var found spec.Problems
	look := func(record, noun, hint string, names []string, pos func(int) spec.Pos) {
		for i, name := range names {
			if s.own(pos(i)) && !used[record+"."+name] {
				found = append(found, at(pos(i), name, "%s %q is never %s", noun, name, hint).WithHint("use it, or take it away"))
			}
		}
	}
	p := s.Plan
	look("vars", "the var", "read", p.Vars.Keys(), func(i int) spec.Pos { return p.Vars[i].KeyPos })
	look("gen", "the generator", "read", p.Generators.Keys(), func(i int) spec.Pos { return p.Generators[i].KeyPos })
	look("data", "the feeder", "read", p.Data.Keys(), func(i int) spec.Pos { return p.Data[i].KeyPos })
	look("flows", "the flow", "called", p.Flows.Keys(), func(i int) spec.Pos { return p.Flows[i].KeyPos })
	look("metrics", "the metric", "emitted by a step", p.Metrics.Keys(), func(i int) spec.Pos { return p.Metrics[i].KeyPos })
	if len(p.Services) == 0 { // a service has the whole environment
		look("env", "the variable", "read", p.Env.Keys(), func(i int) spec.Pos { return p.Env[i].KeyPos })
	}
	for _, e := range p.Scenarios {
		if e.Value != nil {
			look("vars", "the var", "read", e.Value.Vars.Keys(), func(i int) spec.Pos { return e.Value.Vars[i].KeyPos })
		}
	}
	return found
}

// unreadCaptures finds values that are kept and that nobody wants. One with a default is no assertion either.
func unreadCaptures(s *Subject) spec.Problems {
	used := s.mentioned
	var found spec.Problems
	s.each(func(step spec.Step) {
		r, ok := step.(*spec.Request)
		if !ok {
			return
		}
		for _, c := range r.Capture {
			if s.own(c.NamePos) && !s.Read[c.Name] && !used["setup."+c.Name] {
				found = append(found, at(c.NamePos, c.Name, "the capture %q is never read", c.Name).
					WithHint("read it in a later step, or write a check if it only has to be there"))
			}
		}
	})
	return found
}

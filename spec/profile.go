package spec

import (
	"slices"
	"strings"
)

// profile finds the chosen profile, nil if none is chosen or it doesn't exist.
func (l *loader) profile(profiles *node, name string) *node {
	if name == "" {
		return nil
	}
	p := profiles.get(name)
	if p == nil {
		prob := Problemf(Pos{}, 1, "unknown profile %s", quoteShort(name))
		if len(profiles.keys()) == 0 {
			l.add(prob.WithHint("the plan has no profiles"))
		} else {
			near := didYouMean(name, profiles.keys())
			l.add(prob.WithHint("%s", strings.TrimPrefix(near+"; have: "+strings.Join(profiles.keys(), ", "), "; ")))
		}
		return nil
	}
	return l.partial(p)
}

// partial is a profile without the words that only a whole plan can say; nil if it isn't a map.
func (l *loader) partial(p *node) *node {
	if p.kind != mapNode {
		l.add(Problemf(p.pos, p.width, "a profile is a partial plan, found %s", p.found()))
		return nil
	}
	for _, word := range []string{"profiles", "include", "version"} {
		if e := p.pair(word); e != nil {
			l.add(Problemf(e.key.pos, e.key.width, "a profile can't say %s", word))
		}
	}
	return p.without("profiles", "include", "version")
}

// misnamed reports the scenarios of a profile that are neither the plan's nor whole ones of its own, and gives the profile
// without them.
func (l *loader) misnamed(base, profile *node) *node {
	scenarios := profile.get("scenarios")
	if scenarios == nil || scenarios.kind != mapNode || l.missing {
		return profile
	}
	have := base.get("scenarios").keys()
	var wrong []string
	for _, e := range scenarios.pairs {
		near := Suggest(e.key.text, have)
		if slices.Contains(have, e.key.text) || near == "" || e.val.get("steps") != nil || e.val.get("mix") != nil {
			continue
		}
		wrong = append(wrong, e.key.text)
		l.add(Problemf(e.key.pos, e.key.width, "the plan has no scenario %s that this could change", quoteShort(e.key.text)).WithHint("did you mean %q?", near))
	}
	if wrong == nil {
		return profile
	}
	kept := profile.without("scenarios")
	kept.pairs = append(kept.pairs, pair{profile.pair("scenarios").key, scenarios.without(wrong...)})
	return kept
}

// otherProfiles decodes the profiles that were not chosen. Only problems inside them are theirs.
func (l *loader) otherProfiles(base, profiles *node, chosen string) {
	if profiles == nil {
		return
	}
	for _, p := range profiles.pairs {
		if p.key.text == chosen && chosen != "" {
			continue
		}
		part := l.partial(p.val)
		if part == nil {
			continue
		}
		part = l.misnamed(base, part)
		own := map[Pos]bool{}
		part.walk(func(n *node) { own[Pos{n.pos.File, n.pos.Line, 0}] = true })
		d := &decoder{partial: l.missing}
		d.plan(merge(base, part))
		for _, prob := range d.problems {
			if own[Pos{prob.Pos.File, prob.Pos.Line, 0}] {
				l.add(prob)
			}
		}
	}
}

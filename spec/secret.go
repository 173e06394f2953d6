package spec

import (
	"regexp"
	"slices"
)

// secretWords matches a template that may read a secret, in itself or through vars; nil if the plan has no secrets. It
// errs on the safe side: a word of the same name counts wherever it stands.
func (p *Plan) secretWords() *regexp.Regexp {
	var words []string
	for _, e := range p.Env {
		if e.Value != nil && (e.Value.Secret.Value || !e.Value.Secret.Set && !e.Value.Secret.Pos.IsZero()) {
			words = append(words, e.Key)
		}
	}
	if len(words) == 0 {
		return nil
	}
	vars := p.Vars
	for _, s := range p.Scenarios {
		if s.Value != nil {
			vars = append(vars[:len(vars):len(vars)], s.Value.Vars...)
		}
	}
	for grown := true; grown; {
		grown = false
		re := anyWord(words)
		for _, v := range vars {
			if !slices.Contains(words, v.Key) && v.Value.matches(re) {
				words, grown = append(words, v.Key), true
			}
		}
	}
	return anyWord(words)
}

func anyWord(words []string) *regexp.Regexp {
	pattern := ""
	for i, w := range words {
		if i > 0 {
			pattern += "|"
		}
		pattern += regexp.QuoteMeta(w)
	}
	return regexp.MustCompile(`(^|\W)(` + pattern + `)(\W|$)`)
}

// matches tells whether any text of a tree matches.
func (v Value) matches(re *regexp.Regexp) bool {
	if v.Kind == Scalar {
		return re.MatchString(v.Text.Value)
	}
	for _, item := range v.Items {
		if item.matches(re) {
			return true
		}
	}
	for _, e := range v.Entries {
		if e.Value.matches(re) {
			return true
		}
	}
	return false
}

// markSecrets notes where the defaults of secret variables stand, in the plan and its profiles, so that no snippet shows
// them.
func (p *Plan) markSecrets(root *node) {
	bodies := []*node{root}
	if profiles := root.get("profiles"); profiles != nil {
		for _, e := range profiles.pairs {
			bodies = append(bodies, e.val)
		}
	}
	secret := map[string]bool{}
	each := func(visit func(name string, v *node)) {
		for _, b := range bodies {
			if env := b.get("env"); env != nil {
				for _, e := range env.pairs {
					visit(e.key.text, e.val)
				}
			}
		}
	}
	each(func(name string, v *node) {
		if s := v.get("secret"); s != nil && s.text != "false" {
			secret[name] = true
		}
	})
	each(func(name string, v *node) {
		if d := v.get("default"); d != nil && secret[name] && d.kind == scalarNode {
			p.hide(d)
		}
	})
}

// hide masks a scalar in the snippets of its file.
func (p *Plan) hide(n *node) {
	for i := range p.Sources {
		if p.Sources[i].Path == n.pos.File {
			p.Sources[i].secrets = append(p.Sources[i].secrets, span{n.pos.Line, n.pos.Col, n.width})
		}
	}
}

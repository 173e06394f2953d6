package draft

import (
	"slices"
	"strings"
)

// lift says once for all what every request says alike: settings, auth, headers.
func (p *Plan) lift() {
	var all []*Step
	for i := range p.Scenarios {
		all = requests(p.Scenarios[i].Steps, all)
	}
	for i := range p.Flows {
		all = requests(p.Flows[i].Steps, all)
	}
	if len(all) == 0 {
		return
	}
	for _, key := range []string{"redirects", "auth"} {
		p.liftWord(all, key)
	}
	if len(all) > 1 {
		p.liftHeaders(all)
	}
}

// liftWord moves a word that every request has with the same value to http.
func (p *Plan) liftWord(all []*Step, key string) {
	first, ok := all[0].word(key)
	if !ok {
		return
	}
	for _, s := range all[1:] {
		if v, ok := s.word(key); !ok || inline(v, true) != inline(first, true) {
			return
		}
	}
	p.HTTP = append(p.HTTP, Pair{Key: key, Value: first})
	for _, s := range all {
		s.Words = slices.DeleteFunc(s.Words, func(w Pair) bool { return w.Key == key })
	}
}

func (s *Step) word(key string) (Value, bool) {
	for _, w := range s.Words {
		if w.Key == key {
			return w.Value, true
		}
	}
	return Value{}, false
}

// liftHeaders moves headers that every request sends alike to http.headers.
func (p *Plan) liftHeaders(all []*Step) {
	for _, h := range all[0].headers() {
		if strings.Contains(h.Value.text, "${") && !strings.Contains(h.Value.text, "${env.") || strings.EqualFold(h.Key, "content-type") {
			continue
		}
		same := func(o Pair) bool { return strings.EqualFold(o.Key, h.Key) && o.Value.text == h.Value.text }
		if slices.ContainsFunc(all, func(s *Step) bool { return !slices.ContainsFunc(s.headers(), same) }) {
			continue
		}
		p.Headers = append(p.Headers, h)
		for _, s := range all {
			s.dropHeader(h.Key)
		}
	}
}

// requests are the steps that have a place for headers, at any depth.
func requests(steps []Step, all []*Step) []*Step {
	for i := range steps {
		key := ""
		if len(steps[i].Words) > 0 {
			key = steps[i].Words[0].Key
		}
		if key == "request" || slices.Contains(verbs, strings.ToUpper(key)) {
			all = append(all, &steps[i])
		}
		all = requests(steps[i].Inside, all)
	}
	return all
}

func (s *Step) headers() []Pair {
	for _, w := range s.Words {
		if w.Key == "headers" {
			return slices.Clone(w.Value.pairs)
		}
	}
	return nil
}

func (s *Step) dropHeader(name string) {
	for i, w := range s.Words {
		if w.Key != "headers" {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(w.Value.pairs), func(h Pair) bool { return strings.EqualFold(h.Key, name) })
		s.Words[i].Value.pairs = left
		if len(left) == 0 {
			s.Words = slices.Delete(s.Words, i, i+1)
		}
		return
	}
}

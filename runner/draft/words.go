package draft

import "fmt"

// words are the plan's top-level words.
func (p *Plan) words() []Pair {
	all := []Pair{{Key: "version", Value: Word("1")}, {Key: "name", Value: Literal(p.Name)}}
	add := func(key, comment string, v Value) {
		if !v.isEmpty() {
			all = append(all, Pair{key, v, comment})
		}
	}
	add("env", "What the plan needs to know of its environment. Secrets are masked in every output.", p.env())
	add("vars", "", Map(p.Vars...))
	add("http", "For every request; a scenario or a step can override each.", p.http())
	add("data", "", Map(p.Data...))
	add("flows", "", p.flows())
	add("setup", "Once, before the load.", steps(p.Setup))
	add("scenarios", "", p.scenarios())
	add("teardown", "Once, after the load, whatever happened.", steps(p.Teardown))
	add("thresholds", "What must hold for the run to pass. Checks and failed requests are judged without being named here.", Map(p.Thresholds...))
	return all
}

func (p *Plan) env() Value {
	var pairs []Pair
	if p.BaseURL != "" {
		pairs = append(pairs, Pair{Key: "BASE_URL", Value: Row(Pair{Key: "default", Value: Literal(p.BaseURL)})})
	}
	for _, v := range p.Env {
		var words []Pair
		switch {
		case v.Secret:
			words = append(words, Pair{Key: "secret", Value: Word("true")})
		case !v.Required:
			words = append(words, Pair{Key: "default", Value: Literal(v.Default)})
		}
		if v.Description != "" {
			words = append(words, Pair{Key: "description", Value: Literal(v.Description)})
		}
		pairs = append(pairs, Pair{Key: v.Name, Value: Row(words...)})
	}
	return Map(pairs...)
}

// needs lists the variables without a default.
func (p *Plan) needs() []string {
	var lines []string
	for _, v := range p.Env {
		if v.Secret || v.Required {
			lines = append(lines, v.Need())
		}
	}
	return lines
}

// Need says what to set, and what it is.
func (v Variable) Need() string {
	if v.Description == "" {
		return "export " + v.Name + "=…"
	}
	return fmt.Sprintf("export %s=…  (%s)", v.Name, v.Description)
}

func (p *Plan) losses() []string {
	var lines []string
	for _, l := range p.Lost {
		lines = append(lines, l.String())
	}
	return lines
}

// String is the loss as people read it, with its line.
func (l Loss) String() string {
	if l.Line == 0 {
		return l.What
	}
	return fmt.Sprintf("line %d: %s", l.Line, l.What)
}

func (p *Plan) http() Value {
	var pairs []Pair
	if p.BaseURL != "" {
		pairs = append(pairs, Pair{Key: "base_url", Value: Template("${env.BASE_URL}")})
	}
	pairs = append(pairs, p.HTTP...)
	if len(p.Headers) > 0 {
		pairs = append(pairs, Pair{Key: "headers", Value: Map(p.Headers...)})
	}
	return Map(pairs...)
}

func (p *Plan) flows() Value {
	var pairs []Pair
	for _, f := range p.Flows {
		pairs = append(pairs, Pair{f.Name, Map(Pair{Key: "steps", Value: steps(f.Steps)}), f.Comment})
	}
	return Map(pairs...)
}

func (p *Plan) scenarios() Value {
	var pairs []Pair
	for _, s := range p.Scenarios {
		words := append([]Pair{{Key: "executor", Value: Map(s.Executor...)}}, s.Words...)
		if len(s.Init) > 0 {
			words = append(words, Pair{"init", steps(s.Init), "Once per virtual user."})
		}
		if len(s.Mix) > 0 {
			words = append(words, Pair{Key: "mix", Value: mix(s.Mix)})
		} else {
			words = append(words, Pair{Key: "steps", Value: steps(s.Steps)})
		}
		pairs = append(pairs, Pair{s.Name, Map(words...), s.Comment})
	}
	return Map(pairs...)
}

func mix(shares []Share) Value {
	var items []Value
	for _, s := range shares {
		items = append(items, Row(Pair{Key: "weight", Value: Word(fmt.Sprint(s.Weight))}, Pair{Key: "flow", Value: Literal(s.Flow)}))
	}
	return List(items...)
}

func steps(list []Step) Value {
	var items []Value
	for _, s := range list {
		items = append(items, s.value())
	}
	return List(items...)
}

func (s Step) value() Value {
	words := append([]Pair{}, s.Words...)
	if s.Under != "" {
		words = append(words, Pair{Key: s.Under, Value: steps(s.Inside)})
	}
	if s.Comment != "" {
		words[0].Comment = s.Comment
	}
	return Map(words...)
}

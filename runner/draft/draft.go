// Package draft makes a first plan out of what people have: a curl command, a recording, a description of an API, the test
// of another tool, a log. It reads texts and writes a text. It sends nothing, opens no file but those that its caller hands
// it, and knows nothing of how a plan is run.
package draft

// Plan is a plan before it is text: what a source tells, in the order in which the text has it.
type Plan struct {
	Name       string
	Source     string // what it was made from, for the first line of the text
	Kind       string // what kind of source that is
	BaseURL    string // default of env.BASE_URL; "" for plans without one
	Env        []Variable
	Vars       []Pair
	HTTP       []Pair // words of http: redirects, timeout, auth, tls
	Headers    []Pair // http.headers
	Data       []Pair
	Flows      []Flow
	Setup      []Step
	Teardown   []Step
	Scenarios  []Scenario
	Thresholds []Pair
	Said       []string // what was decided for the author, one sentence each
	Lost       []Loss   // what of the source is not in the plan
}

// Loss is one thing of the source that the plan lacks, and where it stood.
type Loss struct {
	Line int // 0 for the source as a whole
	What string
}

// Variable is one entry of env.
type Variable struct {
	Name        string
	Default     string // a literal, not a template
	Secret      bool   // masked, and required: it has no default
	Required    bool   // it has no default
	Description string
}

// Flow is a list of steps with a name.
type Flow struct {
	Name    string
	Comment string
	Steps   []Step
}

// Scenario is one kind of user.
type Scenario struct {
	Name     string
	Comment  string
	Words    []Pair // start, after, graceful_stop, tags, …
	Executor []Pair
	Init     []Step
	Steps    []Step
	Mix      []Share
}

// Share is one flow of a mix.
type Share struct {
	Weight int
	Flow   string
}

// Step is one step: its verb first, then its other words. Inside holds the steps of a group or a loop under the word that
// Under names, which is the verb itself for parallel.
type Step struct {
	Comment string
	Words   []Pair
	Under   string
	Inside  []Step
}

// lose notes what the plan will lack.
func (p *Plan) lose(line int, what string) {
	l := Loss{Line: line, What: oneLine(what)}
	for _, have := range p.Lost {
		if have == l {
			return
		}
	}
	p.Lost = append(p.Lost, l)
}

// say notes a decision, once.
func (p *Plan) say(what string) {
	for _, have := range p.Said {
		if have == what {
			return
		}
	}
	p.Said = append(p.Said, oneLine(what))
}

// group makes a group of steps.
func group(name string, steps []Step) Step {
	return Step{Words: []Pair{{Key: "group", Value: Literal(name)}}, Under: "steps", Inside: steps}
}

// think makes a pause.
func think(d string) Step { return Step{Words: []Pair{{Key: "think", Value: Word(d)}}} }

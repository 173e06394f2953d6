package vu

import (
	"fmt"
	"slices"

	"runner/runner/metrics"
	"runner/spec"
	"runner/spec/expr"
)

// Compiler turns the steps of one scenario into Steps. It goes through them in the order of the file, so that a name can
// be read only after the step that captures it.
type Compiler struct {
	Plan     *spec.Plan
	Scope    *expr.Scope
	HTTP     spec.HTTP // defaults in force: the plan's and the scenario's
	Layout   *metrics.Layout
	Scenario metrics.ScenarioID
	Tags     map[string]string                       // the scenario's constant tags
	Fixed    func(spec.Text) (string, *spec.Problem) // what a text comes to before the run, from env and vars; nil: what is written
	File     func(spec.Text) (string, *spec.Problem) // the real path of a file that the plan names
	MaxVUs   int64
	Open     bool   // the executor's iterations arrive at a rate
	Phase    string // setup or teardown, whose steps are in no metric; "": a scenario
	Counts   *Counts
	Problems *spec.Problems
	Warnings *spec.Problems    // what is legal and surely unwanted; nil: nobody asks
	Inline   *[]metrics.Source // thresholds that stand in steps
	// Peer is the number of the way to connect that settings ask for; nil: there is one.
	Peer func(spec.HTTP) int
	// Request compiles a request step; this package does not know how.
	Request func(*Compiler, *spec.Request) Step

	Before []func(*VU) error // what is to be there before the scenario's load begins, such as tokens

	Later *Later
	Names *[]string // what steps capture and set, in order of appearance
	Reach *Reach    // of the VU, or of the parallel branch whose steps are being compiled
	group metrics.GroupID
	After string // the name of the request step before the one that is being compiled, "": none

	part    *Part    // of the list that is being compiled; nil outside of one
	calling []string // the flows around the step that is being compiled, outermost first

	// Feeders and Generators are those that the steps read; true: every iteration does that comes so far.
	Feeders, Generators map[int]bool
	maybe               bool // what is being compiled may be left out by an iteration
}

// Counts is what compilation counts over the whole plan.
type Counts struct {
	Consts, Barriers int
	Replies          int             // responses of steps that later expressions read
	Locals           int             // names of loops' elements and flows' inputs
	Iteration, VU    bool            // a step reads iteration.n, vu.id
	Read             map[string]bool // the names that expressions read
}

// Note keeps which names are read, and which of a VU's own records.
func (c *Counts) Note(names []string) {
	if c.Read == nil {
		c.Read = map[string]bool{}
	}
	for _, name := range names {
		c.Read[name] = true
	}
	c.Iteration = c.Iteration || slices.Contains(names, "iteration")
	c.VU = c.VU || slices.Contains(names, "vu")
}

// Later says what expressions outside a request step want of the response before them.
type Later struct{ Body bool }

// NewCompiler makes a compiler for one list of steps that share captured names.
func NewCompiler(c Compiler) *Compiler {
	c.Later, c.Names, c.Reach, c.group = &Later{}, &[]string{}, &Reach{}, -1
	c.Feeders, c.Generators = map[int]bool{}, map[int]bool{}
	return &c
}

// Group is the innermost group around the step being compiled, -1: none.
func (c *Compiler) Group() metrics.GroupID { return c.group }

// Steps compiles a list.
func (c *Compiler) Steps(steps []spec.Step) []Step {
	all := make([]Step, 0, len(steps))
	for _, s := range steps {
		if s == nil {
			continue
		}
		if compiled := c.step(s); compiled != nil {
			all = append(all, compiled)
		}
	}
	return all
}

// Add notes problems.
func (c *Compiler) Add(p spec.Problems) { *c.Problems = append(*c.Problems, p...) }

// Addf notes one problem.
func (c *Compiler) Addf(pos spec.Pos, width int, format string, args ...any) {
	*c.Problems = append(*c.Problems, spec.Problemf(pos, width, format, args...))
}

// Warn notes what is legal and surely unwanted.
func (c *Compiler) Warn(p spec.Problem) {
	if c.Warnings != nil {
		*c.Warnings = append(*c.Warnings, p)
	}
}

// Define makes a captured name known from here on.
func (c *Compiler) Define(name string, pos spec.Pos) {
	if c.Scope.Local(name) {
		p := spec.Problemf(pos, len(name), "%q is the element of a loop or the input of a flow here: it can't be captured or set", name)
		c.Add(spec.Problems{p.WithHint("choose another name")})
		return
	}
	if err := c.Scope.Define(name, expr.Any); err != nil {
		c.Add(spec.Problems{spec.Problemf(pos, len(name), "%v", err).WithHint("choose another name")})
		return
	}
	c.name(name)
}

// name notes names that iterations begin without a value of.
func (c *Compiler) name(names ...string) {
	for _, name := range names {
		if c.part != nil {
			c.part.Gives = append(c.part.Gives, name)
		}
		if !slices.Contains(*c.Names, name) {
			*c.Names = append(*c.Names, name)
		}
	}
}

// Expr compiles an expression outside a request.
func (c *Compiler) Expr(e spec.Expr, want expr.Type) *expr.Program {
	p, problems := expr.Compile(e, c.Scope, want)
	c.Add(problems)
	if p != nil {
		c.note(p)
	}
	return p
}

// Text compiles a text outside a response's own expressions.
func (c *Compiler) Text(t spec.Text) *expr.Template {
	p := c.Scalar(t)
	if p != nil {
		c.Add(p.Textless(t))
	}
	return p
}

// Scalar compiles a text of which a lone ${…} keeps its type.
func (c *Compiler) Scalar(t spec.Text) *expr.Template {
	p, problems := expr.CompileText(t, c.Scope)
	c.Add(problems)
	if p != nil {
		c.note(p)
	}
	return p
}

// Value compiles a tree outside a response's own expressions.
func (c *Compiler) Value(v spec.Value) *expr.Tree {
	p, problems := expr.CompileValue(v, c.Scope)
	c.Add(problems)
	if p != nil {
		c.note(p)
	}
	return p
}

// reader is what package expr compiles.
type reader interface {
	NeedsBody() bool
	Reads() []string
	Feeders() []int
	Generators() []int
}

// note keeps what an expression needs of the world around it.
func (c *Compiler) note(r reader) {
	c.Later.Body = c.Later.Body || r.NeedsBody()
	c.Note(r)
}

// Note keeps what an expression needs, except for the response, which is the request step's own affair.
func (c *Compiler) Note(r reader) {
	c.Counts.Note(r.Reads())
	if c.part != nil {
		c.part.Reads = append(c.part.Reads, r.Reads()...)
	}
	for _, i := range r.Feeders() {
		c.Feeders[i] = c.Feeders[i] || !c.maybe
	}
	for _, i := range r.Generators() {
		c.Generators[i] = c.Generators[i] || !c.maybe
	}
}

// Judge notes a threshold that stands in a step. One in a flow is judged once, however often a scenario calls it.
func (c *Compiler) Judge(s metrics.Source) {
	same := func(a, b spec.Matcher) bool { return a.Tag == b.Tag && a.Value == b.Value }
	for _, have := range *c.Inline {
		if have.Threshold == s.Threshold && slices.EqualFunc(have.Where, s.Where, same) {
			return
		}
	}
	*c.Inline = append(*c.Inline, s)
}

// Maybe compiles what an iteration may leave out.
func (c *Compiler) Maybe(compile func()) {
	outer := c.maybe
	c.maybe = true
	defer func() { c.maybe = outer }()
	compile()
}

// NewConst takes a slot of Run.Const.
func (c *Compiler) NewConst() int {
	c.Counts.Consts++
	return c.Counts.Consts - 1
}

// local makes a name known in the present scope alone and gives the key of its value in the VM's Env.
func (c *Compiler) local(name spec.Text, t expr.Type) (key string) {
	key = fmt.Sprintf("%s#%d", name.Value, c.Counts.Locals) // no name has a # in it
	c.Counts.Locals++
	if name.Value == "" {
		return key // decoding has said that it is missing
	}
	if err := c.Scope.DefineLocal(name.Value, key, t); err != nil {
		c.Addf(name.Pos, len(name.Value), "%v", err)
	}
	return key
}

// inside compiles something in a scope inside the present one, and gives that scope.
func (c *Compiler) inside(scope *expr.Scope, compile func()) *expr.Scope {
	outer := c.Scope
	c.Scope = scope
	defer func() { c.Scope = outer }()
	compile()
	return scope
}

// within compiles steps inside a group.
func (c *Compiler) within(g metrics.GroupID, steps []spec.Step) []Step {
	outer := c.group
	c.group = g
	defer func() { c.group = outer }()
	return c.Steps(steps)
}

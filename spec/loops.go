package spec

// While runs its steps again and again as long as a condition holds. The condition is asked before each turn. What a turn
// captures is known after the loop.
type While struct {
	StepHead
	// The condition, an expression.
	Cond Expr `plan:",verb" example:"next != nil"`
	// The steps of a turn.
	Steps []Step `plan:"steps,required"`
	// At most so many turns: if the condition holds even then, the iteration fails.
	Max Int `plan:"max" default:"10000" example:"50"`
}

// Inner are the steps of a turn.
func (s *While) Inner() [][]Step { return [][]Step{s.Steps} }

// Foreach runs its steps once for each element of a list, in its order.
type Foreach struct {
	StepHead
	// The list: written out, a template of one, or an expression without ${ }.
	List   Value `plan:",verb" example:"${tickets}"`
	Source Expr  // in place of List: a scalar without a template
	// What the steps call the element. The name is known in the loop alone.
	As Text `plan:"as,required" example:"ticket"`
	// What the steps call the element's number, which counts from 0.
	Index Text `plan:"index" example:"i"`
	// The steps to run for each.
	Steps []Step `plan:"steps,required"`
}

// Inner are the steps of a turn.
func (s *Foreach) Inner() [][]Step { return [][]Step{s.Steps} }

// foreach decodes the list.
func (d *decoder) foreach(e pair, s *Foreach) {
	switch {
	case e.val.bad:
	case e.val.kind == nullNode:
		d.add(Problemf(e.key.pos, e.key.width, "foreach has no value").WithHint("write foreach: ${tickets}"))
	case e.val.kind == mapNode:
		d.wrongKind(e, "foreach", "a list, or an expression that gives one")
	case e.val.kind == scalarNode && !HasTemplate(e.val.text):
		s.Source = d.expr(e)
	default:
		s.List = d.value(e.val, true)
	}
}

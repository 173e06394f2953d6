package spec

import "time"

// Text is a scalar's source text, in which ${…} are templates. Empty and unset differ by Pos.IsZero.
type Text struct {
	Value  string
	Pos    Pos  // of the first character of the content, after an opening quote
	Quoted bool // quoted or block style: under json it is always a string
	Block  bool // | or >: one final newline is not part of a lone template
}

// IsZero tells whether the author wrote nothing.
func (t Text) IsZero() bool { return t.Pos.IsZero() && t.Value == "" }

// Expr is an expression's source (check, if, capture, …); it is compiled by package expr.
type Expr struct {
	Source string
	Pos    Pos // of the first character of the expression
}

// IsZero tells whether the author wrote nothing.
func (e Expr) IsZero() bool { return e.Pos.IsZero() && e.Source == "" }

// Kind says what a Value is.
type Kind uint8

// The kinds of a Value. Scalar holds a Text: a template, a quoted string, or a plain word that is typed as PLAN-LANGUAGE
// says for json (true, false, null, decimal integers and floats).
const (
	Null Kind = iota
	Scalar
	List
	Object
)

// Value is a tree as it stands under json, vars, generators and set: scalars with templates, lists, maps.
type Value struct {
	Kind    Kind
	Pos     Pos
	Text    Text       // Scalar
	Items   []Value    // List
	Entries Map[Value] // Object
}

// IsZero tells whether the author wrote nothing (an explicit null has a position).
func (v Value) IsZero() bool { return v.Kind == Null && v.Pos.IsZero() }

// Rate is a number of events per unit of time, exactly as written: 0.1/s is {1, 10, time.Second}.
type Rate struct {
	Num int64
	Den int64         // > 0
	Per time.Duration // time.Second, time.Minute or time.Hour
}

// Ratio is an exact fraction, as written: 0.7% is {7, 1000}.
type Ratio struct {
	Num int64
	Den int64
}

// Float is the ratio as 0..1, for display.
func (r Ratio) Float() float64 { return float64(r.Num) / float64(r.Den) }

// The scalars of the language.
type (
	Bool     = Opt[bool]
	Int      = Opt[int64]
	Duration = Opt[time.Duration]
	RateOf   = Opt[Rate]
	Percent  = Opt[Ratio]
	Size     = Opt[int64]  // bytes: 64KiB
	Word     = Opt[string] // one of a closed set: uniform, drop, per_vu, …
)

package spec

import (
	"time"
)

// Text is a scalar's source text, in which ${…} are templates. Empty and unset differ by Pos.IsZero.
type Text struct {
	Value  string
	Pos    Pos  // of the first character of the content, after an opening quote
	Quoted bool // quoted or block style: under json it is always a string
	Block  bool // | or >: one final newline is not part of a lone template
	Null   bool // written as null, which takes a header away; Pos is that of its name
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

// The scalars of the language. Each may also be a template, such as ${vars.n}, which is evaluated once, before the run.
type (
	// Bool is true or false; yes, no, on and off are errors.
	Bool = Opt[bool]
	// Int is a whole number in decimal digits, without underscores or a leading zero.
	Int = Opt[int64]
	// Duration is a time with its unit: 500ms, 1m30s, 0.5s, 2h, 1d. Units are us, ms, s, m, h, d, large ones first.
	Duration = Opt[time.Duration]
	// RateOf is a number for a unit of time: 5/s, 300/m, 0.5/s, 1/h. It is exact: 0.1/s is one in ten seconds.
	RateOf = Opt[Rate]
	// Percent is a percentage with its sign: 1%, 0.7%. It is exact.
	Percent = Opt[Ratio]
	// Size is a number of bytes with its unit: 512B, 1KB (1000 bytes), 64KiB, 10MiB. Units are B, KB, MB, GB, KiB, MiB, GiB.
	Size = Opt[int64]
	// Word is one of the words that its row lists.
	Word = Opt[string]
)

package spec

import "time"

// Step is one thing that a VU does: one of the types below, chosen by its verb.
type Step interface {
	Common() *StepHead
}

// StepHead is what every step may say.
type StepHead struct {
	Pos  Pos    // of the verb
	Verb string // post, group, think, …
	If   Expr   `plan:"if"` // skip the step unless it holds
}

// Common makes StepHead the shared part of every step.
func (h *StepHead) Common() *StepHead { return h }

// Request is an HTTP request step. (get post put patch delete head options: the URL; request: "METHOD URL".)
type Request struct {
	StepHead
	Method     string
	URL        Text         // relative to http.base_url, or absolute
	Name       Text         `plan:"name"` // the series; default: method and untemplated path without query
	Query      Map[Value]   `plan:"query"`
	Headers    Map[Text]    `plan:"headers"`
	JSON       Value        `plan:"json"`
	Form       Map[Text]    `plan:"form"`
	Body       Text         `plan:"body"`
	Timeout    Duration     `plan:"timeout"`
	Redirects  Int          `plan:"redirects"`
	Expect     []Status     `plan:"expect"`
	Check      []Check      `plan:"check"`
	Capture    []Capture    `plan:"capture"`
	Thresholds []*Threshold `plan:"thresholds"`
	OnFailure  Word         `plan:"on_failure"` // continue, next_iteration, stop, abort
	Tags       Map[Text]    `plan:"tags"`
}

// Check is one expression that must be true of a response.
type Check struct {
	Name Text // default: the expression's source
	Expr Expr
}

// Capture keeps a value of a response under a name.
type Capture struct {
	Name    string
	NamePos Pos
	From    Expr  `plan:"from,required"`
	Secret  Bool  `plan:"secret"`
	Default Value `plan:"default"` // absent: finding nothing fails the iteration
}

// Parallel runs its steps at once, each on a connection of its own.
type Parallel struct {
	StepHead
	Steps []Step
	Limit Int `plan:"limit"` // at most this many at once; default 6
}

// Group times its steps together.
type Group struct {
	StepHead
	Name  Text
	Steps []Step `plan:"steps,required"`
}

// Repeat runs its steps a number of times.
type Repeat struct {
	StepHead
	Times Text   // an integer, or a template of one
	Steps []Step `plan:"steps,required"`
}

// Choose is if/then/else.
type Choose struct {
	StepHead        // If is the condition
	Then     []Step `plan:"then,required"`
	Else     []Step `plan:"else"`
}

// Think waits: a fixed time, or a uniform draw between Min and Max.
type Think struct {
	StepHead
	Min, Max time.Duration
	Text     Text // as written; a template (Pos set, Min = Max = 0) is evaluated at each use
}

// Barrier holds VUs of the scenario until a number of them are there.
type Barrier struct {
	StepHead
	VUs     Int      `plan:"vus,required"`
	Timeout Duration `plan:"timeout"` // default 30s: then those that wait fail
}

// Set gives names to values for the rest of the iteration.
type Set struct {
	StepHead
	Values Map[Value]
}

// Emit adds a sample to custom metrics.
type Emit struct {
	StepHead
	Values Map[Text] // metric to a number, or a bool for a rate
}

// Log prints a line.
type Log struct {
	StepHead
	Text Text
}

// End is fail (this iteration), stop (this VU) or abort (the run), told by Verb.
type End struct {
	StepHead
	Message Text
}

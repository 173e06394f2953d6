package spec

// Problem is one mistake in a plan.
type Problem struct {
	Pos     Pos
	Width   int    // characters to underline, at least 1
	Message string // without position: `unknown key "vuss" in executor constant-vus`
	Hint    string // what to do: `did you mean "vus"?`; shown in brackets after the message
	Line    string // the line of the file, for the snippet; filled by Problems.Annotate
}

// Problems is an error that lists every mistake, in file order.
type Problems []Problem

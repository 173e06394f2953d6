package data

import (
	"cmp"
	"errors"
	"fmt"
	"unicode/utf8"

	"runner/spec"
)

// fault is what is wrong in a file, for the author of the file.
type fault struct {
	line   int // 0: the file as a whole
	text   string
	hint   string
	choose bool   // the feeder's select is to blame, not the file
	column string // the entry of the feeder's columns that is to blame
}

func (f *fault) Error() string { return f.text }

// problem places what is wrong in a file at the word of the plan that named it.
func problem(d *spec.Data, shown string, err error) *spec.Problem {
	var in *fault
	if !errors.As(err, &in) {
		in = &fault{text: err.Error()}
	}
	where := shown
	if in.line > 0 {
		where = fmt.Sprintf("%s:%d", shown, in.line)
	}
	pos, text := d.File.Pos, d.File.Value
	switch {
	case in.choose:
		pos, text = d.Select.Pos, d.Select.Value
	case in.column != "":
		for _, e := range d.Columns {
			if e.Key == in.column {
				pos, text = e.KeyPos, e.Key
			}
		}
	}
	return &spec.Problem{Pos: pos, Width: width(text), Message: where + ": " + in.text, Hint: in.hint}
}

// width is how many characters to underline.
func width(s string) int { return cmp.Or(utf8.RuneCountInString(s), 1) }

func plural(n int64, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

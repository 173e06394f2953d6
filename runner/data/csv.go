package data

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// csvRows reads RFC 4180 with a header; every value is a string, exactly as written, unless its column has a type. Empty
// lines are skipped, as encoding/csv does.
type csvRows struct {
	r     *csv.Reader
	names []string
	types []convert // by column; nil: text
	lines int       // above the text that r reads
}

func newCSV(s *source, text io.Reader) (rows, error) {
	c := &csvRows{r: newCSVReader(text)}
	var err error
	if c.names, err = header(c.r); err != nil {
		return nil, err
	}
	s.columns = c.names
	c.types, err = converters(s.types, c.names)
	return c, err
}

func newCSVReader(text io.Reader) *csv.Reader {
	r := csv.NewReader(text)
	r.FieldsPerRecord = -1 // the message about ragged lines is ours
	r.ReuseRecord = true
	return r
}

func (c *csvRows) next(keep bool) (map[string]any, error) {
	fields, err := c.r.Read()
	if err != nil {
		return nil, syntax(err)
	}
	if len(fields) != len(c.names) {
		return nil, c.fault(0, "a value with a comma or a line break needs quotes", "%s where the header has %d", plural(int64(len(fields)), "field"), len(c.names))
	}
	if !keep {
		return nil, nil
	}
	row := make(map[string]any, len(c.names))
	for i, v := range fields {
		value, err := c.value(i, v)
		if err != nil {
			return nil, c.fault(i, "", "column %s: %v", c.names[i], err)
		}
		row[c.names[i]] = value
	}
	return row, nil
}

// value is a field in its column's type. Where there is one, an empty field is null.
func (c *csvRows) value(i int, text string) (any, error) {
	if c.types == nil || c.types[i] == nil {
		return strings.Clone(text), nil // the record's fields share one text, which a kept row must not hold on to
	}
	if text == "" {
		return nil, nil
	}
	return c.types[i](text)
}

// fault is a mistake in a field.
func (c *csvRows) fault(field int, hint, format string, args ...any) error {
	line, _ := c.r.FieldPos(field)
	return &fault{line: c.lines + line, text: fmt.Sprintf(format, args...), hint: hint}
}

// header reads the line that names the columns.
func header(r *csv.Reader) ([]string, error) {
	fields, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, &fault{text: "the file is empty", hint: "a csv file starts with a line that names the columns"}
	}
	if err != nil {
		return nil, syntax(err)
	}
	line, _ := r.FieldPos(0)
	if len(fields) == 1 && strings.ContainsAny(fields[0], ";\t") {
		return nil, &fault{line: line, text: "the header has one column with a semicolon or tab in its name", hint: "separate columns with commas"}
	}
	columns := make([]string, len(fields))
	seen := make(map[string]bool, len(fields))
	for i, name := range fields {
		name = strings.TrimSpace(name)
		if name == "" {
			return nil, &fault{line: line, text: fmt.Sprintf("column %d has no name", i+1)}
		}
		if seen[name] {
			return nil, &fault{line: line, text: fmt.Sprintf("two columns are called %q", name)}
		}
		columns[i], seen[name] = name, true
	}
	return columns, nil
}

// syntax says a mistake of encoding/csv in our words. The end stays io.EOF.
func syntax(err error) error {
	var at *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case !errors.As(err, &at):
		return unpacking(err)
	}
	switch {
	case errors.Is(at.Err, csv.ErrQuote):
		return &fault{line: at.StartLine, text: "a quoted value does not end where its field ends", hint: `a quote inside a quoted value is written ""`}
	case errors.Is(at.Err, csv.ErrBareQuote):
		return &fault{line: at.Line, text: "a quote in a value that is not quoted", hint: `quote the value, and write a quote in it as ""`}
	}
	return &fault{line: at.Line, text: at.Err.Error()}
}

// unpacking is an error of the file itself, or of its gzip.
func unpacking(err error) error { return &fault{text: "cannot be read on: " + err.Error()} }

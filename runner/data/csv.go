package data

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readCSV reads RFC 4180 with a header; every value is a string, exactly as written. Empty lines are skipped, as
// encoding/csv does.
func readCSV(text []byte, _ string) (table, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1 // the message about ragged lines is ours
	r.ReuseRecord = true
	columns, err := header(r)
	if err != nil {
		return table{}, err
	}
	t := table{columns: columns, rows: make([]map[string]any, 0, bytes.Count(text, []byte{'\n'}))}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return table{}, syntax(err)
		}
		if len(fields) != len(columns) {
			line, _ := r.FieldPos(0)
			return table{}, &fault{line: line, text: fmt.Sprintf("%s where the header has %d", plural(len(fields), "field"), len(columns)),
				hint: "a value with a comma or a line break needs quotes"}
		}
		row := make(map[string]any, len(columns))
		for i, v := range fields {
			row[columns[i]] = v
		}
		t.rows = append(t.rows, row)
	}
	if len(t.rows) == 0 {
		return table{}, &fault{text: "no rows", hint: "the file has a header and nothing below it"}
	}
	return t, nil
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

// syntax says a mistake of encoding/csv in our words.
func syntax(err error) error {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return err
	}
	switch at.Err {
	case csv.ErrQuote:
		return &fault{line: at.StartLine, text: "a quoted value does not end where its field ends", hint: `a quote inside a quoted value is written ""`}
	case csv.ErrBareQuote:
		return &fault{line: at.Line, text: "a quote in a value that is not quoted", hint: `quote the value, and write a quote in it as ""`}
	}
	return &fault{line: at.Line, text: at.Err.Error()}
}

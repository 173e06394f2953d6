package data

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// jsonRows reads the items of a list in a JSON document, one after the other: the document is never whole in memory.
type jsonRows struct {
	d *json.Decoder
	shape
}

// plainPath is a select that is made of keys alone, which a list is found by without reading ahead.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$`)

func newJSON(s *source, text io.Reader) (rows, error) {
	j := &jsonRows{d: json.NewDecoder(text)}
	j.d.UseNumber()
	if s.choice != "" {
		for _, key := range strings.Split(s.choice, ".") {
			if err := j.enter(key, s.choice); err != nil {
				return nil, err
			}
		}
	}
	if err := j.begin('['); err != nil {
		return nil, err
	}
	return j, nil
}

// begin reads the bracket that opens a list or an object.
func (j *jsonRows) begin(want json.Delim) error {
	token, err := j.d.Token()
	switch {
	case errors.Is(err, io.EOF):
		return &fault{text: "the file is empty"}
	case err != nil:
		return j.fault(err)
	case token != want && want == '[':
		return &fault{text: "holds no list where one is wanted", hint: "say with select where the list is"}
	case token != want:
		return &fault{text: "holds no object where select wants one", choose: true}
	}
	return nil
}

// enter goes to the value of a key of the object that comes next.
func (j *jsonRows) enter(key, path string) error {
	if err := j.begin('{'); err != nil {
		return err
	}
	for j.d.More() {
		name, err := j.d.Token()
		if err != nil {
			return j.fault(err)
		}
		if name == key {
			return nil
		}
		if err := j.pass(); err != nil {
			return err
		}
	}
	return &fault{choose: true, text: fmt.Sprintf("select %q finds nothing", path)}
}

// pass goes over a value, however large.
func (j *jsonRows) pass() error {
	for depth := 0; ; {
		token, err := j.d.Token()
		if err != nil {
			return j.fault(err)
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func (j *jsonRows) next(keep bool) (map[string]any, error) {
	if !j.d.More() {
		if _, err := j.d.Token(); err != nil {
			return nil, j.fault(err)
		}
		return nil, io.EOF
	}
	if !keep {
		return nil, j.pass()
	}
	var item any
	if err := j.d.Decode(&item); err != nil {
		return nil, j.fault(err)
	}
	return j.row(number(item), 0)
}

// fault says what is wrong and how far into the file.
func (j *jsonRows) fault(err error) error {
	text := strings.TrimPrefix(err.Error(), "json: ")
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		text = "the text ends before the value does"
	}
	return &fault{text: fmt.Sprintf("not valid JSON behind its first %d bytes: %s", j.d.InputOffset(), text)}
}

package draft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"runner/spec"
)

// maxLevels is how deep a document may be nested: no honest one comes near it, and no stack gets into trouble.
const maxLevels = 200

// jsonReader makes a tree of JSON.
type jsonReader struct {
	file string
	text []byte
	dec  *json.Decoder
	line int
	seen int64 // bytes of which the lines are counted
}

// parseJSON reads one JSON document. The error is a spec.Problem with the place of the mistake.
func parseJSON(file string, text []byte) (*tree, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	r := &jsonReader{file: file, text: text, dec: json.NewDecoder(bytes.NewReader(text)), line: 1}
	r.dec.UseNumber()
	t, err := r.value(0)
	if err != nil {
		return nil, r.problem(err)
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, r.problem(errors.New("there is more text after the document's end"))
	}
	return t, nil
}

func (r *jsonReader) value(depth int) (*tree, error) {
	if depth > maxLevels {
		return nil, fmt.Errorf("the document is nested more than %d levels deep", maxLevels)
	}
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	t := &tree{line: r.here()}
	switch v := token.(type) {
	case json.Delim:
		return t, r.inside(t, v, depth)
	case bool:
		t.kind, t.text = boolean, fmt.Sprint(v)
	case json.Number:
		t.kind, t.text = number, v.String()
	case string:
		t.kind, t.text = str, v
	}
	return t, nil
}

func (r *jsonReader) inside(t *tree, open json.Delim, depth int) error {
	t.kind = list
	if open == '{' {
		t.kind = object
	}
	for r.dec.More() {
		if t.kind == object {
			key, err := r.dec.Token()
			if err != nil {
				return err
			}
			t.keys = append(t.keys, key.(string)) // the decoder lets nothing else be a key
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		t.items = append(t.items, v)
	}
	_, err := r.dec.Token()
	return err
}

// here is the line that the decoder has come to.
func (r *jsonReader) here() int {
	at := r.dec.InputOffset()
	r.line += bytes.Count(r.text[r.seen:at], []byte("\n"))
	r.seen = at
	return r.line
}

// problem puts an error where it happened.
func (r *jsonReader) problem(err error) error {
	at := r.dec.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = max(0, syntax.Offset-1)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err, at = errors.New("the document ends too early"), int64(len(r.text))
	}
	return problemAt(r.file, r.text, int(at), "not valid JSON: "+err.Error(), "")
}

// problemAt is a problem at a byte of a text, with the line around it cut to what a terminal can show.
func problemAt(file string, text []byte, at int, message, hint string) error {
	at = min(max(0, at), len(text))
	begin := bytes.LastIndexByte(text[:at], '\n') + 1
	end := len(text)
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		end = at + i
	}
	col := len([]rune(string(text[begin:at])))
	p := spec.Problemf(spec.Pos{File: file, Line: 1 + bytes.Count(text[:begin], []byte("\n")), Col: col + 1}, 1, "%s", message)
	if end-begin <= 200 {
		p.Line = string(text[begin:end])
	}
	if hint != "" {
		p = p.WithHint("%s", hint)
	}
	return p
}

// jsonString is a text as JSON writes it.
func jsonString(s string) string {
	b, _ := json.Marshal(s) // a text always has a JSON form
	return string(b)
}

package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// The limits of a file, checked before anything is decoded: a hostile file is an error within a second.
const (
	maxFileBytes = 256 << 10
	maxMapKeys   = 2000
	maxDepth     = 100
	maxNodes     = 10000 // after aliases
)

// parseYAML is the one door to yaml.v3: a file's text in, a tree of our own out. The tree is nil if the text has no
// document or is not YAML; its problems say why.
func parseYAML(file string, text []byte) (*node, Problems) {
	lines := splitLines(string(text))
	dec := yaml.NewDecoder(bytes.NewReader(text))
	doc, err := readDocument(dec)
	switch {
	case errors.Is(err, io.EOF):
		return nil, Problems{emptyFile(file)}
	case err != nil:
		return nil, Problems{syntaxProblem(file, lines, readSyntaxError(dec, err))}
	}
	c := &converter{file: file, lines: lines, starts: map[int][]int{}}
	root := c.convert(doc.Content[0], 1, false)
	if len(c.problems) > 0 && root == nil {
		return nil, c.problems
	}
	if second, err := readDocument(dec); err == nil {
		at := Pos{File: file, Line: max(1, second.Line), Col: 1}
		c.problems = append(c.problems, Problemf(at, 3, "a second YAML document begins here").WithHint("a file holds one plan: remove the ---"))
	} else if !errors.Is(err, io.EOF) {
		c.problems = append(c.problems, syntaxProblem(file, lines, readSyntaxError(dec, err)))
	}
	return root, c.problems
}

func emptyFile(file string) Problem {
	return Problemf(Pos{File: file, Line: 1, Col: 1}, 1, "the file is empty").WithHint("a plan begins with version: 1")
}

// readDocument reads one document. A panic inside yaml.v3 becomes an error: no file may take the program down.
func readDocument(dec *yaml.Decoder) (doc *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	doc = new(yaml.Node)
	if err := dec.Decode(doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, io.EOF
	}
	return doc, nil
}

// mark is a place as yaml.v3 keeps it: both count from 0.
type mark struct{ line, col int }

// syntaxError is what yaml.v3 knows of an error. Its message names the line of the parent or the line before, so the
// marks are read from the parser itself; a version that keeps them elsewhere gives ok = false.
type syntaxError struct {
	problem, context string
	at, begin        mark
	ok               bool
}

var lineInMessage = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)

func readSyntaxError(dec *yaml.Decoder, err error) syntaxError {
	m := lineInMessage.FindStringSubmatch(strings.TrimPrefix(err.Error(), "yaml: "))
	e := syntaxError{problem: m[2]}
	if n, err := strconv.Atoi(m[1]); err == nil { // better than nothing, if the marks can't be read
		e.at.line = n - 1
	}
	p := reflect.ValueOf(dec).Elem()
	for range 2 {
		if p = p.FieldByName("parser"); !p.IsValid() {
			return e
		}
		if p.Kind() == reflect.Pointer {
			p = p.Elem()
		}
	}
	problem, context := p.FieldByName("problem"), p.FieldByName("context")
	at, ok := markOf(p.FieldByName("problem_mark"))
	begin, ok2 := markOf(p.FieldByName("context_mark"))
	if ok && ok2 && problem.Kind() == reflect.String && context.Kind() == reflect.String && problem.String() == e.problem {
		e.context, e.at, e.begin, e.ok = context.String(), at, begin, true
	}
	return e
}

func markOf(v reflect.Value) (mark, bool) {
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return mark{}, false
	}
	line, col := v.FieldByName("line"), v.FieldByName("column")
	if !line.CanInt() || !col.CanInt() {
		return mark{}, false
	}
	return mark{int(line.Int()), int(col.Int())}, true
}

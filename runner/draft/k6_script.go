package draft

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// script is a JavaScript file of which only what is plainly written is understood: nothing of it is run.
type script struct {
	in     Input
	plan   *Plan
	consts map[string]js.IExpr // top-level names
	depth  int
}

// readScript finds the options that a script exports, and the requests with plain addresses in it.
func readScript(in Input, p *Plan) (*tree, []Step, error) {
	ast, err := js.Parse(parse.NewInputBytes(bytes.Clone(in.Text)), js.Options{})
	if err != nil {
		if at, ok := errors.AsType[*parse.Error](err); ok {
			return nil, nil, fmt.Errorf("%s:%d:%d: not JavaScript that can be read: %s", in.Name, at.Line, at.Column, oneLine(at.Message))
		}
		return nil, nil, fmt.Errorf("%s: not JavaScript that can be read: %s", in.Name, oneLine(err.Error()))
	}
	s := &script{in: in, plan: p, consts: map[string]js.IExpr{}}
	for _, stmt := range ast.List {
		s.declare(stmt)
	}
	options := s.value(s.consts["options"])
	if options == nil {
		p.lose(0, "options: the script exports none that is plainly written")
		options = &tree{kind: object}
	}
	return options, s.requests(ast), nil
}

// declare keeps what a top-level statement names.
func (s *script) declare(stmt js.IStmt) {
	switch stmt := stmt.(type) {
	case *js.VarDecl:
		s.names(stmt)
	case *js.ExportStmt:
		if decl, ok := stmt.Decl.(*js.VarDecl); ok {
			s.names(decl)
		}
	case *js.ExprStmt:
		if assign, ok := stmt.Value.(*js.BinaryExpr); ok && strings.HasSuffix(source(assign.X), "exports.options") {
			s.consts["options"] = assign.Y
		}
	}
}

func (s *script) names(d *js.VarDecl) {
	for _, e := range d.List {
		if v, ok := e.Binding.(*js.Var); ok && e.Default != nil {
			s.consts[string(v.Data)] = e.Default
		}
	}
}

// line is the line on which a text first stands; the parser keeps no places.
func (s *script) line(text string) int {
	i := bytes.Index(s.in.Text, []byte(text))
	if i < 0 || text == "" {
		return 0
	}
	return 1 + bytes.Count(s.in.Text[:i], []byte("\n"))
}

// value is an expression's value, nil where that takes more than reading.
func (s *script) value(e js.IExpr) *tree {
	if s.depth++; s.depth > maxLevels {
		return nil
	}
	defer func() { s.depth-- }()
	switch e := e.(type) {
	case *js.LiteralExpr:
		return literalTree(e)
	case *js.GroupExpr:
		return s.value(e.X)
	case *js.Var:
		name := string(e.Data)
		if of, ok := s.consts[name]; ok {
			delete(s.consts, name) // a name that leads to itself leads nowhere
			defer func() { s.consts[name] = of }()
			return s.value(of)
		}
	case *js.ArrayExpr:
		return s.array(e)
	case *js.ObjectExpr:
		return s.object(e)
	case *js.TemplateExpr:
		return s.template(e)
	case *js.UnaryExpr:
		if v := s.value(e.X); v.is(number) && e.Op == js.NegToken {
			return &tree{kind: number, text: "-" + v.text}
		}
	case *js.BinaryExpr:
		return s.binary(e)
	}
	return nil
}

func literalTree(e *js.LiteralExpr) *tree {
	text := string(e.Data)
	switch e.TokenType {
	case js.StringToken:
		if t, err := parseJSON("", []byte(`"`+strings.ReplaceAll(strings.ReplaceAll(text[1:len(text)-1], `\'`, `'`), `"`, `\"`)+`"`)); err == nil && text[0] == '\'' {
			return t
		}
		if u, err := strconv.Unquote(text); err == nil {
			return &tree{kind: str, text: u}
		}
		return &tree{kind: str, text: strings.Trim(text, `'"`)}
	case js.TrueToken, js.FalseToken:
		return &tree{kind: boolean, text: text}
	case js.NullToken:
		return &tree{kind: nothing}
	}
	if f, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64); err == nil {
		return &tree{kind: number, text: strconv.FormatFloat(f, 'f', -1, 64)}
	}
	return nil
}

func (s *script) array(e *js.ArrayExpr) *tree {
	out := &tree{kind: list}
	for _, item := range e.List {
		v := s.value(item.Value)
		if v == nil || item.Spread {
			s.unread(item.Value)
			continue
		}
		out.items = append(out.items, v)
	}
	return out
}

func (s *script) object(e *js.ObjectExpr) *tree {
	out := &tree{kind: object}
	for _, p := range e.List {
		v := s.value(p.Value)
		if p.Name == nil || p.Spread || v == nil {
			s.unread(p.Value)
			continue
		}
		key := string(p.Name.Literal.Data)
		if p.Name.Literal.TokenType == js.StringToken {
			key = literalTree(&p.Name.Literal).text
		}
		v.line = s.line(key)
		out.keys, out.items = append(out.keys, key), append(out.items, v)
	}
	return out
}

// unread lists a part of the options that takes more than reading.
func (s *script) unread(e js.IExpr) {
	if e != nil {
		s.plan.lose(0, "of the options, what is computed: "+shorten(oneLine(source(e)), 80))
	}
}

func (s *script) template(e *js.TemplateExpr) *tree {
	var b strings.Builder
	for _, p := range e.List {
		v := s.value(p.Expr)
		if v == nil || v.kind == list || v.kind == object || e.Tag != nil {
			return nil
		}
		b.WriteString(strings.TrimSuffix(strings.TrimLeft(string(p.Value), "`}"), "${") + v.text)
	}
	b.WriteString(strings.Trim(string(e.Tail), "`}"))
	return &tree{kind: str, text: b.String()}
}

// binary is x || y with a value of the environment before a default, and sums of texts.
func (s *script) binary(e *js.BinaryExpr) *tree {
	x, y := s.value(e.X), s.value(e.Y)
	switch {
	case e.Op == js.OrToken || e.Op == js.NullishToken:
		if x == nil {
			return y
		}
		return x
	case x == nil || y == nil:
		return nil
	case e.Op == js.AddToken && (x.kind == str || y.kind == str):
		return &tree{kind: str, text: x.text + y.text}
	case x.kind == number && y.kind == number:
		f := map[js.TokenType]float64{js.AddToken: x.number() + y.number(), js.SubToken: x.number() - y.number(), js.MulToken: x.number() * y.number(), js.DivToken: x.number() / y.number()}
		if v, ok := f[e.Op]; ok {
			return &tree{kind: number, text: strconv.FormatFloat(v, 'f', -1, 64)}
		}
	}
	return nil
}

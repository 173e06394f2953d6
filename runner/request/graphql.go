package request

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"runner/runner/graphql"
	"runner/runner/vu"
	"runner/spec"
)

// answers says how errors in an answer of GraphQL are judged.
type answers uint8

const (
	notGraphQL   answers = iota
	noErrors             // any error is a failure
	somethingFor         // errors beside data are none
	anyAnswer            // errors are none
)

var leniency = map[string]answers{"": noErrors, "fail": noErrors, "partial": somethingFor, "allow": anyAnswer}

// graphqlBody is the operation as the JSON that goes on the wire (GraphQL over HTTP, section 5).
func graphqlBody(g *spec.GraphQL) spec.Value {
	text := func(t spec.Text) spec.Value {
		t.Quoted = true
		return spec.Value{Kind: spec.Scalar, Pos: t.Pos, Text: t}
	}
	v := spec.Value{Kind: spec.Object, Pos: g.Pos, Entries: spec.Map[spec.Value]{{Key: "query", KeyPos: g.Pos, Value: text(g.Query)}}}
	if len(g.Variables) > 0 {
		v.Entries = append(v.Entries, spec.Entry[spec.Value]{Key: "variables", KeyPos: g.Pos, Value: spec.Value{Kind: spec.Object, Pos: g.Pos, Entries: g.Variables}})
	}
	if !g.Operation.IsZero() {
		v.Entries = append(v.Entries, spec.Entry[spec.Value]{Key: "operationName", KeyPos: g.Pos, Value: text(g.Operation)})
	}
	return v
}

// operationName reads the document and compares its variables with those that are given. It is the step's name; "" if the
// operation has none, or the document is not known before the run.
func operationName(c *vu.Compiler, g *spec.GraphQL) string {
	if spec.HasTemplate(g.Query.Value) || spec.HasTemplate(g.Operation.Value) {
		return ""
	}
	o, err := graphql.Parse(g.Query.Value, g.Operation.Value)
	if e, ok := errors.AsType[*graphql.Error](err); ok {
		c.Addf(inText(g.Query, e.Line, e.Col), 1, "graphql: %s", e.Message)
		return ""
	}
	for _, v := range g.Variables {
		if !slices.ContainsFunc(o.Variables, func(have graphql.Variable) bool { return have.Name == v.Key }) {
			p := spec.Problemf(v.KeyPos, len(v.Key), "the operation has no variable %q", v.Key)
			c.Add(spec.Problems{p.WithHint("%s", variablesOf(o))})
		}
	}
	for _, have := range o.Variables {
		if have.Required && !slices.Contains(g.Variables.Keys(), have.Name) {
			p := spec.Problemf(g.Pos, len("graphql"), "the operation needs the variable $%s: %s", have.Name, have.Type)
			c.Add(spec.Problems{p.WithHint("write variables: { %s: … }", have.Name)})
		}
	}
	return o.Name
}

func variablesOf(o graphql.Operation) string {
	if len(o.Variables) == 0 {
		return "it has none"
	}
	var names []string
	for _, v := range o.Variables {
		names = append(names, v.Name)
	}
	return "have: " + strings.Join(names, ", ")
}

// inText is a place inside a text, whose lines in a block all begin in one column.
func inText(t spec.Text, line, col int) spec.Pos {
	pos := t.Pos
	pos.Line, pos.Col = pos.Line+line-1, pos.Col+col-1
	return pos
}

// judge says what is wrong with an answer whose status is an expected one; "": nothing.
func (a answers) judge(v *vu.VU) string {
	if a == notGraphQL || a == anyAnswer {
		return ""
	}
	found, _, err := v.Response.JSON("errors")
	if err != nil {
		return "graphql: " + err.Error()
	}
	list, _ := found.([]any)
	if len(list) == 0 {
		return ""
	}
	if a == somethingFor {
		if data, _, _ := v.Response.JSON("data"); data != nil {
			return ""
		}
	}
	message := fmt.Sprint(list[0])
	if first, ok := list[0].(map[string]any); ok && first["message"] != nil {
		message = fmt.Sprint(first["message"])
	}
	if more := len(list) - 1; more > 0 {
		message += fmt.Sprintf(" (and %d more)", more)
	}
	return "graphql error: " + v.Run.Hide(message)
}

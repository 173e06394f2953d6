package graphql_test

import (
	"errors"
	"strings"
	"testing"

	"runner/runner/graphql"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ document, operation, name, variables, why string }{
		{"{ events { id } }", "", "", "", "the short form has no name"},
		{"query Events { events { id } }", "", "Events", "", "the only one"},
		{"mutation Buy($event: ID!, $n: Int = 1, $note: String) { buy(event: $event, n: $n, note: $note) { id } }", "", "Buy", "event ID! true|n Int false|note String false", "a default makes a variable optional"},
		{"query A { a } query B($x: [Int!]!) { b(x: $x) }", "B", "B", "x [Int!]! true", "the one that was asked for"},
		{"fragment F on E { id } query A { a { ...F } }", "", "A", "", "fragments are no operations"},
	} {
		o, err := graphql.Parse(c.document, c.operation)
		var variables []string
		for _, v := range o.Variables {
			required := " false"
			if v.Required {
				required = " true"
			}
			variables = append(variables, v.Name+" "+v.Type+required)
		}
		if err != nil || o.Name != c.name || strings.Join(variables, "|") != c.variables {
			t.Errorf("%s: %+v, %v; want %s with %s: %s", c.document, o, err, c.name, c.variables, c.why)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		document, operation string
		line, col           int
		want                string
	}{
		{"{ events {\n  id\n", "", 3, 1, "Expected Name, found <EOF>"},
		{"query A {\n  a(x: ) }", "", 2, 8, "Unexpected )"},
		{"", "", 1, 1, "the document has no operation"},
		{"query A { a } query B { b }", "", 1, 1, "the document has 2 operations (A, B)"},
		{"query A { a }", "B", 1, 1, `the document has no operation "B" (it has A)`},
	} {
		_, err := graphql.Parse(c.document, c.operation)
		e, ok := errors.AsType[*graphql.Error](err)
		if !ok || e.Line != c.line || e.Col != c.col || !strings.Contains(e.Message, c.want) {
			t.Errorf("%q: %+v, want %d:%d %s", c.document, e, c.line, c.col, c.want)
		}
	}
}

package request_test

import (
	"fmt"
	"strings"
	"testing"

	"runner/runner/vu/vutest"
)

func TestGraphQLIsSentAsJSON(t *testing.T) {
	s := &server{}
	w, _ := once(t, s, "", `
      - post: /graphql
        graphql:
          query: |
            query Event($id: ID!, $full: Boolean) {
              event(id: $id) { name }
            }
          variables: { id: "e${vu.id}", full: true }
      - post: /graphql
        graphql: "{ events { id } }"
      - post: /graphql
        graphql: { query: "query A { a } query B { b }", operation: B }
        name: mine
`)
	for i, want := range []string{
		`{"query":"query Event($id: ID!, $full: Boolean) {\n  event(id: $id) { name }\n}\n","variables":{"id":"e1","full":true}}`,
		`{"query":"{ events { id } }"}`,
		`{"query":"query A { a } query B { b }","operationName":"B"}`,
	} {
		if _, body, _ := strings.Cut(s.sent[i], "\r\n\r\n"); body != want || s.header(i, "Content-Type") != "application/json" {
			t.Errorf("sent %s as %s, want %s", body, s.header(i, "Content-Type"), want)
		}
	}
	var names []string
	for _, step := range w.Layout.Steps {
		names = append(names, step.Name)
	}
	if got := strings.Join(names, "|"); got != "Event|POST /graphql|mine" {
		t.Errorf("series %s, want that of the operation's name", got)
	}
}

func TestErrorsOfGraphQLAreFailures(t *testing.T) {
	const two = `{"data":{"a":1},"errors":[{"message":"no such field"},{"message":"x"}]}`
	for _, c := range []struct {
		reply, errors string
		message       string // "": the request has not failed
		why           string
	}{
		{"200\n\n" + `{"data":{"a":1}}`, "", "", "data alone"},
		{"200\n\n" + `{"data":{"a":1},"errors":[]}`, "", "", "an empty list says nothing"},
		{"200\n\n" + two, "", "graphql error: no such field (and 1 more)", "errors are failures"},
		{"200\n\n" + two, "errors: fail", "graphql error: no such field (and 1 more)", "the default, written out"},
		{"200\n\n" + two, "errors: partial", "", "beside data they are none"},
		{"200\n\n" + `{"data":null,"errors":[{"message":"m"}]}`, "errors: partial", "graphql error: m", "without data they are"},
		{"200\n\n" + `{"errors":["text"]}`, "", "graphql error: text", "an error of another form"},
		{"200\n\n" + two, "errors: allow", "", "the author looks by himself"},
		{"200\n\n<html>", "", "graphql: the body is not valid JSON: it begins with \"<html>\"", "no GraphQL at all"},
		{"500\n\noops", "", "status 500 Internal Server Error: oops", "a status that is not expected says so itself"},
	} {
		s := &server{replies: map[string]string{"/g": c.reply}}
		w, _ := once(t, s, "", "      - post: /g\n        graphql: { query: '{ a }', "+c.errors+" }\n        on_failure: next_iteration\n      - get: /next\n")
		cut := w.Cut()
		failed := w.Value(cut, "http_req_failed", "", "", "passes")
		v := w.VU(t, 2)
		v.Strict = true
		got := fmt.Sprint(v.Once(0))
		if failed == 1 != (c.message != "") || w.Value(cut, "http_reqs", "", "", "count") == 2 != (c.message == "") {
			t.Errorf("%q with %s: %v failed, sent %q: %s", c.reply, c.errors, failed, s.lines(), c.why)
		}
		if c.message != "" && !strings.Contains(got, c.message) {
			t.Errorf("%q with %s: message %q, want %q: %s", c.reply, c.errors, got, c.message, c.why)
		}
	}
}

func TestWrongGraphQL(t *testing.T) {
	for _, c := range []struct{ graphql, want, why string }{
		{"{ query: '{ a' }", "Expected Name, found <EOF>", "a brace that stays open"},
		{"{ query: 'query A($x: Int!) { a(x: $x) }' }", "the operation needs the variable $x: Int!", "a variable without a value"},
		{"{ query: '{ a }', variables: { x: 1 } }", `the operation has no variable "x"`, "a variable that is not there"},
		{"{ query: 'query A { a } query B { b }' }", "the document has 2 operations", "which one?"},
		{"{ query: '{ a(x: \"${nam}\") }' }", `unknown name "nam"`, "a template"},
	} {
		_, problems := vutest.Try(t, scenario("      - post: /g\n        graphql: "+c.graphql+"\n"), over((&server{}).answer))
		if len(problems) != 1 || !strings.Contains(problems[0].Message, c.want) {
			t.Errorf("%s: %v, want one problem with %q: %s", c.graphql, problems, c.want, c.why)
		}
	}
}

func TestAMistakeInGraphQLIsShownAtItsPlace(t *testing.T) {
	_, problems := vutest.Try(t, scenario("      - post: /g\n        graphql: |\n          query A {\n            a(x: )\n          }\n"), over((&server{}).answer))
	if len(problems) != 1 || problems[0].Pos.Line != 11 || problems[0].Pos.Col != 18 {
		t.Errorf("%v, want one problem at 11:18", problems)
	}
}

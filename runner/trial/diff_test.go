package trial

import (
	"strings"
	"testing"

	"runner/spec/expr"
)

func TestUnified(t *testing.T) {
	for _, row := range []struct{ why, expected, actual, want string }{
		{"what is alike is left out", "a b c d e f g", "a b c d e f x", "@ …|  e|  f|- g|+ x"},
		{"a line more", "a c", "a b c", "  a|+ b|  c"},
		{"a line less", "a b c", "a c", "  a|- b|  c"},
		{"a comma is no difference", "a, b", "a b,", ""},
		{"two places far apart", "x 1 2 3 4 5 6 y", "X 1 2 3 4 5 6 Y", "- x|+ X|  1|  2|@ …|  5|  6|- y|+ Y"},
		{"nothing expected", "", "a", "- |+ a"},
	} {
		got := strings.Join(unified(strings.Split(row.expected, " "), strings.Split(row.actual, " ")), "|")
		if row.want == "" {
			if strings.ContainsAny(got, "-+") {
				t.Errorf("%s: %s", row.why, got)
			}
			continue
		}
		if got != row.want {
			t.Errorf("%s: got %s, want %s", row.why, got, row.want)
		}
	}
}

func TestAFalseCheckIsExplained(t *testing.T) {
	parts := []expr.Part{
		{Source: `json("a")`, Value: map[string]any{"n": int64(1)}},
		{Source: `json("a") == {n: 2}`, Value: false, Compared: true, ActualSource: `json("a")`, Actual: map[string]any{"n": int64(1), "token": "s3cret"}, ExpectedSource: `{n: 2}`, Expected: map[string]any{"n": int64(2)}},
		{Source: "status", Value: int64(200)},
		{Source: `schema("s.json")`, Value: false, Note: "at /a: one\nat /b: two"},
	}
	out := shownBy(t, func(l *listener) { l.Check("step", "right", false, nil, parts) })
	want := `  ✗ right
      json("a") == {n: 2} = false
      --- expected: {n: 2}
      +++ actual: json("a")
        {
      -   "n": 2
      +   "n": 1,
      +   "token": "***"
        }
      status = 200
      schema("s.json") = false
        at /a: one
        at /b: two
`
	if out != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}

func shownBy(t *testing.T, what func(*listener)) string {
	t.Helper()
	var b strings.Builder
	p := &Printer{Out: &b, MaxBody: 4096, Mask: func(s string) string { return strings.ReplaceAll(s, "s3cret", "***") }}
	what(&listener{Printer: p, write: p.print})
	return b.String()
}

func TestBranchesSpeakOneAfterTheOther(t *testing.T) {
	out := shownBy(t, func(l *listener) {
		one, two := l.Branch(1), l.Branch(2)
		two.Capture("b", "y", int64(2), false, nil)
		one.Capture("a", "x", int64(1), false, nil)
		one.Joined()
		two.Joined()
	})
	if want := "\n  branch 1\n  = x = 1\n\n  branch 2\n  = y = 2\n"; out != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

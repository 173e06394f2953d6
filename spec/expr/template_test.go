package expr

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"runner/spec"
)

func TestTemplates(t *testing.T) {
	tests := []struct {
		text string
		want any
		why  string
	}{
		{``, "", "nothing is an empty text"},
		{`plain`, "plain", "plain text"},
		{`1.10`, "1.10", "keeps its source"},
		{`${status}`, int64(200), "a lone expression keeps its type"},
		{`${json("user").tags}`, []any{"a", "b"}, "whatever it is"},
		{`${json("none")}`, nil, "also nothing"},
		{` ${status}`, " 200", "anything else makes it a text"},
		{`${status}${status}`, "200200", "two expressions too"},
		{`/users/${json("id")}/x`, "/users/7/x", "a text with a value in it"},
		{`$${status}`, "${status}", "an escaped template"},
		{`$$${status}`, "$${status}", "the escape is found first from the left"},
		{`$ {status} $x $`, "$ {status} $x $", "a dollar alone is a dollar"},
		{`${"}"}`, "}", "a brace in a text closes nothing"},
		{`${'\'}'}x`, "'}x", "nor behind an escaped quote"},
		{"${`}`}", "}", "nor in a raw text"},
		{`${ {a: {b: 1}}.a.b }`, int64(1), "braces nest"},
		{`${1 /* } */ + 1}`, int64(2), "nor in a comment"},
		{`a${1}b`, "a1b", "integers in digits"},
		{`a${1e21}b`, "a1e+21b", "floats as short as they can be"},
		{`a${0.1 + 0.2}b`, "a0.30000000000000004b", "but no shorter"},
		{`a${0.0001}b`, "a0.0001b", "and no exponent where digits are as clear"},
		{`a${1e-7}b`, "a1e-7b", "below a millionth there is one"},
		{`a${1500.0}b`, "a1500b", "without a fraction they look whole"},
		{`a${true}b`, "atrueb", "bools"},
		{`a${500ms}b`, "a500msb", "a duration has its unit"},
		{`${90s} ${1500ms} ${0ms} ${1us} ${-2h} ${1d}`, "1m30s 1.5s 0s 1µs -2h 24h", "in the form that durations are written in"},
		{`${duration}|${duration / 2}|${duration / 1ms}`, "123.5ms|61.75ms|123.5", "where it is known to be one"},
		{`a${now()}b`, "a2024-05-01T11:30:00.25Zb", "times as RFC 3339"},
		{`a${""}b`, "ab", "an empty text is one"},
		{`ü${"ö"}ä`, "üöä", "any characters"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			template, problems := CompileText(spec.Text{Value: tt.text}, everything(t))
			if len(problems) > 0 {
				t.Fatal(problems[0].Message)
			}
			got, err := template.Eval(machine(t))
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Fatalf("%s: got %#v, %v, want %#v", tt.why, got, err, tt.want)
			}
			want, textErr := Text(tt.want)
			b, err := template.Append([]byte("> "), machine(t))
			if (err == nil) != (textErr == nil) || err == nil && string(b) != "> "+want {
				t.Errorf("Append gives %q, %v, want %q", b, err, want)
			}
		})
	}
}

func TestBlockTemplates(t *testing.T) {
	for text, want := range map[string]any{"${status}\n": int64(200), "${status}\n\n": "200\n\n", "${status}": int64(200), "a ${status}\n": "a 200\n"} {
		template, _ := CompileText(spec.Text{Value: text, Block: true, Quoted: true}, everything(t))
		if got, err := template.Eval(machine(t)); got != want || err != nil {
			t.Errorf("%q in a block: got %#v, %v, want %#v", text, got, err, want)
		}
	}
	template, _ := CompileText(spec.Text{Value: "${status}\n", Quoted: true}, everything(t))
	if got, _ := template.Eval(machine(t)); got != "200\n" {
		t.Errorf("outside a block a final newline was written by the author: got %#v", got)
	}
}

func TestTemplateErrors(t *testing.T) {
	tests := []struct{ text, want, why string }{
		{`a ${json("none")}`, `nil has no text form`, "no <nil>"},
		{`a ${json("user")}`, `a map has no text form`, "no map[…]"},
		{`a ${json("items")}`, `a list has no text form`, "no […]"},
		{`a ${late}`, `"late" has no value yet`, "no undefined"},
		{`a ${json("missing")}`, `nothing at "missing"`, "none of the response either"},
	}
	for _, tt := range tests {
		template, problems := CompileText(spec.Text{Value: tt.text}, everything(t))
		if len(problems) > 0 {
			t.Fatal(problems[0].Message)
		}
		if _, err := template.Eval(machine(t)); err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), tt.text[4:8]) {
			t.Errorf("%s: got %v, want %q behind the expression", tt.why, err, tt.want)
		}
	}
}

func TestTemplateProblems(t *testing.T) {
	texts := []struct{ text, why string }{
		{"a ${status", "a template that stays open"},
		{"a ${\"}", "a text in it that stays open"},
		{"a ${}", "an empty one"},
		{"/users/${idd}/${stauts}", "a mistake in each"},
		{"${[1, 2]} x", "a list in a text"},
		{"${nil} x", "nothing in a text"},
		{"line\nline ${foo}\nline", "on another line"},
		{"ümläut ${foo}", "columns count characters"},
	}
	var b strings.Builder
	for _, tt := range texts {
		fmt.Fprintf(&b, "# %s\n", tt.why)
		_, problems := CompileText(spec.Text{Value: tt.text, Pos: spec.Pos{File: "plan.yaml", Line: 1, Col: 1}}, everything(t))
		if len(problems) == 0 {
			t.Errorf("%q is fine", tt.text)
		}
		showProblems(t, &b, tt.text, problems)
		b.WriteByte('\n')
	}
	golden(t, "testdata/templates.golden", b.String())
}

func TestTemplateConst(t *testing.T) {
	for text, want := range map[string]string{"": "", "a": "a", "a${1 + 1}b": "a2b", "${'x'}": "x", "$${a}": "${a}"} {
		template, _ := CompileText(spec.Text{Value: text}, everything(t))
		if got, ok := template.Const(); got != want || !ok || !template.Constant() {
			t.Errorf("%q: got %q, %v, want %q", text, got, ok, want)
		}
	}
	for text, constant := range map[string]bool{"${vars.base}/x": true, "${token}": false, "${uuid()}": false, "x${nil}": false} {
		template, _ := CompileText(spec.Text{Value: text}, everything(t))
		if template == nil {
			continue
		}
		if _, ok := template.Const(); ok || template.Constant() != constant {
			t.Errorf("%q: is a constant, or Constant is %v", text, template.Constant())
		}
	}
}

func TestTemplateSeries(t *testing.T) {
	template, _ := CompileText(spec.Text{Value: "/users/${token}/x?y=${status}$${z}"}, everything(t))
	if got := template.Plain(func(source string) string { return "{" + source + "}" }); got != "/users/{token}/x?y={status}${z}" {
		t.Errorf("got %s", got)
	}
	if template.Lone() != nil || !template.NeedsResponse() || strings.Join(template.Reads(), " ") != "token" {
		t.Errorf("reads %v, needs the response: %v", template.Reads(), template.NeedsResponse())
	}
}

func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{90 * time.Second: "1m30s", 2 * time.Hour: "2h", 500 * time.Millisecond: "500ms", time.Minute: "1m", 0: "0s", 30 * time.Second: "30s", 90 * time.Minute: "1h30m"} {
		if got, err := Text(d); got != want || err != nil {
			t.Errorf("%v: got %s, %v, want %s", int64(d), got, err, want)
		}
	}
}

package expr

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"runner/spec"
)

// inRange fails if a problem points outside of its source.
func inRange(t *testing.T, source string, problems spec.Problems) {
	t.Helper()
	lines := strings.Split(source, "\n")
	for _, p := range problems {
		if p.Message == "" || p.Width < 1 || p.Pos.Line < 1 || p.Pos.Line > len(lines) {
			t.Fatalf("%q: %+v", source, p)
		}
		if n := utf8.RuneCountInString(lines[p.Pos.Line-1]); p.Pos.Col < 1 || p.Pos.Col > max(n, 1)+1 {
			t.Fatalf("%q: column %d of %d", source, p.Pos.Col, n)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, w := range wrong {
		f.Add(w.source)
	}
	for _, s := range []string{`filter(json("items"), .price > 5 && #.name != nil)`, `let x = 1; {a: x, "b": [x, 5ms]}`, `json("a")?.b[1:2] ?? 3`, `if a {1} else if b {2} else {3}`, `::now()`, `a | b(c) | map(#)`, `not in`, `1..2..3`, `"\u{1F600}" + b'\xff'`, strings.Repeat("!", 5000) + "true", strings.Repeat("-", 5000) + "1", strings.Repeat("1**", 3000) + "1", strings.Repeat("a?b:", 1000) + "c", strings.Repeat("let a = 1;", 500) + "1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		// A source that takes for ever would not be reported by the fuzzer: it would just stand still.
		watch := time.AfterFunc(20*time.Second, func() { panic("endless: " + source) })
		defer watch.Stop()
		pos := spec.Pos{File: "p", Line: 1, Col: 1}
		p, problems := Compile(spec.Expr{Source: source, Pos: pos}, everything(t), Any)
		if (p == nil) != (len(problems) > 0) {
			t.Fatalf("%q: a program and problems, or neither", source)
		}
		inRange(t, source, problems)
		for _, problem := range problems {
			if problem.Message == "this expression cannot be compiled" {
				t.Fatalf("%q made the compiler panic", source)
			}
			if strings.ContainsAny(problem.Message, "\n") || strings.Contains(problem.Message, "interface {}") || strings.Contains(problem.Message, "$vm") {
				t.Fatalf("%q: %s", source, problem.Message)
			}
		}
		if p != nil {
			_, err := p.Eval(machine(t))
			if err != nil && strings.Contains(err.Error(), "a function failed") {
				t.Fatalf("%q: %v", source, err)
			}
			p.Parts(machine(t))
		}
	})
}

func FuzzCompileText(f *testing.F) {
	for _, s := range []string{"a ${token} b", "$${x}", "${", "${\"}\"}", "${{a: {b: 1}}}", "${`", "${/*", "${a}${b}\n${c}", "$$$${x}"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, text string, block bool) {
		template, problems := CompileText(spec.Text{Value: text, Pos: spec.Pos{File: "p", Line: 1, Col: 1}, Block: block}, everything(t))
		if (template == nil) != (len(problems) > 0) {
			t.Fatalf("%q: a template and problems, or neither", text)
		}
		inRange(t, text, problems)
		if template == nil {
			return
		}
		if !strings.Contains(text, "${") && utf8.ValidString(text) {
			if got, ok := template.Const(); !ok || got != text {
				t.Fatalf("a text without templates changed: %q is %q", text, got)
			}
		}
		b, err := template.Append(nil, machine(t))
		if err == nil && strings.Contains(string(b), "<nil>") && !strings.Contains(text, "nil") {
			t.Fatalf("%q gave %q", text, b)
		}
	})
}

// Whatever the scanner replaces, every other character stays where it was.
func FuzzMask(f *testing.F) {
	for _, s := range []string{"500ms", "a.5s", "1%3 1% ", "'5s' 5s", "/* 5s */ 5s // 5s", "1m30s<10/s", "0x5s", "1e3ms", "64KiB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		m, flaw := mask(source)
		if flaw != nil {
			if flaw.from < 0 || flaw.to <= flaw.from || flaw.from > len([]rune(source)) {
				t.Fatalf("%q: %+v", source, flaw)
			}
			return
		}
		before, after := []rune(source), []rune(m.text)
		if len(before) != len(after) {
			t.Fatalf("%q became %q: positions moved", source, m.text)
		}
		resolver := resolver{masked: m}
		if back := resolver.unmask(m.text); back != string(before) {
			t.Fatalf("%q became %q, and that %q", source, m.text, back)
		}
	})
}

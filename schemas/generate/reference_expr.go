package main

import (
	"strings"

	"runner/spec/expr"
)

// expressions writes what can stand in expressions and templates.
func (r *reference) expressions() {
	r.text("## Expressions",
		"`check`, `capture`, `if` and conditions of thresholds are expressions of [expr-lang](https://expr-lang.org/docs/language-definition). Every other value is text with templates: `${expression}`; `$${` is a literal `${`. A value that is exactly one template keeps the expression's type.",
		"Units are written: `500ms`, `1m30s`, `1%`, `10/s`, `64KiB`. Values of different types can't be compared: that ends the iteration as failed, it is not false. Every name must exist before the run.")
	r.line("| name | where | value |\n|---|---|---|")
	for _, w := range expr.Words() {
		if !w.Response {
			r.line("| %s | %s | %s |", w.Written, w.Where, w.Doc)
		}
	}
	r.line("")
	r.text("In `check` and `capture` these are short for `response.…`:")
	r.line("| name | value |\n|---|---|")
	for _, w := range expr.Words() {
		if w.Response {
			r.line("| %s | %s |", w.Written, w.Doc)
		}
	}
	r.line("")
	r.functions()
}

// functions lists our own functions by category, and fake.* by name alone.
func (r *reference) functions() {
	r.text("### Functions", "Besides those of expr-lang (`len`, `filter`, `map`, `upper`, `split`, …). Random values come from the run's seed, so `--seed` repeats them.")
	r.line("| function | | example |\n|---|---|---|")
	var fakes []string
	for _, f := range expr.Functions() {
		if name, ok := strings.CutPrefix(f.Signature, "fake."); ok {
			name, _, _ = strings.Cut(name, "(")
			fakes = append(fakes, "`"+name+"`")
			continue
		}
		r.line("| `%s` | %s | `%s` |", f.Signature, cell(f.Doc), cell(f.Example))
	}
	r.line("")
	r.text("Fake data, as in `fake.email()`; every value is made up: " + strings.Join(fakes, " ") + ".")
}

package main

import (
	"strings"

	"runner/spec/expr"
)

// operators are those that plans use, as a table for people.
var operators = [][2]string{
	{"`==` `!=` `<` `<=` `>` `>=`", "`status == 200`, `duration < 500ms`; lists and maps: `json(\"tags\") == [\"a\", \"b\"]`"},
	{"`and` `or` `not`", "`status == 200 and not has(\"error\")`"},
	{"`in`, `contains` `startsWith` `endsWith` `matches`", "`status in [200, 201]`, `body contains \"Welcome\"`, `url matches \"/orders/[0-9]+$\"`"},
	{"`+` `-` `*` `/` `%` `**`", "`json(\"total\") == 2 * price`; `+` joins texts, and numbers become texts with `string(n)`"},
	{"`? :`, `??`", "`json(\"n\") > 1 ? \"many\" : \"one\"`; `a ?? b` is `b` where `a` is nil"},
	{"lists", "`len(json(\"lines\"))`, `all(json(\"lines\"), .quantity > 0)`, `filter(…)`, `map(json(\"lines\"), .sku)`, `json(\"lines\")[0]`"},
	{"paths of `json`", "`json(\"user.name\")`, `json(\"lines.0.sku\")`, `json(\"lines.#\")` is how many, `json(\"lines.#.sku\")` all of them"},
}

// expressions writes what can stand in expressions and templates.
func (r *reference) expressions() {
	r.text("## Expressions",
		"`check`, `capture`, `if`, `until`, `while` and conditions of thresholds are expressions of [expr-lang](https://expr-lang.org/docs/language-definition). Every other value is text with templates: `${expression}`; `$${` is a literal `${`. A value that is exactly one template keeps the expression's type.",
		"Units are written: `500ms`, `1m30s`, `1%`, `10/s`, `64KiB`. Values of different types can't be compared: that ends the iteration as failed, it is not false. Every name must exist before the run.")
	r.text("Names (of variables, captures, data, flows' inputs) are letters, digits and `_`; words that stand in the tables here, and those of expr-lang, are taken.")
	r.line("| operator | example |\n|---|---|")
	for _, o := range operators {
		r.line("| %s | %s |", o[0], o[1])
	}
	r.line("")
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

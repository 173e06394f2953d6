package lsp

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// target is what a place is about: what it means, and where it was defined.
type target struct {
	at   part
	doc  string
	def  *definition
	file string // a file that the place names
	col  *column
}

// hover says what the word under the cursor means.
func (v *view) hover() any {
	t := v.target()
	if t == nil {
		return nil
	}
	doc := t.doc
	if t.def != nil {
		doc = t.def.describe(v)
	}
	if t.col != nil {
		doc = fmt.Sprintf("**%s** · column of `%s`", t.col.name, filepath.Base(t.col.doc.path))
	}
	if doc == "" {
		return nil
	}
	return hovered{Contents: markdown(doc), Range: v.doc.span(t.at.line, t.at.from, t.at.to)}
}

// target finds what the cursor is on; nil if that is nothing known.
func (v *view) target() *target {
	p := v.place
	if p.on == nil {
		return nil
	}
	if p.key {
		return v.keyTarget()
	}
	whole := isExpression(v.valueForms())
	if _, ok := p.expression(whole); ok {
		if metric, judged := v.inThresholds(); judged && whole {
			return v.aggregate(metric)
		}
		return v.nameTarget()
	}
	return v.valueTarget()
}

// keyTarget is about a key: a word of the language, or a name.
func (v *view) keyTarget() *target {
	i := v.place.on
	t := &target{at: i.keyAt}
	in := v.container()
	switch {
	case in != nil && in.key == "emit":
		return v.metric(i.key, i.keyAt)
	case in != nil && in.key == "thresholds" && i.parent == in: // in a list stand long forms
		return v.selectorTarget(i)
	case in != nil && in.key == "with":
		return t.defined(v.index.find("inputs", i.key, v.called(in.parent)))
	}
	for _, w := range v.s.words.keysOf(i.parent) {
		if w.key == i.key {
			t.doc = "**" + i.key + "** · " + v.s.words.kindOf(w.schema) + "\n\n" + v.s.words.help(w.schema)
			return t
		}
	}
	for k := range v.index.all {
		if d := &v.index.all[k]; d.at == i {
			return t.defined(d)
		}
	}
	return v.nameOf(t, in)
}

// nameOf is about a key that is a name of the author's: it is what its map holds.
func (v *view) nameOf(t *target, in *item) *target {
	if in == nil || in.parent == nil {
		return nil
	}
	for _, w := range v.s.words.keysOf(in.parent) {
		if w.key == in.key {
			t.doc = "**" + v.place.on.key + "** in **" + in.key + "**\n\n" + v.s.words.help(w.schema)
			return t
		}
	}
	return nil
}

// called is the flow that a call or a share of a mix names.
func (v *view) called(step *item) *item {
	for _, word := range []string{"call", "flow"} {
		if d := v.index.find("flows", valueOf(step.child(word)), nil); d != nil {
			return d.at
		}
	}
	return nil
}

func (t *target) defined(d *definition) *target {
	if t.def = d; d == nil {
		return nil
	}
	return t
}

// metric is about a metric by its name.
func (v *view) metric(name string, at part) *target {
	if m, ok := builtinMetric(name); ok {
		unit := m.Unit
		if unit != "" {
			unit = " in " + unit
		}
		return &target{at: at, doc: fmt.Sprintf("**%s** · %s%s\n\n%s", m.Name, m.Type, unit, m.Doc)}
	}
	return (&target{at: at}).defined(v.index.find("metrics", name, nil))
}

// selectorTarget is about metric{tag=value}, as a key.
func (v *view) selectorTarget(i *item) *target {
	metric, rest, braced := strings.Cut(i.key, "{")
	end := i.keyAt.from + len([]rune(metric))
	if v.doc.line(i.keyAt.line)[i.keyAt.from] == '"' {
		end++
	}
	if !braced || v.place.column <= end {
		return v.metric(metric, i.keyAt)
	}
	for _, one := range strings.Split(strings.TrimSuffix(rest, "}"), ",") {
		tag, value, _ := strings.Cut(one, "=")
		record := tagRecords()[strings.Trim(tag, " !")]
		value = strings.Trim(value, " ~'\"}")
		if d := v.index.find(record, value, nil); d != nil && strings.Contains(string(v.doc.line(i.keyAt.line)), value) {
			return (&target{at: i.keyAt}).defined(d)
		}
	}
	return nil
}

func tagRecords() map[string]string {
	return map[string]string{"scenario": "scenarios", "step": "steps", "stage": "stages", "flow": "flows", "check": "checks", "group": "groups"}
}

// aggregate is about a word of a condition.
func (v *view) aggregate(metric string) *target {
	parts, at := v.chain(true)
	word := parts[len(parts)-1]
	aggregates, _ := v.layout().Words(metric)
	if !slices.Contains(aggregates, word) && word != "baseline" && !strings.HasPrefix(word, "p") || word == "" {
		return nil
	}
	t := v.metric(metric, at)
	if t != nil && t.doc != "" {
		t.doc = "**" + word + "** of " + strings.TrimPrefix(t.doc, "**")
		t.doc = strings.Replace(t.doc, "** ·", " ·", 1)
	}
	return t
}

// nameTarget is about a name in an expression.
func (v *view) nameTarget() *target {
	parts, at := v.chain(true)
	name := parts[len(parts)-1]
	if name == "" {
		return nil
	}
	t := &target{at: at}
	if len(parts) == 1 {
		for _, record := range []string{"elements", "inputs", "captures"} {
			if d := v.index.find(record, name, v.owner); d != nil {
				return t.defined(d)
			}
		}
		return v.builtin(t, name)
	}
	switch parts[0] {
	case "env", "vars", "gen", "data", "setup", "services":
		if len(parts) == 2 {
			return t.defined(v.index.find(parts[0], name, v.owner))
		}
		return v.member(t, parts)
	case "response":
		return v.builtin(t, name)
	}
	return v.builtin(t, strings.Join(parts, "."))
}

// member is about what stands below a record's member: a column, the address of a service.
func (v *view) member(t *target, parts []string) *target {
	if parts[0] == "services" {
		t.doc = "the service's " + parts[len(parts)-1]
		return t
	}
	if parts[0] != "data" || len(parts) != 3 {
		return nil
	}
	for _, c := range v.index.columns(&v.s.files, parts[1]) {
		if c.name == parts[2] {
			t.col = &c
			return t
		}
	}
	return nil
}

// builtin is about a function or a name that every expression has.
func (v *view) builtin(t *target, name string) *target {
	if f, ok := function(name); ok {
		t.doc = fmt.Sprintf("```\n%s\n```\n%s\n\nFor example `%s`.", f.Signature, f.Doc, f.Example)
		return t
	}
	if w, ok := wordOf(name); ok {
		t.doc = "**" + name + "** · " + w.Written + "\n\n" + w.Doc
		return t
	}
	return nil
}

// valueTarget is about a value that is no expression: a name from elsewhere, a file, or a word of its key.
func (v *view) valueTarget() *target {
	i := v.place.on
	t := &target{at: i.valueAt}
	switch key := v.key(); key {
	case "call", "flow":
		return t.defined(v.index.find("flows", i.value, nil))
	case "after":
		return t.defined(v.index.find("scenarios", i.value, nil))
	case "stage":
		return t.defined(v.index.find("stages", i.value, nil))
	case "metric":
		metric, _, _ := strings.Cut(i.value, "{")
		return v.metric(metric, i.valueAt)
	case "include", "file", "ca", "cert", "pkcs12":
		t.file = beside(v.doc.path, i.value)
		t.doc = "`" + i.value + "`"
		return t
	default:
		if d := v.index.find(tagRecords()[key], i.value, nil); d != nil && v.container() != nil && v.container().key == "where" {
			return t.defined(d)
		}
	}
	if words, _ := values(v.valueForms()); slices.Contains(words, i.value) {
		t.doc = v.s.words.wordDoc(v.valueForms(), i.value)
		return t
	}
	return nil
}

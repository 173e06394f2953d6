package lsp

import (
	"path/filepath"
	"slices"
	"strings"
)

// offers collects completions for one place.
type offers struct {
	v     *view
	items []completion
	where span
}

func (o *offers) add(label string, kind int, detail, doc string) *completion {
	c := completion{Label: label, Kind: kind, Detail: detail, InsertFormat: plainText, TextEdit: textEdit{o.where, label}}
	if doc != "" {
		m := markdown(doc)
		c.Documentation = &m
	}
	o.items = append(o.items, c)
	return &o.items[len(o.items)-1]
}

// complete is what may be written at a place.
func (v *view) complete() any {
	o := &offers{v: v, where: v.here(v.place.from)}
	if v.place.key {
		o.keys()
		if v.place.on == nil || v.place.on.kind == looseItem {
			o.maybeValue()
		}
	} else {
		o.value()
		if on := v.place.on; on != nil && on.kind == listItem && on.flow == 0 { // a key whose colon is not there yet
			o.keysOf(on, "")
		}
	}
	if o.items == nil {
		o.items = []completion{}
	}
	return completions{Items: o.items}
}

// maybeValue is for a place behind a dash, where the entry of a list begins: it may be a value as well.
func (o *offers) maybeValue() {
	if o.v.place.in.kind == listItem {
		forms := o.v.s.words.forms(o.v.place.in)
		o.places(o.v.key())
		o.words(forms)
	}
}

// keys are the words that may stand in a map.
func (o *offers) keys() {
	in, v := o.v.place.in, o.v
	dash := ""
	if v.place.dash || v.listOnly(in) {
		if in.kind == listItem {
			in = in.parent
		}
		in, dash = &item{kind: listItem, parent: in}, "- "
	}
	if o.names(v.container()) {
		return
	}
	o.keysOf(in, dash)
}

// keysOf offers the words of a map that are not there yet.
func (o *offers) keysOf(in *item, dash string) {
	v := o.v
	verb := slices.ContainsFunc(in.children, func(c *item) bool { return c != v.place.on && c.key != "if" && slices.Contains(v.s.words.verbs, c.key) })
	for _, w := range v.s.words.keysOf(in) {
		if c := in.child(w.key); c != nil && c != v.place.on || verb && slices.Contains(v.s.words.verbs, w.key) && w.key != "if" {
			continue
		}
		detail := v.s.words.kindOf(w.schema)
		if w.required {
			detail = "required · " + detail
		}
		c := o.add(w.key, kindProperty, detail, v.s.words.help(w.schema))
		c.TextEdit.NewText, c.InsertFormat = dash+o.snippet(w, in), snippetText
		if w.required {
			c.SortText = "0" + w.key
		}
		if v.place.on != nil && v.place.on.kind == keyItem { // the colon is there already
			c.TextEdit.NewText, c.InsertFormat = w.key, plainText
		}
	}
}

// listOnly tells whether a place without entries takes a list alone.
func (v *view) listOnly(in *item) bool {
	if len(in.children) > 0 || in.flow != 0 || in.kind != keyItem {
		return false
	}
	list, other := false, false
	for _, f := range v.s.words.forms(in) {
		switch f.schema["type"] {
		case "array":
			list = true
		case "object":
			other = true
		}
	}
	return list && !other
}

// names are the keys of a map that are names from elsewhere in the plan; true: there can be no others.
func (o *offers) names(in *item) bool {
	if in == nil {
		return false
	}
	switch in.key {
	case "emit":
		o.definitions("metrics", kindVariable, ": ")
	case "thresholds":
		if before, tag, ok := strings.Cut(o.v.place.written(), "{"); ok {
			o.selector(before, tag)
			return true
		}
		o.metrics(": ")
	case "where":
		for _, tag := range o.tags() {
			o.add(tag, kindField, "tag", "").TextEdit.NewText = tag + ": "
		}
	case "with":
		step := in.parent
		for _, word := range []string{"call", "flow"} {
			if flow := o.v.index.find("flows", valueOf(step.child(word)), nil); flow != nil {
				o.inputs(flow)
			}
		}
	}
	return false
}

func valueOf(i *item) string {
	if i == nil {
		return ""
	}
	return i.value
}

func (o *offers) inputs(flow *definition) {
	inputs := flow.at.child("inputs")
	if inputs == nil {
		return
	}
	for _, i := range inputs.children {
		o.add(i.key, kindField, "input of "+flow.name, valueOf(i.child("description"))).TextEdit.NewText = i.key + ": "
	}
}

// definitions offers the names of a record.
func (o *offers) definitions(record string, kind int, after string) {
	for _, d := range o.v.index.named(record, o.v.owner) {
		o.add(d.name, kind, d.kindName(), d.describe(o.v)).TextEdit.NewText = d.name + after
	}
}

// value is what may stand behind a key.
func (o *offers) value() {
	v := o.v
	forms := v.valueForms()
	if before, ok := v.place.expression(isExpression(forms)); ok {
		if metric, judged := v.inThresholds(); judged && !strings.Contains(before, "${") {
			o.condition(metric)
			return
		}
		o.expression(forms)
		return
	}
	o.places(v.key())
	o.words(forms)
}

// words offers the values that the schema knows.
func (o *offers) words(forms []form) {
	words, examples := values(forms)
	for _, w := range words {
		o.add(w, kindValue, "", "")
	}
	for _, e := range examples {
		if !slices.Contains(words, e) && !strings.ContainsAny(e, "\n") {
			o.add(e, kindValue, "for example", "")
		}
	}
}

// places offers names from elsewhere, for words that take them.
func (o *offers) places(key string) {
	switch key {
	case "call", "flow":
		o.definitions("flows", kindFunction, "")
	case "after":
		o.definitions("scenarios", kindModule, "")
	case "stage":
		o.definitions("stages", kindValue, "")
	case "metric":
		o.metrics("")
	case "include":
		o.files(".yaml", ".yml")
	case "file":
		o.files()
	case "ca", "cert", "key", "pkcs12":
		o.files(".pem", ".crt", ".key", ".p12", ".pfx")
	}
	if in := o.v.container(); in != nil && in.key == "where" {
		o.tagValues(key)
	}
}

// files offers what lies beside the document, below the folder that is written already.
func (o *offers) files(endings ...string) {
	written := o.v.place.written()
	folder := written[:strings.LastIndexByte(written, '/')+1]
	o.where = o.v.here(o.v.place.from + len([]rune(folder)))
	for _, name := range near(beside(o.v.doc.path, folder)) {
		if strings.HasSuffix(name, "/") || endings == nil || slices.Contains(endings, filepath.Ext(name)) {
			o.add(name, kindFile, "", "")
		}
	}
}

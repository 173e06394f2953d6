package lsp

import (
	"slices"
	"strings"

	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/spec"
	"runner/spec/expr"
)

// expression offers what an expression may go on with.
func (o *offers) expression(forms []form) {
	parts, at := o.v.chain(false)
	o.where = o.v.here(at.from)
	if len(parts) > 1 {
		o.members(parts[:len(parts)-1])
		return
	}
	response := isExpression(forms) && o.reads()
	for _, w := range expr.Words() {
		if !w.Response || response {
			o.word(w)
		}
	}
	words := len(o.items)
	for _, record := range []string{"captures", "elements"} {
		o.definitions(record, kindVariable, "")
	}
	if o.v.owner != nil {
		for _, d := range o.v.index.named("inputs", o.v.owner) {
			if d.owner == o.v.owner {
				o.add(d.name, kindVariable, d.kindName(), d.describe(o.v))
			}
		}
	}
	names := len(o.items)
	o.functions("")
	for i := range o.items { // the plan's own names first, then the language's, then functions
		rank := "0"
		if i < words {
			rank = "1"
		} else if i >= names {
			rank = "2"
		}
		o.items[i].SortText = rank + o.items[i].Label
	}
}

// word offers the names that a word of the language is about; of a record the record.
func (o *offers) word(w expr.Word) {
	for _, name := range w.Names() {
		name, _, _ = strings.Cut(name, ".")
		if slices.ContainsFunc(o.items, func(c completion) bool { return c.Label == name }) {
			continue
		}
		c := o.add(name, kindField, w.Where, w.Doc)
		if w.Call != "" {
			c.Detail = w.Call
			c.TextEdit.NewText, c.InsertFormat = name+"($1)", snippetText
		}
	}
}

// reads tells whether the short names of a response can be read at the place.
func (o *offers) reads() bool {
	for i := o.v.place.on; i != nil; i = i.parent {
		switch i.key {
		case "check", "capture", "until", "retry":
			return true
		}
	}
	return false
}

// functions offers those of a group: "" or fake.
func (o *offers) functions(group string) {
	for _, f := range expr.Functions() {
		name, _, _ := strings.Cut(f.Signature, "(")
		in, short, dotted := strings.Cut(name, ".")
		if !dotted {
			in, short = "", name
		}
		if in != group {
			continue
		}
		c := o.add(short, kindFunction, f.Signature, f.Doc+"\n\n`"+f.Example+"`")
		c.TextEdit.NewText, c.InsertFormat = short+"($1)", snippetText
		if strings.HasSuffix(f.Signature, "()") {
			c.TextEdit.NewText, c.InsertFormat = short+"()", plainText
		}
	}
}

// members offers what a record has.
func (o *offers) members(of []string) {
	switch record := of[0]; {
	case record == "data" && len(of) == 2:
		for _, c := range o.v.index.columns(&o.v.s.files, of[1]) {
			o.add(c.name, kindField, "column of "+of[1], "")
		}
	case record == "services" && len(of) == 2:
		o.add("url", kindField, "address of the service", "")
		o.add("port", kindField, "port of the service", "")
	case record == "fake":
		o.functions("fake")
	case record == "response" || record == "steps" && len(of) == 2:
		for _, w := range expr.Words() {
			if w.Response {
				o.word(w)
			}
		}
	case record == "steps":
		for _, d := range o.v.index.named("steps", o.v.owner) {
			o.add(strings.Map(wordOnly, d.name), kindField, d.name, "")
		}
	case len(of) > 1:
	case record == "env", record == "vars", record == "gen", record == "data", record == "setup", record == "services":
		o.definitions(record, kindVariable, "")
	default:
		for _, w := range expr.Words() {
			for _, name := range w.Names() {
				if member, ok := strings.CutPrefix(name, record+"."); ok && strings.ToLower(member) == member {
					o.add(member, kindField, "", w.Doc)
				}
			}
		}
	}
}

// wordOnly writes a step's name as expressions can: with _ for what a name can't hold.
func wordOnly(r rune) rune {
	if isWord(r) {
		return r
	}
	return '_'
}

// metrics offers all metrics.
func (o *offers) metrics(after string) {
	for _, m := range spec.BuiltinMetrics() {
		o.add(m.Name, kindVariable, m.Type, m.Doc).TextEdit.NewText = m.Name + after
	}
	o.definitions("metrics", kindVariable, after)
}

// condition offers the aggregates of a metric.
func (o *offers) condition(metric string) {
	_, at := o.v.chain(false)
	o.where = o.v.here(at.from)
	aggregates, _ := o.v.layout().Words(metric)
	for _, a := range aggregates {
		o.add(a, kindField, "of "+metric, "")
	}
	o.add("baseline", kindKeyword, "the same of the result that --baseline names", "")
}

// tags are those that thresholds of the metric around the place may select.
func (o *offers) tags() []string {
	metric, _ := o.v.inThresholds()
	_, tags := o.v.layout().Words(metric)
	return tags
}

// selector completes metric{tag=value, …}: written is what stands behind the brace.
func (o *offers) selector(metric, written string) {
	entry := written[strings.LastIndexByte(written, ',')+1:]
	tag, value, inValue := strings.Cut(entry, "=")
	if inValue {
		value = strings.TrimLeft(value, "~ '\"")
		o.where = o.v.here(o.v.place.column - len([]rune(value)))
		o.tagValues(strings.Trim(tag, " !"))
		return
	}
	o.where = o.v.here(o.v.place.column - len([]rune(strings.TrimLeft(entry, " "))))
	_, tags := o.v.layout().Words(metric)
	for _, t := range tags {
		o.add(t, kindField, "tag", "").TextEdit.NewText = t + "="
	}
}

// tagValues offers the values that the plan gives a tag.
func (o *offers) tagValues(tag string) {
	if record := tagRecords()[tag]; record != "" {
		o.definitions(record, kindValue, "")
		return
	}
	values := metrics.TagValues(tag)
	if tag == "class" {
		values = protocol.Classes()[1:]
	}
	for _, value := range values {
		o.add(value, kindValue, "", "")
	}
	for _, d := range o.v.index.all {
		if d.record == "tags" && d.name == tag && d.at.value != "" && !strings.Contains(d.at.value, "${") {
			o.add(d.at.value, kindValue, "", "")
		}
	}
}

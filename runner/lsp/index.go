package lsp

import (
	"cmp"
	"slices"
	"strings"
)

// definition is a name of a plan and where it stands.
type definition struct {
	record string // vars, env, gen, data, setup, services, flows, metrics, scenarios, inputs, captures, elements, steps, stages, tags, checks, groups
	name   string
	doc    *document
	at     *item // the entry
	part   part  // the name itself
	owner  *item // the scenario or flow that it belongs to; nil: the plan
}

// index is every name of a document and of what it includes.
type index struct {
	all  []definition
	docs []*document
}

// most files that are looked at, as spec has it.
const mostFiles = 64

// indexOf collects the names of a document and its includes. Nearer definitions come first: the file's own win.
func indexOf(f *files, doc *document) *index {
	x := &index{}
	x.add(f, doc)
	slices.Reverse(x.docs)
	for _, d := range x.docs {
		x.names(d)
	}
	return x
}

// add takes what a document includes, then the document.
func (x *index) add(f *files, doc *document) {
	if doc == nil || len(x.docs) >= mostFiles || slices.ContainsFunc(x.docs, func(d *document) bool { return d.path == doc.path }) {
		return
	}
	x.docs = append(x.docs, doc)
	mine := len(x.docs) - 1
	for _, i := range included(doc) {
		x.add(f, f.read(beside(doc.path, i.value)))
	}
	x.docs = append(append(x.docs[:mine:mine], x.docs[mine+1:]...), doc) // after what it includes
}

// included are the entries of include.
func included(doc *document) []*item {
	i := doc.root.child("include")
	if i == nil {
		return nil
	}
	if i.value != "" {
		return []*item{i}
	}
	return slices.DeleteFunc(slices.Clone(i.children), func(c *item) bool { return c.kind != listItem || c.value == "" })
}

// records are the maps at the top whose keys are names, and what expressions call them.
func records() map[string]string {
	return map[string]string{"vars": "vars", "env": "env", "generators": "gen", "data": "data", "services": "services", "flows": "flows", "metrics": "metrics", "scenarios": "scenarios"}
}

func (x *index) names(d *document) {
	roots := []*item{d.root}
	if p := d.root.child("profiles"); p != nil {
		roots = append(roots, p.children...)
	}
	for _, root := range roots {
		for _, section := range root.children {
			if record := records()[section.key]; record != "" {
				for _, c := range section.children {
					x.define(d, record, c, nil)
				}
			}
		}
	}
	d.root.walk(func(i *item) { x.inside(d, i) })
}

func (x *index) define(d *document, record string, i, owner *item) {
	if i.kind == keyItem && i.key != "" {
		x.all = append(x.all, definition{record, i.key, d, i, i.keyAt, owner})
	}
}

// inside takes the names that steps define, wherever they stand.
func (x *index) inside(d *document, i *item) {
	owner := ownerOf(i)
	value := func(record string) {
		if i.value != "" {
			x.all = append(x.all, definition{record, i.value, d, i, i.valueAt, owner})
		}
	}
	switch i.key {
	case "capture", "set":
		for _, c := range i.children {
			x.define(d, "captures", c, owner)
			if owner != nil && owner.key == "setup" {
				x.define(d, "setup", c, owner)
			}
		}
	case "inputs":
		for _, c := range i.children {
			x.define(d, "inputs", c, owner)
		}
	case "tags":
		for _, c := range i.children {
			x.define(d, "tags", c, owner)
		}
	case "check":
		for _, c := range i.children {
			x.define(d, "checks", c, owner)
		}
	case "as", "index":
		value("elements")
	case "group":
		value("groups")
	case "name":
		if i.parent.kind == listItem && i.parent.parent != nil && i.parent.parent.key == "stages" {
			value("stages")
		} else if i.parent.kind == listItem {
			value("steps")
		}
	case "vars":
		if owner != nil {
			for _, c := range i.children {
				x.define(d, "vars", c, owner)
			}
		}
	}
}

// ownerOf is the scenario, the flow or the phase around an item; nil at the top of the plan.
func ownerOf(i *item) *item {
	for ; i != nil && i.parent != nil; i = i.parent {
		if i.parent.kind == rootItem && (i.key == "setup" || i.key == "teardown") {
			return i
		}
		if s := i.parent; (s.key == "scenarios" || s.key == "flows") && i.kind == keyItem {
			return i
		}
	}
	return nil
}

// find is the definition of a name that a place would read: one of its own scenario before the plan's. A flow's names may
// be read by whoever calls it, so another owner is better than none.
func (x *index) find(record, name string, owner *item) *definition {
	var best *definition
	for k := range x.all {
		d := &x.all[k]
		if d.record != record || d.name != name {
			continue
		}
		if d.owner == owner {
			return d
		}
		if best == nil {
			best = d
		}
	}
	return best
}

// named lists the names of a record, each once, sorted.
func (x *index) named(record string, owner *item) []*definition {
	seen := map[string]bool{}
	var list []*definition
	for k := range x.all {
		if d := &x.all[k]; d.record == record && !seen[d.name] {
			seen[d.name] = true
			list = append(list, x.find(record, d.name, owner))
		}
	}
	slices.SortFunc(list, func(a, b *definition) int { return cmp.Or(strings.Compare(a.name, b.name)) })
	return list
}

// column is a column of a feeder's file, and where it is named.
type column struct {
	name string
	doc  *document
	part part
}

// columns are those of a feeder: the header of a CSV file, the keys of the first row of a JSON file.
func (x *index) columns(f *files, feeder string) []column {
	d := x.find("data", feeder, nil)
	if d == nil || d.at.child("file") == nil {
		return nil
	}
	file := d.at.child("file").value
	path := beside(d.doc.path, file)
	if strings.HasSuffix(file, ".gz") || file == "" {
		return nil
	}
	text, ok := head(path, 64<<10)
	if open := f.document(path); open != nil {
		text, ok = []byte(open.text), true
	}
	if !ok {
		return nil
	}
	format := ""
	if i := d.at.child("format"); i != nil {
		format = i.value
	}
	doc := &document{path: path}
	for _, line := range strings.Split(string(text), "\n") {
		doc.lines = append(doc.lines, []rune(strings.TrimSuffix(line, "\r")))
	}
	if format == "csv" || format == "" && strings.HasSuffix(file, ".csv") {
		return header(doc)
	}
	return firstRow(doc, d.at.child("select"))
}

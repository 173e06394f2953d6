package lsp

import (
	"fmt"
	"path/filepath"
	"strings"
)

// define is where what the cursor is on was defined.
func (v *view) define() any {
	t := v.target()
	switch {
	case t == nil:
		return nil
	case t.def != nil:
		return location{URI: uriOf(t.def.doc.path), Range: t.def.doc.span(t.def.part.line, t.def.part.from, t.def.part.to)}
	case t.col != nil:
		return location{URI: uriOf(t.col.doc.path), Range: t.col.doc.span(t.col.part.line, t.col.part.from, t.col.part.to)}
	case t.file != "":
		if _, ok := head(t.file, 1); ok || v.s.files.document(t.file) != nil {
			return location{URI: uriOf(t.file)}
		}
	}
	return nil
}

// kindName is what a definition is, in a word or two.
func (d *definition) kindName() string {
	return map[string]string{
		"vars": "var", "env": "variable of the environment", "gen": "generator", "data": "feeder", "setup": "captured in setup", "services": "service",
		"flows": "flow", "metrics": "metric", "scenarios": "scenario", "inputs": "input of a flow", "captures": "captured", "elements": "element of a loop",
		"steps": "step", "stages": "stage", "tags": "tag", "checks": "check", "groups": "group",
	}[d.record]
}

// describe says what a definition is: its kind and type, what it says, and where it stands. The default of a secret is not
// shown.
func (d *definition) describe(v *view) string {
	text := fmt.Sprintf("**%s** · %s", d.name, d.kindName())
	if t := d.typeName(); t != "" {
		text += " · " + t
	}
	if doc := valueOf(d.at.child("description")); doc != "" {
		text += "\n\n" + doc
	}
	if shown := d.source(); shown != "" {
		text += "\n\n```yaml\n" + shown + "\n```"
	}
	where := filepath.Base(d.doc.path)
	if rel, err := filepath.Rel(filepath.Dir(v.doc.path), d.doc.path); err == nil {
		where = filepath.ToSlash(rel)
	}
	if d.record == "data" {
		var names []string
		for _, c := range v.index.columns(&v.s.files, d.name) {
			names = append(names, c.name)
		}
		if names != nil {
			text += "\n\nColumns: `" + strings.Join(names, "` `") + "`"
		}
	}
	return text + fmt.Sprintf("\n\ndefined in %s:%d", where, d.part.line+1)
}

// typeName is what is known of the type of a name's value.
func (d *definition) typeName() string {
	switch d.record {
	case "env":
		return "text"
	case "inputs", "metrics":
		return valueOf(d.at.child("type"))
	case "vars", "gen":
		switch {
		case strings.Contains(d.at.value, "${"):
			return "template"
		case d.at.flow == '[' || len(d.at.children) > 0 && d.at.children[0].kind == listItem:
			return "list"
		case len(d.at.children) > 0:
			return "map"
		}
	}
	return ""
}

// source is the definition as it is written, at most a few lines of it.
func (d *definition) source() string {
	if d.secret() {
		return d.name + ": # secret"
	}
	const most = 12
	last := d.at.line
	d.at.walk(func(i *item) { last = max(last, i.line, i.endLine) })
	var lines []string
	for n := d.at.line; n <= last; n++ {
		if len(lines) == most {
			lines = append(lines, "…")
			break
		}
		line := d.doc.line(n)
		lines = append(lines, strings.TrimRight(string(line[min(d.at.indent, indentOf(line)):]), " "))
	}
	if d.at.parent != nil && d.at.parent.flow != 0 { // one of several in a line
		from := d.at.keyAt.from
		if line := d.doc.line(d.at.line); d.at.line == d.at.endLine && from < d.at.endCol {
			return string(line[from:min(d.at.endCol, len(line))])
		}
		return ""
	}
	return strings.Join(lines, "\n")
}

// secret tells whether what is written must not be shown: a default of a secret, or a value beside one.
func (d *definition) secret() bool {
	if s := d.at.child("secret"); s != nil && s.value != "false" {
		return true
	}
	return false
}

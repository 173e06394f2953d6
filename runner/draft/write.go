package draft

import (
	"fmt"
	"strings"
)

// writer writes a plan's text: block style, two spaces a level, an empty line between the top-level words.
type writer struct{ b strings.Builder }

// Text is the plan as YAML. It always loads: whoever finds a plan for which it doesn't has found a mistake in this package.
func (p *Plan) Text() string {
	w := &writer{}
	w.head(p)
	for i, e := range p.words() {
		if i != 1 { // version and name stand together
			w.b.WriteByte('\n')
		}
		w.pair(e, "")
	}
	return w.b.String()
}

// head is the comment at the top: where the plan comes from, what it needs, what it lacks.
func (w *writer) head(p *Plan) {
	w.b.WriteString("# yaml-language-server: $schema=./schemas/plan.schema.json\n#\n")
	w.comment("Made by runner new from "+p.origin()+".", "")
	w.paragraph("Set these before you run it:", p.needs())
	w.paragraph("Decided for you:", p.Said)
	w.paragraph("Not carried over:", p.losses())
}

// origin says what a plan was made from; some sources have no name but their kind.
func (p *Plan) origin() string {
	if p.Source == "" {
		return p.Kind
	}
	return fmt.Sprintf("%s (%s)", oneLine(p.Source), p.Kind)
}

func (w *writer) paragraph(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	w.b.WriteString("#\n")
	w.comment(title, "")
	for _, l := range lines {
		w.item(l)
	}
}

// item is one entry of a paragraph: its later lines stand below its text.
func (w *writer) item(text string) {
	for i, line := range wrap(text, 108) {
		lead := "#   "
		if i == 0 {
			lead = "# - "
		}
		w.b.WriteString(lead + line + "\n")
	}
}

func (w *writer) comment(text, indent string) {
	if text == "" {
		return
	}
	for _, line := range wrap(text, 110-len(indent)) {
		w.b.WriteString(indent + "# " + line + "\n")
	}
}

// wrap breaks a text between words.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(oneLine(text)) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// pair writes one entry of a map in block style.
func (w *writer) pair(p Pair, indent string) {
	w.comment(p.Comment, indent)
	w.value(indent+quoted(p.Key, false)+":", p.Value, indent)
}

// value writes what follows a key or a dash.
func (w *writer) value(begin string, v Value, indent string) {
	switch {
	case v.kind == mapValue && !v.flow && len(v.pairs) > 0:
		w.b.WriteString(begin + "\n")
		for _, p := range v.pairs {
			w.pair(p, indent+"  ")
		}
	case v.kind == listValue && !v.flow && len(v.items) > 0:
		w.b.WriteString(begin + "\n")
		for _, item := range v.items {
			w.item1(item, indent+"  ")
		}
	case v.kind == textValue && block(v.text):
		w.literal(begin, v.text, indent+"  ")
	default:
		w.b.WriteString(begin + " " + inline(v, false) + "\n")
	}
}

// item1 writes one entry of a list. The first line of a map stands behind the dash, comments above it.
func (w *writer) item1(v Value, indent string) {
	if v.kind != mapValue || v.flow || len(v.pairs) == 0 {
		w.value(indent+"-", v, indent)
		return
	}
	w.comment(v.pairs[0].Comment, indent)
	w.value(indent+"- "+quoted(v.pairs[0].Key, false)+":", v.pairs[0].Value, indent+"  ")
	for _, p := range v.pairs[1:] {
		w.pair(p, indent+"  ")
	}
}

// literal writes a block scalar; its indentation is said, as the text may begin with spaces of its own.
func (w *writer) literal(begin, text, indent string) {
	w.b.WriteString(begin + " |2-\n")
	for _, line := range strings.Split(text, "\n") {
		if line != "" {
			line = indent + line
		}
		w.b.WriteString(line + "\n")
	}
}

// inline is a value on one line.
func inline(v Value, flow bool) string {
	switch v.kind {
	case wordValue:
		return v.text
	case textValue:
		return quoted(v.text, flow)
	case listValue:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = inline(item, true)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if len(v.pairs) == 0 {
		return "{}"
	}
	parts := make([]string, len(v.pairs))
	for i, p := range v.pairs {
		parts[i] = quoted(p.Key, true) + ": " + inline(p.Value, true)
	}
	return "{ " + strings.Join(parts, ", ") + " }"
}

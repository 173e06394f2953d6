package spec

import (
	"bufio"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Render writes the plan as it runs, as YAML that Load reads back: merged, with the profile and the flags in it, aliases
// expanded, comments gone. The top-level words come in the order of the reference, all others in the author's. Defaults of
// secret variables are masked. With origins each line ends in a comment that says where it comes from.
func (p *Plan) Render(w io.Writer, origins bool) error {
	r := &renderer{w: bufio.NewWriter(w), origins: origins, masked: p.maskedNodes()}
	root := *p.tree
	var order []string
	for _, f := range Fields(reflect.TypeFor[Plan]()) {
		order = append(order, f.Key)
	}
	rank := func(e pair) int {
		if i := slices.Index(order, e.key.text); i >= 0 {
			return i
		}
		return len(order)
	}
	root.pairs = slices.Clone(root.pairs)
	slices.SortStableFunc(root.pairs, func(a, b pair) int { return rank(a) - rank(b) })
	r.mapping(&root, "", "")
	return r.w.Flush()
}

// maskedNodes are the defaults of secret variables.
func (p *Plan) maskedNodes() map[*node]bool {
	masked := map[*node]bool{}
	if env := p.tree.get("env"); env != nil {
		for _, e := range env.pairs {
			if s, d := e.val.get("secret"), e.val.get("default"); s != nil && s.text != "false" && d != nil {
				masked[d] = true
			}
		}
	}
	return masked
}

// renderer writes nodes in block style, two spaces a level.
type renderer struct {
	w       *bufio.Writer
	origins bool
	masked  map[*node]bool
}

// line writes one line and where it comes from.
func (r *renderer) line(text string, at Pos) {
	_, _ = r.w.WriteString(text)
	if r.origins {
		where := "flag"
		if !at.IsZero() {
			where = fmt.Sprintf("%s:%d", escapeControls(at.File), at.Line)
		}
		_, _ = r.w.WriteString(" # " + where)
	}
	_ = r.w.WriteByte('\n')
}

// mapping writes the entries of a map; lead is what its first line begins with instead of the indentation.
func (r *renderer) mapping(n *node, indent, lead string) {
	for i, e := range n.pairs {
		begin := indent
		if i == 0 && lead != "" {
			begin = lead
		}
		r.entry(begin+keyText(e.key)+":", e.val, e.key.pos, indent)
	}
}

// entry writes what follows a key or a dash.
func (r *renderer) entry(begin string, v *node, at Pos, indent string) {
	switch {
	case v.kind == mapNode && len(v.pairs) > 0:
		r.line(begin, at)
		r.mapping(v, indent+"  ", "")
	case v.kind == listNode && len(v.items) > 0:
		r.line(begin, at)
		r.list(v, indent+"  ")
	default:
		if !v.pos.IsZero() && v.style != block {
			at = v.pos
		}
		r.scalar(begin+" ", v, at, indent+"  ")
	}
}

func (r *renderer) list(n *node, indent string) {
	for _, item := range n.items {
		if item.kind == mapNode && len(item.pairs) > 0 {
			r.mapping(item, indent+"  ", indent+"- ")
			continue
		}
		r.entry(indent+"-", item, item.pos, indent)
	}
}

// scalar writes a leaf so that it reads back the same, in the same style where that is possible.
func (r *renderer) scalar(begin string, n *node, at Pos, indent string) {
	switch {
	case n.kind == mapNode:
		r.line(begin+"{}", at)
	case n.kind == listNode:
		r.line(begin+"[]", at)
	case n.kind == nullNode:
		r.line(begin+"null", at)
	case r.masked[n]:
		r.line(begin+`"***"`, at)
	case n.style == plain && !strings.Contains(n.text, "\n"):
		r.line(begin+n.text, at)
	case n.style == block && fitsBlock(n.text):
		r.literal(begin, n.text, at, indent)
	default:
		r.line(begin+DoubleQuoted(n.text), at)
	}
}

// literal writes a block scalar. Its indentation is said, as the text may begin with spaces of its own.
func (r *renderer) literal(begin, text string, at Pos, indent string) {
	body, chomp := strings.TrimRight(text, "\n"), "-"
	if tail := len(text) - len(body); tail == 1 {
		chomp = ""
	} else if tail > 1 {
		chomp = "+"
	}
	r.line(begin+"|2"+chomp, at)
	for _, line := range strings.Split(body, "\n") {
		if line != "" {
			line = indent + line
		}
		_, _ = r.w.WriteString(line + "\n")
	}
	_, _ = r.w.WriteString(strings.Repeat("\n", max(0, len(text)-len(body)-1)))
}

// fitsBlock tells whether a block scalar can hold a text: it has no escapes.
func fitsBlock(s string) bool {
	for _, r := range s {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff') {
			return false
		}
	}
	return strings.TrimSpace(s) != ""
}

// keyText is a key as it reads back: plain where it was.
func keyText(k *node) string {
	if k.style == plain && !strings.Contains(k.text, "\n") {
		return k.text
	}
	return DoubleQuoted(k.text)
}

// DoubleQuoted is a text in YAML's double quotes, which can say everything, and shows nothing that hides or steers.
func DoubleQuoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

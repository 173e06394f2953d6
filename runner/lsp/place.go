package lsp

import "strings"

// place is where the cursor stands in an outline.
type place struct {
	in     *item // the map or list around it
	on     *item // the entry that it stands in; nil where there is none yet
	key    bool  // in the key, or where a key may begin; else in the value
	text   []rune
	from   int // of the text, in its line: the key or value that is being written
	column int // of the cursor, in the line
	line   int
	dash   bool // a list's entry would have to begin here, and has no dash yet
}

// written is the text before the cursor.
func (p *place) written() string {
	return string(p.text[:min(max(0, p.column-p.from), len(p.text))])
}

// find is the place of a position.
func (d *document) find(line, col int) *place {
	p := &place{line: line, column: col}
	text := d.line(line)
	if i := d.bracket(line, col); i != nil {
		p.inFlow(i, text)
		return p
	}
	if i := d.blockText(line); i != nil {
		from := indentOf(text)
		p.in, p.on, p.text, p.from = i.parent, i, text[min(from, len(text)):], from
		return p
	}
	if i := d.begins(line, col); i != nil {
		p.onItem(i, text)
		return p
	}
	stack := chain(d.stackBefore(line), min(col, indentOf(text)), false)
	p.in, p.key, p.from = stack[len(stack)-1], true, col
	p.dash = len(p.in.children) > 0 && p.in.children[0].kind == listItem
	return p
}

// bracket is the innermost flow collection around a position.
func (d *document) bracket(line, col int) *item {
	var found *item
	d.root.walk(func(i *item) {
		if i.flow == 0 {
			return
		}
		after := line > i.valueAt.line || line == i.valueAt.line && col > i.valueAt.from
		before := line < i.endLine || line == i.endLine && (col < i.endCol || !i.closed)
		if after && before {
			found = i // inner ones come later
		}
	})
	return found
}

// inFlow is a place inside brackets.
func (p *place) inFlow(i *item, text []rune) {
	p.in, p.from = i, p.column
	p.key = i.flow == '{'
	for _, c := range i.children {
		begins := c.line < p.line || c.line == p.line && c.keyAt.from <= p.column
		if !begins || c.endLine < p.line || c.endLine == p.line && c.endCol < p.column {
			continue
		}
		p.on = c
		if c.kind != listItem && c.keyAt.holds(p.line, p.column) {
			p.key, p.from, p.text = true, c.keyAt.from, text[c.keyAt.from:min(c.keyAt.to, len(text))]
			return
		}
		p.key = false
		p.valueOf(c, text)
		return
	}
}

// valueOf is a place in an entry's value.
func (p *place) valueOf(i *item, text []rune) {
	at := i.valueAt
	if at.line != p.line || at.from > p.column {
		p.from, p.text = p.column, nil
		return
	}
	p.from, p.text = at.from, text[min(at.from, len(text)):min(max(at.to, at.from), len(text))]
}

// blockText is the item whose block scalar a line belongs to.
func (d *document) blockText(line int) *item {
	var found *item
	d.root.walk(func(i *item) {
		if i.block && line > i.line && line <= i.endLine {
			found = i
		}
	})
	return found
}

// begins is the last item that begins in a line before a column, or at it.
func (d *document) begins(line, col int) *item {
	var found *item
	d.root.walk(func(i *item) {
		if i.kind != rootItem && i.line == line && i.indent <= col && (i.parent.flow == 0) {
			found = i
		}
	})
	return found
}

// onItem is a place in a block entry.
func (p *place) onItem(i *item, text []rune) {
	p.in, p.on = i.parent, i
	switch {
	case i.kind != listItem && i.keyAt.holds(p.line, p.column):
		p.key, p.from, p.text = true, i.keyAt.from, text[i.keyAt.from:i.keyAt.to]
	case i.kind == listItem && p.column <= i.indent:
		p.key, p.from, p.dash = true, p.column, true
	case i.kind == listItem && i.value == "" && i.valueAt.from == 0:
		p.in, p.on, p.key, p.from = i, nil, true, p.column // behind a dash: a key or a value
	default:
		p.valueOf(i, text)
	}
}

// stackBefore are the items from the root to the last block item before a line.
func (d *document) stackBefore(line int) []*item {
	last := d.root
	d.root.walk(func(i *item) {
		if i.kind != looseItem && i.line < line && i.kind != rootItem && i.parent.flow == 0 {
			last = i
		}
	})
	var stack []*item
	for i := last; i != nil; i = i.parent {
		stack = append([]*item{i}, stack...)
	}
	return stack
}

// expression is the expression around the cursor: its text before the cursor, and whether there is one. whole tells that the
// value is one without ${ }.
func (p *place) expression(whole bool) (before string, ok bool) {
	before = p.written()
	if i := strings.LastIndex(before, "${"); i >= 0 {
		if rest := before[i+2:]; templateEnd([]rune("${"+rest), 0) == len([]rune(rest))+1 && !strings.HasSuffix(rest, "}") {
			return rest, true
		}
	}
	return before, whole && !strings.Contains(before, "${")
}

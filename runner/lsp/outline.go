package lsp

import "strings"

// kind says what an item of an outline is.
type kind uint8

const (
	rootItem  kind = iota
	keyItem        // key: value
	listItem       // - value
	looseItem      // a word that is neither yet, such as a key without its colon
)

// part is a run of characters of one line.
type part struct{ line, from, to int }

func (p part) holds(line, col int) bool { return line == p.line && col >= p.from && col <= p.to }

// item is a piece of a document. Unlike package spec's nodes it is made of any text, also while its author is in the middle
// of a word.
type item struct {
	kind     kind
	indent   int // column of its first character
	line     int
	key      string
	keyAt    part
	value    string // a scalar, without its quotes; of a block or one over several lines the first
	valueAt  part
	block    bool // its value is a block scalar that goes on to endLine
	flow     byte // { or [: its children stand between brackets
	endLine  int  // the last line that belongs to its own text
	endCol   int  // in endLine: behind the closing bracket
	closed   bool // the bracket or quote is
	parent   *item
	children []*item
}

// child finds a key below an item.
func (i *item) child(key string) *item {
	if i == nil {
		return nil
	}
	for _, c := range i.children {
		if c.kind == keyItem && c.key == key {
			return c
		}
	}
	return nil
}

// walk visits an item and all below it.
func (i *item) walk(visit func(*item)) {
	if i == nil {
		return
	}
	visit(i)
	for _, c := range i.children {
		c.walk(visit)
	}
}

// keys are the keys that lead to an item, itself included; places in lists are -.
func (i *item) keys() []string {
	var keys []string
	for ; i != nil && i.kind != rootItem; i = i.parent {
		switch i.kind {
		case listItem:
			keys = append(keys, "-")
		case keyItem:
			keys = append(keys, i.key)
		}
	}
	for a, b := 0, len(keys)-1; a < b; a, b = a+1, b-1 {
		keys[a], keys[b] = keys[b], keys[a]
	}
	return keys
}

// outliner reads a document line by line.
type outliner struct {
	lines [][]rune
	stack []*item // from the root to the innermost block item
	deep  int     // of flow collections
}

// deepest bounds how far brackets are followed.
const deepest = 200

// outline makes an outline of any text.
func outline(lines [][]rune) *item {
	root := &item{kind: rootItem, indent: -1}
	o := &outliner{lines: lines, stack: []*item{root}}
	for n := 0; n < len(lines); n++ {
		col := indentOf(lines[n])
		if col == len(lines[n]) || lines[n][col] == '#' || col == 0 && strings.HasPrefix(string(lines[n]), "---") {
			continue
		}
		n = o.line(n, col)
	}
	return root
}

func indentOf(line []rune) int {
	i := 0
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	return i
}

// line reads the items that begin in a line and gives the last line that they take.
func (o *outliner) line(n, col int) int {
	line := o.lines[n]
	for col < len(line) && line[col] == '-' && (col+1 == len(line) || line[col+1] == ' ') {
		o.add(&item{kind: listItem, indent: col, line: n, endLine: n, endCol: len(line)})
		col++
		col += indentOf(line[col:])
	}
	if col >= len(line) || line[col] == '#' {
		return n
	}
	if key, end, after := keyAt(line, col, false); after >= 0 {
		i := &item{kind: keyItem, indent: col, line: n, endLine: n, endCol: len(line), key: key, keyAt: part{n, col, end}}
		o.add(i)
		return o.value(i, n, after)
	}
	if top := o.top(); top.kind == listItem && top.line == n {
		return o.value(top, n, col)
	}
	if line[col] == '}' || line[col] == ']' {
		return n
	}
	end := plainEnd(line, col, false)
	o.add(&item{kind: looseItem, indent: col, line: n, endLine: n, endCol: end, key: string(line[col:end]), keyAt: part{n, col, end}})
	o.stack = o.stack[:len(o.stack)-1] // nothing stands inside a word
	return n
}

func (o *outliner) top() *item { return o.stack[len(o.stack)-1] }

// add puts an item below the one that its indentation belongs to.
func (o *outliner) add(i *item) {
	o.stack = chain(o.stack, i.indent, i.kind == listItem)
	i.parent = o.top()
	i.parent.children = append(i.parent.children, i)
	o.stack = append(o.stack, i)
}

// chain is the part of a stack that holds what stands in a column. A list may begin in the column of its own key.
func chain(stack []*item, col int, list bool) []*item {
	for len(stack) > 1 {
		top := stack[len(stack)-1]
		if top.indent < col || list && top.indent == col && top.kind == keyItem && top.value == "" {
			break
		}
		stack = stack[:len(stack)-1]
	}
	return stack
}

// value reads what stands behind a key or a dash.
func (o *outliner) value(i *item, n, col int) int {
	line := o.lines[n]
	col += indentOf(line[min(col, len(line)):])
	if col >= len(line) || line[col] == '#' {
		i.valueAt = part{n, min(col, len(line)), min(col, len(line))}
		return n
	}
	switch line[col] {
	case '|', '>':
		return o.blockScalar(i, n, col)
	case '{', '[':
		end, _ := o.flow(i, n, col)
		return end
	case '"', '\'':
		o.quoted(i, n, col)
		return n
	}
	end := plainEnd(line, col, false)
	i.value, i.valueAt = string(line[col:end]), part{n, col, end}
	return n
}

// blockScalar skips the lines of a text that begins with | or >.
func (o *outliner) blockScalar(i *item, n, col int) int {
	i.block, i.valueAt = true, part{n, col, len(o.lines[n])}
	last := n
	for k := n + 1; k < len(o.lines); k++ {
		indent := indentOf(o.lines[k])
		if indent < len(o.lines[k]) && indent <= i.indent {
			break
		}
		if indent < len(o.lines[k]) {
			if i.value == "" {
				i.value, i.valueAt = string(o.lines[k][indent:]), part{k, indent, len(o.lines[k])}
			}
			last = k
		}
	}
	i.endLine, i.endCol = last, len(o.lines[last])
	return last
}

// quoted reads a text in quotes up to the end of its line.
func (o *outliner) quoted(i *item, n, col int) int {
	line := o.lines[n]
	end, closed := quoteEnd(line, col)
	i.value, i.valueAt, i.closed = string(line[col+1:end]), part{n, col + 1, end}, closed
	if closed {
		end++
	}
	return end
}

// quoteEnd is where the closing quote stands, or the end of the line.
func quoteEnd(line []rune, col int) (int, bool) {
	quote := line[col]
	for k := col + 1; k < len(line); k++ {
		switch {
		case line[k] == '\\' && quote == '"':
			k++
		case line[k] == quote && quote == '\'' && k+1 < len(line) && line[k+1] == quote:
			k++
		case line[k] == quote:
			return k, true
		}
	}
	return len(line), false
}

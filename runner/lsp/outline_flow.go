package lsp

import "strings"

// keyAt reads a key in a line, from a column: the key, where it ends, and where its value may begin; after is -1 if no key
// stands there.
func keyAt(line []rune, col int, flow bool) (key string, end, after int) {
	if col >= len(line) {
		return "", col, -1
	}
	if line[col] == '"' || line[col] == '\'' {
		end, closed := quoteEnd(line, col)
		next := end + 1
		for next < len(line) && line[next] == ' ' {
			next++
		}
		if !closed || next >= len(line) || line[next] != ':' {
			return "", col, -1
		}
		return string(line[col+1 : end]), end + 1, next + 1
	}
	if line[col] == '{' || line[col] == '[' {
		return "", col, -1
	}
	for k := col; k < len(line); k++ {
		switch {
		case line[k] == ':' && (k+1 == len(line) || line[k+1] == ' ' || flow && strings.ContainsRune(",}]", line[k+1])):
			return string(line[col:k]), k, k + 1
		case line[k] == '#' && k > col && line[k-1] == ' ':
			return "", col, -1
		case flow && strings.ContainsRune(",}]", line[k]):
			return "", col, -1
		case line[k] == '$' && k+1 < len(line) && line[k+1] == '{':
			k = templateEnd(line, k)
		}
	}
	return "", col, -1
}

// plainEnd is where a plain scalar ends: before a comment, and in a flow collection before what ends an entry.
func plainEnd(line []rune, col int, flow bool) int {
	end := col
	for k := col; k < len(line); k++ {
		if line[k] == '#' && k > col && line[k-1] == ' ' || flow && strings.ContainsRune(",}]", line[k]) {
			break
		}
		if line[k] == '$' && k+1 < len(line) && line[k+1] == '{' {
			k = templateEnd(line, k)
			end = min(k+1, len(line))
			continue
		}
		if line[k] != ' ' && line[k] != '\t' {
			end = k + 1
		}
	}
	return end
}

// templateEnd is the } of a ${ that begins at a column, or what comes before the end of the line.
func templateEnd(line []rune, col int) int {
	depth := 0
	for k := col; k < len(line); k++ {
		switch line[k] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return k
			}
		}
	}
	return len(line) - 1
}

// flow reads a collection in brackets, which may go over lines, and gives where it ends. One that is not closed ends where a
// line begins that can't belong to it.
func (o *outliner) flow(i *item, n, col int) (endLine, endCol int) {
	open := o.lines[n][col]
	i.flow, i.valueAt = byte(open), part{n, col, col + 1}
	if o.deep++; o.deep > deepest {
		i.endLine, i.endCol = n, len(o.lines[n])
		return n, len(o.lines[n])
	}
	defer func() { o.deep-- }()
	base := o.top().indent
	col++
	for {
		line := o.lines[n]
		for col < len(line) && strings.ContainsRune(" \t,", line[col]) {
			col++
		}
		if col >= len(line) || line[col] == '#' {
			if n+1 >= len(o.lines) || o.outside(n+1, base) {
				i.endLine, i.endCol = n, len(line)
				return n, len(line)
			}
			n, col = n+1, 0
			continue
		}
		if line[col] == '}' || line[col] == ']' {
			i.endLine, i.endCol, i.closed = n, col+1, true
			return n, col + 1
		}
		n, col = o.entry(i, n, col)
	}
}

// outside tells whether a line can't belong to a collection that was left open: it stands no deeper and begins an entry.
func (o *outliner) outside(n, base int) bool {
	line := o.lines[n]
	col := indentOf(line)
	if col == len(line) || col > base {
		return false
	}
	_, _, after := keyAt(line, col, false)
	return after >= 0 || line[col] == '-'
}

// entry reads one entry of a flow collection.
func (o *outliner) entry(i *item, n, col int) (int, int) {
	line := o.lines[n]
	e := &item{kind: listItem, indent: i.indent, line: n, endLine: n, parent: i}
	i.children = append(i.children, e)
	e.keyAt = part{n, col, col}
	start := col
	if key, end, after := keyAt(line, col, true); after >= 0 {
		e.kind, e.key, e.keyAt = keyItem, key, part{n, col, end}
		if col = after + indentOf(line[min(after, len(line)):]); col >= len(line) {
			e.valueAt, e.endCol = part{n, len(line), len(line)}, len(line)
			return n, len(line)
		}
	}
	switch line[col] {
	case '{', '[':
		n, col = o.flow(e, n, col)
	case '"', '\'':
		col = o.quoted(e, n, col)
	default:
		end := plainEnd(line, col, true)
		e.value, e.valueAt = string(line[col:end]), part{n, col, end}
		for col = end; col < len(line) && line[col] == ' '; {
			col++
		}
	}
	if i.flow == '{' && e.kind == listItem { // a word that has no colon yet
		e.kind, e.key, e.keyAt, e.value = looseItem, e.value, part{n, start, max(start, e.valueAt.to)}, ""
	}
	e.endLine, e.endCol = n, col
	if col < len(o.lines[n]) && !strings.ContainsRune(",}]", o.lines[n][col]) && col == start {
		col++ // whatever stands here, the next look is behind it
	}
	return n, col
}

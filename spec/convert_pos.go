package spec

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// posOf is where a node's own text begins: yaml.v3 counts an anchor in.
func (c *converter) posOf(y *yaml.Node) Pos {
	pos := Pos{File: c.file, Line: max(1, y.Line), Col: max(1, y.Column)}
	if y.Anchor == "" || y.Kind == yaml.AliasNode {
		return pos
	}
	after, ok := strings.CutPrefix(c.from(pos), "&"+y.Anchor)
	if !ok {
		return pos
	}
	if content := strings.TrimLeft(after, " \t"); content != "" {
		pos.Col += 1 + runeCount(y.Anchor) + len(after) - len(content)
	}
	return pos
}

// from is the rest of a line, from a position on.
func (c *converter) from(pos Pos) string {
	if pos.Line > len(c.lines) {
		return ""
	}
	line := c.lines[pos.Line-1]
	starts, known := c.starts[pos.Line]
	if !known {
		starts = runeStarts(line)
		c.starts[pos.Line] = starts
	}
	i := pos.Col - 1
	if starts != nil && i < len(starts) {
		i = starts[i]
	}
	return line[min(i, len(line)):]
}

// runeStarts are the bytes at which the characters of a line begin; nil if each is one byte. Lines of many values are
// asked often: counting from the line's beginning each time would be quadratic.
func runeStarts(line string) []int {
	if runeCount(line) == len(line) {
		return nil
	}
	starts := make([]int, 0, len(line))
	for i := range line {
		starts = append(starts, i)
	}
	return append(starts, len(line))
}

// after is what follows a plain scalar on its line.
func (c *converter) after(pos Pos, text string) string {
	line := c.from(pos)
	rest, ok := strings.CutPrefix(line, text)
	if !ok {
		return ""
	}
	return rest
}

// blockContent is where the text of a block scalar begins, given its | or >.
func (c *converter) blockContent(pos Pos) Pos {
	for l := pos.Line; l < len(c.lines); l++ {
		line := c.lines[l]
		if text := strings.TrimLeft(line, " "); text != "" {
			return Pos{File: pos.File, Line: l + 1, Col: len(line) - len(text) + 1}
		}
	}
	return pos
}

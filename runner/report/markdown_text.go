package report

import (
	"fmt"
	"strings"
)

// roomForEnd is what a page keeps free for its last lines, and for saying what it leaves out.
const roomForEnd = 1500

// marked is a page of Markdown that is being written, in no more characters than are left.
type marked struct {
	text strings.Builder
	left int
}

// line writes a line if there is room for it.
func (m *marked) line(s string) bool {
	n := len(s) + 1
	if n > m.left {
		return false
	}
	m.left -= n
	m.text.WriteString(s)
	m.text.WriteByte('\n')
	return true
}

// markTable is a table of cells that are Markdown already. A title that ends in > is that of a column of numbers.
type markTable struct {
	title string
	head  []string
	rows  [][]string
}

func (t *markTable) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *markTable) contains(text string) bool {
	for _, row := range t.rows {
		if strings.Contains(strings.Join(row, " "), text) {
			return true
		}
	}
	return false
}

func markRow(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

// table writes a table, and how many rows of what it left out for want of room; nothing if it is empty.
func (m *marked) table(t *markTable, what string) {
	if len(t.rows) == 0 {
		return
	}
	head, rule := make([]string, len(t.head)), make([]string, len(t.head))
	for i, title := range t.head {
		head[i], rule[i] = strings.TrimSuffix(title, ">"), "---"
		if head[i] != title {
			rule[i] = "--:"
		}
	}
	top := "\n**" + t.title + "**\n\n" + markRow(head) + "\n" + markRow(rule)
	written := 0
	if len(top)+len(markRow(t.rows[0]))+2 <= m.left && m.line(top) {
		for _, row := range t.rows {
			if !m.line(markRow(row)) {
				break
			}
			written++
		}
	}
	if rest := len(t.rows) - written; rest > 0 {
		note := fmt.Sprintf("\n<sub>%s: %s left out here; the result file has all</sub>", t.title, plural(int64(rest), "more "+what))
		m.left = max(m.left-len(note)-1, 0)
		m.text.WriteString(note + "\n") // within roomForEnd: there are few tables
	}
}

// markEntities take the meaning from every character that has one to Markdown, HTML, or GitHub (mentions, references,
// emoji, mathematics, links).
var markEntities = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "[", "&#91;", "]", "&#93;", "|", "&#124;",
	"~", "&#126;", `\`, "&#92;", "$", "&#36;", ":", "&#58;", "@", "&#64;&#8203;", "#", "&#35;&#8203;", "www.", "www&#46;",
)

// codeEntities are the same inside <code>, where GitHub looks for nothing but Markdown's own marks.
var codeEntities = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "[", "&#91;", "]", "&#93;", "|", "&#124;",
	"~", "&#126;", `\`, "&#92;", "$", "&#36;", ":", "&#58;", "@", "&#64;",
)

// plainMark is a text as Markdown that shows it and nothing else.
func plainMark(s string) string { return markEntities.Replace(Clean(s)) }

// codeMark is a text as code. What a code span can't hold, or a table would break at, is written as entities.
func codeMark(s string) string {
	s = Clean(s)
	switch {
	case strings.TrimSpace(s) == "":
		return ""
	case strings.ContainsAny(s, "`|") || strings.HasSuffix(s, `\`) || s != strings.TrimSpace(s):
		return "<code>" + codeEntities.Replace(s) + "</code>"
	}
	return "`" + s + "`"
}

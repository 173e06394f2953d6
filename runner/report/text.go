package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// maxMarks is how many combining marks in a row are shown: more of them only serve to smear over neighbouring lines.
const maxMarks = 2

// Clean makes text from a target or a plan safe to show: control characters, escape sequences, format characters (such
// as those that reverse the writing direction), odd spaces and broken UTF-8 become visible escapes, so that nobody can
// move the cursor, forge a line or hide one. Variation selectors go, because they change a width after the fact.
// Clean(Clean(s)) == Clean(s). What a CI system would take for a command (::error:: at a line's start, ##[error]
// anywhere) loses its first character to such an escape, too.
func Clean(s string) string {
	if strings.Contains(s, "::") || strings.Contains(s, "##") {
		s = disarm(s)
	}
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case variationSelector(r) || marks > maxMarks:
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
		i += size
	}
	return b.String()
}

// disarm takes the meaning from the commands of GitHub Actions and Azure Pipelines: a text may come to stand at the start
// of a line of a log. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
func disarm(s string) string {
	if start := strings.TrimLeft(s, " \t\r\n\v\f"); strings.HasPrefix(start, "::") {
		s = s[:len(s)-len(start)] + `\x3a` + start[1:]
	}
	return strings.NewReplacer("##[", `\x23#[`, "##vso[", `\x23#vso[`).Replace(s)
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func variationSelector(r rune) bool {
	return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// width is how many columns a text takes on a terminal.
func width(s string) int {
	if plainASCII(s) {
		return len(s)
	}
	return twwidth.WidthNoCache(s)
}

const ellipsis = "…"

// cut shortens a text to at most w columns by taking out its middle: the ends of names and addresses tell most.
func cut(s string, w int) string {
	if width(s) <= w {
		return s
	}
	room := w - width(ellipsis)
	if room < 0 {
		return ""
	}
	runes := []rune(s)
	head, used := 0, 0
	for ; head < len(runes); head++ {
		n := width(string(runes[head]))
		if used+n > (room+1)/2 {
			break
		}
		used += n
	}
	tail := len(runes)
	for tail > head {
		n := width(string(runes[tail-1]))
		if used+n > room {
			break
		}
		used += n
		tail--
	}
	for tail < len(runes) && unicode.Is(unicode.M, runes[tail]) {
		tail++ // a mark without its letter would sit on the ellipsis
	}
	return string(runes[:head]) + ellipsis + string(runes[tail:])
}

// pad fills a text up to w columns.
func pad(s string, w int, right bool) string {
	space := strings.Repeat(" ", max(0, w-width(s)))
	if right {
		return space + s
	}
	return s + space
}

// plural is "1 request", "2 requests".
func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + one + "s"
}

package trial

import (
	"fmt"
	"strings"

	"runner/spec/expr"
)

// Check prints how a check came out; a false one with the values of its parts, and with what differs where two lists or maps
// should be equal.
func (l *listener) Check(step, name string, ok bool, err error, parts []expr.Part) {
	if ok {
		l.write(l.paint(green, "  ✓ "+l.Clean(name)))
		return
	}
	var lines []string
	if err != nil {
		lines = append(lines, l.Clean("      "+err.Error()))
	}
	l.failed("  ✗ "+name, append(lines, l.parts(parts)...)...)
}

// parts says what the parts of an expression came to, inner ones first. One that is shown by a diff is not shown once more.
func (l *listener) parts(parts []expr.Part) (lines []string) {
	for i := range parts {
		p := &parts[i]
		if p.Err != nil {
			lines = append(lines, l.Clean(fmt.Sprintf("      %s: %v", p.Source, p.Err)))
			continue
		}
		if different(p) {
			lines = append(lines, l.diff(p)...)
			continue
		}
		if hidden(p, parts[i+1:]) {
			continue
		}
		lines = append(lines, l.Clean(fmt.Sprintf("      %s = %s", p.Source, l.shown(p.Value))))
		for note := range strings.SplitSeq(p.Note, "\n") {
			if note != "" {
				lines = append(lines, l.Clean("        "+note))
			}
		}
	}
	return lines
}

// different tells whether a part says that two lists or maps should be equal and are not.
func different(p *expr.Part) bool {
	return p.Compared && p.Value == false && (structured(p.Actual) || structured(p.Expected))
}

func structured(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// hidden tells whether a later part shows this one in a diff.
func hidden(p *expr.Part, later []expr.Part) bool {
	for i := range later {
		if q := &later[i]; different(q) && (q.ActualSource == p.Source || q.ExpectedSource == p.Source) {
			return true
		}
	}
	return false
}

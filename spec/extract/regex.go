package extract

import (
	"fmt"
	"regexp"
	"strings"
)

// pattern is a regular expression with the group to take.
type pattern struct {
	re    *regexp.Regexp
	group int
}

// Regex compiles a regular expression of Go (RE2: no look-around, and no body can make it slow). group is a group's number
// (int64) or name (string); nil: the first group, or the whole match where there are none.
func Regex(text string, group any) (Query, error) {
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression: %s", text, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	p := &pattern{re: re, group: min(re.NumSubexp(), 1)}
	switch g := group.(type) {
	case nil:
		return p, nil
	case int64:
		p.group = int(g)
	case string:
		p.group = re.SubexpIndex(g)
	default:
		return nil, fmt.Errorf("a group is a number or a name")
	}
	if p.group < 0 || p.group > re.NumSubexp() {
		return nil, fmt.Errorf("%q has no group %s: it has %d", text, groupName(group), re.NumSubexp())
	}
	return p, nil
}

// Find takes the group of each match. A match without the group is none.
func (p *pattern) Find(d *Document, most int) ([]any, error) {
	var found []any
	if most == 1 {
		if m := p.re.FindSubmatchIndex(d.data); m != nil && m[2*p.group] >= 0 {
			found = append(found, string(d.data[m[2*p.group]:m[2*p.group+1]]))
		}
		return found, nil
	}
	for _, m := range p.re.FindAllSubmatchIndex(d.data, most) {
		if m[2*p.group] >= 0 {
			found = append(found, string(d.data[m[2*p.group]:m[2*p.group+1]]))
		}
	}
	return found, nil
}

package draft

import (
	"fmt"
	"strings"
	"unicode"

	"runner/spec/expr"
)

// names hands out names that are free: each once, and none that the language has taken.
type names struct {
	taken map[string]bool
	last  map[string]int // by wanted name: the number that was given last
}

// free is a name like the wanted one.
func (n *names) free(want string) string {
	if n.taken == nil {
		n.taken = map[string]bool{}
	}
	if n.last == nil {
		n.last = map[string]int{}
	}
	name := want
	for i := max(2, n.last[want]); n.taken[name] || expr.NewScope().Define(name, expr.Any) != nil; i++ {
		name = fmt.Sprintf("%s_%d", want, i)
		n.last[want] = i
	}
	n.taken[name] = true
	return name
}

// snake makes a name of words: cartId and cart-id become cart_id.
func snake(s string) string {
	var b strings.Builder
	before := rune(0)
	for _, r := range s {
		switch {
		case r > unicode.MaxASCII, !unicode.IsLetter(r) && !unicode.IsDigit(r):
			if b.Len() > 0 && before != '_' {
				b.WriteByte('_')
				before = '_'
			}
			continue
		case unicode.IsUpper(r) && (unicode.IsLower(before) || unicode.IsDigit(before)):
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	name := strings.Trim(b.String(), "_")
	if len(name) > 60 {
		name = strings.Trim(name[:60], "_")
	}
	if name == "" {
		return "value"
	}
	if unicode.IsDigit(rune(name[0])) {
		return "n_" + name
	}
	return name
}

// shout is the name of an environment variable.
func shout(s string) string { return strings.ToUpper(snake(s)) }

// label is a text that can name a step, a group or a scenario: one line, not too long, not empty.
func label(s, otherwise string) string {
	s = strings.Join(strings.Fields(oneLine(s)), " ")
	if s == "" {
		s = otherwise
	}
	return shorten(s, 100)
}

package expr

import (
	"strconv"
	"strings"

	"runner/spec"
)

// scalar types a plain scalar: true, false, null, decimal integers and floats. Everything else is text, and a number that
// JSON cannot carry as it stands is a mistake, because nobody could tell which was meant.
func (t *Tree) scalar(text spec.Text, s *Scope) spec.Problems {
	if !text.Quoted {
		switch {
		case text.Value == "null" || text.Value == "~":
			t.kind = spec.Null
			return nil
		case text.Value == "true" || text.Value == "false":
			t.value = text.Value == "true"
			return nil
		case numberForm.MatchString(text.Value):
			t.literal, t.value = text.Value, numberOf(text.Value)
			return nil
		case likeNumber.MatchString(text.Value):
			f := flaw{0, runeCount(text.Value), strconv.Quote(text.Value) + " is neither a number of JSON nor clearly a text", numberHint(text.Value)}
			return place(text.Value, text.Pos, 0, []flaw{f})
		}
	}
	template, problems := CompileText(text, s)
	if template == nil {
		return problems
	}
	if plain, ok := template.Const(); ok && template.lone == nil {
		t.value = plain
		return nil
	}
	t.text, t.needs = template, template.needs
	return nil
}

func numberHint(text string) string {
	digits := strings.TrimPrefix(strings.TrimLeft(strings.TrimPrefix(text, "+"), "0"), "+")
	if strings.HasPrefix(digits, ".") || digits == "" {
		digits = "0" + digits
	}
	digits = strings.TrimSuffix(digits, ".")
	if !numberForm.MatchString(digits) {
		digits = "the digits alone"
	}
	return "quote it for a text, or write " + digits + " for a number"
}

// numberOf is a number's value: int64 where it is a whole number that fits, else float64.
func numberOf(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return boxInt(n)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil { // beyond float64: JSON can carry it, arithmetic cannot
		return text
	}
	return f
}

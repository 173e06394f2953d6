package spec

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"
)

// deferred is a setting that was written as a template: it is parsed when the template has a value.
type deferred struct {
	key    string // the word, for messages
	noun   string // what it wants
	text   Text
	owner  string                               // its scenario, "" for none
	target any                                  // *Opt[T]
	set    func(target any, value string) error // parses and stores
}

// scalarInto decodes a typed scalar; false if the field is none.
func (d *decoder) scalarInto(p pair, v reflect.Value, f Field) bool {
	switch t := v.Addr().Interface().(type) {
	case *Int: // and Size, which is the same type
		if f.Size {
			setScalar(d, p, t, f, "a size with a unit", "64KiB", ParseSize)
		} else {
			setScalar(d, p, t, f, "a whole number", "10", ParseInt)
		}
	case *Bool:
		setScalar(d, p, t, f, "true or false", "true", ParseBool)
	case *Opt[time.Duration]:
		setScalar(d, p, t, f, "a time with a unit", "30s", ParseDuration)
	case *RateOf:
		setScalar(d, p, t, f, "a rate", "5/s", ParseRate)
	case *Percent:
		setScalar(d, p, t, f, "a percentage", "1%", ParsePercent)
	case *Word:
		setScalar(d, p, t, f, "one of "+strings.Join(f.Enum, ", "), "", wordOf(f.Enum))
	default:
		return false
	}
	return true
}

// wordOf parses a word of a closed set.
func wordOf(words []string) func(string) (string, error) {
	return func(s string) (string, error) {
		if slices.Contains(words, s) {
			return s, nil
		}
		return "", scalarError(didYouMean(s, words), "not one of them")
	}
}

// setScalar parses a scalar into its field, or defers it if it is a template.
func setScalar[T any](d *decoder, p pair, o *Opt[T], f Field, noun, example string, parse func(string) (T, error)) {
	n := p.val
	if n.kind != scalarNode {
		d.wrongKind(p, f.Key, noun)
		return
	}
	o.Pos = n.pos
	if HasTemplate(n.text) {
		set := func(target any, s string) error {
			v, err := parse(strings.TrimSpace(s))
			if err == nil {
				t := target.(*Opt[T])
				t.Value, t.Set = v, true
			}
			return err
		}
		d.deferred = append(d.deferred, &deferred{key: f.Key, noun: noun, text: d.text(p), owner: d.owner, target: o, set: set})
		return
	}
	v, err := parse(n.text)
	if err == nil && n.style != plain && yamlTyped(v) && !f.Size {
		d.add(quotedProblem(n, f.Key, noun))
		return
	}
	if err != nil {
		if f.Example != "" {
			example = f.Example
		}
		d.add(scalarProblem(n.pos, n.width, f.Key, noun, n.text, example, err))
		return
	}
	o.Value, o.Set = v, true
}

// yamlTyped tells whether YAML itself has such values: in quotes they are texts. A time or a rate is a text anyway.
func yamlTyped(v any) bool {
	switch v.(type) {
	case int64, bool:
		return true
	}
	return false
}

func quotedProblem(n *node, key, noun string) Problem {
	return Problemf(n.pos, n.width, "%s wants %s, found the text %s", key, noun, quoteShort(n.text)).WithHint("without quotes: %s: %s", key, n.text)
}

// scalarProblem is the message for a text that is not the scalar that its place wants.
func scalarProblem(pos Pos, width int, key, noun, text, example string, err error) Problem {
	p := Problemf(pos, width, "%s wants %s, found %s", key, noun, quoteShort(text))
	var s *ScalarError
	if !errors.As(err, &s) {
		return p
	}
	if !strings.HasPrefix(s.Message, "not ") {
		p.Message += ": " + s.Message
	}
	if s.Hint != "" {
		return p.WithHint("%s", s.Hint)
	}
	if example != "" {
		return p.WithHint("for example %s: %s", key, example)
	}
	return p
}

package draft

import "strconv"

// tree is a document as its author wrote it, whatever its syntax was: entries keep their order and their lines. Its methods
// take nil and wrong kinds for "there is none", because files of the wild are loose with types.
type tree struct {
	kind  treeKind
	text  string   // of a scalar
	keys  []string // of an object, beside items
	items []*tree
	line  int
}

type treeKind uint8

const (
	nothing treeKind = iota
	boolean
	number
	str
	list
	object
)

// at follows keys down.
func (t *tree) at(keys ...string) *tree {
	for _, k := range keys {
		t = t.child(k)
	}
	return t
}

func (t *tree) child(key string) *tree {
	if t == nil || t.kind != object {
		return nil
	}
	for i := len(t.keys) - 1; i >= 0; i-- { // the last of equal keys wins, as in JSON
		if t.keys[i] == key {
			return t.items[i]
		}
	}
	return nil
}

// entries are a list's; an object's values; nothing for others.
func (t *tree) entries() []*tree {
	if t == nil {
		return nil
	}
	return t.items
}

// elements are a list's entries, or the one thing that stands in place of a list.
func (t *tree) elements() []*tree {
	switch {
	case t == nil, t.kind == nothing:
		return nil
	case t.kind == list:
		return t.items
	}
	return []*tree{t}
}

// string is a scalar's text.
func (t *tree) string() string {
	if t == nil || t.kind == list || t.kind == object {
		return ""
	}
	return t.text
}

// number is a scalar as a number, 0 if it is none.
func (t *tree) number() float64 {
	f, err := strconv.ParseFloat(t.string(), 64)
	if err != nil || f != f {
		return 0
	}
	return f
}

// is tells whether there is something of a kind.
func (t *tree) is(k treeKind) bool { return t != nil && t.kind == k }

// where is the line, 0 where it is not known.
func (t *tree) where() int {
	if t == nil {
		return 0
	}
	return t.line
}

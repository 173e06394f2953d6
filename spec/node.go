package spec

// nodeKind says what a node is.
type nodeKind uint8

const (
	nullNode nodeKind = iota
	scalarNode
	listNode
	mapNode
)

// String is the kind as messages name it.
func (k nodeKind) String() string {
	return [...]string{"nothing", "a value", "a list", "a map"}[k]
}

// style is how a scalar was written.
type style uint8

const (
	plain style = iota
	quoted
	block // | or >
)

// node is a piece of a document between YAML and the decoder: everything that the decoder may know of YAML.
type node struct {
	kind  nodeKind
	pos   Pos    // of the first character of the content; of a list or map, of its first character
	width int    // characters in the source on the first line, at least 1
	text  string // scalar
	style style
	flow  bool    // inside [ ] or { }
	items []*node // list
	pairs []pair  // map, in the author's order
	bad   bool    // was reported already: must cause no other problem
	rest  string  // plain scalar: what follows it on its line, for traps
}

// pair is one entry of a map.
type pair struct {
	key *node // always a scalar
	val *node
}

// get finds a key's value, nil if there is none.
func (n *node) get(key string) *node {
	if p := n.pair(key); p != nil {
		return p.val
	}
	return nil
}

func (n *node) pair(key string) *pair {
	if n == nil || n.kind != mapNode {
		return nil
	}
	for i := range n.pairs {
		if n.pairs[i].key.text == key {
			return &n.pairs[i]
		}
	}
	return nil
}

// keys lists a map's keys.
func (n *node) keys() []string {
	var keys []string
	if n != nil {
		for _, p := range n.pairs {
			keys = append(keys, p.key.text)
		}
	}
	return keys
}

// without is a copy of a map that lacks some keys.
func (n *node) without(keys ...string) *node {
	c := *n
	c.pairs = nil
next:
	for _, p := range n.pairs {
		for _, k := range keys {
			if p.key.text == k {
				continue next
			}
		}
		c.pairs = append(c.pairs, p)
	}
	return &c
}

// walk visits a node and everything below it, keys too.
func (n *node) walk(visit func(*node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, i := range n.items {
		i.walk(visit)
	}
	for _, p := range n.pairs {
		p.key.walk(visit)
		p.val.walk(visit)
	}
}

// found describes a node in a message about a wrong type.
func (n *node) found() string {
	if n.kind == scalarNode {
		return quoteShort(n.text)
	}
	return n.kind.String()
}

// quoteShort puts a text in quotes, and cuts a long one.
func quoteShort(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return `"` + s + `"`
}

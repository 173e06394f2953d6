package spec

// merge lays one document over another: maps merge by key, lists and scalars replace, null removes. The result shares
// nodes with both and changes neither. under is the path of keys, for the one rule that depends on the place.
func merge(base, over *node, under ...string) *node {
	switch {
	case base == nil:
		return over
	case over == nil:
		return base
	case base.kind != mapNode || over.kind != mapNode:
		return over
	case isExecutor(under) && typesDiffer(base, over), isAuth(under) && kindsDiffer(base, over):
		return over
	}
	out := *over
	out.pairs = nil
	for _, b := range base.pairs {
		o := over.pair(b.key.text)
		switch {
		case o == nil:
			out.pairs = append(out.pairs, b)
		case o.val.kind == nullNode:
			// removed
		case b.val.kind == mapNode && o.val.kind == mapNode:
			out.pairs = append(out.pairs, pair{o.key, merge(b.val, o.val, append(under[:len(under):len(under)], b.key.text)...)})
		default:
			out.pairs = append(out.pairs, *o)
		}
	}
	for _, o := range over.pairs {
		if base.pair(o.key.text) == nil {
			out.pairs = append(out.pairs, o)
		}
	}
	return &out
}

// isExecutor tells whether a path is scenarios.NAME.executor.
func isExecutor(under []string) bool {
	n := len(under)
	return n >= 3 && under[n-1] == "executor" && under[n-3] == "scenarios"
}

// typesDiffer tells whether both executors name their type, and another one: their words don't mix.
func typesDiffer(base, over *node) bool {
	b, o := base.get("type"), over.get("type")
	return b != nil && o != nil && b.kind == scalarNode && o.kind == scalarNode && b.text != o.text
}

// isAuth tells whether a path ends in http.auth: it leads to one kind of auth.
func isAuth(under []string) bool {
	n := len(under)
	return n >= 2 && under[n-1] == "auth" && under[n-2] == "http"
}

// kindsDiffer tells whether two maps with one word each have different ones.
func kindsDiffer(base, over *node) bool {
	return len(base.pairs) == 1 && len(over.pairs) == 1 && base.pairs[0].key.text != over.pairs[0].key.text
}

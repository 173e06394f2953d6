package draft

import (
	"strconv"

	"runner/spec"
)

// parseYAML reads a YAML document.
func parseYAML(file string, text []byte) (*tree, error) {
	n, problems := spec.ReadDocument(file, text)
	if n == nil {
		return nil, problems.Err()
	}
	return treeOf(*n), nil
}

func treeOf(n spec.Node) *tree {
	t := &tree{text: n.Text, keys: n.Keys, line: n.Line}
	switch n.Kind {
	case spec.List:
		t.kind = list
	case spec.Object:
		t.kind = object
	case spec.Scalar:
		t.kind = str
		if _, err := strconv.ParseFloat(n.Text, 64); err == nil && !n.Quoted {
			t.kind = number
		}
		if !n.Quoted && (n.Text == "true" || n.Text == "false") {
			t.kind = boolean
		}
	}
	for _, item := range n.Items {
		t.items = append(t.items, treeOf(item))
	}
	return t
}

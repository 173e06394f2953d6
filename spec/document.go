package spec

// Node is a piece of any YAML or JSON document, read as plans are: with their limits, and without tags. It is for documents
// of others that become plans.
type Node struct {
	Kind   Kind
	Text   string // Scalar
	Quoted bool   // Scalar: certainly a text
	Keys   []string
	Items  []Node // List: its entries; Object: the values of Keys
	Line   int
}

// ReadDocument reads one document. The problems say what and where; the node is nil then.
func ReadDocument(file string, text []byte) (*Node, Problems) {
	source := []Source{{Path: file, Text: text}}
	if len(text) > maxFileBytes {
		return nil, Problems{Problemf(Pos{File: file}, 1, "the file is larger than 256 KiB")}
	}
	if p, bad := checkText(file, text); bad {
		return nil, Problems{p}.Annotate(source)
	}
	root, problems := parseYAML(file, text)
	if root == nil || len(problems) > 0 {
		return nil, problems.Annotate(source)
	}
	n := root.export()
	return &n, nil
}

func (n *node) export() Node {
	out := Node{Text: n.text, Quoted: n.style != plain, Line: n.pos.Line, Kind: [...]Kind{nullNode: Null, scalarNode: Scalar, listNode: List, mapNode: Object}[n.kind]}
	for _, item := range n.items {
		out.Items = append(out.Items, item.export())
	}
	for _, p := range n.pairs {
		out.Keys = append(out.Keys, p.key.text)
		out.Items = append(out.Items, p.val.export())
	}
	return out
}

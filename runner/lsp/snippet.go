package lsp

import (
	"strconv"
	"strings"
)

// snippet is how a word is written: key: with a place for its value, on the next line where that is a map or a list.
func (o *offers) snippet(w word, in *item) string {
	indent := "  " // editors indent a snippet's further lines as its first
	kind := o.v.s.words.kindOf(w.schema)
	flow := in.flow != 0
	for at := in; at != nil; at = at.parent {
		flow = flow || at.flow != 0
	}
	switch {
	case kind == "map" && !flow:
		return w.key + ":\n" + indent + "$0"
	case kind == "list" && !flow:
		return w.key + ":\n" + indent + "- $0"
	case kind == "map":
		return w.key + ": { $0 }"
	case kind == "list":
		return w.key + ": [$0]"
	}
	if kind == "list or map" {
		return w.key + ": $0"
	}
	words, examples := values(o.v.s.words.expand(form{schema: w.schema}, nil, nil))
	if len(words) > 0 && len(words) < 12 {
		return w.key + ": ${1|" + strings.Join(words, ",") + "|}"
	}
	if len(examples) > 0 && !strings.ContainsAny(examples[0], "{}[]\n") {
		return w.key + ": ${1:" + escapeSnippet(examples[0]) + "}"
	}
	return w.key + ": $0"
}

func escapeSnippet(s string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, `}`, `\}`).Replace(s)
}

// kindOf says what a word takes: map, list, or the name of a scalar.
func (g *grammar) kindOf(s schema) string {
	object, array, other, named := false, false, false, ""
	for _, f := range g.expand(form{schema: s}, nil, nil) {
		switch f.schema["type"] {
		case "object":
			object = true
		case "array":
			array = true
		case nil, "null":
		default:
			other = true
		}
		if len(f.names) > 0 && named == "" {
			named = f.names[0]
		}
		if f.schema["enum"] != nil || f.schema["const"] != nil {
			other = true
		}
	}
	switch {
	case object && !array && !other:
		return "map"
	case array && !object && !other:
		return "list"
	case object || array:
		return "list or map"
	case named != "":
		return named
	}
	return "word"
}

// help is what an editor shows at a word.
func (g *grammar) help(s schema) string {
	text := g.doc(s)
	words, examples := values(g.expand(form{schema: s}, nil, nil))
	if len(words) > 0 && len(words) < 12 {
		text += "\n\nOne of `" + strings.Join(words, "` `") + "`."
	}
	if len(examples) > 0 {
		text += "\n\nFor example " + quoteCode(examples[0]) + "."
	}
	return strings.TrimSpace(text)
}

func quoteCode(s string) string {
	if strings.Contains(s, "`") {
		return strconv.Quote(s)
	}
	return "`" + s + "`"
}

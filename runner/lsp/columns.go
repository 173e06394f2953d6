package lsp

import (
	"encoding/csv"
	"regexp"
	"strings"
)

// header reads the columns of a CSV file out of its first line.
func header(doc *document) []column {
	line := doc.line(0)
	names, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(line), "\ufeff"))).Read()
	if err != nil {
		return nil
	}
	var all []column
	from := 0
	for _, name := range names {
		at := strings.Index(string(line[from:]), name)
		if at < 0 {
			continue
		}
		start := from + len([]rune(string(line[from:])[:at]))
		from = start + len([]rune(name))
		all = append(all, column{strings.TrimSpace(name), doc, part{0, start, from}})
	}
	return all
}

var jsonKey = regexp.MustCompile(`"([A-Za-z_][A-Za-z0-9_]*)"\s*:`)

// firstRow reads the keys of the first object of a JSON or NDJSON file, behind the list that select names. It looks at
// brackets and keys alone: the file may be large, and only its beginning is here.
func firstRow(doc *document, selected *item) []column {
	line, depth, started := 0, 0, selected == nil || selected.value == ""
	var all []column
	for ; line < len(doc.lines); line++ {
		text := string(doc.lines[line])
		for k := 0; k < len(text); k++ {
			switch text[k] {
			case '{':
				if started {
					depth++
				}
			case '}':
				if !started {
					continue
				}
				if depth--; depth <= 0 {
					return all
				}
			case '"':
				m := jsonKey.FindStringSubmatchIndex(text[k:])
				if m == nil || m[0] != 0 {
					k = skipString(text, k)
					continue
				}
				name := text[k+m[2] : k+m[3]]
				if !started && name == lastPart(selected.value) {
					started = true
				} else if started && depth == 1 {
					from := len([]rune(text[:k+m[2]]))
					all = append(all, column{name, doc, part{line, from, from + len(name)}})
				}
				k += m[1] - 1
			}
		}
	}
	return all
}

func skipString(text string, k int) int {
	for k++; k < len(text) && text[k] != '"'; k++ {
		if text[k] == '\\' {
			k++
		}
	}
	return k
}

func lastPart(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

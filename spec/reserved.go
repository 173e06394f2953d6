package spec

import (
	"maps"
	"slices"
)

// notYet lists the words that the language knows and this version doesn't build, by the place where they would stand. A
// word leaves this table when its field arrives.
var notYet = map[string][]string{
	"verb": {"ws", "sse", "grpc", "send", "receive"},
}

// isNotYet tells whether a word is one that will come in that place.
func isNotYet(place, word string) bool {
	for _, w := range notYet[place] {
		if w == word {
			return true
		}
	}
	return false
}

// NotYetRow is a place and the words that will stand there.
type NotYetRow struct {
	Place string
	Words []string
}

// NotYet lists the words that are not supported yet, by place, for the reference.
func NotYet() []NotYetRow {
	var rows []NotYetRow
	for _, place := range slices.Sorted(maps.Keys(notYet)) {
		rows = append(rows, NotYetRow{place, slices.Clone(notYet[place])})
	}
	return rows
}

package spec

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Suggest is the candidate that the word was probably meant to be, "" if none is near. Near is a Damerau-Levenshtein
// distance (optimal string alignment) of at most a third of the word's length and at least 1; case counts for nothing.
// Of equals the first candidate wins. Where none is near, one that begins with the word is meant.
func Suggest(word string, candidates []string) string {
	n := utf8.RuneCountInString(word)
	if n == 0 || n > 64 {
		return ""
	}
	limit := max(1, n/3)
	best, found := limit+1, ""
	for _, c := range candidates {
		m := utf8.RuneCountInString(c)
		if c == "" || m-n > limit || n-m > limit {
			continue
		}
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < best {
			best, found = d, c
		}
	}
	if best >= n && best > 0 { // every letter would change
		found = ""
	}
	if found == "" && n > 2 {
		return begun(word, candidates)
	}
	return found
}

// begun is the shortest candidate that begins with the whole word: hmac for hmac_sha256.
func begun(word string, candidates []string) string {
	found := ""
	for _, c := range candidates {
		if len(c) > len(word) && strings.EqualFold(c[:len(word)], word) && (found == "" || len(c) < len(found)) {
			found = c
		}
	}
	return found
}

// distance counts the insertions, deletions, substitutions and swaps of neighbours that turn a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}

// synonyms are what other tools call our words.
var synonyms = map[string]string{
	"when": "if", "unless": "if", "for": "foreach", "for_each": "foreach", "forEach": "foreach", "each": "foreach", "loop": "repeat", "times": "repeat",
	"sleep": "think", "wait": "think", "pause": "think", "pacing": "pace", "do": "steps", "in": "foreach", "flow": "call", "function": "call", "print": "log",
	"preAllocatedVUs": "vus", "arrivalRate": "rate", "arrivalCount": "iterations", "maxVusers": "max_vus", "rampTo": "target", "phases": "scenarios",
	"startTime": "start", "exec": "steps", "sleep_time": "think", "target_url": "base_url", "baseURL": "base_url", "baseUrl": "base_url",
	"assert": "check", "asserts": "check", "assertions": "check", "extract": "capture", "status": "expect", "data_files": "data", "payload": "data",
	"iteration": "next_iteration", "vu": "stop", "run": "abort", "fail": "next_iteration",
}

// synonym is the word of ours that others call by this name, if it is among the candidates.
func synonym(word string, candidates []string) string {
	if ours := synonyms[word]; slices.Contains(candidates, ours) {
		return ours
	}
	return ""
}

// didYouMean is a hint for an unknown word, "" if nothing is near.
func didYouMean(word string, candidates []string) string {
	s := synonym(word, candidates)
	if s == "" {
		s = Suggest(word, candidates)
	}
	if s != "" {
		return `did you mean "` + s + `"?`
	}
	return ""
}

// orList is a hint for an unknown word: what is near, else what there is.
func orList(word string, candidates []string) string {
	if h := didYouMean(word, candidates); h != "" {
		return h
	}
	const shown = 12
	if len(candidates) > shown {
		return "have: " + strings.Join(candidates[:shown], ", ") + ", …"
	}
	return "have: " + strings.Join(candidates, ", ")
}

func splitComma(s string) []string { return strings.Split(s, ",") }

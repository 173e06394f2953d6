package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"runner/spec"
	"runner/spec/expr"
)

// examplesIndex is the table of the plans in a folder: what each shows, and by which words of the language.
func examplesIndex(dir string) ([]byte, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var all []showcase
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		all = append(all, newExample(filepath.Base(path), string(text)))
	}
	used := map[string]int{}
	for _, e := range all {
		for _, w := range e.words {
			used[w]++
		}
	}
	var b strings.Builder
	b.WriteString("# Examples\n\nOne idea each, in under 40 lines. All but `service` and those that say so ask the same backend, which they start themselves:\n" +
		"`runner once plans/examples/first-plan.yaml` shows what happens, `runner plans/examples/first-plan.yaml` runs it.\n" +
		"What every word means stands in [the reference](../REFERENCE.md). This table is generated (`go generate ./schemas`).\n\n" +
		"| plan | idea | words shown |\n|---|---|---|\n")
	for _, e := range all {
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s |\n", strings.TrimSuffix(e.file, ".yaml"), e.file, cell(e.idea), codes(e.rarest(used, len(all))))
	}
	return []byte(b.String()), nil
}

// showcase is one plan of the index.
type showcase struct {
	file  string
	idea  string
	words []string
}

func newExample(file, text string) showcase {
	e := showcase{file: file, idea: idea(text)}
	known := vocabulary()
	for _, m := range word.FindAllStringSubmatch(bodies.ReplaceAllString(comments.ReplaceAllString(text, ""), "$1:"), -1) {
		w := m[1] + m[2] + m[3]
		if known[w] && !slices.Contains(e.words, w) {
			e.words = append(e.words, w)
		}
	}
	return e
}

var (
	comments = regexp.MustCompile(`(?m)(^|\s)#.*$`)
	bodies   = regexp.MustCompile(`\b(json|query|form|headers|vars|set|tags): \{.*\}`)
	// word is a key, the type of an executor, or a call of a function in an expression.
	word = regexp.MustCompile(`\b([a-z_0-9]+):(?:\s|$)|\btype: ([a-z-]+)|\b([a-z_0-9]+)\(`)
)

// rarest are a few of an example's words, those first that few other examples have; what most have shows nothing.
func (e *showcase) rarest(used map[string]int, all int) []string {
	const least, most = 3, 7
	words := slices.Clone(e.words)
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(used[a], used[b]) })
	n := 0
	for n < len(words) && n < most && (n < least || used[words[n]] <= all/4) {
		n++
	}
	return words[:n]
}

// idea is the first sentence of the comment that a plan begins with.
func idea(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
		if comment = strings.TrimSpace(comment); !ok {
			break
		} else if comment == "" && len(lines) > 0 {
			break
		} else if comment != "" && !strings.HasPrefix(comment, "yaml-language-server") {
			lines = append(lines, comment)
		}
	}
	all := strings.Join(lines, " ")
	if end := regexp.MustCompile(`[.?!](\s|$)`).FindStringIndex(all); end != nil {
		return all[:end[0]+1]
	}
	return all
}

// vocabulary is every word of the language: keys, verbs, executors, functions.
func vocabulary() map[string]bool {
	known := map[string]bool{}
	g := spec.Describe()
	types := []reflect.Type{g.Plan, g.Preamble, reflect.TypeFor[spec.Threshold](), reflect.TypeFor[spec.Retry](), reflect.TypeFor[spec.GraphQL](), reflect.TypeFor[spec.Part](), reflect.TypeFor[spec.Capture](), reflect.TypeFor[spec.Distribution](), reflect.TypeFor[spec.Stage[spec.Int]]()}
	for _, e := range structs() {
		types = append(types, e.t)
	}
	for kind, t := range g.Executors {
		known[kind] = true
		types = append(types, t)
	}
	for _, form := range g.Steps {
		types = append(types, form.Type)
		for _, v := range form.Verbs {
			known[v] = true
		}
	}
	for _, t := range types {
		for _, f := range spec.Fields(t) {
			known[f.Key] = true
		}
	}
	for _, f := range expr.Functions() {
		name, _, _ := strings.Cut(f.Signature, "(")
		known[name] = true
	}
	for _, name := range []string{"html", "regex", "xpath", "schema"} {
		known[name] = true
	}
	for _, vague := range []string{"", "name", "description", "string", "status", "select", "order"} {
		delete(known, vague)
	}
	return known
}

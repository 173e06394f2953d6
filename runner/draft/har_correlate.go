package draft

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// found is a value of a reply that a later request may carry.
type found struct {
	entry int
	path  []string // keys and indexes, as gjson has them
	value string
	typ   treeKind
}

// idKey are the names of fields that hold ids and tokens.
var idKey = pattern(`(?i)(^|[_-])(id|ids|uuid|guid|key|slug|code|number|no|sku|ref|reference|hash|nonce|cursor|session|csrf|xsrf|state|ticket|token|href|next)$|(Id|ID|Uuid|Key|Code|Token|Number|Ref|Nonce|Cursor)$|token`)

// ledger is what replies gave so far, and what is no find: the client's own values have the entry -1.
type ledger struct {
	all   []found
	index map[string]int
}

func (l *ledger) note(f found) {
	if _, known := l.index[f.value]; !known {
		l.index[f.value] = len(l.all)
		l.all = append(l.all, f)
	}
}

// mostFound bounds the search in recordings of long lists.
const mostFound = 20_000

// correlate finds values that a reply gave and a later request sends: they differ from run to run, so the plan captures
// them. What a request sent before any reply had it is the client's own and stays.
func (d *desk) correlate(all []entry) {
	l := &ledger{index: map[string]int{}}
	for i := range all {
		sent := all[i].sent()
		for _, j := range l.used(sent) {
			d.capture(all, l.all[j])
			l.all[j].entry = -1
		}
		for _, v := range sent {
			l.note(found{entry: -1, value: v})
		}
		if all[i].status >= 400 {
			continue
		}
		collect(all[i].reply, nil, func(path []string, t *tree) {
			if len(l.all) < mostFound && telling(path, t) {
				l.note(found{i, path, t.text, t.kind})
			}
		})
	}
}

// telling tells whether a value looks like one that was given out: a field's name says id or token, or the value is long
// and no word.
func telling(path []string, t *tree) bool {
	key := ""
	for i := len(path) - 1; i >= 0 && key == ""; i-- {
		if _, err := strconv.Atoi(path[i]); err != nil {
			key = path[i]
		}
	}
	switch {
	case t.kind == number:
		return len(t.text) >= 2 && idKey().MatchString(key) && jsonNumber().MatchString(t.text) && !strings.Contains(t.text, ".")
	case t.kind != str || len(t.text) > 8<<10 || !isText(t.text):
		return false
	case idKey().MatchString(key):
		return len(t.text) >= 2
	}
	return len(t.text) >= 8 && strings.ContainsAny(t.text, "0123456789") && !strings.ContainsAny(t.text, " \n\t")
}

// collect visits the scalars of a document.
func collect(t *tree, path []string, visit func([]string, *tree)) {
	switch {
	case t == nil:
	case t.kind == number || t.kind == str:
		visit(path, t)
	default:
		for i, item := range t.items {
			key := strconv.Itoa(i)
			if t.kind == object {
				if key = t.keys[i]; key == "" || !isText(key) {
					continue // no path leads there
				}
			} else if i >= 100 {
				return // what stands so far down a list is found there by chance
			}
			collect(item, append(path[:len(path):len(path)], key), visit)
		}
	}
}

// sent are the texts of a request in which a value of a reply may stand.
func (x *entry) sent() []string {
	var all []string
	if u, err := url.Parse(x.url); err == nil {
		all = append(all, strings.Split(u.Path, "/")...)
		for _, values := range u.Query() {
			all = append(all, values...)
		}
	}
	for _, h := range x.headers {
		all = append(all, h.value)
		if _, rest, ok := strings.Cut(h.value, " "); ok {
			all = append(all, rest)
		}
	}
	for _, f := range x.body.fields {
		all = append(all, f.value)
	}
	if x.body.json == nil && x.body.form == noForm && x.body.text != "" {
		all = append(all, x.body.text)
	}
	collect(x.body.json, nil, func(_ []string, t *tree) { all = append(all, t.text) })
	return all
}

// The words of a text that are looked at, and how many of them in a row make a value: a token or an id has a few.
const (
	mostWords = 400
	mostRow   = 12
)

// used are the finds that are one of the texts, or, if they are long enough not to be there by chance, a word in one.
func (l *ledger) used(texts []string) []int {
	var out []int
	look := func(value string) {
		if j, ok := l.index[value]; ok && l.all[j].entry >= 0 && !slices.Contains(out, j) {
			out = append(out, j)
		}
	}
	for _, t := range texts {
		look(t)
		words := wordText().FindAllStringIndex(t, mostWords)
		for i := range words {
			for k := i; k < min(i+mostRow, len(words)); k++ {
				if value := t[words[i][0]:words[k][1]]; len(value) >= 8 {
					look(value)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

var wordText = pattern(`[0-9A-Za-z\x{80}-\x{10ffff}]+`)

// capture keeps a value where the reply gave it, and lets later requests know it by its name.
func (d *desk) capture(all []entry, f found) {
	name := d.names.free(captureName(f.path))
	x := &all[f.entry]
	secret := secretField().MatchString(f.path[len(f.path)-1])
	x.capture = append(x.capture, captured{name: name, expr: fmt.Sprintf("json(%s)", exprText(gjsonPath(f.path))), secret: secret})
	d.weave.add(thread{literal: f.value, expr: name, number: f.typ == number, anywhere: secret && len(f.value) >= 6})
}

// captureName is the field's name; with the name of what it is in, where the field is only called id.
func captureName(path []string) string {
	var words []string
	for _, p := range path {
		if _, err := strconv.Atoi(p); err != nil {
			words = append(words, p)
		}
	}
	if len(words) == 0 {
		return "value"
	}
	last := words[len(words)-1]
	if generic := snake(last); len(words) > 1 && (generic == "id" || generic == "key" || generic == "code" || generic == "value") {
		return snake(strings.TrimSuffix(words[len(words)-2], "s") + "_" + last)
	}
	return snake(last)
}

// gjsonPath is a path in gjson's syntax: what has a meaning there is escaped.
func gjsonPath(path []string) string {
	escaped := make([]string, len(path))
	for i, p := range path {
		var b strings.Builder
		for _, r := range p {
			if strings.ContainsRune(`.*?|#@!{}[]()=<>%\"~^:,`, r) || r == '\'' {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		escaped[i] = b.String()
	}
	return strings.Join(escaped, ".")
}

// exprText is a text as an expression writes it.
func exprText(s string) string {
	return strconv.QuoteToGraphic(s)
}

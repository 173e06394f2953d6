package main

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxRows is how many rows a read returns at most, as in a new Supabase project.
const maxRows = 1000

// query is a PostgREST read, translated. The texts hold names from the schema and placeholders only; what callers wrote
// is in args.
type query struct {
	table   string
	columns []column // of select
	where   []string
	args    []any
	order   []string
	limit   int
	offset  int
}

// parseQuery translates the parameters of a read. The refusal, in PostgREST's words, is nil if it could.
func parseQuery(name string, params url.Values) (*query, *reply) {
	t := readable[name]
	q := &query{table: name, columns: t.columns, limit: maxRows}
	for _, key := range slices.Sorted(maps.Keys(params)) { // sorted: the same filters are the same prepared statement
		for _, value := range params[key] {
			if refusal := q.param(t, key, value); refusal != nil {
				return nil, refusal
			}
		}
	}
	return q, nil
}

func (q *query) param(t table, key, value string) (refusal *reply) {
	switch key {
	case "select":
		q.columns, refusal = selected(q.table, t, value)
	case "order":
		q.order, refusal = ordered(q.table, t, value)
	case "limit":
		var n int
		n, refusal = count(key, value)
		q.limit = min(n, maxRows)
	case "offset":
		q.offset, refusal = count(key, value)
	case "and", "or", "not.and", "not.or":
		refusal = unparsable(key, value, "boxoffice has no and/or groups: write one parameter per condition")
	default:
		refusal = q.filter(t, key, value)
	}
	return refusal
}

// page narrows the read to a Range header, "0-24" or "25-", where limit and offset do not say already. A range that is
// none is ignored, as HTTP asks.
func (q *query) page(header string, params url.Values) {
	first, last, ok := strings.Cut(header, "-")
	from, err := strconv.Atoi(first)
	if !ok || err != nil || from < 0 || params.Has("limit") || params.Has("offset") {
		return
	}
	to := from + maxRows - 1
	if last != "" {
		if to, err = strconv.Atoi(last); err != nil || to < from {
			return
		}
	}
	q.offset, q.limit = from, min(to-from+1, maxRows)
}

func selected(name string, t table, list string) ([]column, *reply) {
	var columns []column
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		if item == "*" {
			columns = append(columns, t.columns...)
			continue
		}
		c, ok := t.column(item)
		if !ok {
			return nil, noColumn(name, item)
		}
		columns = append(columns, c)
	}
	return columns, nil
}

func ordered(name string, t table, list string) ([]string, *reply) {
	var terms []string
	for item := range strings.SplitSeq(list, ",") {
		words := strings.Split(strings.TrimSpace(item), ".")
		c, ok := t.column(words[0])
		if !ok {
			return nil, noColumn(name, words[0])
		}
		term, nulls := quote(c.name), ""
		for _, word := range words[1:] {
			switch word {
			case "asc":
			case "desc":
				term += " DESC"
			case "nullsfirst":
				nulls = " NULLS FIRST"
			case "nullslast":
				nulls = " NULLS LAST"
			default:
				return nil, unparsable("order", item, fmt.Sprintf("unexpected %q expecting asc, desc, nullsfirst or nullslast", word))
			}
		}
		if nulls == "" { // Postgres thinks of null as the largest value, SQLite as the smallest
			nulls = map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[strings.HasSuffix(term, " DESC")]
		}
		terms = append(terms, term+nulls)
	}
	return terms, nil
}

func count(key, value string) (int, *reply) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, unparsable(key, value, "expecting a number that is not negative")
	}
	return n, nil
}

// rows is the statement that reads the page, one JSON text a row.
func (q *query) rows() (string, []any) {
	fields := make([]string, len(q.columns))
	for i, c := range q.columns {
		fields[i] = "'" + c.name + "', " + quote(c.name)
	}
	statement := "SELECT json_object(" + strings.Join(fields, ", ") + ") FROM " + quote(q.table) + q.condition()
	if len(q.order) > 0 {
		statement += " ORDER BY " + strings.Join(q.order, ", ")
	}
	return statement + " LIMIT ? OFFSET ?", append(slices.Clone(q.args), q.limit, q.offset)
}

// total is the statement that counts the rows of all pages.
func (q *query) total() (string, []any) {
	return "SELECT count(*) FROM " + quote(q.table) + q.condition(), q.args
}

func (q *query) condition() string {
	if len(q.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(q.where, " AND ")
}

// quote makes a name from the schema an SQL identifier.
func quote(name string) string { return `"` + name + `"` }

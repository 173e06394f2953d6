package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// read is GET /rest/v1/{table}.
func (s *server) read(c call) reply {
	name := strings.TrimPrefix(c.URL.Path, "/rest/v1/")
	t, ok := readable[name]
	if !ok {
		return postgrestError(http.StatusNotFound, "PGRST205", fmt.Sprintf("Could not find the table 'public.%s' in the schema cache", name),
			"Perhaps you meant one of 'public.events', 'public.orders', 'public.scans', 'public.tickets'")
	}
	if !t.public && c.role != service {
		return postgrestError(http.StatusUnauthorized, "42501", "permission denied for table "+name, "")
	}
	params, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return *unparsable("query", c.URL.RawQuery, err.Error())
	}
	q, refusal := parseQuery(name, params)
	if refusal != nil {
		return *refusal
	}
	q.page(c.Header.Get("Range"), params)
	found, err := s.store.page(q, exactCount(c.Header))
	if err != nil {
		return broken(err)
	}
	return found.reply(q.offset)
}

// exactCount tells whether the caller asked how many rows there are on all pages.
func exactCount(h http.Header) bool {
	for _, line := range h.Values("Prefer") {
		for word := range strings.SplitSeq(line, ",") {
			if strings.TrimSpace(word) == "count=exact" {
				return true
			}
		}
	}
	return false
}

// page is what a read found.
type page struct {
	rows  []byte // a JSON list
	n     int    // how many rows it has
	total int    // on all pages, -1: nobody asked
}

// page runs a read. With a count, both statements see the same snapshot.
func (s *store) page(q *query, exact bool) (page, error) {
	text, args := q.rows()
	rows, done, err := s.query(text)
	if err != nil {
		return page{}, err
	}
	defer done()
	if !exact {
		found := page{total: -1}
		err := found.read(rows, args)
		return found, err
	}
	text, countArgs := q.total()
	total, done, err := s.query(text)
	if err != nil {
		return page{}, err
	}
	defer done()
	return s.snapshot(rows, args, total, countArgs)
}

// snapshot runs both statements in one transaction. They are prepared before it begins: inside, preparing would wait for
// a connection while holding one.
func (s *store) snapshot(rows *sql.Stmt, args []any, total *sql.Stmt, countArgs []any) (page, error) {
	ctx, found := context.Background(), page{}
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return found, err
	}
	defer func() { _ = tx.Rollback() }() // nothing was changed
	if err := found.read(tx.StmtContext(ctx, rows), args); err != nil {
		return found, err
	}
	err = tx.StmtContext(ctx, total).QueryRowContext(ctx, countArgs...).Scan(&found.total)
	return found, err
}

// read runs the page's statement and collects its rows.
func (p *page) read(stmt *sql.Stmt, args []any) error {
	rows, err := stmt.QueryContext(context.Background(), args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err has what matters
	p.rows = append(p.rows, '[')
	var row sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&row); err != nil {
			return err
		}
		if p.n > 0 {
			p.rows = append(p.rows, ",\n "...)
		}
		p.rows = append(p.rows, row...)
		p.n++
	}
	p.rows = append(p.rows, ']')
	return rows.Err()
}

// reply words a page as PostgREST does: the range that was found, the total if it was asked for, 206 if there is more,
// and 416 for a page that begins behind the end.
func (p page) reply(offset int) reply {
	total, span, status := "*", "*", http.StatusOK
	if p.n > 0 {
		span = fmt.Sprintf("%d-%d", offset, offset+p.n-1)
	}
	if p.total >= 0 {
		total = fmt.Sprint(p.total)
		if p.n < p.total {
			status = http.StatusPartialContent
		}
	}
	header := http.Header{"Content-Range": {span + "/" + total}}
	if p.total >= 0 && offset > p.total {
		details := fmt.Sprintf("An offset of %d was requested, but there are only %d rows.", offset, p.total)
		body := postgrest{Code: "PGRST103", Details: &details, Message: "Requested range not satisfiable"}
		return reply{status: http.StatusRequestedRangeNotSatisfiable, header: header, body: body}
	}
	return reply{status: status, header: header, raw: p.rows}
}

package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shop has a few rows whose values the filters below are about: tickets t1 to t5 of the test event.
func shop(t *testing.T) box {
	t.Helper()
	b := newBox(t, func(c *config) { c.size = seedSize{events: 1, seats: 100, tickets: 0} })
	err := b.store.writer.transaction(func(tx tx) error {
		if _, err := tx.exec("DELETE FROM orders"); err != nil {
			return err
		}
		for i, row := range []struct {
			email    string
			quantity int
			paid     any
		}{
			{"anna@example.com", 1, "2026-01-01T10:00:00.000000+00:00"},
			{"Anna@example.com", 2, "2026-01-02T10:00:00.000000+00:00"},
			{"b_b@example.com", 3, nil},
			{`c,"d"@example.com`, 4, "2026-01-03T10:00:00.000000+00:00"},
			{"[x]?*@example.com", 10, nil},
		} {
			id := fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1)
			_, err := tx.exec(addOrder, id, testEventID, row.email, "N", row.quantity, 100, "x", id, "2026-01-01T00:00:00.000000+00:00", row.paid)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// found are the quantities of the orders that a read finds, as "1 2 10".
func found(t *testing.T, b box, params string) string {
	t.Helper()
	got := b.staff("GET", "/rest/v1/orders?select=quantity&"+params, "")
	var rows []struct{ Quantity int }
	if err := json.Unmarshal(got.body, &rows); err != nil || got.status != 200 {
		return fmt.Sprintf("%d %s", got.status, got.body)
	}
	var list []string
	for _, r := range rows {
		list = append(list, fmt.Sprint(r.Quantity))
	}
	return strings.Join(list, " ")
}

func TestFilters(t *testing.T) {
	b := shop(t)
	for _, row := range []struct{ params, want, why string }{
		{"", "1 2 3 4 10", "no filter"},
		{"quantity=eq.3", "3", ""},
		{"quantity=neq.3", "1 2 4 10", ""},
		{"quantity=gt.3", "4 10", "numbers, not text: 10 is more than 3"},
		{"quantity=gte.3", "3 4 10", ""},
		{"quantity=lt.3", "1 2", ""},
		{"quantity=lte.3", "1 2 3", ""},
		{"quantity=gt.1&quantity=lt.4", "2 3", "two filters of one column are both meant"},
		{"quantity=in.(1,4,99)", "1 4", ""},
		{"quantity=in.()", "", "nothing is in an empty list"},
		{"quantity=not.in.(1,4)", "2 3 10", ""},
		{"quantity=not.eq.3", "1 2 4 10", ""},
		{"customer_email=eq.anna@example.com", "1", "text is compared with its case"},
		{"customer_email=like.anna*", "1", "like minds the case"},
		{"customer_email=like.%25nna%25", "1 2", "% is a star too"},
		{"customer_email=ilike.anna*", "1 2", "ilike does not"},
		{"customer_email=like.b_b*", "3", "_ is any character"},
		{"customer_email=like.%3Fnna*", "", "? is itself"},
		{"customer_email=like.[x]?*", "10", "what is special to SQLite's GLOB is text to like"},
		{`customer_email=in.("c,\"d\"@example.com",b_b@example.com)`, "3 4", "quotes keep commas together"},
		{"paid_at=is.null", "3 10", ""},
		{"paid_at=not.is.null", "1 2 4", ""},
		{"paid_at=is.not_null", "1 2 4", ""},
		{"paid_at=gte.2026-01-02", "2 4", "a date is midnight"},
		{"paid_at=lt.2026-01-02T11:00:00%2B01:00", "1", "an instant is the same in any zone: 10:00 UTC is not before"},
		{"paid_at=lte.2026-01-02T11:00:00%2B01:00", "1 2", ""},
		{"id=eq.00000000-0000-4000-8000-000000000002", "2", ""},
		{"order=quantity.desc", "10 4 3 2 1", ""},
		{"order=quantity.asc&limit=2", "1 2", ""},
		{"order=quantity&limit=2&offset=3", "4 10", ""},
		{"order=paid_at.desc,quantity.desc", "10 3 4 2 1", "in Postgres null is the largest"},
		{"order=paid_at,quantity", "1 2 4 3 10", ""},
		{"order=paid_at.desc.nullslast,quantity", "4 2 1 3 10", ""},
		{"order=paid_at.nullsfirst,quantity", "3 10 1 2 4", ""},
		{"limit=0", "", ""},
	} {
		if got := found(t, b, row.params); got != row.want {
			t.Errorf("%s: got %q, want %q (%s)", row.params, got, row.want, row.why)
		}
	}
}

func TestReadsThatAreRefused(t *testing.T) {
	b := shop(t)
	for _, row := range []struct {
		path   string
		status int
		code   string
		says   string
	}{
		{"ordres", 404, "PGRST205", "public.ordres"},
		{"", 404, "PGRST205", ""},
		{"stripe_events", 404, "PGRST205", "stripe_events"},
		{"orders?nope=eq.1", 400, "42703", "column orders.nope does not exist"},
		{"orders?select=id,nope", 400, "42703", "orders.nope"},
		{"orders?select=id,tickets(id)", 400, "42703", "tickets(id)"},
		{"orders?order=nope.desc", 400, "42703", "orders.nope"},
		{"orders?order=id.down", 400, "PGRST100", "down"},
		{"orders?quantity=5", 400, "PGRST100", "operator.value"},
		{"orders?quantity=is5", 400, "PGRST100", "operator.value"},
		{"orders?quantity=eqq.5", 400, "PGRST100", "eqq"},
		{"orders?quantity=eq.five", 400, "22P02", "invalid input syntax for type integer: \\\"five\\\""},
		{"orders?quantity=in.(1,x)", 400, "22P02", "integer"},
		{"orders?quantity=in.1,2", 400, "PGRST100", "list"},
		{"orders?customer_email=in.(%22a)", 400, "PGRST100", "list"},
		{"orders?id=eq.5", 400, "22P02", "uuid"},
		{"orders?paid_at=gt.yesterday", 400, "22007", "timestamp"},
		{"orders?paid_at=is.true", 400, "42804", "boolean"},
		{"orders?paid_at=is.maybe", 400, "PGRST100", "not_null"},
		{"orders?id=like.0*", 404, "42883", "operator does not exist"},
		{"orders?limit=-1", 400, "PGRST100", "limit"},
		{"orders?offset=x", 400, "PGRST100", "offset"},
		{"orders?or=(id.eq.1)", 400, "PGRST100", "no and/or groups"},
		{"orders?id=%zz", 400, "PGRST100", ""},
	} {
		got := b.staff("GET", "/rest/v1/"+row.path, "")
		if got.status != row.status || got.field("code") != row.code || !strings.Contains(string(got.body), row.says) {
			t.Errorf("%s: got %d %s", row.path, got.status, got.body)
		}
		for _, member := range []string{"code", "details", "hint", "message"} {
			if !strings.Contains(string(got.body), `"`+member+`":`) {
				t.Errorf("%s: PostgREST's errors have a %s: %s", row.path, member, got.body)
			}
		}
	}
}

func TestPages(t *testing.T) {
	b := shop(t)
	for _, row := range []struct {
		params, prefer, rang string
		status               int
		contentRange         string
		why                  string
	}{
		{"", "", "", 200, "0-4/*", "nobody asked for the count"},
		{"", "count=exact", "", 200, "0-4/5", "everything is on the page"},
		{"limit=2", "count=exact", "", 206, "0-1/5", "there is more"},
		{"limit=2&offset=4", "count=exact", "", 206, "4-4/5", "the last page is still a part"},
		{"limit=2", "return=minimal, count=exact", "", 206, "0-1/5", "one wish among others"},
		{"limit=2", "count=planned", "", 200, "0-1/*", "an estimate is not offered"},
		{"limit=0", "count=exact", "", 206, "*/5", "only the count"},
		{"quantity=gt.100", "count=exact", "", 200, "*/0", "nothing found is not a part of something"},
		{"quantity=gt.2&limit=1", "count=exact", "", 206, "0-0/3", "the filter counts"},
		{"offset=5", "count=exact", "", 206, "*/5", "just behind the end"},
		{"offset=6", "count=exact", "", 416, "*/5", "behind the end"},
		{"offset=6", "", "", 200, "*/*", "who does not count cannot know"},
		{"", "count=exact", "1-2", 206, "1-2/5", "a Range header is a page"},
		{"", "count=exact", "3-", 206, "3-4/5", "an open range"},
		{"limit=1", "count=exact", "1-2", 206, "0-0/5", "the query goes first"},
		{"", "count=exact", "bytes=0-1", 200, "0-4/5", "a range that is none is ignored"},
		{"", "count=exact", "3-1", 200, "0-4/5", "backwards is none"},
	} {
		headers := []string{}
		if row.prefer != "" {
			headers = append(headers, "Prefer", row.prefer)
		}
		if row.rang != "" {
			headers = append(headers, "Range", row.rang)
		}
		got := b.staff("GET", "/rest/v1/orders?order=quantity&"+row.params, "", headers...)
		if got.status != row.status || got.header.Get("Content-Range") != row.contentRange {
			t.Errorf("%q %q %q: got %d %s, want %d %s (%s)", row.params, row.prefer, row.rang, got.status, got.header.Get("Content-Range"), row.status, row.contentRange, row.why)
		}
	}
	head := b.staff("HEAD", "/rest/v1/orders", "", "Prefer", "count=exact")
	want(t, "HEAD has the count", head.header.Get("Content-Range"), "0-4/5")
	want(t, "HEAD has no body", len(head.body), 0)
}

func TestSelectKeepsTheOrder(t *testing.T) {
	b := shop(t)
	got := b.staff("GET", "/rest/v1/orders?select=quantity,id&limit=1&order=quantity", "")
	want(t, "row", string(got.body), `[{"quantity":1,"id":"00000000-0000-4000-8000-000000000001"}]`)
	all := b.staff("GET", "/rest/v1/orders?limit=1", "")
	for _, c := range readable["orders"].columns {
		if !strings.Contains(string(all.body), `"`+c.name+`":`) {
			t.Errorf("* lacks %s", c.name)
		}
	}
}

func TestMoreShapesThanAreKept(t *testing.T) {
	b := shop(t)
	for n := range preparedMax + 50 {
		want(t, "found", found(t, b, "quantity=in.(1"+strings.Repeat(",1", n)+")"), "1")
	}
	if n := len(b.store.querying); n > preparedMax {
		t.Errorf("%d statements are kept", n)
	}
}

// Whatever callers write, they get rows or a refusal: never SQL's own complaint.
func TestNoFilterReachesSQL(t *testing.T) {
	b := shop(t)
	word := rapid.StringMatching(`[a-z'"();,.*%\\ -]{0,12}`)
	ops := rapid.SampledFrom([]string{"eq.", "in.(", "like.", "is.", "not.", "gt.", ""})
	keys := rapid.SampledFrom([]string{"id", "quantity", "customer_email", "paid_at", "select", "order", "limit", "offset"})
	rapid.Check(t, func(rt *rapid.T) {
		params := map[string][]string{keys.Draw(rt, "key"): {ops.Draw(rt, "op") + word.Draw(rt, "word")}}
		q, refusal := parseQuery("orders", params)
		if refusal != nil {
			if refusal.status >= 500 {
				rt.Fatalf("%v: %d", params, refusal.status)
			}
			return
		}
		if _, err := b.store.page(q, true); err != nil {
			rt.Fatalf("%v: %v", params, err)
		}
	})
}

func FuzzList(f *testing.F) {
	for _, s := range []string{"", "()", "(a)", "(a,b)", `("a,b",c)`, `("a\"b")`, `(a`, `("a)`, `(,)`, `(\)`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		items, ok := list(s)
		if ok && !strings.HasPrefix(s, "(") {
			t.Fatalf("%q is a list of %q", s, items)
		}
	})
}

func TestListsSurviveQuoting(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		items := rapid.SliceOfN(rapid.String(), 1, 5).Draw(rt, "items")
		var quoted []string
		for _, item := range items {
			quoted = append(quoted, `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(strings.ToValidUTF8(item, "?"))+`"`)
		}
		got, ok := list("(" + strings.Join(quoted, ",") + ")")
		if !ok || len(got) != len(items) {
			rt.Fatalf("%q became %q", items, got)
		}
		for i := range items {
			if got[i] != strings.ToValidUTF8(items[i], "?") {
				rt.Fatalf("%q became %q", items[i], got[i])
			}
		}
	})
}

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
)

func (b box) scanIt(body string) answer {
	return b.staff("POST", "/rest/v1/rpc/scan_ticket_atomic", body)
}

func TestARaceHasOneWinner(t *testing.T) {
	b := newBox(t)
	results := make([]scanResult, 100)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range results {
		wg.Go(func() {
			<-start
			got := b.scanIt(fmt.Sprintf(`{"p_ticket_id": %q, "p_scanner_id": "gate-%d"}`, raceTicketID, i))
			if err := json.Unmarshal(got.body, &results[i]); err != nil || got.status != 200 {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	close(start)
	wg.Wait()
	winner, won := "", 0
	for i, r := range results {
		if r.Success {
			winner, won = fmt.Sprintf("gate-%d", i), won+1
		}
	}
	want(t, "winners", won, 1)
	for _, r := range results {
		want(t, "who scanned it", *r.ScannedBy, winner)
		if !r.Success {
			want(t, "why not", r.ErrorCode, "ALREADY_SCANNED")
		}
	}
	s := b.numbers().Scans
	want(t, "attempted", s.Attempted, 100)
	want(t, "won", s.Won, 1)
	want(t, "rejected", s.Rejected, 99)
	log := b.staff("GET", "/rest/v1/scans?limit=1&result=eq.ALREADY_SCANNED&ticket_id=eq."+raceTicketID, "", "Prefer", "count=exact")
	want(t, "refusals in the log", log.header.Get("Content-Range"), "0-0/99")
}

func TestArgumentsOfAScan(t *testing.T) {
	b := newBox(t)
	ticket := knownTickets()[0]
	for _, row := range []struct {
		body   string
		status int
		says   string
		why    string
	}{
		{`{"p_ticket_id": "` + strings.ToUpper(ticket) + `"}`, 200, `"success":true`, "a UUID is the same in any case; the scanner may be unknown"},
		{`{"p_ticket_id": "` + ticket + `", "p_scanner_id": 7}`, 200, `"ALREADY_SCANNED"`, "the same one again"},
		{`{"p_ticket_id": "7c0ffee0-0000-4000-8000-00000000dead"}`, 200, `"NOT_FOUND"`, "a refusal of the function is not an HTTP error"},
		{`{"p_ticket_id": "x"}`, 400, `"22P02"`, "not a UUID"},
		{`{"p_ticket_id": 5}`, 400, `"22P02"`, "not even text"},
		{`{}`, 404, `"PGRST202"`, "there is no such function without arguments"},
		{`{"p_ticket_id": "` + ticket + `", "p_tickte": 1}`, 404, `scan_ticket_atomic(p_ticket_id, p_tickte)`, "a name with a slip is another function"},
		{`[`, 400, `"PGRST102"`, "not JSON"},
		{`null`, 404, `"PGRST202"`, "no arguments"},
	} {
		got := b.scanIt(row.body)
		if got.status != row.status || !strings.Contains(string(got.body), row.says) {
			t.Errorf("%s (%s): got %d %s", row.body, row.why, got.status, got.body)
		}
	}
	s := b.numbers().Scans
	want(t, "attempts that reached the function", s.Attempted, 3)
	want(t, "attempts = won + rejected + not found", s.Attempted, s.Won+s.Rejected+s.NotFound)
}

func TestTheShippedTicketsAreTheSeededOnes(t *testing.T) {
	data, err := os.ReadFile("../../plans/data/test-tickets.json")
	if err != nil {
		t.Fatal(err)
	}
	type row struct{ ID string }
	var file struct{ Tickets, Race []row }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range append(file.Tickets, file.Race...) {
		ids = append(ids, r.ID)
	}
	want(t, "tickets", strings.Join(ids, "\n"), strings.Join(knownTickets(), "\n"))
	backend, err := os.ReadFile("../../plans/shared/backend.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(backend), "default: "+testEventID) {
		t.Error("the plans buy tickets of another event")
	}
}

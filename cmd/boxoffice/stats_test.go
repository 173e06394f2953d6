package main

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Many clients over real connections: the server's numbers are what the clients saw, to the last one.
func TestStatsAreExact(t *testing.T) {
	b := newBox(t)
	web := httptest.NewServer(b.server)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}, Timeout: time.Minute}
	defer web.Close()
	defer client.CloseIdleConnections()
	calls := []struct{ method, path, body, route string }{
		{"POST", "/functions/v1/create-checkout", purchase(2), "POST /functions/v1/create-checkout"},
		{"POST", "/functions/v1/create-checkout", `{}`, "POST /functions/v1/create-checkout"},
		{"GET", "/rest/v1/events?limit=2", "", "GET /rest/v1/events"},
		{"GET", "/rest/v1/nope", "", "GET /rest/v1/"},
		{"POST", "/functions/v1/stripe-webhook", `{}`, "POST /functions/v1/stripe-webhook"},
		{"DELETE", "/rest/v1/events", "", "other"},
	}
	const clients, rounds = 16, 10
	var mu sync.Mutex
	statuses := map[int]int64{}
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for i := range rounds * len(calls) {
				c := calls[i%len(calls)]
				r, _ := http.NewRequestWithContext(t.Context(), c.method, web.URL+c.path, strings.NewReader(c.body))
				r.Header.Set("Apikey", "public")
				response, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				_ = response.Body.Close()
				mu.Lock()
				statuses[response.StatusCode]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	s := b.numbers()
	const each = clients * rounds
	want(t, "requests", s.Requests.Total, int64(each*len(calls)+1))
	want(t, "routes are listed also if nobody came", len(s.Requests.ByRoute), len(routes()))
	for route, n := range map[string]int64{calls[0].route: 2 * each, calls[2].route: each, calls[3].route: each, calls[4].route: each, "other": each, "GET /stats": 1} {
		want(t, route, s.Requests.ByRoute[route], n)
	}
	for status, n := range statuses {
		want(t, http.StatusText(status), s.Responses[map[int]string{200: "200", 400: "400", 404: "404"}[status]], n)
	}
	want(t, "checkouts", s.Checkouts.Created, each)
	want(t, "rejected", s.Checkouts.Rejected, each)
	want(t, "seats", s.Seats.Sold, int64(60+len(knownTickets())+2*each))
	want(t, "events received", s.Events.Received, each)
}

func TestOversellingWouldBeSeen(t *testing.T) {
	b := newBox(t)
	err := b.store.writer.transaction(func(tx tx) error {
		_, err := tx.exec("UPDATE events SET seats_total = 10 WHERE id = ?", testEventID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "oversold", b.numbers().Seats.Oversold, int64(len(knownTickets())-10))
}

func TestResetStartsOver(t *testing.T) {
	b := newBox(t)
	before := b.numbers()
	b.buy(2)
	b.scanIt(`{"p_ticket_id": "` + raceTicketID + `"}`)
	want(t, "reset", b.staff("POST", "/reset", "").status, 200)
	after := b.numbers()
	want(t, "seats", after.Seats, before.Seats)
	want(t, "checkouts", after.Checkouts.Created, 0)
	want(t, "requests: none but /stats itself", after.Requests.Total, 1)
	again := b.scanIt(`{"p_ticket_id": "` + raceTicketID + `"}`)
	want(t, "the ticket is unused again", again.field("success"), any(true))
}

func TestSeedsRepeat(t *testing.T) {
	ids := func(seed uint64) string {
		b := newBox(t, func(c *config) { c.seed = seed })
		return string(b.staff("GET", "/rest/v1/orders?select=id,customer_email&order=id", "").body)
	}
	one := ids(1)
	want(t, "the same seed", ids(1), one)
	if ids(2) == one {
		t.Error("another seed makes the same orders")
	}
	b := newBox(t)
	sum := b.staff("GET", "/rest/v1/tickets?limit=1", "", "Prefer", "count=exact").header.Get("Content-Range")
	want(t, "tickets", sum, "0-0/76")
	want(t, "every seeded ticket has a seat", b.numbers().Seats.Sold, 76)
}

func TestFaultsRepeat(t *testing.T) {
	failures := func(seed uint64) (n int, order string) {
		b := newBox(t, func(c *config) { c.seed, c.errorRate = seed, 0.25 })
		for range 400 {
			got := b.request("GET", "/rest/v1/events?limit=1", "", "apikey", "public")
			if got.status == 503 {
				n++
				want(t, "a failure says what it is", got.field("error"), any("INJECTED_FAULT"))
			}
			order += map[int]string{200: ".", 503: "x"}[got.status]
		}
		s := b.numbers()
		want(t, "faults", s.Faults, int64(n))
		want(t, "faults are requests too", s.Requests.ByRoute["GET /rest/v1/events"], 400)
		return n, order
	}
	n, order := failures(1)
	_, again := failures(1)
	want(t, "the same seed fails the same requests", again, order)
	if _, other := failures(2); other == order {
		t.Error("another seed fails the same requests")
	}
	if n < 60 || n > 140 { // 100 expected, deviation 8.7
		t.Errorf("%d of 400 failed at 25%%", n)
	}
}

func TestAFaultChangesNothing(t *testing.T) {
	b := newBox(t, func(c *config) { c.errorRate = 1 })
	before := b.numbers().Seats
	want(t, "status", b.buy(1).status, 503)
	want(t, "seats", b.numbers().Seats, before)
	want(t, "healthz never fails", b.request("GET", "/healthz", "").status, 200)
	want(t, "reset never fails", b.staff("POST", "/reset", "").status, 200)
}

func TestLatencyHasTheMeanThatWasAskedFor(t *testing.T) {
	f := faults{seed: 3, latency: 20 * time.Millisecond}
	var sum, least, most time.Duration
	const n = 200_000
	for i := range uint64(n) {
		d := f.at(i).delay
		sum += d
		most = max(most, d)
		if least == 0 || d < least {
			least = d
		}
	}
	mean := float64(sum) / n / 1e6
	if math.Abs(mean-20) > 0.2 { // the mean of n deviates by 10 ms / √n = 0.022 ms
		t.Errorf("mean %.3f ms", mean)
	}
	if least < 10*time.Millisecond || most < 60*time.Millisecond {
		t.Errorf("from %s to %s: half is fixed, and there is a tail", least, most)
	}
}

func TestUnitIsUniform(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		u := unit(rapid.Uint64().Draw(rt, "seed"), rapid.Uint64().Draw(rt, "n"))
		if u < 0 || u >= 1 {
			rt.Fatal(u)
		}
	})
}

func TestAClientThatLeavesIsNotCountedAsAFault(t *testing.T) {
	b := newBox(t, func(c *config) { c.latency = time.Minute })
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/functions/v1/create-checkout", strings.NewReader(purchase(1)))
	ctx, cancel := context.WithCancel(r.Context())
	cancel()
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r.WithContext(ctx))
	want(t, "status", w.Code, statusClientGone)
	want(t, "faults", b.numbers().Faults, 0)
	want(t, "checkouts", b.numbers().Checkouts.Created, 0)
}

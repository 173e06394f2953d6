package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// purchase is a good payload for n seats of the test event.
func purchase(n int) string {
	return fmt.Sprintf(`{"event_id": %q, "quantity": %d, "customer": {"email": "anna@example.com", "name": "Anna"}}`, testEventID, n)
}

func (b box) buy(n int) answer {
	return b.request("POST", "/functions/v1/create-checkout", purchase(n), "apikey", "public")
}

func TestAPurchase(t *testing.T) {
	b := newBox(t)
	before := b.numbers()
	got := b.buy(3)
	want(t, "status", got.status, 200)
	session, _ := got.field("session_id").(string)
	if !strings.HasPrefix(session, "cs_test_") || got.field("url") != "https://checkout.stripe.com/c/pay/"+session {
		t.Errorf("session %v, url %v", got.field("session_id"), got.field("url"))
	}
	want(t, "amount", got.field("amount_total"), any(6000.0))
	after := b.numbers()
	want(t, "seats sold", after.Seats.Sold-before.Seats.Sold, 3)
	want(t, "checkouts", after.Checkouts.Created, 1)

	orders := b.staff("GET", "/rest/v1/orders?stripe_session_id=eq."+session, "")
	for _, part := range []string{`"status":"pending"`, `"quantity":3`, `"customer_email":"anna@example.com"`, `"paid_at":null`} {
		if !strings.Contains(string(orders.body), part) {
			t.Errorf("the order lacks %s: %s", part, orders.body)
		}
	}
}

func TestPayloadsOfPurchases(t *testing.T) {
	b := newBox(t)
	good := func() map[string]any {
		var m map[string]any
		_ = json.Unmarshal([]byte(purchase(1)), &m)
		return m
	}
	for _, row := range []struct {
		key    string
		value  any
		status int
		says   string
		why    string
	}{
		{"x", 1, 200, "", "a member that nobody knows is ignored, as in JavaScript"},
		{"event_id", strings.ToUpper(testEventID), 200, "", "a UUID is the same in any case"},
		{"event_id", "7c0ffee0-0000-4000-8000-00000000dead", 404, "EVENT_NOT_FOUND", "no such event"},
		{"event_id", "7", 400, "event_id: want a UUID", "not an id"},
		{"event_id", nil, 400, "event_id: want a UUID", "missing"},
		{"quantity", 0, 400, "quantity: want 1 to 10", "nothing to buy"},
		{"quantity", -1, 400, "quantity: want 1 to 10", "would give seats back"},
		{"quantity", 11, 400, "quantity: want 1 to 10", "a scalper"},
		{"quantity", "2", 400, "quantity: want int, got string", "a wrong type"},
		{"quantity", 1.5, 400, "quantity: want int", "half a seat"},
		{"quantity", nil, 400, "or a list of tickets", "missing"},
		{"tickets", []any{map[string]any{"type": "adult", "quantity": 1}}, 400, "not both", "which of the two?"},
		{"customer", map[string]any{"name": "Anna", "email": "anna"}, 400, "customer.email: want an address", "no mail can be sent"},
		{"customer", map[string]any{"name": "Anna", "email": "Anna <anna@example.com>"}, 400, "customer.email", "a name with it is not an address"},
		{"customer", map[string]any{"name": " ", "email": "anna@example.com"}, 400, "customer.name: is missing", "blank"},
		{"success_url", "javascript:alert(1)", 400, "success_url: want an http", "would run in the buyer's browser"},
		{"cancel_url", "https://example.com/cart", 200, "", "a page of the shop"},
	} {
		payload := good()
		payload[row.key] = row.value
		data, _ := json.Marshal(payload)
		got := b.request("POST", "/functions/v1/create-checkout", string(data), "apikey", "public")
		if got.status != row.status || !strings.Contains(string(got.body), row.says) {
			t.Errorf("%s = %v (%s): got %d %s", row.key, row.value, row.why, got.status, got.body)
		}
	}
	for _, body := range []string{"", "null garbage", "[]", `"text"`} {
		got := b.request("POST", "/functions/v1/create-checkout", body, "apikey", "public")
		want(t, "status of "+body, got.status, 400)
	}
	long := b.request("POST", "/functions/v1/create-checkout", strings.Repeat(" ", maxBody+1), "apikey", "public")
	want(t, "status of a body without end", long.status, 413)
}

func TestAListOfTicketsIsCounted(t *testing.T) {
	b := newBox(t)
	payload := func(a, c int) string {
		return fmt.Sprintf(`{"event_id": %q, "tickets": [{"type": "adult", "quantity": %d}, {"type": "child", "quantity": %d}],
			"customer": {"email": "anna@example.com", "name": "Anna"}}`, testEventID, a, c)
	}
	got := b.request("POST", "/functions/v1/create-checkout", payload(2, 3), "apikey", "public")
	want(t, "quantity", got.field("quantity"), any(5.0))
	got = b.request("POST", "/functions/v1/create-checkout", payload(6, 5), "apikey", "public")
	want(t, "status for eleven", got.status, 400)
	got = b.request("POST", "/functions/v1/create-checkout", payload(12, -3), "apikey", "public")
	want(t, "status for a negative part", got.status, 400)
}

func TestAThousandBuyersOfAHundredSeats(t *testing.T) {
	known := len(knownTickets())
	b := newBox(t, func(c *config) { c.size.seats = known + 100 })
	statuses := make([]int, 1000)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range statuses {
		wg.Go(func() {
			<-start
			got := b.buy(1)
			statuses[i] = got.status
			if got.status == 409 && got.field("error") != "SOLD_OUT" {
				t.Errorf("409 with %s", got.body)
			}
		})
	}
	close(start)
	wg.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	want(t, "bought", count[200], 100)
	want(t, "sold out", count[409], 900)
	after := b.numbers()
	want(t, "checkouts", after.Checkouts.Created, 100)
	want(t, "refused", after.Checkouts.SoldOut, 900)
	want(t, "oversold", after.Seats.Oversold, 0)
	rest := b.request("GET", "/rest/v1/events?select=seats_sold,seats_total&id=eq."+testEventID, "", "apikey", "public")
	want(t, "the event's own count", string(rest.body), fmt.Sprintf(`[{"seats_sold":%d,"seats_total":%d}]`, known+100, known+100))
}

func TestTheLastSeatsAreNotSplit(t *testing.T) {
	b := newBox(t, func(c *config) { c.size.seats = len(knownTickets()) + 3 })
	want(t, "two of three", b.buy(2).status, 200)
	want(t, "two of one", b.buy(2).status, 409)
	want(t, "one of one", b.buy(1).status, 200)
	want(t, "one of none", b.buy(1).status, 409)
}

package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v82/webhook"
)

func (b box) deliver(body, signature string) answer {
	headers := []string{}
	if signature != "" {
		headers = []string{"Stripe-Signature", signature}
	}
	return b.request("POST", "/functions/v1/stripe-webhook", body, headers...)
}

// signed makes the header that Stripe would send.
func signed(body, secret string, at time.Time) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: secret, Timestamp: at}).Header
}

func stripeEvent(id, session string) string {
	return fmt.Sprintf(`{"id": %q, "object": "event", "type": "checkout.session.completed", "data": {"object": {"id": %q}}}`, id, session)
}

func TestSignatures(t *testing.T) {
	b := newBox(t)
	body, now := stripeEvent("evt_1", "cs_test_1"), time.Now()
	for _, row := range []struct {
		body, signature string
		status          int
		says, why       string
	}{
		{body, "", 400, "SIGNATURE_MISSING", "anybody could send it"},
		{body, "hello", 400, "SIGNATURE_INVALID", "not a signature"},
		{body, signed(body, "whsec_other", now), 400, "SIGNATURE_INVALID", "somebody else's secret"},
		{body + " ", signed(body, "whsec_test", now), 400, "SIGNATURE_INVALID", "the body was changed on the way"},
		{body, signed(body, "whsec_test", now.Add(-6*time.Minute)), 400, "SIGNATURE_EXPIRED", "recorded and played back"},
		{"{", signed("{", "whsec_test", now), 400, "INVALID_PAYLOAD", "signed, but not an event"},
		{"{}", signed("{}", "whsec_test", now), 400, "INVALID_PAYLOAD", "an event without an id could not be processed once"},
		{body, signed(body, "whsec_test", now.Add(-4*time.Minute)), 200, `{"received":true,"duplicate":false}`, "slow, but in time"},
		{body, signed(body, "whsec_test", now), 200, `{"received":true,"duplicate":true}`, "the same event signed again"},
	} {
		got := b.deliver(row.body, row.signature)
		if got.status != row.status || !strings.Contains(string(got.body), row.says) {
			t.Errorf("%s: got %d %s, want %d %s", row.why, got.status, got.body, row.status, row.says)
		}
	}
	e := b.numbers().Events
	want(t, "received", e.Received, 9)
	want(t, "processed", e.Processed, 1)
	want(t, "duplicates", e.Duplicates, 1)
	want(t, "rejected", e.Rejected, 7)
}

func TestAPaymentMakesTickets(t *testing.T) {
	b := newBox(t)
	bought := b.buy(3)
	session, order := bought.field("session_id").(string), bought.field("order_id").(string)
	body := stripeEvent("evt_paid", session)
	got := b.deliver(body, signed(body, "whsec_test", time.Now()))
	want(t, "acknowledgement", string(got.body), fmt.Sprintf(`{"received":true,"duplicate":false,"order_id":%q,"tickets":3}`, order))
	again := stripeEvent("evt_paid_again", session)
	got = b.deliver(again, signed(again, "whsec_test", time.Now()))
	want(t, "another event for the same order", string(got.body), `{"received":true,"duplicate":false}`)
	tickets := b.staff("GET", "/rest/v1/tickets?select=status&order_id=eq."+order, "", "Prefer", "count=exact")
	want(t, "tickets", tickets.header.Get("Content-Range"), "0-2/3")
	paid := b.staff("GET", "/rest/v1/orders?select=status&paid_at=not.is.null&id=eq."+order, "")
	want(t, "order", string(paid.body), `[{"status":"paid"}]`)
	want(t, "seats are not sold twice by paying", b.numbers().Seats.Sold, int64(60+len(knownTickets())+3))
}

func TestOtherEventsChangeNothing(t *testing.T) {
	b := newBox(t)
	session := b.buy(1).field("session_id").(string)
	body := strings.Replace(stripeEvent("evt_x", session), "session.completed", "session.expired", 1)
	want(t, "status", b.deliver(body, signed(body, "whsec_test", time.Now())).status, 200)
	pending := b.staff("GET", "/rest/v1/orders?select=status&stripe_session_id=eq."+session, "")
	want(t, "order", string(pending.body), `[{"status":"pending"}]`)
	unknown := stripeEvent("evt_y", "cs_test_of_another_shop")
	want(t, "another shop's session is acknowledged", b.deliver(unknown, signed(unknown, "whsec_test", time.Now())).status, 200)
}

func TestAnEventInManyHandsIsProcessedOnce(t *testing.T) {
	b := newBox(t)
	session := b.buy(2).field("session_id").(string)
	body := stripeEvent("evt_many", session)
	header := signed(body, "whsec_test", time.Now())
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { want(t, "status", b.deliver(body, header).status, 200) })
	}
	wg.Wait()
	e := b.numbers().Events
	want(t, "processed", e.Processed, 1)
	want(t, "duplicates", e.Duplicates, 49)
	tickets := b.staff("GET", "/rest/v1/tickets?limit=0&order_id=not.is.null&holder_email=eq.anna@example.com", "", "Prefer", "count=exact")
	want(t, "tickets", tickets.header.Get("Content-Range"), "*/2")
}

package main

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/stripe/stripe-go/v82"
	"github.com/stripe/stripe-go/v82/webhook"
)

// webhookReply acknowledges an event.
type webhookReply struct {
	Received  bool   `json:"received"`
	Duplicate bool   `json:"duplicate"`
	OrderID   string `json:"order_id,omitempty"` // the order that this event paid
	Tickets   int    `json:"tickets,omitempty"`  // how many tickets were made for it
}

// stripeWebhook is POST /functions/v1/stripe-webhook. The signature is its only key, and Stripe's own library is the one
// that judges it.
func (s *server) stripeWebhook(c call) reply {
	s.stats.events.received.Add(1)
	event, refusal := s.verify(c)
	if refusal != nil {
		s.stats.events.rejected.Add(1)
		return *refusal
	}
	ack, err := s.take(event)
	if err != nil {
		return broken(err)
	}
	if ack.Duplicate {
		s.stats.events.duplicates.Add(1)
	} else {
		s.stats.events.processed.Add(1)
	}
	return reply{status: http.StatusOK, body: ack}
}

func (s *server) verify(c call) (stripe.Event, *reply) {
	data, refusal := c.content()
	if refusal != nil {
		return stripe.Event{}, refusal
	}
	event, err := webhook.ConstructEventWithOptions(data, c.Header.Get("Stripe-Signature"), s.cfg.webhookSecret,
		webhook.ConstructEventOptions{IgnoreAPIVersionMismatch: true})
	code := ""
	switch {
	case errors.Is(err, webhook.ErrNotSigned):
		code = "SIGNATURE_MISSING"
	case errors.Is(err, webhook.ErrTooOld):
		code = "SIGNATURE_EXPIRED"
	case errors.Is(err, webhook.ErrNoValidSignature), errors.Is(err, webhook.ErrInvalidHeader):
		code = "SIGNATURE_INVALID"
	case err != nil:
		code = "INVALID_PAYLOAD"
	case event.ID == "" || event.Type == "":
		code, err = "INVALID_PAYLOAD", errors.New("an event needs an id and a type")
	}
	if code != "" {
		answer := failure(http.StatusBadRequest, code, err.Error())
		return stripe.Event{}, &answer
	}
	return event, nil
}

const (
	addStripeEvent = `INSERT INTO stripe_events (id, type, received_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`
	findPending    = `SELECT id, event_id, quantity, customer_name, customer_email FROM orders WHERE stripe_session_id = ? AND status = 'pending'`
	payOrder       = `UPDATE orders SET status = 'paid', paid_at = ? WHERE id = ?`
)

// take processes an event once: its id and its consequences are written in one transaction.
func (s *server) take(event stripe.Event) (webhookReply, error) {
	ack := webhookReply{Received: true}
	err := s.store.writer.transaction(func(t tx) error {
		added, err := t.exec(addStripeEvent, event.ID, string(event.Type), stamp(s.now()))
		if err != nil {
			return err
		}
		ack.Duplicate = added == 0
		if ack.Duplicate || event.Type != stripe.EventTypeCheckoutSessionCompleted {
			return nil
		}
		return s.fulfil(t, sessionOf(event), &ack)
	})
	return ack, err
}

// sessionOf is the id of the checkout session that an event is about, "" if it names none.
func sessionOf(event stripe.Event) string {
	var session struct {
		ID string `json:"id"`
	}
	if event.Data == nil || json.Unmarshal(event.Data.Raw, &session) != nil {
		return ""
	}
	return session.ID
}

// fulfil marks the session's order as paid and makes its tickets. A session that is not ours is acknowledged all the
// same: Stripe would deliver it again and again otherwise.
func (s *server) fulfil(t tx, session string, ack *webhookReply) error {
	var order, event, name, email string
	var quantity int
	found, err := t.row(findPending, []any{session}, &order, &event, &quantity, &name, &email)
	if err != nil || !found {
		return err
	}
	now := stamp(s.now())
	if _, err := t.exec(payOrder, now, order); err != nil {
		return err
	}
	for range quantity {
		if _, err := t.exec(addTicket, newUUID(), event, order, ticketValid, name, email, nil, nil, now); err != nil {
			return err
		}
	}
	ack.OrderID, ack.Tickets = order, quantity
	return nil
}

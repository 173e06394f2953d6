package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"time"
)

// maxPerOrder is how many tickets one purchase may have.
const maxPerOrder = 10

// sessionLife is how long a buyer may take to pay, Stripe's default.
const sessionLife = 24 * time.Hour

// checkoutRequest is the payload of create-checkout. How many tickets: quantity, or tickets with a quantity each.
type checkoutRequest struct {
	EventID  string `json:"event_id"`
	Quantity *int   `json:"quantity"`
	Tickets  []struct {
		Type     string `json:"type"`
		Quantity int    `json:"quantity"`
	} `json:"tickets"`
	Customer struct {
		Email string `json:"email"`
		Name  string `json:"name"`
	} `json:"customer"`
	SuccessURL string `json:"success_url"`
	CancelURL  string `json:"cancel_url"`
}

// checkoutReply is what the shop's page gets: where to send the buyer.
type checkoutReply struct {
	SessionID   string `json:"session_id"`
	URL         string `json:"url"`
	OrderID     string `json:"order_id"`
	EventID     string `json:"event_id"`
	Quantity    int    `json:"quantity"`
	AmountTotal int    `json:"amount_total"` // cents
	Currency    string `json:"currency"`
	Status      string `json:"status"`
	ExpiresAt   int64  `json:"expires_at"` // Unix seconds, as Stripe gives it
}

// count is how many seats are wanted.
func (r *checkoutRequest) count() int {
	if r.Quantity != nil {
		return *r.Quantity
	}
	sum := 0
	for _, t := range r.Tickets {
		sum += t.Quantity
	}
	return sum
}

// problems lists everything that is wrong with the payload.
func (r *checkoutRequest) problems() []string {
	var list []string
	complain := func(wrong bool, format string, args ...any) {
		if wrong {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	complain(!uuidShape.MatchString(r.EventID), "event_id: want a UUID, got %q", r.EventID)
	complain(r.Quantity == nil && len(r.Tickets) == 0, "quantity: want 1 to %d, or a list of tickets", maxPerOrder)
	complain(r.Quantity != nil && len(r.Tickets) > 0, "quantity: give quantity or tickets, not both")
	complain(r.Quantity != nil && (*r.Quantity < 1 || *r.Quantity > maxPerOrder), "quantity: want 1 to %d", maxPerOrder)
	for i, t := range r.Tickets {
		complain(t.Quantity < 1 || t.Quantity > maxPerOrder, "tickets[%d].quantity: want 1 to %d, got %d", i, maxPerOrder, t.Quantity)
	}
	complain(r.Quantity == nil && r.count() > maxPerOrder, "tickets: an order may have %d, this has %d", maxPerOrder, r.count())
	address, err := mail.ParseAddress(r.Customer.Email)
	complain(err != nil || address.Address != r.Customer.Email, "customer.email: want an address, got %q", r.Customer.Email)
	complain(strings.TrimSpace(r.Customer.Name) == "", "customer.name: is missing")
	complain(!webAddress(r.SuccessURL), "success_url: want an http or https URL, got %q", r.SuccessURL)
	complain(!webAddress(r.CancelURL), "cancel_url: want an http or https URL, got %q", r.CancelURL)
	return list
}

// webAddress tells whether an optional address can be sent to a browser.
func webAddress(s string) bool {
	if s == "" {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// createCheckout is POST /functions/v1/create-checkout.
func (s *server) createCheckout(c call) reply {
	data, refusal := c.content()
	if refusal != nil {
		s.stats.checkouts.rejected.Add(1)
		return *refusal
	}
	var want checkoutRequest
	problems := decode(data, &want)
	if problems == nil {
		problems = want.problems()
	}
	if problems != nil {
		s.stats.checkouts.rejected.Add(1)
		return failure(http.StatusBadRequest, "INVALID_REQUEST", "the purchase cannot be made as it stands", problems...)
	}
	made, err := s.reserve(&want)
	switch {
	case errors.Is(err, errNoEvent):
		s.stats.checkouts.rejected.Add(1)
		return failure(http.StatusNotFound, "EVENT_NOT_FOUND", "there is no event "+want.EventID)
	case errors.Is(err, errSoldOut):
		s.stats.checkouts.soldOut.Add(1)
		return failure(http.StatusConflict, "SOLD_OUT", fmt.Sprintf("not enough seats are left for an order of %d", want.count()))
	case err != nil:
		return broken(err)
	}
	s.stats.checkouts.created.Add(1)
	return reply{status: http.StatusOK, body: made}
}

// decode reads JSON and words what is wrong with it for the caller.
func decode(data []byte, into any) []string {
	err := json.Unmarshal(data, into)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &kind) && kind.Field != "":
		return []string{fmt.Sprintf("%s: want %s, got %s", kind.Field, kind.Type, kind.Value)}
	}
	return []string{"body: not a JSON object: " + err.Error()}
}

var (
	errNoEvent = errors.New("no such event")
	errSoldOut = errors.New("sold out")
)

// reserveSeats is where overselling is prevented: the test and the change are one statement.
const (
	reserveSeats = `UPDATE events SET seats_sold = seats_sold + ? WHERE id = ? AND seats_sold + ? <= seats_total`
	findEvent    = `SELECT price_cents, currency FROM events WHERE id = ?`
)

// reserve takes the seats and writes the order, or does neither. Errors: errNoEvent, errSoldOut, or the database's.
func (s *server) reserve(want *checkoutRequest) (checkoutReply, error) {
	n, event := want.count(), strings.ToLower(want.EventID)
	made := checkoutReply{SessionID: newSessionID(), OrderID: newUUID(), EventID: event, Quantity: n, Status: "open"}
	err := s.store.writer.transaction(func(t tx) error {
		var price int
		found, err := t.row(findEvent, []any{event}, &price, &made.Currency)
		if err != nil {
			return err
		}
		if !found {
			return errNoEvent
		}
		reserved, err := t.exec(reserveSeats, n, event, n)
		if err != nil {
			return err
		}
		if reserved == 0 {
			return errSoldOut
		}
		now := s.now()
		made.AmountTotal, made.ExpiresAt = price*n, now.Add(sessionLife).Unix()
		_, err = t.exec(addOrder, made.OrderID, event, want.Customer.Email, want.Customer.Name, n, made.AmountTotal, "pending", made.SessionID, stamp(now), nil)
		return err
	})
	made.URL = "https://checkout.stripe.com/c/pay/" + made.SessionID
	return made, err
}

package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// The ids that plans may count on. They are the defaults of TEST_EVENT_ID and of plans/data/test-tickets.json.
const (
	testEventID  = "7c0ffee0-0000-4000-8000-000000000001"
	raceTicketID = "7c0ffee0-0000-4000-8000-000000000199"
	knownOrderID = "7c0ffee0-0000-4000-8000-000000000201"
)

// knownTickets are the unscanned tickets of the test event: fifteen for scanners that each have their own, and the one
// that they race for.
func knownTickets() []string {
	ids := make([]string, 0, 16)
	for n := 1; n <= 15; n++ {
		ids = append(ids, fmt.Sprintf("7c0ffee0-0000-4000-8000-0000000001%02d", n))
	}
	return append(ids, raceTicketID)
}

const (
	addEvent = `INSERT INTO events (id, name, venue, status, starts_at, price_cents, currency, seats_total, seats_sold, created_at)
		VALUES (?, ?, ?, 'on_sale', ?, ?, 'eur', ?, 0, ?)`
	addOrder = `INSERT INTO orders (id, event_id, customer_email, customer_name, quantity, amount_total, currency, status, stripe_session_id, created_at, paid_at)
		VALUES (?, ?, ?, ?, ?, ?, 'eur', ?, ?, ?, ?)`
	addTicket = `INSERT INTO tickets (id, event_id, order_id, status, holder_name, holder_email, scanned_at, scanned_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	addScan   = `INSERT INTO scans (ticket_id, event_id, scanner_id, result, scanned_at) VALUES (?, ?, ?, ?, ?)`
	sellSeats = `UPDATE events SET seats_sold = seats_sold + ? WHERE id = ?`
)

// seeder fills an empty database. Ids and choices derive from a seed; times are relative to now, so that the test event
// is always about to begin.
type seeder struct {
	tx     tx
	now    time.Time
	random *rand.Rand
}

// prepare fills a new database, and leaves one alone that --db brought along.
func (s *server) prepare() error {
	return s.store.writer.transaction(func(t tx) error {
		var events int
		if _, err := t.row("SELECT count(*) FROM events", nil, &events); err != nil || events > 0 {
			return err
		}
		return seed(t, s.cfg, s.now())
	})
}

// reset throws away what happened and starts over with seed data; counters start at 0. What is being answered at the
// same moment belongs to the time after.
func (s *server) reset() error {
	return s.store.writer.transaction(func(t tx) error {
		for _, name := range []string{"events", "orders", "tickets", "scans", "stripe_events"} {
			if _, err := t.exec("DELETE FROM " + name); err != nil {
				return fmt.Errorf("empty %s: %w", name, err)
			}
		}
		if err := seed(t, s.cfg, s.now()); err != nil {
			return fmt.Errorf("seed data: %w", err)
		}
		s.stats.reset()
		s.faults.reset()
		return nil
	})
}

// seed sells size.tickets tickets of the other events, two an order, and lets two in five of them in.
func seed(t tx, cfg config, now time.Time) error {
	s := &seeder{tx: t, now: now, random: rand.New(rand.NewPCG(cfg.seed, 0))}
	events, err := s.events(cfg.size)
	if err != nil {
		return err
	}
	if err := s.order(knownOrderID, testEventID, knownTickets(), false); err != nil {
		return err
	}
	for sold := 0; sold < cfg.size.tickets; sold += 2 {
		ids := []string{s.uuid(), s.uuid()}[:min(2, cfg.size.tickets-sold)]
		event := events[s.random.IntN(len(events))]
		if err := s.order(s.uuid(), event, ids, s.random.IntN(5) < 2); err != nil {
			return err
		}
	}
	return nil
}

// events makes the test event and others, and returns the ids of those whose tickets were sold before the start: the
// others, or the test event where it is alone.
func (s *seeder) events(size seedSize) ([]string, error) {
	names := []string{"Spring Gala", "Jazz Night", "City Run", "Book Fair", "Opera in the Park", "Film Week", "Food Market"}
	var ids []string
	for n := range size.events {
		id, name, seats := s.uuid(), fmt.Sprintf("%s %d", names[n%len(names)], n+1), 50_000+size.tickets
		if n == 0 {
			id, name, seats = testEventID, "Load Test Night", size.seats
		}
		starts, made := stamp(s.now.Add(time.Duration(n+1)*24*time.Hour)), stamp(s.now.Add(-time.Duration(n+30)*24*time.Hour))
		if _, err := s.tx.exec(addEvent, id, name, "Town Hall", starts, 2_000+500*(n%5), seats, made); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if len(ids) > 1 {
		ids = ids[1:]
	}
	return ids, nil
}

// order is one paid purchase with its tickets.
func (s *seeder) order(id, event string, tickets []string, scanned bool) error {
	person := s.random.IntN(1_000_000)
	email, name := fmt.Sprintf("guest%06d@example.com", person), fmt.Sprintf("Guest %06d", person)
	bought := s.now.Add(-time.Hour - time.Duration(s.random.Int64N(int64(29*24*time.Hour))))
	at := stamp(bought)
	if _, err := s.tx.exec(addOrder, id, event, email, name, len(tickets), 2_000*len(tickets), "paid", "cs_test_seed_"+id, at, at); err != nil {
		return err
	}
	if _, err := s.tx.exec(sellSeats, len(tickets), event); err != nil {
		return err
	}
	for _, ticket := range tickets {
		if err := s.ticket(ticket, event, id, name, email, bought, scanned); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) ticket(id, event, order, name, email string, bought time.Time, scanned bool) error {
	if !scanned {
		_, err := s.tx.exec(addTicket, id, event, order, ticketValid, name, email, nil, nil, stamp(bought))
		return err
	}
	at, gate := stamp(bought.Add(30*time.Minute)), fmt.Sprintf("gate-%d", 1+s.random.IntN(4))
	if _, err := s.tx.exec(addTicket, id, event, order, ticketUsed, name, email, at, gate, stamp(bought)); err != nil {
		return err
	}
	_, err := s.tx.exec(addScan, id, event, gate, "SUCCESS", at)
	return err
}

func (s *seeder) uuid() string { return formatUUID(s.random.Uint64(), s.random.Uint64()) }

package main

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
)

// stats counts what the server did since its start or the last reset. Requests are counted when they come in, responses
// when they go out; the rest when its transaction is committed.
type stats struct {
	patterns  []string
	requests  []atomic.Int64 // by position in routes
	responses [600]atomic.Int64
	faults    atomic.Int64

	checkouts struct{ created, soldOut, rejected atomic.Int64 }
	scans     struct{ attempted, won, rejected, notFound atomic.Int64 }
	events    struct{ received, processed, duplicates, rejected atomic.Int64 }
}

func newStats() *stats {
	s := &stats{}
	for _, r := range routes() {
		s.patterns = append(s.patterns, r.pattern)
	}
	s.requests = make([]atomic.Int64, len(s.patterns))
	return s
}

func (s *stats) all() []*atomic.Int64 {
	list := []*atomic.Int64{
		&s.faults, &s.checkouts.created, &s.checkouts.soldOut, &s.checkouts.rejected,
		&s.scans.attempted, &s.scans.won, &s.scans.rejected, &s.scans.notFound,
		&s.events.received, &s.events.processed, &s.events.duplicates, &s.events.rejected,
	}
	for i := range s.requests {
		list = append(list, &s.requests[i])
	}
	for i := range s.responses {
		list = append(list, &s.responses[i])
	}
	return list
}

func (s *stats) reset() {
	for _, counter := range s.all() {
		counter.Store(0)
	}
}

// statsBody is the JSON of /stats.
type statsBody struct {
	Requests struct {
		Total   int64            `json:"total"`
		ByRoute map[string]int64 `json:"by_route"` // every route, "other" for paths that are none
	} `json:"requests"`
	Responses map[string]int64 `json:"responses"` // by status
	Faults    int64            `json:"faults"`    // requests that failed on purpose
	Seats     seatStats        `json:"seats"`
	Checkouts struct {
		Created  int64 `json:"created"`
		SoldOut  int64 `json:"sold_out"`
		Rejected int64 `json:"rejected"` // bad payload, unknown event
	} `json:"checkouts"`
	Scans struct {
		Attempted int64 `json:"attempted"`
		Won       int64 `json:"won"`
		Rejected  int64 `json:"rejected"` // already scanned
		NotFound  int64 `json:"not_found"`
	} `json:"scans"`
	Events struct {
		Received   int64 `json:"received"`
		Processed  int64 `json:"processed"`
		Duplicates int64 `json:"duplicates"`
		Rejected   int64 `json:"rejected"` // bad signature or payload
	} `json:"events"`
}

// seatStats is counted from the orders, over all events.
type seatStats struct {
	Total    int64 `json:"total"`
	Sold     int64 `json:"sold"`
	Oversold int64 `json:"oversold"` // seats that were sold beyond an event's total
}

func (s *stats) body() statsBody {
	b := statsBody{Responses: map[string]int64{}, Faults: s.faults.Load()}
	b.Requests.ByRoute = map[string]int64{}
	for i, pattern := range s.patterns {
		if pattern == "/" {
			pattern = "other"
		}
		n := s.requests[i].Load()
		b.Requests.ByRoute[pattern] = n
		b.Requests.Total += n
	}
	for status := range s.responses {
		if n := s.responses[status].Load(); n > 0 {
			b.Responses[strconv.Itoa(status)] = n
		}
	}
	b.Checkouts.Created, b.Checkouts.SoldOut, b.Checkouts.Rejected = s.checkouts.created.Load(), s.checkouts.soldOut.Load(), s.checkouts.rejected.Load()
	b.Scans.Attempted, b.Scans.Won = s.scans.attempted.Load(), s.scans.won.Load()
	b.Scans.Rejected, b.Scans.NotFound = s.scans.rejected.Load(), s.scans.notFound.Load()
	b.Events.Received, b.Events.Processed = s.events.received.Load(), s.events.processed.Load()
	b.Events.Duplicates, b.Events.Rejected = s.events.duplicates.Load(), s.events.rejected.Load()
	return b
}

const countSeats = `SELECT COALESCE(SUM(total), 0), COALESCE(SUM(sold), 0), COALESCE(SUM(MAX(sold - total, 0)), 0) FROM (
	SELECT e.seats_total AS total, COALESCE((SELECT SUM(o.quantity) FROM orders o WHERE o.event_id = e.id), 0) AS sold FROM events e)`

func (s *server) showStats(call) reply {
	body := s.stats.body()
	stmt, done, err := s.store.query(countSeats)
	if err != nil {
		return broken(err)
	}
	defer done()
	row := stmt.QueryRowContext(context.Background())
	if err := row.Scan(&body.Seats.Total, &body.Seats.Sold, &body.Seats.Oversold); err != nil {
		return broken(err)
	}
	return reply{status: http.StatusOK, body: body}
}

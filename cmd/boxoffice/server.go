package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxBody is the longest request body that is read; the largest of Stripe's events fit many times.
const maxBody = 1 << 20

// statusClientGone is what nginx logs where nobody is left to read an answer.
const statusClientGone = 499

// server is the whole API as one handler.
type server struct {
	cfg    config
	store  *store
	stats  *stats
	faults *faults
	now    func() time.Time
	mux    *http.ServeMux
}

// reply is what a handler answers: body as JSON, or raw, which is JSON already.
type reply struct {
	status int
	header http.Header
	body   any
	raw    []byte
}

// call is one request on its way to a handler.
type call struct {
	*http.Request
	role role
}

// route is one line of the API.
type route struct {
	pattern string
	access  access
	handle  func(*server, call) reply
	admin   bool // about the server itself: never slow, never failing on purpose
}

// routes is the API. "/" takes what no other does.
func routes() []route {
	return append([]route{
		{pattern: "POST /functions/v1/create-checkout", access: anyKey, handle: (*server).createCheckout},
		{pattern: "POST /functions/v1/stripe-webhook", access: open, handle: (*server).stripeWebhook},
		{pattern: "POST /rest/v1/rpc/scan_ticket_atomic", access: restKey, handle: (*server).scanTicket},
		{pattern: "GET /rest/v1/events", access: restKey, handle: (*server).read},
		{pattern: "GET /rest/v1/tickets", access: restKey, handle: (*server).read},
		{pattern: "GET /rest/v1/orders", access: restKey, handle: (*server).read},
		{pattern: "GET /rest/v1/scans", access: restKey, handle: (*server).read},
		{pattern: "GET /rest/v1/", access: restKey, handle: (*server).read},
		{pattern: "GET /healthz", access: open, handle: (*server).health, admin: true},
		{pattern: "GET /stats", access: open, handle: (*server).showStats, admin: true},
		{pattern: "POST /reset", access: serviceKey, handle: (*server).startOver, admin: true},
		{pattern: "/", access: open, handle: (*server).notFound},
	}, demoRoutes()...)
}

// newServer makes the handler. The database stays as it is until prepare or reset.
func newServer(cfg config, db *store) *server {
	s := &server{
		cfg: cfg, store: db, stats: newStats(), now: time.Now, mux: http.NewServeMux(),
		faults: &faults{seed: cfg.seed, latency: cfg.latency, rate: cfg.errorRate},
	}
	for i, r := range routes() {
		s.mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) {
			s.stats.requests[i].Add(1)
			answer := s.answer(r, req)
			s.stats.responses[answer.status].Add(1)
			answer.write(w, req)
		})
	}
	return s
}

// ServeHTTP makes server an http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// answer is the way of every request: wait or fail as told, show a key, be handled.
func (s *server) answer(r route, req *http.Request) reply {
	if !r.admin {
		fate := s.faults.next()
		if !pause(req, fate.delay) {
			return failure(statusClientGone, "CLIENT_GONE", "the client did not wait for its answer")
		}
		if fate.fail {
			s.stats.faults.Add(1)
			return failure(http.StatusServiceUnavailable, "INJECTED_FAULT", "failed on purpose: the server runs with --error-rate")
		}
	}
	role, refusal := s.cfg.keys.admit(req, r.access)
	if refusal != nil {
		return *refusal
	}
	return r.handle(s, call{Request: req, role: role})
}

// pause waits, and tells whether the client did too.
func pause(req *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-req.Context().Done():
		return false
	}
}

// functionError is the shape in which the edge functions refuse.
type functionError struct {
	Error   string   `json:"error"`
	Message string   `json:"message"`
	Details []string `json:"details,omitempty"`
}

func failure(status int, code, message string, details ...string) reply {
	return reply{status: status, body: functionError{Error: code, Message: message, Details: details}}
}

// broken is the answer to a fault of the server itself.
func broken(err error) reply {
	return failure(http.StatusInternalServerError, "INTERNAL", err.Error())
}

// content reads the body; the refusal is nil if it did.
func (c call) content() ([]byte, *reply) {
	data, err := io.ReadAll(io.LimitReader(c.Body, maxBody+1))
	if err != nil {
		answer := failure(http.StatusBadRequest, "INVALID_REQUEST", "the body did not arrive: "+err.Error())
		return nil, &answer
	}
	if len(data) > maxBody {
		answer := failure(http.StatusRequestEntityTooLarge, "TOO_LARGE", fmt.Sprintf("a body may have %d bytes", maxBody))
		return nil, &answer
	}
	return data, nil
}

func (a reply) write(w http.ResponseWriter, req *http.Request) {
	data := a.raw
	if data == nil {
		var err error
		if data, err = json.Marshal(a.body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(a.status)
	if req.Method != http.MethodHead {
		_, _ = w.Write(data) // a client that is gone has nobody to tell
	}
}

func (s *server) health(call) reply {
	return reply{status: http.StatusOK, body: map[string]string{"status": "ok"}}
}

func (s *server) startOver(call) reply {
	if err := s.reset(); err != nil {
		return broken(err)
	}
	return reply{status: http.StatusOK, body: map[string]bool{"reset": true}}
}

func (s *server) notFound(c call) reply {
	return failure(http.StatusNotFound, "NOT_FOUND", fmt.Sprintf("no route for %s %s", c.Method, c.URL.Path))
}

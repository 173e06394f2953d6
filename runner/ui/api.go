package ui

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"strconv"

	"runner/runner/report"
)

//go:embed assets
var assets embed.FS

// routes is the index of what the server answers.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", file(assets, "assets/index.html"))
	for _, name := range []string{"page.js", "charts.js", "page.css", "icon.svg"} {
		mux.HandleFunc("GET /assets/"+name, file(assets, "assets/"+name))
	}
	for _, name := range []string{"uPlot.iife.min.js", "uPlot.min.css"} {
		mux.HandleFunc("GET /assets/"+name, file(report.Assets, "assets/"+name))
	}
	mux.HandleFunc("GET /api/v1/status", s.getStatus)
	mux.HandleFunc("GET /api/v1/result", s.getResult)
	mux.HandleFunc("GET /api/v1/timeline", s.getTimeline)
	mux.HandleFunc("GET /api/v1/events", s.getEvents)
	mux.HandleFunc("POST /api/v1/pause", s.order(func(c report.Control, _ *http.Request, by string) error { return c.Pause(by) }))
	mux.HandleFunc("POST /api/v1/resume", s.order(func(c report.Control, _ *http.Request, by string) error { return c.Resume(by) }))
	mux.HandleFunc("POST /api/v1/stop", s.order(func(c report.Control, _ *http.Request, by string) error { return c.Stop(by) }))
	mux.HandleFunc("POST /api/v1/scale", s.order(scale))
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "there is no "+r.Method+" "+r.URL.Path)
	})
	return mux
}

func file(from embed.FS, name string) http.HandlerFunc {
	kinds := map[string]string{".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
	return func(w http.ResponseWriter, _ *http.Request) {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		for ending, kind := range kinds {
			if len(name) > len(ending) && name[len(name)-len(ending):] == ending {
				w.Header().Set("Content-Type", kind+"; charset=utf-8")
			}
		}
		_, _ = w.Write(text) // who does not read has gone
	}
}

// badRequest is an order that can't be understood.
type badRequest string

func (b badRequest) Error() string { return string(b) }

// scaleOrder is the body of POST /api/v1/scale.
type scaleOrder struct {
	Scenario string `json:"scenario"`
	report.Scale
}

func scale(c report.Control, r *http.Request, by string) error {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return badRequest("want Content-Type: application/json")
	}
	var o scaleOrder
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 4<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return badRequest(fmt.Sprintf(`want a body such as {"scenario": "name", "factor": 1.5}: %v`, err))
	}
	given := 0
	for _, is := range []bool{o.Factor != 0, o.VUs != 0, o.Rate != ""} {
		if is {
			given++
		}
	}
	if o.Scenario == "" || given != 1 {
		return badRequest("want a scenario, and one of factor (more than 0), vus and rate")
	}
	return c.Scale(o.Scenario, o.Scale, by)
}

// order answers an order: 200 with the state after it, 409 with the reason why it can't be.
func (s *Server) order(give func(c report.Control, r *http.Request, by string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := s.now()
		c := now.info.Control
		if c == nil || now.result != nil {
			refuse(w, http.StatusConflict, "no run goes on")
			return
		}
		var bad badRequest
		switch err := give(c, r, caller(r)); {
		case err == nil:
			s.getStatus(w, r)
		case errors.As(err, &bad):
			refuse(w, http.StatusBadRequest, err.Error())
		default:
			refuse(w, http.StatusConflict, err.Error())
		}
	}
}

// caller says who asks, for the result.
func caller(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if r.Header.Get("X-Runner-Client") == "page" {
		return "page, " + host
	}
	return "api, " + host
}

func (s *Server) getTimeline(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	points := 600
	if text := q.Get("points"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 3600 {
			refuse(w, http.StatusBadRequest, "points: want a number from 1 to 3600")
			return
		}
		points = n
	}
	live := s.now().live
	if live == nil || live.Totals == nil {
		refuse(w, http.StatusConflict, "the load has not begun")
		return
	}
	curve, ok := live.Totals.Curve(q.Get("scenario"), q.Get("step"), points)
	if !ok {
		refuse(w, http.StatusNotFound, "there is no such scenario or step")
		return
	}
	answer(w, http.StatusOK, curve)
}

func (s *Server) getResult(w http.ResponseWriter, _ *http.Request) {
	result := s.now().result
	if result == nil {
		refuse(w, http.StatusConflict, "there is no result before the end: see /api/v1/status")
		return
	}
	text, err := report.Encode(result)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // who does not read has gone
}

func refuse(w http.ResponseWriter, code int, why string) {
	answer(w, code, map[string]string{"error": why})
}

func answer(w http.ResponseWriter, code int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		code, text = http.StatusInternalServerError, []byte(`{"error":"the state cannot be written"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(text) // who does not read has gone
}

package ui

import (
	"math"
	"net/http"

	"runner/runner/metrics"
	"runner/runner/report"
)

// status is how a run stands: GET /api/v1/status, and the event status.
type status struct {
	Schema   string    `json:"schema"` // status/v1
	Token    string    `json:"token"`  // for POST, in the header X-Runner-Token
	Run      runStatus `json:"run"`
	Over     bool      `json:"over"` // there is a result
	ElapsedS float64   `json:"elapsed_s"`
	*report.Live
	// Metrics are those of requests so far, in total, by scenario and by step, as in a result.
	Metrics []metrics.MetricResult `json:"metrics"`
}

// runStatus is what is known of the run before it starts.
type runStatus struct {
	Number    int                   `json:"number"` // of this process's runs
	Plan      string                `json:"plan"`
	File      string                `json:"file"`
	Profile   string                `json:"profile"`
	Seed      uint64                `json:"seed"`
	PlannedS  float64               `json:"planned_s"` // 0: nobody knows
	Scenarios []report.ScenarioInfo `json:"scenarios"`
}

// shownMetrics are what the page's table of requests is made of.
var shownMetrics = []string{"http_reqs", "http_req_failed", "http_req_latency"}

// status is how the run stands.
func (m *moment) status() status {
	i := m.info
	out := status{
		Schema: "status/v1", Token: m.token, Over: m.result != nil, Live: m.live, Metrics: []metrics.MetricResult{},
		Run: runStatus{Number: m.run, Plan: i.Plan, File: i.File, Profile: i.Profile, Seed: i.Seed, PlannedS: i.Planned.Seconds(), Scenarios: i.Scenarios},
	}
	if m.live == nil {
		out.Live = &report.Live{}
		return out
	}
	out.ElapsedS = math.Round(m.live.Elapsed.Seconds()*1000) / 1000
	if m.live.Totals != nil {
		out.Metrics = m.live.Totals.Metrics(shownMetrics...)
	}
	return out
}

func (s *Server) getStatus(w http.ResponseWriter, _ *http.Request) {
	now := s.now()
	answer(w, http.StatusOK, now.status())
}

package main

import (
	"strings"
	"testing"
)

func TestWhoMayDoWhat(t *testing.T) {
	b := newBox(t)
	const buy, scan, hook, reset = "POST /functions/v1/create-checkout", "POST /rest/v1/rpc/scan_ticket_atomic", "POST /functions/v1/stripe-webhook", "POST /reset"
	for _, row := range []struct {
		call, apikey, authorization string
		status                      int
		why                         string
	}{
		{"GET /rest/v1/events", "public", "", 200, "events are public"},
		{"GET /rest/v1/events", "public", "Bearer public", 200, "what the client library sends"},
		{"GET /rest/v1/events", "staff", "", 200, "the staff may do more"},
		{"GET /rest/v1/events", "", "", 401, "no key"},
		{"GET /rest/v1/events", "", "Bearer public", 401, "PostgREST's gateway wants the apikey header"},
		{"GET /rest/v1/events", "wrong", "", 401, "no such key"},
		{"GET /rest/v1/events", "publi", "", 401, "a part of a key is none"},
		{"GET /rest/v1/events", "public", "Bearer wrong", 401, "a wrong token is not ignored"},
		{"GET /rest/v1/events", "public", "public", 401, "a token without Bearer"},
		{"GET /rest/v1/events", "wrong", "Bearer public", 401, "a wrong key is not ignored"},
		{"GET /rest/v1/orders", "public", "", 401, "names and addresses of buyers"},
		{"GET /rest/v1/tickets", "public", "", 401, "the same"},
		{"GET /rest/v1/scans", "public", "", 401, "who was where, when"},
		{"GET /rest/v1/orders", "staff", "", 200, ""},
		{"GET /rest/v1/orders", "public", "Bearer staff", 200, "the token says who it is"},
		{"GET /rest/v1/orders", "staff", "Bearer public", 401, "also if that is less"},
		{"GET /rest/v1/nope", "", "", 401, "a stranger does not learn which tables there are"},
		{"GET /rest/v1/nope", "public", "", 404, ""},
		{buy, "public", "", 200, ""},
		{buy, "", "Bearer public", 200, "an edge function takes either header"},
		{buy, "", "", 401, ""},
		{buy, "", "Bearer wrong", 401, ""},
		{scan, "staff", "", 200, ""},
		{scan, "public", "", 401, "anybody could use up tickets"},
		{scan, "", "", 401, ""},
		{hook, "", "", 400, "its key is the signature"},
		{reset, "public", "", 401, "anybody could empty the shop"},
		{reset, "", "", 401, ""},
		{reset, "", "Bearer staff", 200, ""},
		{"GET /healthz", "", "", 200, ""},
		{"GET /stats", "", "", 200, ""},
		{"GET /reset", "staff", "", 404, "a method that is none"},
		{"GET /", "", "", 404, ""},
	} {
		method, path, _ := strings.Cut(row.call, " ")
		body := map[string]string{buy: purchase(1), scan: `{"p_ticket_id": "` + raceTicketID + `"}`}[row.call]
		var headers []string
		if row.apikey != "" {
			headers = append(headers, "apikey", row.apikey)
		}
		if row.authorization != "" {
			headers = append(headers, "Authorization", row.authorization)
		}
		if got := b.request(method, path, body, headers...); got.status != row.status {
			t.Errorf("%s with %q and %q: got %d %s, want %d (%s)", row.call, row.apikey, row.authorization, got.status, got.body, row.status, row.why)
		}
	}
}

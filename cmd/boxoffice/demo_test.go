package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The plans in plans/examples show that the right callers are let in; these are the wrong ones.
func TestDemoRefusesStrangers(t *testing.T) {
	b := newBox(t)
	for _, c := range []struct {
		method, path, authorization, body string
		status                            int
		why                               string
	}{
		{"GET", "/demo/basic", "", "", 401, "nobody"},
		{"GET", "/demo/basic", "Basic YW5uYTp3cm9uZw==", "", 401, "a wrong password"},
		{"GET", "/demo/digest", "", "", 401, "no answer"},
		{"GET", "/demo/digest", `Digest username="anna", nc=00000001, cnonce="x", response="00"`, "", 401, "a wrong answer"},
		{"POST", "/demo/token", "", "grant_type=client_credentials&client_id=load-test&client_secret=wrong", 401, "a wrong client"},
		{"GET", "/demo/orders", "Bearer x", "", 401, "a wrong token"},
		{"POST", "/demo/signed", "", "{}", 401, "no signature"},
		{"GET", "/demo/session", "Bearer a.b.c", "", 401, "a token of somebody else's"},
		{"GET", "/demo/session", "", "", 401, "no token"},
		{"POST", "/demo/login", "", "csrf=wrong&user=anna", 403, "another's form"},
		{"POST", "/demo/upload", "", "x", 400, "no form at all"},
	} {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
		if c.authorization != "" {
			r.Header.Set("Authorization", c.authorization)
		}
		if strings.Contains(c.body, "=") {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s %s: %d, want %d: %s", c.method, c.path, w.Code, c.status, c.why)
		}
	}
}

func TestDemoDocumentsAreNotJSON(t *testing.T) {
	b := newBox(t)
	for path, mime := range map[string]string{"/demo/login": "text/html; charset=utf-8", "/demo/order.xml": "application/xml", "/demo/echo": "application/json; charset=utf-8"} {
		w := httptest.NewRecorder()
		b.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if got := w.Header().Get("Content-Type"); got != mime || w.Code != 200 {
			t.Errorf("%s is %s (%d), want %s", path, got, w.Code, mime)
		}
	}
}

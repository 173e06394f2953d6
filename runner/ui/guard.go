package ui

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// policy lets the page load what this server has, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// tokenHeader carries the run's token. A page of another site can't set it without being asked first (CORS), and is refused.
const tokenHeader = "X-Runner-Token"

// guarded lets in who may come in.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !s.knows(r.Host):
			refuse(w, http.StatusMisdirectedRequest, "this host name is not mine: use the address that runner printed")
		case foreign(r):
			refuse(w, http.StatusForbidden, "requests from other sites are refused")
		case r.Method == http.MethodPost && !s.admits(r.Header.Get(tokenHeader)):
			refuse(w, http.StatusForbidden, "send the token of GET /api/v1/status in the header "+tokenHeader)
		case !s.local && !strings.HasPrefix(r.URL.Path, "/assets/") && !s.admits(r.Header.Get(tokenHeader)) && !s.admits(r.URL.Query().Get("token")):
			refuse(w, http.StatusUnauthorized, "use the address that runner printed: it holds a token")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// knows tells whether a Host header can be of somebody who means this server. A name that another made point here (DNS
// rebinding) is not: only addresses, localhost and the name that the user asked for are.
func (s *Server) knows(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if ip := net.ParseIP(name); ip != nil {
		return !s.local || ip.IsLoopback()
	}
	return name == "localhost" || s.host != "" && name == s.host
}

// foreign tells whether a browser says that another site sends the request.
func foreign(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}

func (s *Server) admits(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1
}

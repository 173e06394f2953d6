package vu

import (
	"bytes"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"

	"runner/runner/protocol"
)

// jars are a VU's cookies: those of init, which every iteration starts with, and the iteration's own. Both are made when
// a first cookie comes.
type jars struct {
	mu        sync.Mutex // branches of a parallel step share their VU's jars
	init, own *cookiejar.Jar
}

var setCookieName = []byte("set-cookie")

// reset forgets the iteration's cookies.
func (j *jars) reset() { j.own = nil }

// keep makes the present cookies the ones that every iteration starts with.
func (j *jars) keep() { j.init, j.own = j.own, nil }

// both gives the two jars; either may be nil.
func (j *jars) both() (init, own *cookiejar.Jar) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.init, j.own
}

// Cookies are those to send to u: the iteration's win over init's.
func (v *VU) Cookies(u *url.URL) []*http.Cookie {
	init, iteration := v.jars.both()
	var all []*http.Cookie
	if iteration != nil {
		all = iteration.Cookies(u)
	}
	if init == nil {
		return all
	}
	own := map[string]bool{}
	for _, c := range all {
		own[c.Name] = true
	}
	for _, c := range init.Cookies(u) {
		if !own[c.Name] {
			all = append(all, c)
		}
	}
	return all
}

// HasCookies tells whether Cookies can have an answer.
func (v *VU) HasCookies() bool {
	init, own := v.jars.both()
	return init != nil || own != nil
}

// KeepCookies puts what a response set into the jar. It costs nothing if it set none.
func (v *VU) KeepCookies(u *url.URL, h protocol.Header) {
	cookies := setCookies(h)
	if len(cookies) == 0 {
		return
	}
	v.jars.mu.Lock()
	defer v.jars.mu.Unlock()
	if v.jars.own == nil {
		v.jars.own, _ = cookiejar.New(nil) // its error is always nil
	}
	v.jars.own.SetCookies(u, cookies)
}

// setCookies parses the Set-Cookie headers.
func setCookies(h protocol.Header) []*http.Cookie {
	var all []*http.Cookie
	for _, f := range h {
		if !bytes.EqualFold(f.Name, setCookieName) {
			continue
		}
		if c, err := http.ParseSetCookie(string(f.Value)); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// HasSetCookie tells whether a response sets cookies.
func HasSetCookie(h protocol.Header) bool {
	for _, f := range h {
		if len(f.Name) == len(setCookieName) && bytes.EqualFold(f.Name, setCookieName) {
			return true
		}
	}
	return false
}

package auth

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/protocol"
)

// endpoint is a token endpoint: it takes a while, and answers what it is told.
type endpoint struct {
	mu     sync.Mutex
	asked  []string // forms
	answer func(n int) (status int, body string)
}

func (e *endpoint) Do(r *protocol.Request, resp *protocol.Response, _ *protocol.Timing) protocol.Failure {
	time.Sleep(100 * time.Millisecond)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked = append(e.asked, string(r.Body))
	status, text := e.answer(len(e.asked))
	if status == 0 {
		return protocol.Failure{Class: protocol.ClassDial, Err: errors.New(text)}
	}
	resp.Status, resp.Body = status, []byte(text)
	return protocol.Failure{}
}
func (*endpoint) Interrupt() {}
func (*endpoint) Close()     {}

func (e *endpoint) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.asked)
}

func (e *endpoint) ask() (*request, error) {
	return &request{authority: "id.test", path: "/token", form: url.Values{"grant_type": {"client_credentials"}}, client: e, hide: func(string) {}}, nil
}

func TestOneFetchForAllAndRenewedBeforeItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{answer: func(n int) (int, string) { return 200, fmt.Sprintf(`{"access_token":"t%d","expires_in":10}`, n) }}
		tok := newToken()
		defer tok.stop()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if h, err := tok.header(e.ask, nil); err != nil || string(h) != "Bearer t1" {
					t.Errorf("%s, %v; want the first token", h, err)
				}
			})
		}
		all.Wait()
		if n := e.count(); n != 1 {
			t.Errorf("%d requests for 50 VUs, want one", n)
		}
		time.Sleep(9*time.Second + 500*time.Millisecond) // a second before its end the token is asked for anew
		if h, err := tok.header(e.ask, nil); err != nil || string(h) != "Bearer t2" || e.count() != 2 {
			t.Errorf("%s, %v after %d requests; want the second token before the first has expired", h, err, e.count())
		}
	})
}

func TestATokenThatCannotBeRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{answer: func(n int) (int, string) {
			switch {
			case n == 1:
				return 200, `{"access_token":"t1","expires_in":10}`
			case n < 8:
				return 503, "busy"
			}
			return 200, `{"access_token":"late"}`
		}}
		tok := newToken()
		defer tok.stop()
		look := func() string {
			h, err := tok.header(e.ask, nil)
			return string(h) + fmt.Sprint(err)
		}
		if got := look(); got != "Bearer t1<nil>" {
			t.Fatal(got)
		}
		time.Sleep(9*time.Second + 600*time.Millisecond)
		if got := look(); got != "Bearer t1<nil>" || e.count() < 2 {
			t.Errorf("%s: while it is good the old one is used", got)
		}
		time.Sleep(600 * time.Millisecond)
		if got := look(); !strings.Contains(got, "answered 503 busy") {
			t.Errorf("%s: an expired token is not sent", got)
		}
		time.Sleep(5 * time.Second)
		if got := look(); got != "Bearer late<nil>" {
			t.Errorf("%s: it is tried on", got)
		}
		n := e.count()
		time.Sleep(time.Hour)
		if e.count() != n {
			t.Error("a token of unknown life is not renewed")
		}
	})
}

func TestWhatATokenEndpointMayAnswer(t *testing.T) {
	for _, c := range []struct {
		status     int
		body, want string
		why        string
	}{
		{200, `{"access_token":"x"}`, "Bearer x", "a token"},
		{400, `{"error":"invalid_client","error_description":"no such client"}`, "http://id.test/token answered 400 invalid_client: no such client", "RFC 6749, 5.2"},
		{500, `oops`, "answered 500 oops", "no OAuth at all"},
		{200, `{}`, "without an access_token", "nothing in it"},
		{200, `<html>`, "without an access_token", "a page"},
		{200, `{"access_token":"a\nb"}`, "control character", "a token that would break out of its header"},
		{0, `refused`, "gave no answer: dial: refused", "nobody there"},
	} {
		synctest.Test(t, func(t *testing.T) {
			e := &endpoint{answer: func(int) (int, string) { return c.status, c.body }}
			tok := newToken()
			defer tok.stop()
			h, err := tok.header(e.ask, nil)
			if got := string(h) + fmt.Sprint(err); !strings.Contains(got, c.want) {
				t.Errorf("%s, want %s: %s", got, c.want, c.why)
			}
		})
	}
}

func TestARefreshTokenOfTheAnswerIsUsedNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{answer: func(n int) (int, string) {
			return 200, fmt.Sprintf(`{"access_token":"t","expires_in":5,"refresh_token":"r%d"}`, n)
		}}
		tok := newToken()
		defer tok.stop()
		if _, err := tok.header(e.ask, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		e.mu.Lock()
		defer e.mu.Unlock()
		if len(e.asked) != 3 || e.asked[1] != "grant_type=refresh_token&refresh_token=r1" || !strings.Contains(e.asked[2], "refresh_token=r2") {
			t.Errorf("asked %q", e.asked)
		}
	})
}

func TestWhoGivesUpIsNotHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{answer: func(int) (int, string) { return 200, `{"access_token":"x"}` }}
		tok := newToken()
		defer tok.stop()
		given := make(chan struct{})
		close(given)
		if _, err := tok.header(e.ask, given); !errors.Is(err, errOver) {
			t.Errorf("%v, want to be told that the run is over", err)
		}
	})
}

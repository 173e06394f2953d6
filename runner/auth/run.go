package auth

import (
	"sync"

	"runner/spec"
)

// Run is what the VUs of one run share: tokens, and which texts are secrets already.
type Run struct {
	mu     sync.Mutex
	tokens map[*spec.OAuth2]*token
	closed bool
	hidden sync.Map // texts that were given to be masked
}

// NewRun makes one without tokens.
func NewRun() *Run { return &Run{tokens: map[*spec.OAuth2]*token{}} }

// hide masks a text once: to say it for every request would cost more than the request.
func (r *Run) hide(u *User, secret string) {
	if _, known := r.hidden.Load(secret); known {
		return
	}
	r.hidden.Store(secret, true)
	u.Hide(secret)
}

// token is the run's token of one oauth2.
func (r *Run) token(o *spec.OAuth2) *token {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tokens[o]
	if t == nil {
		t = newToken()
		r.tokens[o] = t
		if r.closed {
			t.stop()
		}
	}
	return t
}

// Asked is how many requests for tokens there were, and how many of them brought none: they are in no metric.
func (r *Run) Asked() (requests, failed int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.tokens {
		requests += t.asked.Load()
		failed += t.refused.Load()
	}
	return requests, failed
}

// Close ends the renewal of tokens and waits for it.
func (r *Run) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.closed = true
	for _, t := range r.tokens {
		t.stop()
	}
}

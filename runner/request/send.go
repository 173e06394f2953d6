package request

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/runner/protocol/content"
	"runner/runner/vu"
)

// outcome is what came of the last exchange of a step.
type outcome struct {
	failure    protocol.Failure
	unexpected bool   // a response whose status is not among those expected
	why        string // it is not expected although its status is
	broken     error  // it can't be judged: the request could not be built, or who we are not be proved
	again      bool   // another attempt follows
}

// failed tells whether the request, as a whole, failed.
func (o *outcome) failed() bool { return o.failure.Class != protocol.ClassNone || o.unexpected }

// mostChallenges is how often a request answers challenges: a target may find every answer too old.
const mostChallenges = 3

// send makes the exchange, answers challenges and follows redirects; each hop is a sample.
func (s *Step) send(v *vu.VU, x *scratch) outcome {
	x.home = x.req.Target
	for x.hops, x.challenges = 0, 0; ; {
		s.addCookies(v, x)
		if err := s.auth.apply(v, x); err != nil {
			return outcome{broken: err}
		}
		s.propagate(v, x)
		e := &x.exchanged
		s.exchange(v, x, e)
		if e.failure.Class == protocol.ClassNone && x.challenges < mostChallenges && s.auth.challenged(v, x) {
			s.conclude(v, x, e, false)
			x.challenges++
			continue
		}
		next, failure := s.follow(v, x, e.failure, x.hops)
		if failure.Class != protocol.ClassNone {
			e.failure = failure
		}
		last := next == nil
		o := s.conclude(v, x, e, last)
		if last {
			return o
		}
		s.redirect(v, x, next)
		x.hops++
	}
}

// exchanged is one exchange and its times.
type exchanged struct {
	failure protocol.Failure
	timing  protocol.Timing
	end     int64 // on the run's clock
	first   bool
}

func (s *Step) exchange(v *vu.VU, x *scratch, e *exchanged) {
	*e = exchanged{first: v.Begin()}
	v.Response.Forget()
	v.Response.Reset()
	v.Response.Content, v.Response.Kept = nil, x.req.KeepBody
	e.failure = v.Client(s.peer).Do(&x.req, &v.Response.Response, &e.timing)
	if e.end = e.timing.End; e.end == 0 {
		e.end = v.Run.Clock()
	}
}

// conclude records an exchange, and readies the response if it is the last.
func (s *Step) conclude(v *vu.VU, x *scratch, e *exchanged, last bool) outcome {
	if e.failure.Class == protocol.ClassNone {
		if s.cookies.jar && vu.HasSetCookie(v.Response.Response.Header) {
			v.KeepCookies(urlOf(&x.req), v.Response.Response.Header)
		}
		if last && x.req.KeepBody && s.decode {
			e.failure = s.decodeBody(v, x)
		}
	}
	o := outcome{failure: e.failure}
	if e.failure.Class == protocol.ClassNone {
		v.Response.Arrived(&x.req, &e.timing)
		o.unexpected = last && !s.expected(v.Response.Response.Status)
		if last && !o.unexpected && s.answers != notGraphQL {
			o.why = s.answers.judge(v)
			o.unexpected = o.why != ""
		}
	}
	o.again = last && s.again.wants(v, &x.tries, &o)
	final := last && !o.again
	o.unexpected = o.unexpected && final
	s.record(v, x, e, &o, final)
	if v.Trace != nil {
		s.hideCaptures(v, &o)
		v.Trace.Exchange(&vu.Exchange{Step: s.name, Turn: s.turn(x, last), Request: &x.req, Response: &v.Response, Timing: &e.timing, Failure: e.failure})
		if final {
			v.Trace.Outcome(s.name, o.failed(), o.why)
		}
	}
	return o
}

// turn says why the step sends the present request, "" if it is its first.
func (s *Step) turn(x *scratch, counted bool) string {
	var why []string
	made := x.tries.made
	if !counted {
		made++
	}
	switch {
	case made < 2:
	case s.again.polls():
		why = append(why, fmt.Sprintf("poll %d", made))
	case s.again.retries():
		why = append(why, fmt.Sprintf("attempt %d of %d", made, s.again.attempts))
	}
	if x.hops > 0 {
		why = append(why, fmt.Sprintf("redirect %d", x.hops))
	}
	if x.challenges > 0 {
		why = append(why, "an answer to the challenge")
	}
	return strings.Join(why, ", ")
}

func (s *Step) expected(status int) bool {
	for _, r := range s.expect {
		if r.From <= status && status <= r.To {
			return true
		}
	}
	return false
}

// decodeBody undoes the content encoding.
func (s *Step) decodeBody(v *vu.VU, x *scratch) protocol.Failure {
	encoding := v.Response.Header("Content-Encoding")
	if encoding == "" || strings.EqualFold(encoding, "identity") || len(v.Response.Response.Body) == 0 {
		return protocol.Failure{}
	}
	plain, class, err := content.Decode(x.plain[:0], v.Response.Response.Body, encoding, s.maxBody)
	x.plain = plain
	if class != protocol.ClassNone {
		return protocol.Failure{Class: class, Err: err}
	}
	v.Response.Content = plain
	return protocol.Failure{}
}

// record makes the sample of one exchange.
func (s *Step) record(v *vu.VU, x *scratch, e *exchanged, o *outcome, last bool) {
	due, open := v.Due()
	t := &e.timing
	if e.failure.Class == protocol.ClassInterrupted && !t.BytesOut {
		return // it was not in flight: no byte of it had left
	}
	m := metrics.Request{
		Step: s.id, Stage: v.Stage(), Class: uint8(e.failure.Class), Last: last, First: e.first && open, Unexpected: o.unexpected,
		Local:       e.failure.Class == protocol.ClassLocal,
		Interrupted: e.failure.Class == protocol.ClassInterrupted,
		BytesOut:    t.BytesOut, Dialed: t.Dialed,
		Due: due, Start: e.timing.Start, End: e.end,
		Blocked: t.Blocked, DNS: t.DNS, Connecting: t.Connecting, TLS: t.TLS,
		Sending: t.Sending, Waiting: t.Waiting, Receiving: t.Receiving, Sent: t.Sent, Received: t.Received,
	}
	switch e.failure.Class {
	case protocol.ClassNone, protocol.ClassDecode, protocol.ClassRedirect: // a whole response came, whatever is wrong with it
		m.Status = int16(v.Response.Response.Status)
	}
	m.Failed = last && o.failed() && !m.Local && !m.Interrupted
	v.Recorder.Request(&m)
	if v.Traced() {
		s.span(v, x, e, &m, o.unexpected)
	}
	if last && o.failed() && !m.Interrupted {
		s.explain(v, x, e, o)
	}
}

// explain keeps a few failures of each kind for people to read.
func (s *Step) explain(v *vu.VU, x *scratch, e *exchanged, o *outcome) {
	class := uint8(e.failure.Class) // none: a response, with a status that is not expected
	if !v.Recorder.WantError(s.id, class) {
		return
	}
	message := ""
	switch {
	case o.unexpected:
		message = o.reason(v)
	case e.failure.Err != nil:
		message = v.Run.Hide(e.failure.Err.Error())
	}
	v.Recorder.Error(s.id, class, e.end, string(x.req.AppendURL(nil)), message)
}

// reason says why a response is not an expected one.
func (o *outcome) reason(v *vu.VU) string {
	if o.why != "" {
		return o.why
	}
	return unexpected(v)
}

// unexpected is a response in a few words: its status and how its body begins.
func unexpected(v *vu.VU) string {
	const looked, shown = 4 << 10, 200 // secrets are masked before the text is cut to what is shown
	status, body := v.Response.Response.Status, v.Response.Decoded()
	message := fmt.Sprintf("status %d %s", status, http.StatusText(status))
	text := v.Run.Hide(string(body[:min(len(body), looked)]))
	if len(text) > shown {
		text = strings.ToValidUTF8(text[:shown], "")
	}
	if text != "" {
		message += ": " + text
	}
	return message
}

// follow says where the response leads, nil if it is the last. A redirect that can't be followed is a failure.
func (s *Step) follow(v *vu.VU, x *scratch, f protocol.Failure, hop int) (*url.URL, protocol.Failure) {
	if f.Class != protocol.ClassNone || s.redirects == 0 {
		return nil, protocol.Failure{}
	}
	switch v.Response.Response.Status {
	case 301, 302, 303, 307, 308:
	default:
		return nil, protocol.Failure{}
	}
	location := v.Response.Header("Location")
	if location == "" {
		return nil, protocol.Failure{} // a 3xx without Location is an answer like any other
	}
	if hop >= s.redirects {
		return nil, protocol.Failure{Class: protocol.ClassRedirect, Err: fmt.Errorf("more than %d redirects, the next to %s", s.redirects, location)}
	}
	u, err := urlOf(&x.req).Parse(location)
	if err == nil {
		_, err = placeOf(u)
	}
	if err != nil {
		return nil, protocol.Failure{Class: protocol.ClassRedirect, Err: fmt.Errorf("redirect to %q: %w", location, err)}
	}
	return u, protocol.Failure{}
}

// redirect makes the request the one that follows a redirect: 303 becomes GET, and so do 301 and 302 after a POST, as
// browsers do (RFC 9110, 15.4). What proves who we are does not go to another host.
func redirect(r *protocol.Request, u *url.URL, status int) {
	p, _ := placeOf(u) // follow has parsed it
	other := p.target != r.Target
	bodiless := status == 303 && r.Method != http.MethodHead || (status == 301 || status == 302) && r.Method == http.MethodPost
	if bodiless {
		r.Method, r.Body, r.Content, r.HasBody = "GET", nil, nil, false
	}
	kept := r.Fields[:0]
	for _, f := range r.Fields {
		name := strings.ToLower(f.Name)
		switch {
		case name == "cookie" || name == "host":
		case bodiless && (name == "content-type" || name == "content-encoding"):
		case other && (name == "authorization" || name == "proxy-authorization" || name == "apikey"):
		default:
			kept = append(kept, f)
		}
	}
	r.Fields, r.Target, r.Authority, r.Path = kept, p.target, p.authority, []byte(p.path)
}

package spec

// Retry sends a request again after it failed, the same request with the same values. Every attempt is a sample; whether
// the request failed, and its checks, are judged by the last one.
type Retry struct {
	Pos Pos
	// How often the request is sent at most, the first time included.
	Attempts Int `plan:"attempts,required" example:"3"`
	// exponential doubles the wait each time, constant does not.
	Backoff Word `plan:"backoff" enum:"exponential,constant" default:"exponential" example:"constant"`
	// The wait before the second attempt.
	Delay Duration `plan:"delay" default:"100ms" example:"200ms"`
	// No wait is longer than this.
	MaxDelay Duration `plan:"max_delay" default:"10s" example:"2s"`
	// Each wait is shortened by up to so much, at random, so that VUs don't come back all at once.
	Jitter Percent `plan:"jitter" default:"0%" example:"50%"`
	// After which failures: classes of request_errors, such as timeout, and statuses. One or a list.
	On []Text `plan:"on,one" default:"whatever fails the request" example:"[timeout, reset, 5xx]"`
	// After a response of which this holds.
	If Expr `plan:"if" example:"status == 503"`
}

// attempts judges what makes a request be sent more than once.
func (v *validator) attempts(r *Request) {
	if !r.Every.Pos.IsZero() && r.Until.IsZero() {
		v.at(r.Every.Pos, r.Pos, "every is how often until asks, and there is no until")
	}
	v.positive("every", r.Every, r.Pos)
	t := r.Retry
	if t == nil {
		return
	}
	if !r.Until.IsZero() {
		v.add(Problemf(t.Pos, len("retry"), "until asks again until it is content: there is nothing to retry").WithHint("leave retry out"))
	}
	v.within("attempts", t.Attempts, 2, 1000, t.Pos)
	v.bounded("delay", t.Delay, t.Pos)
	v.bounded("max_delay", t.MaxDelay, t.Pos)
	if j := t.Jitter; j.Set && j.Value.Num > j.Value.Den {
		v.at(j.Pos, t.Pos, "jitter is %s, want at most 100%%", j.Value)
	}
	if t.MaxDelay.Set && t.Delay.Set && t.MaxDelay.Value < t.Delay.Value {
		v.at(t.MaxDelay.Pos, t.Pos, "max_delay is %s and less than delay, which is %s", FormatDuration(t.MaxDelay.Value), FormatDuration(t.Delay.Value))
	}
}

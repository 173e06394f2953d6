package spec

// Step is one thing that a VU does: one of the types below, chosen by its verb.
type Step interface {
	Common() *StepHead
	// Inner are the lists of steps inside it, in the order of the file.
	Inner() [][]Step
}

// StepHead is what every step may say.
type StepHead struct {
	Pos  Pos    // of the verb
	Verb string // post, group, think, …
	// Skip the step unless this holds.
	If Expr `plan:"if" example:"status == 200"`
}

// Common makes StepHead the shared part of every step.
func (h *StepHead) Common() *StepHead { return h }

// Inner is nothing: most steps hold no others.
func (h *StepHead) Inner() [][]Step { return nil }

// Request sends an HTTP request. get post put patch delete head options take the URL, request takes "METHOD URL". A URL
// is a path below http.base_url, or absolute; a template that it begins with, such as ${action}, may come to either.
type Request struct {
	StepHead
	Method string
	URL    Text // relative to http.base_url, or absolute
	// The step's name in every report and selector.
	Name Text `plan:"name" default:"method and path, templates as {name}, without the query" example:"deliver event"`
	// Query parameters, by name, as written: 1.10 and 007 keep their zeros. A list repeats the parameter, null leaves it out.
	Query Map[Value] `plan:"query,source" example:"{ page: 2 }"`
	// Headers, over those of http.headers; null takes one of those away.
	Headers Map[Text] `plan:"headers,null" example:"{ Accept: application/json }"`
	// Body as JSON, with its Content-Type. Templates keep their type.
	JSON Value `plan:"json" example:"{ amount: 5 }"`
	// Body as a URL-encoded form, with its Content-Type.
	Form Map[Text] `plan:"form" example:"{ user: anna }"`
	// Body as text, sent as it stands.
	Body Text `plan:"body" example:"hello"`
	// Body as multipart/form-data: a map of name to text, to a part such as { file: data/photo.jpg }, or to a list of them.
	Multipart []Part `plan:"multipart" example:"{ title: Sunset, photo: { file: data/photo.jpg } }"`
	// Body as an operation of GraphQL: a query, or a map with its variables. Errors in the answer are a failed request.
	GraphQL *GraphQL `plan:"graphql" example:"{ query: \"{ events { id } }\" }"`
	// Cookies to send beside those of the jar, by name; false keeps the request out of the iteration's jar.
	Cookies Cookies `plan:"cookies" default:"http.cookies" example:"{ consent: all }"`
	// Who the request is from: none, or one kind of auth.
	Auth *Auth `plan:"auth" default:"http.auth" example:"none"`
	// Send the request again where it failed.
	Retry *Retry `plan:"retry" example:"{ attempts: 3, on: [timeout, 5xx] }"`
	// Send the request again and again until this holds of its response. If it does not within timeout, which then counts for
	// all polls together, the iteration fails. Every poll is a sample, the last one is judged.
	Until Expr `plan:"until" example:"json(\"state\") == \"done\""`
	// How long to wait between the polls of until.
	Every Duration `plan:"every" default:"1s" example:"500ms"`
	// How long the request may take; with until, how long all polls together may.
	Timeout Duration `plan:"timeout" default:"http.timeout" example:"10s"`
	// How many redirects to follow.
	Redirects Int `plan:"redirects" default:"http.redirects" example:"0"`
	// Which statuses are not failures: 200, 2xx, 200..299 or a list of them.
	Expect []Status `plan:"expect" default:"http.expect" example:"201"`
	// Expressions that must be true of the response: a list, or a map of name to expression.
	Check []Check `plan:"check" example:"{ accepted: status == 200 }"`
	// Values of the response to keep: a map of name to expression, or to { from, secret, default }.
	Capture []Capture `plan:"capture" example:"{ token: json(\"token\") }"`
	// What must hold for this step; without a metric's name it is http_req_latency.
	Thresholds []*Threshold `plan:"thresholds,inline" example:"p95 < 500ms"`
	// What happens after an unexpected status, a transport error or a false check.
	OnFailure Word `plan:"on_failure" enum:"continue,next_iteration,stop,abort" default:"continue" example:"next_iteration"`
	// Tags on the samples of this step.
	Tags Map[Text] `plan:"tags" example:"{ tier: gold }"`
	// Settings of this request, over the scenario's. Another version, tls, proxy, hosts or connections means connections
	// of its own, shared with the steps that say the same.
	HTTP HTTP `plan:"http" example:"{ version: 2 }"`
}

// Check is one expression that must be true of a response.
type Check struct {
	Name Text // default: the expression's source
	Expr Expr
}

// Capture keeps a value of a response under a name. A capture that finds nothing ends the iteration as failed, unless it
// has a default.
type Capture struct {
	Name    string
	NamePos Pos
	// The expression whose value is kept.
	From Expr `plan:"from,required" example:"json(\"token\")"`
	// Mask the value in every output, log, report and error.
	Secret Bool `plan:"secret" default:"false" example:"true"`
	// The value if the expression finds nothing.
	Default Value `plan:"default" example:"none"`
}

// Parallel runs its steps at once: over HTTP/1.1 each on a connection of its own, over HTTP/2 all on the connection of the
// VU. What they capture merges at the end.
type Parallel struct {
	StepHead
	// The steps that run at once.
	Steps []Step `plan:",verb"`
	// At most this many at once.
	Limit Int `plan:"limit" default:"6" example:"6"`
}

// Inner are the branches.
func (s *Parallel) Inner() [][]Step { return [][]Step{s.Steps} }

// Group times its steps together, as group_duration and the tag group.
type Group struct {
	StepHead
	// Name of the group.
	Name Text `plan:",verb" example:"checkout"`
	// The steps of the group.
	Steps []Step `plan:"steps,required"`
}

// Inner are the group's steps.
func (s *Group) Inner() [][]Step { return [][]Step{s.Steps} }

// Repeat runs its steps a number of times.
type Repeat struct {
	StepHead
	// How many times: a whole number, or a template of one, evaluated each time.
	Times Text `plan:",verb" example:"3"`
	// The steps to repeat.
	Steps []Step `plan:"steps,required"`
}

// Inner are the repeated steps.
func (s *Repeat) Inner() [][]Step { return [][]Step{s.Steps} }

// Choose runs one branch or the other.
type Choose struct {
	StepHead // If is the condition
	// The steps if it holds.
	Then []Step `plan:"then,required"`
	// The steps if it doesn't.
	Else []Step `plan:"else"`
}

// Inner are the two branches.
func (s *Choose) Inner() [][]Step { return [][]Step{s.Then, s.Else} }

// Barrier holds VUs of the scenario until a number of them are there, and lets them go in the same instant.
type Barrier struct {
	StepHead
	// How many VUs must be there.
	VUs Int `plan:"vus,required" example:"10"`
	// How long to wait for the others; then the iterations that wait fail.
	Timeout Duration `plan:"timeout" default:"30s" example:"5s"`
}

// Set gives names to values for the rest of the iteration.
type Set struct {
	StepHead
	// The values, by name.
	Values Map[Value] `plan:",verb" example:"{ order: \"${uuid()}\" }"`
}

// Emit adds a sample to custom metrics. Its tags are scenario, stage, flow and group, step (the request before it in the plan),
// and the scenario's own.
type Emit struct {
	StepHead
	// The sample, by metric: a number, or true or false for a rate.
	Values Map[Text] `plan:",verb" example:"{ duplicates_accepted: 1 }"`
}

// Log prints a line.
type Log struct {
	StepHead
	// What to print.
	Text Text `plan:",verb" example:"order ${order}"`
}

// End ends something early: fail this iteration (as failed), stop this VU, abort the whole run.
type End struct {
	StepHead
	// Why, for the reports; may be left out.
	Message Text `plan:",verb" example:"no stock left"`
}

package spec

// Plan is what the author wrote, after includes, profile and flags.
type Plan struct {
	// Version of the language: 1.
	Version Int `plan:"version,required" example:"1"`
	// Name of the plan, shown in every report.
	Name Text `plan:"name" default:"the file's name" example:"webhook-burst"`
	// What the plan is for, in a sentence or two.
	Description Text `plan:"description"`
	// Processes that the plan needs while it runs, by name. Their address is services.NAME.url.
	Services Map[*Service] `plan:"services"`
	// The plan's contract with its environment: every variable that it reads, by name.
	Env Map[*EnvVar] `plan:"env"`
	// Values that are evaluated once a run, by name; read as vars.NAME.
	Vars Map[Value] `plan:"vars"`
	// Defaults for every request; a scenario or a step can override each.
	HTTP HTTP `plan:"http"`
	// Feeders: rows from files, by name; read as data.NAME.column.
	Data Map[*Data] `plan:"data"`
	// Values that are evaluated afresh at each use, by name; read as gen.NAME.
	Generators Map[Value] `plan:"generators"`
	// Steps with a name and inputs, for call and mix.
	Flows Map[*Flow] `plan:"flows"`
	// Steps that run once, before every scenario. What they capture is read as setup.NAME.
	Setup []Step `plan:"setup"`
	// Steps that run once, after every scenario, whatever happened before.
	Teardown []Step `plan:"teardown"`
	// The kinds of users and the load that they make, by name. They start together unless start or after says otherwise.
	Scenarios Map[*Scenario] `plan:"scenarios,required"`
	// Custom metrics, by name; steps add to them with emit.
	Metrics Map[*Metric] `plan:"metrics"`
	// What must hold for the run to pass: a map of metric{selector} to one or more conditions, or a list of long forms.
	Thresholds []*Threshold `plan:"thresholds"`
	// Relaxes the default thresholds on checks and failed requests: this part of them may fail.
	Tolerance Percent `plan:"tolerance" default:"0%" example:"1%"`

	// Not words of the language: what loading found out.
	File     string         // the plan's own file, as it was named
	Root     string         // project root: the nearest folder with .git or runner.yaml, else the plan's folder
	Profile  string         // the profile in force, "" for none
	Profiles []string       // the profiles that the plan offers
	Filtered []string       // the scenarios that Overrides.Scenarios left out
	Left     Map[*Scenario] // the same whole, for thresholds that select them; their executors' templates are not bound
	Partial  bool           // an included file could not be read: nobody knows which names it would have defined
	Sources  []Source       // every file that was read, in order of reading, for the digest and for snippets

	tree     *node       // the merged document, for Render
	whole    *node       // the same before a profile, with all profiles, for Written
	deferred []*deferred // settings written as templates, for Bind
	fence    fence       // where files of the plan may be
}

// Preamble is what loading itself reads at the top of a file.
type Preamble struct {
	// Files to merge under this one, relative to it: one or a list. Maps merge by key, lists replace, null removes; later
	// files win over earlier ones and this file over all. An executor of another type replaces the whole map.
	Include []Text `plan:"include,one" example:"shared/backend.yaml"`
	// Variants of the plan, by name, each a partial plan that is merged last when it is chosen with --profile.
	Profiles Map[*Plan] `plan:"profiles"`
}

// Source is one file of the plan.
type Source struct {
	Path string // as shown to the author
	Text []byte

	secrets []span // what a snippet must not show
}

// span is a run of characters in a line; both count from 1.
type span struct{ line, col, width int }

// Service is a process that the plan needs while it runs. It is started before vars are evaluated and stopped after
// teardown. The runner picks a port: ${port} in its words, PORT in its environment.
type Service struct {
	Pos Pos
	// Start the service only if this holds; env alone is in scope.
	If Expr `plan:"if" example:"env.SUPABASE_URL == \"\""`
	// Program and arguments; no shell is involved.
	Command []Text `plan:"command,required" example:"[go, run, ./cmd/boxoffice]"`
	// Path that is polled until it answers with a 2xx status.
	Ready Text `plan:"ready" example:"/healthz"`
	// How long the service may take to come up.
	Timeout Duration `plan:"timeout" default:"120s" example:"60s"`
	// Environment variables added to the runner's own.
	Env Map[Text] `plan:"env"`
	// Working folder, below the project root.
	Dir Text `plan:"dir" default:"the project root" example:"cmd/boxoffice"`
}

// EnvVar is one variable of the plan's contract with its environment. It must be set unless it has a default.
type EnvVar struct {
	Pos Pos
	// Its value where the environment has none. Without a default the variable is required.
	Default Text `plan:"default" example:"http://127.0.0.1:8080"`
	// Mask the value in every output, log, report and error.
	Secret Bool `plan:"secret" default:"false" example:"true"`
	// What the variable is for; shown when it is missing.
	Description Text `plan:"description"`
}

// HTTP holds settings of requests. At the top they are defaults for every request; a scenario or a step can override each.
type HTTP struct {
	Pos Pos
	// What relative URLs are relative to.
	BaseURL Text `plan:"base_url" example:"http://127.0.0.1:8080"`
	// How long a request may take, over everything from DNS to the last byte.
	Timeout Duration `plan:"timeout" default:"30s" example:"10s"`
	// Headers to send, by name. null takes one of an outer level away.
	Headers Map[Text] `plan:"headers,null" example:"{ Accept: application/json }"`
	// How many redirects to follow; 0 follows none.
	Redirects Int `plan:"redirects" default:"10" example:"0"`
	// Keep cookies in a jar of the iteration's own.
	Cookies Bool `plan:"cookies" default:"true" example:"false"`
	// The largest body that a step may read; a larger one is the failure body_too_large.
	MaxBody Size `plan:"max_body,size" default:"10MiB" example:"64KiB"`
	// Which statuses are not failures: 200, 2xx, 200..299 or a list of them.
	Expect []Status `plan:"expect" default:"[2xx, 3xx]" example:"2xx"`
	// Ask for compressed bodies and decode them.
	Decode Bool `plan:"decompress" default:"true where a step reads the body" example:"false"`
	// Who a request is from: none, or one kind of auth.
	Auth *Auth `plan:"auth" example:"{ bearer: \"${setup.token}\" }"`
	// Whom to trust and who we are.
	TLS TLS `plan:"tls"`
	// Which HTTP to speak. auto: over TLS what the target prefers of 2 and 1.1 (ALPN), in the clear 1.1. 2 in the clear is
	// h2c with prior knowledge; 2 over TLS from a target that doesn't offer it is the failure tls.
	Version Word `plan:"version" enum:"1.1,2,auto" default:"auto" example:"2"`
	// Who keeps connections, one per target: per_vu, each VU for its life; per_iteration, closed at the iteration's end;
	// shared, one for all VUs of the scenario, or { shared: N }, that many. HTTP/1.1 sends one request at a time over each,
	// HTTP/2 as many as the target allows. Waiting for a free one counts in http_req_blocked.
	Connections Connections `plan:"connections" default:"per_vu" example:"{ shared: 4 }"`
	// A proxy: http://, https:// or socks5://, with user:password@ if it asks for them; none for no proxy. Proxies in the
	// environment (HTTP_PROXY) are not looked at: a plan that wants one says ${env.HTTP_PROXY}.
	Proxy Text `plan:"proxy" default:"none" example:"http://proxy.internal:3128"`
	// Hosts that are reached without the proxy: names, .domains with all below them, addresses, or CIDR blocks.
	NoProxy []Text `plan:"no_proxy,one" example:"[localhost, .internal, 10.0.0.0/8]"`
	// Addresses that go before DNS: host, *.domain or host:port to an address or a list of them, each with a port or not.
	Hosts Map[[]Text] `plan:"hosts,one" example:"{ api.example.com: 127.0.0.1:8443 }"`
}

// Connections says who keeps connections.
type Connections struct {
	Pos    Pos
	Mode   string // per_vu, per_iteration or shared; "": not said
	Shared Int    // of shared: how many per target, all VUs of the scenario together
}

// The words of connections.
const (
	PerVU        = "per_vu"
	PerIteration = "per_iteration"
	Shared       = "shared"
)

// TLS says whom the target may be and who we are. Files are PEM, relative to the file that names them.
type TLS struct {
	Pos Pos
	// Certificates to trust instead of the system's.
	CA Text `plan:"ca" example:"certs/ca.pem"`
	// Our own certificate, for targets that ask for one.
	Cert Text `plan:"cert" example:"certs/client.pem"`
	// The private key of cert.
	Key Text `plan:"key" example:"certs/client.key"`
	// Certificate and key in one PKCS#12 file (.p12, .pfx), in place of cert and key.
	PKCS12 Text `plan:"pkcs12" example:"certs/client.p12"`
	// The password of the pkcs12 file; it is masked in every output.
	Password Text `plan:"password" example:"${env.P12_PASSWORD}"`
	// The name to ask for and to verify, where it isn't the URL's host.
	ServerName Text `plan:"server_name" example:"api.example.com"`
	// Accept any certificate. Only for targets that you own.
	InsecureSkipVerify Bool `plan:"insecure_skip_verify" default:"false" example:"true"`
	// The oldest TLS to agree to.
	MinVersion Word `plan:"min_version" enum:"1.0,1.1,1.2,1.3" default:"1.2" example:"1.3"`
	// The newest TLS to agree to.
	MaxVersion Word `plan:"max_version" enum:"1.0,1.1,1.2,1.3" default:"1.3" example:"1.2"`
}

// Status is one entry of expect: 200, 2xx or 200..299.
type Status struct {
	From, To int
	Pos      Pos
}

// Data is a feeder: rows from a file. A row is drawn when an iteration first reads it.
type Data struct {
	Pos Pos
	// The file, relative to the plan file that names it; it may be packed with gzip. One of over 8 MiB is read as its rows are
	// drawn, so that a mistake in it is found when its row comes.
	File Text `plan:"file,required" example:"data/users.csv"`
	// The file's format.
	Format Word `plan:"format" enum:"csv,json,ndjson" default:"by the file's name, with or without .gz" example:"csv"`
	// Of a json file, the path of the list of rows.
	Select Text `plan:"select" default:"the document itself" example:"tickets"`
	// Of a csv file, the types of columns: string, int, float or bool. A column that is not named is a string; an empty field
	// of a type is null.
	Columns Map[Word] `plan:"columns" enum:"string,int,float,bool" example:"{ age: int, vip: bool }"`
	// In which order rows are dealt. sequence and shuffle give each row exactly once until the end, over all VUs: where every
	// iteration of one scenario reads the feeder, iteration n has row n (dropped ones take no row, and the row of one that ended
	// before it read comes after the last), else whoever asks first has the next. Only sequence reads a large file without
	// going through it first.
	Order Word `plan:"order" enum:"sequence,shuffle,random" default:"sequence" example:"shuffle"`
	// How long a row is kept: for an iteration, for a VU's life, or for the whole run.
	Per Word `plan:"per" enum:"iteration,vu,run" default:"iteration" example:"vu"`
	// What happens after the last row: begin again, stop the VU, or fail the iteration.
	AtEnd Word `plan:"at_end" enum:"loop,stop,fail" default:"loop" example:"stop"`
}

// Metric is a custom metric.
type Metric struct {
	Pos Pos
	// counter adds up, gauge keeps the newest, rate is the share of true, trend keeps a distribution.
	Type Word `plan:"type,required" enum:"counter,gauge,rate,trend" example:"counter"`
	// Unit of a trend or gauge, such as ms or bytes.
	Unit Text `plan:"unit" default:"ms for a trend" example:"bytes"`
	// What the metric counts.
	Description Text `plan:"description"`
}

// Scenario is one kind of user and the load that such users make.
type Scenario struct {
	Pos Pos
	// How iterations are started, by type.
	Executor Executor `plan:"executor,required"`
	// When the scenario starts, after the run's start or after the end of the last scenario in after.
	Start Duration `plan:"start" default:"0s" example:"10s"`
	// Scenarios that must have ended first: a name or a list.
	After []Text `plan:"after,one" example:"warmup"`
	// Leave the scenario out unless this holds; decided once, before the run, with env and vars in scope.
	If Expr `plan:"if" example:"env.STRIPE == \"1\""`
	// Tags on all samples of the scenario.
	Tags Map[Text] `plan:"tags" example:"{ team: payments }"`
	// Settings of requests, over the plan's own.
	HTTP HTTP `plan:"http"`
	// Values of the scenario's own, by name; read as vars.NAME.
	Vars Map[Value] `plan:"vars"`
	// How long running iterations may go on after the scenario's end; then they are interrupted.
	GracefulStop Duration `plan:"graceful_stop" default:"30s" example:"5s"`
	// Steps that each VU runs once, before its first iteration.
	Init []Step `plan:"init"`
	// What one iteration does.
	Steps []Step `plan:"steps,required,unless mix"`
	// Flows of which each iteration runs one, dealt by their weights; in place of steps.
	Mix []Share `plan:"mix"`
	// What must hold for this scenario; without a metric's name it is http_req_latency.
	Thresholds []*Threshold `plan:"thresholds,inline"`
}

// Threshold is a judgement over one metric's series.
type Threshold struct {
	Pos Pos
	// The metric; in a list of long forms only, elsewhere it is the map's key.
	Metric Text `plan:"metric" default:"http_req_latency on a step or scenario" example:"http_req_duration"`
	// Which series: a map of tag to value, to a list of values (any of them), to { not: value or list } or to
	// { matches: regular expression }.
	Where []Matcher `plan:"where" example:"{ step: [checkout, pay] }"`
	// One condition or a list.
	That []Expr `plan:"that,required" example:"p95 < 500ms"`
	// Stop the run as soon as the condition fails.
	Abort Bool `plan:"abort" default:"false" example:"true"`
	// With abort: how long after the start of the scenarios that it measures the condition may begin to stop the run.
	Delay Duration `plan:"delay" default:"0s" example:"10s"`
	// Judge every window of this length, in whole seconds up to 10m, instead of the whole run: one full window that breaches
	// fails. Windows go by the time of completion and move on by a second.
	Window Duration `plan:"window" default:"the whole run" example:"30s"`
	// Only samples whose iteration was due in this stage, by name or number: short for where: { stage: … }.
	Stage Text `plan:"stage" example:"spike"`
	// Fail unless there are at least so many samples; with window, judge only windows that have them.
	MinSamples Int `plan:"min_samples" default:"0" example:"100"`
	// Leave out samples whose iteration was due in this time after the start of its scenario.
	ExcludeWarmup Duration `plan:"exclude_warmup" default:"0s" example:"10s"`
	// The metric was written out; false: the default of an inline threshold, http_req_latency.
	Explicit bool
}

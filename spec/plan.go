package spec

// Plan is what the author wrote, after includes, profile and flags. It has no behaviour.
type Plan struct {
	Version     Int            `plan:"version,required"`
	Name        Text           `plan:"name"`
	Description Text           `plan:"description"`
	Services    Map[*Service]  `plan:"services"`
	Env         Map[*EnvVar]   `plan:"env"`
	Vars        Map[Value]     `plan:"vars"`
	HTTP        HTTP           `plan:"http"`
	Data        Map[*Data]     `plan:"data"`
	Generators  Map[Value]     `plan:"generators"`
	Setup       []Step         `plan:"setup"`
	Teardown    []Step         `plan:"teardown"`
	Scenarios   Map[*Scenario] `plan:"scenarios,required"`
	Metrics     Map[*Metric]   `plan:"metrics"`
	Thresholds  []*Threshold   `plan:"thresholds"`
	Tolerance   Percent        `plan:"tolerance"`

	// Not words of the language: what loading found out.
	File     string   // the plan's own file, as it was named
	Root     string   // project root: the nearest folder with .git or runner.yaml, else the plan's folder
	Profile  string   // the profile in force, "" for none
	Profiles []string // the profiles that the plan offers
	Sources  []Source // every file that was read, in order of reading, for the digest and for snippets
}

// Source is one file of the plan.
type Source struct {
	Path string // as shown to the author
	Text []byte
}

// Service is a process that the plan needs while it runs.
type Service struct {
	Pos     Pos
	If      Expr      `plan:"if"`
	Command []Text    `plan:"command,required"`
	Ready   Text      `plan:"ready"`   // path (or port-relative URL) polled until it answers 2xx
	Timeout Duration  `plan:"timeout"` // how long it may take to come up, default 120s
	Env     Map[Text] `plan:"env"`
	Dir     Text      `plan:"dir"` // below the project root, which is the default
}

// EnvVar is one variable of the plan's contract with its environment.
type EnvVar struct {
	Pos         Pos
	Default     Text `plan:"default"` // absent (Pos is zero): required
	Secret      Bool `plan:"secret"`
	Description Text `plan:"description"`
}

// HTTP holds defaults for requests; a scenario or a step can override each.
type HTTP struct {
	Pos       Pos
	BaseURL   Text      `plan:"base_url"`
	Timeout   Duration  `plan:"timeout"` // over everything from DNS to the last byte; default 30s
	Headers   Map[Text] `plan:"headers"`
	Redirects Int       `plan:"redirects"` // how many to follow, default 10; 0: none
	Cookies   Bool      `plan:"cookies"`   // default true: a jar per iteration
	MaxBody   Size      `plan:"max_body"`  // default 10MiB
	Expect    []Status  `plan:"expect"`
	Decode    Bool      `plan:"decompress"` // send Accept-Encoding and decode; default true where a step reads the body
	TLS       TLS       `plan:"tls"`
}

// TLS says whom the target may be and who we are.
type TLS struct {
	Pos                Pos
	CA                 Text `plan:"ca"`   // PEM file
	Cert               Text `plan:"cert"` // PEM file
	Key                Text `plan:"key"`  // PEM file
	ServerName         Text `plan:"server_name"`
	InsecureSkipVerify Bool `plan:"insecure_skip_verify"`
}

// Status is one entry of expect: 200, 2xx or 200..299.
type Status struct {
	From, To int
	Pos      Pos
}

// Data is a feeder: rows from a file.
type Data struct {
	Pos    Pos
	File   Text `plan:"file,required"`
	Format Word `plan:"format"` // csv, json, ndjson; default by the file's name
	Select Text `plan:"select"` // json: path of the list
	Order  Word `plan:"order"`  // sequence, shuffle, random
	Per    Word `plan:"per"`    // iteration, vu, run
	AtEnd  Word `plan:"at_end"` // loop, stop, fail
}

// Metric is a custom metric.
type Metric struct {
	Pos         Pos
	Type        Word `plan:"type,required"` // counter, gauge, rate, trend
	Unit        Text `plan:"unit"`          // of a trend or gauge: ms, bytes, "", …; a trend's default is ms
	Description Text `plan:"description"`
}

// Scenario is one kind of user and the load that such users make.
type Scenario struct {
	Pos          Pos
	Executor     Executor     `plan:"executor,required"`
	Start        Duration     `plan:"start"` // after the run's (or the last of After's) start
	After        []Text       `plan:"after"` // one name or a list
	If           Expr         `plan:"if"`    // decided once, before the run: env and vars only
	Tags         Map[Text]    `plan:"tags"`
	HTTP         HTTP         `plan:"http"`
	Vars         Map[Value]   `plan:"vars"`
	GracefulStop Duration     `plan:"graceful_stop"` // default 30s
	Init         []Step       `plan:"init"`
	Steps        []Step       `plan:"steps,required"`
	Thresholds   []*Threshold `plan:"thresholds"`
}

// Threshold is a judgement over one metric's series.
type Threshold struct {
	Pos      Pos
	Metric   Text      // name, without its selector
	Where    []Matcher // selector
	That     []Expr    // conditions
	Abort    Bool      // stop the run as soon as it fails
	Explicit bool      // the metric was written out; false: the default of an inline threshold, http_req_latency
}

// Matcher is one condition of a selector: tag=value, tag!=value, tag=~regex.
type Matcher struct {
	Tag   string
	Op    string // =, != or =~
	Value string
	Pos   Pos
}

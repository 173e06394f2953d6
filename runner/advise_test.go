package runner_test

import (
	"strings"
	"testing"
)

// advised is a right plan in which something is surely unwanted, at the §; without a § nothing is.
type advised struct{ why, plan, code, want string }

const (
	briefly = "http: { base_url: \"http://127.0.0.1:1\" }\n"
	closedS = "executor: { type: constant-vus, vus: 1, duration: 10s }"
)

// one is a plan of one scenario with these steps, in flow style.
func one(steps string) string {
	return briefly + "scenarios: { s: { " + closedS + ", steps: [" + steps + "] } }\n"
}

// arriving is a plan of one arrival executor.
func arriving(executor, steps string) string {
	return briefly + "scenarios:\n  s:\n    §executor: { " + executor + " }\n    steps: [" + steps + "]\n"
}

func right(row string) string { return strings.Replace(row, "§", "", 1) }

// TestWarnings: each kind is found where it stands, once, and says what to do.
func TestWarnings(t *testing.T) {
	for _, row := range []advised{
		{"a var that nobody reads", "vars: { §a: 1 }\n" + one("{ get: / }"), "unused", `the var "a" is never read`},
		{"a var of a scenario", briefly + "scenarios: { s: { vars: { §a: 1 }, " + closedS + ", steps: [{ get: / }] } }\n", "unused", `the var "a" is never read`},
		{"a generator", "generators: { §g: \"${uuid()}\" }\n" + one("{ get: / }"), "unused", `the generator "g" is never read`},
		{"a feeder", "data: { §d: { file: d.csv } }\n" + one("{ get: / }"), "unused", `the feeder "d" is never read`},
		{"a flow", "flows: { §f: { steps: [{ get: / }] } }\n" + one("{ get: / }"), "unused", `the flow "f" is never called`},
		{"a metric", "metrics: { §m: { type: counter } }\n" + one("{ get: / }"), "unused", `the metric "m" is never emitted by a step`},
		{"a variable of the environment", "env: { §HOST: { default: a } }\n" + one("{ get: / }"), "unused", `the variable "HOST" is never read`},
		{"a capture", one("{ get: /, capture: { §id: json(\"id\") } }, { get: /next }"), "unread-capture", `the capture "id" is never read`},
		{"a capture of setup", "setup: [{ get: /, capture: { §id: json(\"id\") } }]\n" + one("{ get: / }"), "unread-capture", `the capture "id" is never read`},
		{"a check that reads nothing", one("{ get: /, check: { ok: §1 == 1 } }"), "constant-check", "this check is always true"},
		{"a token in a header", "http: { base_url: \"http://127.0.0.1:1\", headers: { Authorization: §Bearer 0123456789abcdef } }\nscenarios: { s: { " + closedS + ", steps: [{ get: / }] } }\n", "secret", "a token stands here in plain text"},
		{"a token in auth", one("{ get: /, auth: { bearer: §0123456789abcdef } }"), "secret", "bearer stands here in plain text"},
		{"a password in auth", one("{ get: /, auth: { basic: { username: anna, password: §hunter22 } } }"), "secret", "password stands here in plain text"},
		{"a password in a body", one("{ post: /, json: { password: §hunter22 } }"), "secret", "password stands here in plain text"},
		{"a key of Stripe", "vars: { k: \"§sk_live_0123456789abcdefABCDEF\" }\n" + one("{ get: \"/${vars.k}\" }"), "secret", "this looks like a real key"},
		{"a key of AWS in a text", one("{ post: /, body: \"§key=AKIA0123456789ABCDEF&x=1\" }"), "secret", "this looks like a real key"},
		{"a variable that is a secret by its name", "env: { §API_TOKEN: { default: a } }\n" + one("{ get: \"/${env.API_TOKEN}\" }"), "secret", "API_TOKEN is a secret by its name"},
		{"a rate that thinking can't make", arriving("type: constant-arrival-rate, rate: 10/s, duration: 60s, vus: 5, max_vus: 10", "{ get: / }, { think: 2s..4s }"), "unreachable-rate", "at 10/s and with 3s of think time an iteration it takes at least 30 VUs, and max_vus is 10"},
		{"the peak of a ramp", arriving("type: ramping-arrival-rate, stages: [{ duration: 30s, target: 1/s }, { duration: 1m, target: 20/s }], vus: 10", "{ think: 2s }"), "unreachable-rate", "max_vus is 10"},
		{"thinking in a flow, in a loop", "flows: { f: { steps: [{ repeat: 3, steps: [{ think: 1s }] }] } }\n" + arriving("type: constant-arrival-rate, rate: 10/s, duration: 60s, vus: 5", "{ call: f }"), "unreachable-rate", "with 3s of think time"},
		{"a window that is never full", "thresholds: { http_req_duration: { that: p95 < 1s, window: §30s } }\n" + one("{ get: / }"), "never-judged", "window is 30s and the load takes 10s: no window is ever full"},
		{"a warm-up over everything", "thresholds: { http_req_duration: { that: p95 < 1s, exclude_warmup: §10s } }\n" + one("{ get: / }"), "never-judged", "no sample is left"},
		{"an abort that comes too late", "thresholds: { http_req_duration: { that: p95 < 1s, abort: true, delay: §1m } }\n" + one("{ get: / }"), "never-judged", "delay is 1m and the load takes 10s"},
		{"a window of a step", one("{ get: /, thresholds: { that: p95 < 1s, window: §20s } }"), "never-judged", "window is 20s"},
		{"more VUs than iterations", briefly + "scenarios: { s: { executor: { type: shared-iterations, vus: §10, iterations: 5 }, steps: [{ get: / }] } }\n", "idle-vus", "10 VUs share 5 iterations"},
		{"steps behind the end", one("{ get: / }, { stop: enough }, { §get: /never }"), "unreachable-steps", "this step is never reached: the stop before it"},
		{"a status that counts as failed", one("{ get: /, check: [§status == 404] }"), "unexpected-status", "this wants status 404"},
	} {
		t.Run(row.why, func(t *testing.T) { adviceOn(t, row) })
	}
}

// TestNoWarnings: what only looks like one of them causes none.
func TestNoWarnings(t *testing.T) {
	for why, plan := range map[string]string{
		"what is read":                        "vars: { a: 1, b: \"${vars.a}\" }\ngenerators: { g: { x: \"${vars['b']}\" } }\n" + one("{ post: /, json: \"${gen.g}\" }"),
		"what a profile reads":                "vars: { a: 1 }\nprofiles: { p: { scenarios: { s: { tags: { t: \"${vars.a}\" } } } } }\n" + one("{ get: / }"),
		"rows of a feeder":                    "data: { d: { file: d.csv } }\n" + one("{ get: \"/${rows('d')}\" }"),
		"a flow of a mix":                     "flows: { f: { steps: [{ get: / }] } }\n" + briefly + "scenarios: { s: { " + closedS + ", mix: [{ weight: 1, flow: f }] } }\n",
		"a capture that a later step reads":   one("{ get: /, capture: { id: json(\"id\") } }, { get: \"/${id}\" }"),
		"a capture that teardown reads":       "setup: [{ get: /, capture: { id: json(\"id\") } }]\nteardown: [{ delete: \"/${setup.id}\" }]\n" + one("{ get: / }"),
		"a check of chance":                   one("{ get: /, check: [\"rand_int(1, 2) < 3\"] }"),
		"a token from the environment":        "env: { TOKEN: { secret: true, default: a } }\n" + one("{ get: /, headers: { Authorization: \"Bearer ${env.TOKEN}\" } }"),
		"a password that says what it is":     one("{ post: /, json: { password: test1234 } }"),
		"a secret with a default, masked":     "env: { STRIPE_SECRET: { secret: true, default: whsec_local } }\n" + one("{ get: \"/${env.STRIPE_SECRET}\" }"),
		"a check named like a secret":         one("{ get: /, check: { password: status == 200 } }"),
		"a rate that its VUs reach":           right(arriving("type: constant-arrival-rate, rate: 10/s, duration: 60s, vus: 50", "{ think: 4s }")),
		"a rate that is over before":          right(arriving("type: constant-arrival-rate, rate: 10/s, duration: 1s, vus: 10", "{ think: 4s }")),
		"thinking that may be left out":       right(arriving("type: constant-arrival-rate, rate: 10/s, duration: 60s, vus: 5", "{ think: 4s, if: vu.id > 3 }")),
		"a window that fits":                  "thresholds: { http_req_duration: { that: p95 < 1s, window: 10s } }\n" + one("{ get: / }"),
		"a window over two scenarios":         "thresholds: { http_req_duration: { that: p95 < 1s, window: 15s } }\n" + briefly + "scenarios: { a: { " + closedS + ", steps: [{ get: / }] }, b: { after: a, " + closedS + ", steps: [{ get: / }] } }\n",
		"a load whose length is not known":    "thresholds: { http_req_duration: { that: p95 < 1s, window: 1m } }\n" + briefly + "scenarios: { s: { executor: { type: per-vu-iterations }, steps: [{ get: / }] } }\n",
		"an end on a condition":               one("{ get: / }, { stop: enough, if: vu.id > 1 }, { get: /more }"),
		"a status that is expected":           one("{ get: /, expect: 404, check: [status == 404] }"),
		"a status that the scenario expects":  briefly + "scenarios: { s: { http: { expect: [404] }, " + closedS + ", steps: [{ get: /, check: [status == 404] }] } }\n",
		"a variable that a service may read":  "services: { a: { command: [true] } }\nenv: { DATABASE_URL: { default: a } }\n" + one("{ get: / }"),
		"what an included file only provides": "include: shared.yaml\n" + one("{ get: / }"),
	} {
		t.Run(why, func(t *testing.T) { adviceOn(t, advised{why, plan, "", ""}) })
	}
}

func adviceOn(t *testing.T, row advised) {
	t.Helper()
	path := write(t, right(row.plan), map[string]string{"d.csv": "name\nanna\n", "shared.yaml": "vars: { s: 1 }\ngenerators: { g: 1 }\nflows: { f: { steps: [{ get: / }] } }\n"})
	found := compile(t, path, nil).Warnings
	if row.code == "" {
		if len(found) > 0 {
			t.Errorf("want no warning, got\n%v", found)
		}
		return
	}
	if len(found) != 1 || found[0].Code != row.code || !strings.Contains(found[0].Message, row.want) || found[0].Hint == "" {
		t.Fatalf("want one warning %s: %s, got %d:\n%v", row.code, row.want, len(found), found)
	}
	before, _, _ := strings.Cut(row.plan, "§")
	line, col := 3+strings.Count(before, "\n"), 1+len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
	if p := found[0].Pos; p.Line != line || p.Col != col {
		t.Errorf("at %d:%d, want %d:%d", p.Line, p.Col, line, col)
	}
	if row.code == "secret" && !strings.Contains(found[0].Line, "*") && !strings.Contains(found[0].Message, "by its name") {
		t.Errorf("the snippet shows the secret: %s", found[0].Line)
	}
}

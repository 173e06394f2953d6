package spec

import "testing"

func TestWrongValues(t *testing.T) {
	checkWrong(t, []wrong{
		{"a version of the future", swap(base, "version: 1", "version: §2"), "version 2 is not known", "write version: 1"},
		{"a version that is text", swap(base, "version: 1", "version: \"§1\""), "version wants a whole number, found the text \"1\"", "without quotes"},
		{"two stages of one name", executor("type: ramping-vus\nstages: [{ name: up, duration: 1s, target: 1 }, { name: §up, duration: 1s, target: 2 }]"), `two stages are called "up"`, "another name"},
		{"a template for a scenario's name", swap(base, "  s:", "  \"§${env.A}\":"), "the name of a scenario can't be a template", "write it out"},
		{"no scenario at all", "version: 1\n§scenarios: {}\n", "the plan has no scenario", ""},
		{"more than all may fail", top("tolerance: §101%"), "tolerance is 101%, want at most 100%", ""},
		{"no VU", executor("type: constant-vus\nvus: §0\nduration: 1s"), "vus is 0, want at least 1", ""},
		{"more VUs than a machine bears", executor("type: constant-vus\nvus: §1000001\nduration: 1s"), "vus is 1000001, want at most 1000000", ""},
		{"no time", executor("type: constant-vus\nvus: 1\nduration: §0s"), "duration is 0s, want more than 0s", ""},
		{"longer than a month", executor("type: constant-vus\nvus: 1\nduration: §31d"), "duration is 744h, want at most 30d", ""},
		{"no iteration", executor("type: shared-iterations\niterations: §0"), "iterations is 0, want at least 1", ""},
		{"more iterations than can be counted", executor("type: per-vu-iterations\niterations: §9007199254740993"), "iterations is 9007199254740993, want at most", ""},
		{"no arrivals", executor("type: constant-arrival-rate\nrate: §0/s\nduration: 1s"), "rate is 0, want more", ""},
		{"more arrivals than any machine starts", executor("type: constant-arrival-rate\nrate: §100000000/s\nduration: 1s"), "rate is 100000000/s, want at most 10000000/s", ""},
		{"max_vus below vus", executor("type: constant-arrival-rate\nrate: 1/s\nduration: 1s\nvus: 5\nmax_vus: §4"), "max_vus is 4 and less than vus, which is 5", ""},
		{"no VU and no more to come", executor("type: constant-arrival-rate\nrate: 1/s\nduration: 1s\nvus: §0"), "vus is 0 and there is no max_vus", ""},
		{"negative VUs in a stage", executor("type: ramping-vus\nstages: [{ duration: 1s, target: §-1 }]"), "target is -1, want at least 0", ""},
		{"a ramp of no time", executor("type: ramping-vus\nstages: [{ duration: §0s, target: 1 }]"), "all stages together take 0s", ""},
		{"a ramp over months", executor("type: ramping-vus\nstages: [{ duration: 20d, target: 1 }, §{ duration: 20d, target: 1 }]"), "the stages take more than 30d", ""},
		{"a ramp without VUs", scenario("§executor: { type: ramping-vus, start_vus: 0, stages: [{ duration: 1s, target: 0 }] }\nsteps: [{ get: / }]"), "this ramp never has a VU", ""},
		{"a ramp of zero rates", scenario("§executor: { type: ramping-arrival-rate, stages: [{ duration: 1s, target: 0/s }] }\nsteps: [{ get: / }]"), "the rate of this ramp is always 0", ""},
		{"after a scenario that isn't there", scenario("after: §r\nexecutor: { type: constant-vus, vus: 1, duration: 1s }\nsteps: [{ get: / }]"), `unknown scenario "r" in after`, ""},
		{"after itself", scenario("after: §t\nexecutor: { type: constant-vus, vus: 1, duration: 1s }\nsteps: [{ get: / }]"), "scenarios wait for each other in a circle: t → t", ""},
		{"a circle of two", swap(scenario("after: s\nexecutor: { type: constant-vus, vus: 1, duration: 1s }\nsteps: [{ get: / }]"), "  s:\n", "  s:\n    after: §t\n"), "scenarios wait for each other in a circle: s → t → s", ""},
		{"a barrier that never fills", step("- barrier: { vus: §3 }"), "this barrier waits for 3 VUs and the scenario has at most 2", ""},
		{"a barrier of none", step("- barrier: { vus: §0 }"), "vus is 0, want at least 1", ""},
		{"a barrier in setup", top("setup:\n  - §barrier: { vus: 1 }"), "a barrier needs the VUs of a scenario", ""},
		{"a barrier deep below", step("- group: a\n  steps:\n    - if: status == 200\n      then: [{ barrier: { vus: §9 } }]"), "this barrier waits for 9 VUs", ""},
		{"no branch at a time", step("- parallel: [{ get: / }]\n  limit: §0"), "limit is 0, want at least 1", ""},
		{"a var that no expression can read", top("vars: { §a-b: 1 }"), `"a-b" is not a name of a var`, "letters"},
		{"a scenario's var", scenario("vars: { §1a: 1 }\nexecutor: { type: constant-vus, vus: 1, duration: 1s }\nsteps: [{ get: / }]"), `"1a" is not a name of a var`, ""},
		{"a variable with a dash", top("env: { §A-B: {} }"), `"A-B" is not a name of an environment variable`, ""},
		{"data with a dot", top("data: { §a.b: { file: a.csv } }"), `"a.b" is not a name of data`, ""},
		{"a generator with a space", top("generators: { §a b: 1 }"), `"a b" is not a name of a generator`, ""},
		{"a metric with a dash", top("metrics: { §a-b: { type: counter } }"), `"a-b" is not a name of a metric`, ""},
		{"a built-in metric", top("metrics: { §http_reqs: { type: counter } }"), "http_reqs is a built-in metric", "another name"},
		{"a capture with a dash", step("- get: /\n  capture: { §a-b: status }"), `"a-b" is not a name that an expression can read`, ""},
		{"a set with a dash", step("- set: { §a-b: 1 }"), `"a-b" is not a name that an expression can read`, ""},
		{"two bodies", step("- post: /\n  json: {}\n  body: §x"), "a request has one body, and this one has two: json and body", ""},
		{"a check twice", step("- get: /\n  check: [status == 200, §status == 200]"), `the check "status == 200" is there twice`, ""},
		{"a header with a space", step("- get: /\n  headers: { §A B: c }"), `"A B" is not a name of a header`, ""},
		{"a header twice", step("- get: /\n  headers: { Ab: c, §aB: d }"), "the header aB is there twice, as Ab too", ""},
		{"a header over two lines", step("- get: /\n  headers: { Ab: \"§c\\r\\nd\" }"), "the value of header Ab has a line break", ""},
		{"a header that frames the request", step("- get: /\n  headers: { §Content-Length: 5 }"), "the header Content-Length can't be set", "leave it out"},
		{"a tag that selectors could not name", step("- get: /\n  tags: { \"§a b\": c }"), `"a b" is not a name of a tag`, ""},
		{"a tag that every sample has", step("- get: /\n  tags: { §scenario: c }"), "scenario is a built-in tag", "another name"},
		{"a URL of FTP", step("- get: §ftp://a/b"), "a URL begins with http:// or https://, found ftp://", ""},
		{"a URL with a space", step("- get: §/a b"), "a URL has no spaces", "%20"},
		{"a URL without a host", step("- get: §http:///a"), `"http:///a" is not a URL`, ""},
		{"a word for a URL", step("- get: §users"), `"users" is neither a path nor a URL`, "write /users"},
		{"a base_url without a scheme", swap(base, `"http://127.0.0.1:1"`, "§localhost"), `base_url is "localhost", want a URL`, "http://"},
		{"a base_url with a query", swap(base, `"http://127.0.0.1:1"`, `"§http://a/?b=1"`), "base_url has no query", ""},
		{"a timeout of nothing", step("- get: /\n  timeout: §0s"), "timeout is 0s, want more than 0s", ""},
		{"negative redirects", step("- get: /\n  redirects: §-1"), "redirects is -1, want at least 0", ""},
		{"a body of nothing", swap(base, "http: { base", "http: { max_body: §0B, base"), "max_body is 0, want more", ""},
		{"a service without a program", top("services: { a: { command: [\"§\"] } }"), `the command of service "a" is empty`, ""},
		{"a service that is ready at a word", top("services: { a: { command: [b], ready: §healthz } }"), `ready is "healthz", want a path`, "write ready: /healthz"},
		{"a thought of a month", step("- think: §40d"), "think is 960h, want at most 30d", ""},
		{"a start in a month", scenario("start: §40d\nexecutor: { type: constant-vus, vus: 1, duration: 1s }\nsteps: [{ get: / }]"), "start is 960h, want at most 30d", ""},
	})
}

func TestRightValues(t *testing.T) {
	for why, text := range map[string]string{
		"a body on get":                    step("- get: /\n  body: x"),
		"two steps of one name":            step("- get: /\n  name: a\n- get: /\n  name: a"),
		"a URL that is a template":         step("- get: ${vars.base}/a"),
		"a path with templates":            step("- get: /a/${x + \" \" + y}?b=${c}"),
		"a barrier as large as the ramp":   scenario("executor: { type: ramping-vus, stages: [{ duration: 1s, target: 5 }] }\nsteps: [{ barrier: { vus: 5 } }]"),
		"no VU at the start of an arrival": executor("type: constant-arrival-rate\nrate: 1/s\nduration: 1s\nvus: 0\nmax_vus: 3"),
		"a jump":                           executor("type: ramping-vus\nstages: [{ duration: 0s, target: 5 }, { duration: 1s, target: 5 }]"),
		"a slow rate":                      executor("type: constant-arrival-rate\nrate: 1/h\nduration: 1d"),
		"header values in two styles":      step("- get: /\n  headers:\n    A: |\n      long\n    B: x"),
		"a method of one's own":            step("- request: PURGE /cache/${vars.id}"),
		"an end without words":             step("- stop:\n- fail: no stock\n- abort:"),
		"every kind of expect":             step("- get: /\n  expect: [200, 2xx, 300..302]\n- get: /\n  expect: 404"),
		"every kind of check":              step("- get: /\n  check: status == 200\n- get: /\n  check: { a: status == 200 }\n- get: /\n  check: [status == 200]"),
		"every kind of threshold":          top("thresholds:\n  - { metric: 'checks{check=a}', that: [rate > 1%, rate < 2%], abort: true }\n  - { metric: http_reqs, where: { step: a }, that: count > 1 }"),
		"thresholds on a step":             step("- get: /\n  thresholds: [p95 < 1s, { that: p99 < 2s, abort: true }]\n- get: /\n  thresholds: { http_req_duration: p95 < 1s }\n- get: /\n  thresholds: { that: p95 < 1s }"),
		"settings that are templates":      executor("type: constant-vus\nvus: ${vars.n}\nduration: ${vars.s}s"),
	} {
		t.Run(why, func(t *testing.T) {
			if problems := all(t, text, Options{}); len(problems) > 0 {
				t.Error(problems)
			}
		})
	}
}

package spec

import (
	"strings"
	"testing"
)

// wrong is a plan with one mistake. The § stands where the problem must point and is no part of the plan. want is the
// beginning of the message; hint, if given, is in the hint.
type wrong struct {
	why  string
	plan string
	want string
	hint string
}

func checkWrong(t *testing.T, rows []wrong) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.why, func(t *testing.T) {
			line, col := 0, 0
			if before, _, ok := strings.Cut(row.plan, "§"); ok {
				line = strings.Count(before, "\n") + 1
				col = len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
			}
			problems := all(t, strings.Replace(row.plan, "§", "", 1), Options{})
			if len(problems) != 1 {
				t.Fatalf("%d problems, want one at %d:%d: %s\n%v", len(problems), line, col, row.want, problems)
			}
			p := problems[0]
			if p.Pos.Line != line || p.Pos.Col != col {
				t.Errorf("at %d:%d, want %d:%d", p.Pos.Line, p.Pos.Col, line, col)
			}
			if !strings.HasPrefix(p.Message, row.want) {
				t.Errorf("message %q, want %q", p.Message, row.want)
			}
			if !strings.Contains(p.Hint, row.hint) {
				t.Errorf("hint %q, want %q", p.Hint, row.hint)
			}
		})
	}
}

func TestWrongWords(t *testing.T) {
	checkWrong(t, []wrong{
		{"a slip in an executor", executor("type: constant-vus\n§vuss: 20\nduration: 1s"), `unknown key "vuss" in executor constant-vus`, `did you mean "vus"?`},
		{"a slip at the top", top("§varz: { a: 1 }"), `unknown key "varz" in the plan`, `did you mean "vars"?`},
		{"a slip in http", swap(top("x-a: 1\nvars: {}"), "http: { base", "http: { §time_out: 1s, base"), `unknown key "time_out" in http`, `did you mean "timeout"?`},
		{"nothing near: what there is", scenario("executor: { type: constant-vus, vus: 1, duration: 1s }\nsteps: [{ get: / }]\n§zzz: 1"), `unknown key "zzz" in scenario "t"`, "have: executor, start"},
		{"an x- key below the top", step("- get: /\n  §x-note: 1"), `unknown key "x-note" in step get`, ""},
		{"a slip in tls", swap(step("- get: /"), "http: { base", "http: { tls: { §caa: a.pem }, base"), `unknown key "caa" in tls`, `"ca"`},
		{"a slip in a service", top("services: { db: { command: [a], §redy: / } }"), `unknown key "redy" in service "db"`, `"ready"`},
		{"a slip in env", top("env: { A: { §secrt: true } }"), `unknown key "secrt" in env "A"`, `"secret"`},
		{"a slip in data", top("data: { d: { file: a.csv, §odrer: shuffle } }"), `unknown key "odrer" in data "d"`, `"order"`},
		{"a slip in a metric", top("metrics: { m: { type: counter, §units: ms } }"), `unknown key "units" in metric "m"`, `"unit"`},
		{"a slip in a capture", step("- get: /\n  capture:\n    a: { from: status, §defualt: 1 }"), `unknown key "defualt" in capture "a"`, `"default"`},
		{"a slip in a threshold", top("thresholds:\n  checks: { that: rate == 100%, §abrt: true }"), `unknown key "abrt" in this threshold`, `"abort"`},
		{"a slip in a stage", executor("type: ramping-vus\nstages: [{ duration: 1s, target: 1, §nam: a }]"), `unknown key "nam" in this stage`, `"name"`},
		{"a slip in a barrier", step("- barrier: { vus: 2, §timeot: 1s }"), `unknown key "timeot" in barrier`, `"timeout"`},
		{"a word beside a barrier", step("- barrier: { vus: 2 }\n  §timeout: 1s"), `unknown key "timeout" in step barrier`, ""},
		{"a word of another step", step("- think: 1s\n  §name: a"), `unknown key "name" in step think`, ""},
		{"then without being an if", step("- get: /\n  §then: []"), `unknown key "then" in step get`, ""},
		{"version is missing", "§http: {}\nscenarios:\n  s: { executor: { type: constant-vus, vus: 1, duration: 1s }, steps: [{ get: / }] }", "version is missing in the plan", "write version: 1"},
		{"scenarios are missing", "§version: 1", "scenarios is missing in the plan", ""},
		{"an executor is missing", swap(scenario("steps: [{ get: / }]"), "  t:", "  §t:"), `executor is missing in scenario "t"`, ""},
		{"steps are missing", swap(scenario("executor: { type: constant-vus, vus: 1, duration: 1s }"), "  t:", "  §t:"), `steps is missing in scenario "t"`, ""},
		{"a duration is missing", scenario("§executor: { type: constant-vus, vus: 1 }\nsteps: [{ get: / }]"), "duration is missing in executor constant-vus", "write duration: 30s"},
		{"a null is a missing word", scenario("§executor: { type: constant-vus, vus: 1, duration: }\nsteps: [{ get: / }]"), "duration is missing in executor constant-vus", ""},
		{"the type is missing", scenario("§executor: { vus: 1, duration: 1s }\nsteps: [{ get: / }]"), "type is missing in executor", "one of constant-vus"},
		{"a target is missing", executor("type: ramping-vus\nstages:\n  - §duration: 1s"), "target is missing in this stage", ""},
		{"a file is missing", top("data: { §d: { order: shuffle } }"), `file is missing in data "d"`, ""},
		{"a command is missing", top("services: { §db: { ready: / } }"), `command is missing in service "db"`, ""},
		{"a type is missing", top("metrics: { §m: { unit: ms } }"), `type is missing in metric "m"`, ""},
		{"from is missing", step("- get: /\n  capture:\n    §a: { secret: true }"), `from is missing in capture "a"`, ""},
		{"then is missing", step("- §if: status == 200"), "then is missing in step if", ""},
		{"a group's steps are missing", step("- §group: a"), "steps is missing in step group", ""},
		{"a variable that says nothing", top("env: { §A: }"), "A has no value", "write {}"},
		{"vus of a barrier is missing", step("- §barrier: { timeout: 1s }"), "vus is missing in barrier", ""},
	})
}

func TestWrongScalars(t *testing.T) {
	checkWrong(t, []wrong{
		{"a word for a number", executor("type: constant-vus\nvus: §many\nduration: 1s"), `vus wants a whole number, found "many"`, "for example vus: 20"},
		{"a decimal for a number", executor("type: constant-vus\nvus: §1.5\nduration: 1s"), `vus wants a whole number, found "1.5"`, ""},
		{"an underscore", executor("type: constant-vus\nvus: §1_000\nduration: 1s"), `vus wants a whole number, found "1_000": numbers are written without`, "write 1000"},
		{"too large a number", executor("type: constant-vus\nvus: §99999999999999999999\nduration: 1s"), `vus wants a whole number, found "99999999999999999999": the number is too large`, ""},
		{"a text for a number", executor("type: constant-vus\nvus: \"§3\"\nduration: 1s"), `vus wants a whole number, found the text "3"`, "without quotes: vus: 3"},
		{"the same in other quotes, in a stage", executor("type: ramping-vus\nstages: [{ duration: 1s, target: '§3' }]"), `target wants a whole number, found the text "3"`, ""},
		{"the same in a block", executor("type: constant-vus\nvus: |-\n  §3\nduration: 1s"), `vus wants a whole number, found the text "3"`, ""},
		{"a text for how often", step("- repeat: \"§3\"\n  steps: [{ get: / }]"), `repeat wants a whole number, found the text "3"`, "without quotes: repeat: 3"},
		{"a text for true", top("env: { A: { secret: \"§true\" } }"), `secret wants true or false, found the text "true"`, "without quotes: secret: true"},
		{"a list for a number", executor("type: constant-vus\nvus: §[1]\nduration: 1s"), "vus wants a whole number, found a list", ""},
		{"no unit", executor("type: constant-vus\nvus: 1\nduration: §30"), `duration wants a time with a unit, found "30": the unit is missing`, "write 30s"},
		{"an unknown unit", executor("type: constant-vus\nvus: 1\nduration: §30sec"), `duration wants a time with a unit, found "30sec": "sec" is not a unit of time`, "units are us, ms"},
		{"the position is the text's, not the quote's", executor("type: constant-vus\nvus: 1\nduration: \"§30\""), `duration wants a time`, "write 30s"},
		{"a rate without a unit", executor("type: constant-arrival-rate\nrate: §5\nduration: 1s"), `rate wants a rate, found "5": the unit is missing`, "write 5/s"},
		{"a rate for a day", executor("type: constant-arrival-rate\nrate: §5/d\nduration: 1s"), `rate wants a rate, found "5/d": "/d" is not a unit of a rate`, "/s, /m, /h"},
		{"a percentage without its sign", top("tolerance: §1"), `tolerance wants a percentage, found "1": the percent sign is missing`, "write 1%"},
		{"yes is not true", top("env: { A: { secret: §yes } }"), `secret wants true or false, found "yes"`, "write true"},
		{"off is not false", top("env: { A: { secret: §off } }"), `secret wants true or false, found "off"`, "write false"},
		{"a slip in a closed set", top("data: { d: { file: a.csv, order: §shufle } }"), `order wants one of sequence, shuffle, random, found "shufle"`, `did you mean "shuffle"?`},
		{"a size in small letters", swap(top("x-a: 1"), "http: { base", "http: { max_body: §64kb, base"), `max_body wants a size with a unit, found "64kb": "kb" is not a unit of size`, "write 64KB"},
		{"an unknown executor", scenario("executor: { type: §constant-arival-rate }\nsteps: [{ get: / }]"), `unknown executor "constant-arival-rate"`, `did you mean "constant-arrival-rate"?`},
		{"an unknown status", step("- get: /\n  expect: §OK"), `expect wants a status, found "OK"`, "write 200, 2xx"},
		{"a range of statuses backwards", step("- get: /\n  expect: §299..200"), `expect wants a status, found "299..200"`, ""},
		{"a status of 600", step("- get: /\n  expect: [200, §600]"), `expect wants a status, found "600"`, ""},
		{"a think time backwards", step("- think: §3s..1s"), `think wants a time or a range of times, found "3s..1s": the range goes`, "write 1s..3s"},
		{"a think time without a unit", step("- think: §2"), `think wants a time or a range of times, found "2": the unit is missing`, "write 2s"},
		{"repeat a word", step("- repeat: §twice\n  steps: [{ get: / }]"), `repeat wants a whole number, found "twice"`, "for example repeat: 3"},
		{"repeat nothing", step("- repeat: §0\n  steps: [{ get: / }]"), "repeat is 0, want at least 1", ""},
		{"a number that is text", step("- post: /\n  json: { zip: §007 }"), "007 begins with a zero", `write "007" if it is text`},
		{"a decimal that is text", top("vars: { v: §01.5 }"), "01.5 begins with a zero", `write "01.5"`},
		{"a value behind an anchor", top("vars: { a: &x §007 }"), "007 begins with a zero", ""},
		{"True is not JSON", step("- post: /\n  json: { a: §True }"), "True is neither text nor true", "write true"},
		{"a map for a text", top("name: §{ a: 1 }"), "name wants text, found a map", ""},
		{"a text for a map", top("vars: §five"), `vars wants a map of names, found "five"`, ""},
		{"a list for the plan's http", "version: 1\nhttp: §[1]\nscenarios:\n  s: { executor: { type: constant-vus, vus: 1, duration: 1s }, steps: [{ think: 1s }] }", "http wants a map of words, found a list", ""},
		{"a text for an executor", scenario("executor: §constant-vus\nsteps: [{ get: / }]"), `executor wants a map such as`, ""},
		{"a map for stages", executor("type: ramping-vus\nstages: §{ duration: 1s }"), "stages wants a list, found a map", ""},
		{"no stages", executor("type: ramping-vus\n§stages: []"), "stages is empty", ""},
		{"a text for a command", top("services: { a: { command: §run me } }"), `command wants a list, found "run me"`, ""},
		{"a list in a command", top("services: { a: { command: [go, §[run]] } }"), "an entry of command wants text, found a list", ""},
	})
}

func TestWrongSteps(t *testing.T) {
	checkWrong(t, []wrong{
		{"a slip in the verb", step("- §gett: /"), `unknown step "gett"`, `did you mean "get"?`},
		{"a verb that no one knows", step("- §teleport: /"), `unknown step "teleport"`, "one of get, post"},
		{"no verb at all", step("- §name: a\n  headers: { A: b }"), "this step has no verb", "one of get, post"},
		{"two verbs", step("- get: /\n  §post: /"), "a step has one verb, and this one has two: get and post", "two steps"},
		{"another tool's word for a verb", step("- §sleep: 1s"), `unknown step "sleep"`, `did you mean "think"?`},
		{"another tool's word for a condition", step("- get: /\n  §when: vu.id == 1"), `unknown key "when" in step get`, `did you mean "if"?`},
		{"a while without steps", step("- §while: true"), "steps is missing in step while", ""},
		{"a while with an empty condition", step("- while: \"§\"\n  steps: [{ get: / }]"), "this expression is empty", ""},
		{"a while of no turns", step("- while: true\n  max: §0\n  steps: [{ get: / }]"), "max is 0, want at least 1", ""},
		{"a foreach without a name", step("- §foreach: [a]\n  steps: [{ get: / }]"), "as is missing in step foreach", "write as: ticket"},
		{"a foreach of nothing", step("- §foreach:\n  as: a\n  steps: [{ get: / }]"), "foreach has no value", "${tickets}"},
		{"a foreach of a map", step("- foreach: §{ a: 1 }\n  as: a\n  steps: [{ get: / }]"), "foreach wants a list, or an expression that gives one, found a map", ""},
		{"an element with a dash", step("- foreach: [a]\n  as: §a-b\n  steps: [{ get: / }]"), `"a-b" is not a name that an expression can read`, ""},
		{"an element and its number of one name", step("- foreach: [a]\n  as: a\n  index: §a\n  steps: [{ get: / }]"), `as and index are both "a"`, "two names"},
		{"a pace without a unit", step("- pace: §5"), `pace wants a time with a unit, found "5": the unit is missing`, "write 5s"},
		{"a pace of nothing", step("- pace: §0s"), "pace is 0s, want more than 0s", ""},
		{"a distribution without a kind", step("- §think: { mean: 1s }"), "distribution is missing in think", "write distribution: lognormal"},
		{"an unknown distribution", step("- think: { distribution: §gaussian, mean: 1s }"), `distribution wants one of uniform, exponential, normal, lognormal, found "gaussian"`, ""},
		{"a word that no distribution has", step("- think: { distribution: normal, mean: 1s, sd: 1s, §median: 2s }"), `unknown key "median" in think`, ""},
		{"a mean that is missing", step("- §think: { distribution: exponential }"), "mean is missing: exponential needs it", "write mean: 5s"},
		{"a deviation that is missing", step("- §think: { distribution: normal, mean: 1s }"), "sd is missing: normal needs it", ""},
		{"a deviation that means nothing", step("- think: { distribution: exponential, mean: 1s, sd: §1s }"), "exponential has no sd", ""},
		{"an even distribution without an end", step("- §think: { distribution: uniform, min: 1s }"), "max is missing: uniform needs it", ""},
		{"limits that are the wrong way round", step("- think: { distribution: uniform, min: §3s, max: 1s }"), "min is 3s, want less than max, which is 1s", ""},
		{"a mean above the most", step("- think: { distribution: normal, mean: §9s, sd: 1s, max: 5s }"), "mean is 9s, want at most max, which is 5s", ""},
		{"a mean below the least", step("- think: { distribution: normal, mean: §1s, sd: 1s, min: 5s }"), "mean is 1s, want at least min, which is 5s", ""},
		{"a protocol of a later version", step("- §ws: /socket\n  name: a"), "ws is not supported yet by this version", ""},
		{"another word for an ending", step("- get: /\n  on_failure: §vu"), `on_failure wants one of continue, next_iteration, stop, abort, found "vu"`, `did you mean "stop"?`},
		{"retry without a number", step("- get: /\n  §retry: { delay: 1s }"), "attempts is missing in retry", "write attempts: 3"},
		{"retry as a number", step("- get: /\n  retry: §3"), "retry wants a map of words, found \"3\"", ""},
		{"a slip in retry", step("- get: /\n  retry: { attempts: 3, §jiter: 10% }"), `unknown key "jiter" in retry`, `"jitter"`},
		{"one attempt is no retry", step("- get: /\n  retry: { attempts: §1 }"), "attempts is 1, want at least 2", ""},
		{"an unknown backoff", step("- get: /\n  retry: { attempts: 3, backoff: §linear }"), "backoff wants one of exponential, constant", ""},
		{"more jitter than there is", step("- get: /\n  retry: { attempts: 3, jitter: §120% }"), "jitter is 120%, want at most 100%", ""},
		{"a longest wait below the first", step("- get: /\n  retry: { attempts: 3, delay: 2s, max_delay: §1s }"), "max_delay is 1s and less than delay, which is 2s", ""},
		{"retry beside until", step("- get: /\n  until: status == 200\n  §retry: { attempts: 3 }"), "until asks again until it is content", "leave retry out"},
		{"every without until", step("- get: /\n  every: §1s"), "every is how often until asks, and there is no until", ""},
		{"an until of nothing", step("- get: /\n  until: \"§\""), "this expression is empty", ""},
		{"an unknown way to arrive", executor("type: constant-arrival-rate\nrate: 1/s\nduration: 1s\narrivals: §random"), `arrivals wants one of uniform, poisson, found "random"`, ""},
		{"an unknown way to be late", executor("type: constant-arrival-rate\nrate: 1/s\nduration: 1s\nlate: §quue"), `late wants one of drop, queue, found "quue"`, `did you mean "queue"?`},
		{"VUs have no arrivals", executor("type: constant-vus\nvus: 1\nduration: 1s\n§arrivals: poisson"), `unknown key "arrivals" in executor constant-vus`, ""},
		{"a step that is a text", step("- §get"), `a step wants a verb with its words, such as get: /path, found "get"`, ""},
		{"a step that is nothing", swap(step("- x"), "- x", "-§ "), "a step wants a verb", ""},
		{"steps that are one step", scenario("executor: { type: constant-vus, vus: 1, duration: 1s }\nsteps:\n  §get: /"), "steps wants a list of steps, found a map", ""},
		{"no steps", scenario("executor: { type: constant-vus, vus: 1, duration: 1s }\n§steps: []"), "steps is empty", ""},
		{"an empty group", step("- group: a\n  §steps: []"), "steps is empty", ""},
		{"an empty parallel", step("- §parallel: []"), "parallel is empty", ""},
		{"an empty set", step("- §set: {}"), "set is empty", ""},
		{"a log of nothing", step("- §log:"), "log has no value", ""},
		{"a method in small letters", step("- request: §get /path"), "get is not GET", "write GET"},
		{"a request without a method", step("- request: §/path"), `request wants a method and a URL, found "/path"`, "PURGE /cache"},
		{"an empty URL", step(`- §get: ""`), "get has an empty URL", ""},
		{"a URL that is a list", step("- get: §[/]"), "get wants a URL, found a list", ""},
		{"an empty check", step("- get: /\n  §check: []"), "check is empty", ""},
		{"an empty expression", step("- get: /\n  check: [\"§\"]"), "this expression is empty", ""},
		{"a named check in a list", step("- get: /\n  check:\n    - §ok: status == 200"), "this entry wants an expression, found a map", "without dashes"},
		{"a capture that is a list", step("- get: /\n  capture: §[status]"), "capture wants a map of name to expression, found a list", ""},
	})
}

func TestWrongThresholds(t *testing.T) {
	checkWrong(t, []wrong{
		{"no condition", top("thresholds: { §checks: }"), "checks has no condition", "p95 < 500ms"},
		{"an empty list", top("thresholds: { §checks: [] }"), "checks is empty", ""},
		{"a bare condition at the top", top("thresholds: §p95 < 1s"), "thresholds wants a map of metric to condition", ""},
		{"a bare condition in a list at the top", top("thresholds: [§p95 < 1s]"), "this condition has no metric", "metric:"},
		{"a long form without a metric", top("thresholds: [§{ that: p95 < 1s }]"), "metric is missing in this threshold", ""},
		{"the metric twice", top("thresholds: { checks: { §metric: checks, that: rate > 0% } }"), "the metric is said twice", ""},
		{"no condition in a long form", swap(top("thresholds: [{ §metric: checks }]"), "{ §metric", "§{ metric"), "that is missing in this threshold", ""},
		{"a selector that isn't closed", top("thresholds:\n  http_reqs{step=a§: count > 1"), "the selector is not closed", "metric{tag=value"},
		{"a selector without a value", top("thresholds:\n  http_reqs{step=§}: count > 1"), "a value is missing here", ""},
		{"a selector without an operator", top("thresholds:\n  http_reqs{step§}: count > 1"), "after the tag step comes =, != or =~", ""},
		{"a selector without a tag", top("thresholds:\n  http_reqs{§=a}: count > 1"), "a tag is missing here", ""},
		{"more behind a selector", top("thresholds:\n  http_reqs{step=a§}b: count > 1"), `unexpected "}b" in the selector`, ""},
		{"more behind a metric", swap(top("thresholds:\n  http_reqs§ (a): count > 1"), "§ ", " §"), `unexpected "(a)" after the name of the metric`, ""},
		{"a quote that isn't closed", top("thresholds:\n  http_reqs{step=§'a}: count > 1"), "the quote is not closed", ""},
		{"a bad regular expression", top("thresholds:\n  http_reqs{step=~§a[}: count > 1"), "not a regular expression: missing closing ]: `[`", ""},
		{"no metric", swap(top("thresholds:\n  §{ step=a }: count > 1"), "§{ step=a }", `"§{step=a}"`), "\"{step=a}\" does not begin with the name of a metric", ""},
		{"where is a list", top("thresholds: { checks: { where: §[a], that: rate > 0% } }"), "where wants a map of tag to value, found a list", ""},
	})
}

func TestWrongThresholdSettings(t *testing.T) {
	rule := func(words string) string { return top("thresholds:\n  http_reqs: { that: count > 1, " + words + " }") }
	checkWrong(t, []wrong{
		{"windows are made of seconds", rule("window: §1500ms"), "window is 1s500ms, want whole seconds", ""},
		{"each second of a window is kept", rule("window: §11m"), "window is 11m, want at most 10m", ""},
		{"no window at all", rule("window: §0s"), "window is 0s, want more than 0s", ""},
		{"no sample is always there", rule("min_samples: §0"), "min_samples is 0, want at least 1", ""},
		{"nothing to delay", rule("delay: §5s"), "delay says when abort may begin, and there is no abort", "abort: true"},
		{"an abort that is off", rule("abort: false, delay: §5s"), "delay says when abort may begin", ""},
		{"a slip", rule("§windw: 5s"), `unknown key "windw" in this threshold`, `"window"`},
		{"a slip in a selector", rule("where: { step: { §nott: a } }"), `unknown key "nott" in this selector`, `did you mean "not"?`},
		{"a broken pattern", rule("where: { step: { matches: '§[' } }"), "not a regular expression: missing closing ]", ""},
		{"no value", rule("where: { §step: [] }"), "step is empty", ""},
		{"a value that is a list of lists", rule("where: { step: [§[a]] }"), "step wants a value, found a list", ""},
	})
}

// flows puts flows into a plan with a step that calls one.
func flows(text, call string) string {
	return top("flows:\n"+indented("  ", text)) + indented("      ", call)
}

func mixed(flowsText, mix string) string {
	return top("flows:\n"+indented("  ", flowsText)) + "  t:\n    executor: { type: constant-vus, vus: 1, duration: 1s }\n" + indented("    ", mix)
}

func TestWrongFlows(t *testing.T) {
	const a = "a: { steps: [{ get: / }] }"
	const id = "a: { inputs: { id: { type: int } }, steps: [{ get: / }] }"
	checkWrong(t, []wrong{
		{"a flow without steps", flows("§a: {}", "- get: /"), `steps is missing in flow "a"`, ""},
		{"a slip in a flow", flows("a: { §input: {}, steps: [{ get: / }] }", "- get: /"), `unknown key "input" in flow "a"`, `"inputs"`},
		{"a slip in an input", flows("a: { inputs: { id: { §typ: int } }, steps: [{ get: / }] }", "- get: /"), `unknown key "typ" in input "id"`, `"type"`},
		{"an unknown type", flows("a: { inputs: { id: { type: §integer } }, steps: [{ get: / }] }", "- get: /"), `type wants one of any, string, int`, ""},
		{"an input that says nothing", flows("a:\n  inputs: { §id: }\n  steps: [{ get: / }]", "- get: /"), "id has no value", "write {}"},
		{"an input with a dash", flows("a: { inputs: { §a-b: {} }, steps: [{ get: / }] }", "- get: /"), `"a-b" is not a name that an expression can read`, ""},
		{"a mistake in a flow that nobody calls", flows("a: { steps: [{ get: §a b }] }", "- get: /"), "a URL has no spaces", ""},
		{"an unknown flow", flows("browse: { steps: [{ get: / }] }", "- call: §brows"), `unknown flow "brows"`, `did you mean "browse"?`},
		{"a call without flows", step("- call: §a"), `unknown flow "a"`, "the plan has no flows"},
		{"a call of nothing", step("- §call:"), "call has no value", "write call: login"},
		{"an input that is missing", flows(id, "- call: §a"), `flow "a" needs the input id`, "with: { id: … }"},
		{"an input that isn't one", flows(id, "- call: a\n  with: { id: 1, §idd: 2 }"), `flow "a" has no input "idd"`, `did you mean "id"?`},
		{"an input of a flow without any", flows(a, "- call: a\n  with: { §id: 1 }"), `flow "a" has no input "id"`, "it has none"},
		{"a flow that calls itself", flows("a: { steps: [{ call: §a }] }", "- call: a"), "a flow can't call itself: a → a", "repeat"},
		{"a circle of two, deep below", flows("a: { steps: [{ group: g, steps: [{ call: §b }] }] }\nb: { steps: [{ call: a }] }", "- call: b"), "a flow can't call itself: a → b → a", ""},
		{"a share without a weight", mixed(a, "mix: [§{ flow: a }]"), "weight is missing in this share of the mix", "write weight: 70"},
		{"a share without a flow", mixed(a, "mix: [§{ weight: 1 }]"), "flow is missing in this share of the mix", ""},
		{"a share of nothing", mixed(a, "mix: [{ weight: §0, flow: a }]"), "weight is 0, want at least 1", ""},
		{"a weight that is no whole number", mixed(a, "mix: [{ weight: §0.7, flow: a }]"), `weight wants a whole number, found "0.7"`, ""},
		{"weights beyond a table", mixed(a, "mix: [{ weight: 99999, flow: a }, { weight: §2, flow: a }]"), "the weights add up to more than 100000", ""},
		{"a flow of a mix that isn't there", mixed(a, "mix: [{ weight: 1, flow: §b }]"), `unknown flow "b"`, "have: a"},
		{"a mix of nothing", mixed(a, "§mix: []"), "mix is empty", ""},
		{"a mix and steps", mixed(a, "steps: [{ get: / }]\nmix: [§{ weight: 1, flow: a }]"), "a scenario has steps or a mix, and this one has both", "make the steps a flow"},
	})
}

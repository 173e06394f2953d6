package draft

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"runner/spec"
)

var (
	k6Module = pattern(`from\s+['"]k6(/[\w/-]+)?['"]|require\(\s*['"]k6`)
	k6Export = pattern(`(?m)^\s*export\s+(const|let|var)\s+options\s*=|exports\.options\s*=`)
	k6Words  = []string{"vus", "duration", "iterations", "stages", "scenarios", "thresholds"}
)

func isK6(in Input) bool {
	head := in.Text[:min(len(in.Text), 1<<20)]
	if !startsLikeJSON(head) {
		return k6Module().Match(head) || k6Export().Match(head)
	}
	doc, err := parseJSON("", in.Text)
	return err == nil && slices.ContainsFunc(k6Words, func(w string) bool { return doc.at(w) != nil })
}

// k6 is the options of a k6 script on their way to a plan.
type k6 struct {
	plan  *Plan
	names map[string]string // of the plan's scenarios, by k6's
	steps []Step
}

// fromK6 reads options: JSON, or the export of a script, of which what is written down plainly is read.
func fromK6(in Input, _ Options) (*Plan, error) {
	p := &Plan{Name: "k6"}
	options, steps, err := k6Source(in, p)
	if err != nil {
		return nil, err
	}
	if len(steps) == 0 {
		steps = []Step{{Comment: "The script's requests go here; a test needs at least one.", Words: []Pair{{Key: "get", Value: Template("/")}, {Key: "check", Value: Map(Pair{Key: "answered", Value: Template("status < 400")})}}}}
		p.lose(0, "what an iteration does: the code of the script. GET / stands in its place")
	}
	if p.BaseURL == "" {
		p.BaseURL = "http://127.0.0.1:8080"
	}
	k := &k6{plan: p, names: map[string]string{}, steps: steps}
	k.load(options)
	k.thresholds(options.at("thresholds"))
	k.rest(options)
	p.lift()
	return p, nil
}

func k6Source(in Input, p *Plan) (*tree, []Step, error) {
	if startsLikeJSON(in.Text) {
		doc, err := parseJSON(in.Name, in.Text)
		if err == nil && doc.at("options").is(object) {
			doc = doc.at("options")
		}
		return doc, nil, err
	}
	return readScript(in, p)
}

// load makes the scenarios.
func (k *k6) load(o *tree) {
	if all := o.at("scenarios"); all.is(object) && len(all.keys) > 0 {
		for i, name := range all.keys {
			k.scenario(name, all.items[i])
		}
		return
	}
	k.add("default", "", k.shortcut(o), nil)
}

// shortcut are the options that stand for one scenario.
func (k *k6) shortcut(o *tree) []Pair {
	vus := max(1, int(o.at("vus").number()))
	switch {
	case o.at("stages").is(list):
		return k.ramp("ramping-vus", o, Pair{Key: "start_vus", Value: Word(fmt.Sprint(vus))}, count)
	case o.at("iterations").number() > 0:
		e := []Pair{typed("shared-iterations"), count1("vus", vus), count1("iterations", int(o.at("iterations").number()))}
		return k.duration(e, o, "duration", "max_duration", "")
	case o.at("duration") != nil:
		return k.duration([]Pair{typed("constant-vus"), count1("vus", vus)}, o, "duration", "duration", "30s")
	}
	return []Pair{typed("per-vu-iterations"), count1("vus", vus), count1("iterations", 1)}
}

func typed(name string) Pair { return Pair{Key: "type", Value: Word(name)} }

func count1(key string, n int) Pair {
	return Pair{Key: key, Value: Word(fmt.Sprint(max(1, min(n, 1_000_000))))}
}

// scenario is one entry of options.scenarios.
func (k *k6) scenario(name string, s *tree) {
	var e []Pair
	vus := max(1, int(s.at("vus").number()))
	pre := max(1, int(s.at("preAllocatedVUs").number()))
	pool := []Pair{count1("vus", pre)}
	if most := int(s.at("maxVUs").number()); most > pre {
		pool = append(pool, count1("max_vus", most))
	}
	switch kind := s.at("executor").string(); kind {
	case "constant-vus":
		e = k.duration([]Pair{typed(kind), count1("vus", vus)}, s, "duration", "duration", "30s")
	case "ramping-vus":
		start := 1
		if s.at("startVUs") != nil {
			start = max(0, int(s.at("startVUs").number()))
		}
		e = k.ramp(kind, s, Pair{Key: "start_vus", Value: Word(fmt.Sprint(start))}, count)
		e = k.duration(e, s, "gracefulRampDown", "graceful_ramp_down", "")
	case "per-vu-iterations", "shared-iterations":
		e = []Pair{typed(kind), count1("vus", vus), count1("iterations", max(1, int(s.at("iterations").number())))}
		e = k.duration(e, s, "maxDuration", "max_duration", "")
	case "constant-arrival-rate":
		e = []Pair{typed(kind), {Key: "rate", Value: Word(k.rate(s.at("rate"), s))}}
		e = append(k.duration(e, s, "duration", "duration", "30s"), pool...)
	case "ramping-arrival-rate":
		e = append(k.ramp(kind, s, Pair{Key: "start_rate", Value: Word(k.rate(s.at("startRate"), s))}, func(t *tree) string { return k.rate(t, s) }), pool...)
	default:
		k.plan.lose(s.where(), fmt.Sprintf("the scenario %s with the executor %q: a modest load stands in its place", label(name, "scenario"), shorten(kind, 40)))
		e = modest()
	}
	k.add(name, "", e, s)
}

// add makes a scenario with the words around its executor.
func (k *k6) add(name, comment string, e []Pair, s *tree) {
	scenario := Scenario{Name: kebab(name), Comment: comment, Executor: e, Steps: k.steps}
	k.names[name] = scenario.Name
	scenario.Words = k.duration(scenario.Words, s, "startTime", "start", "")
	scenario.Words = k.duration(scenario.Words, s, "gracefulStop", "graceful_stop", "")
	if tags := s.at("tags"); tags.is(object) {
		var pairs []Pair
		for i, key := range tags.keys {
			if snake(key) == key {
				pairs = append(pairs, Pair{Key: key, Value: Literal(tags.items[i].string())})
			} else {
				k.plan.lose(tags.items[i].where(), "the tag "+shorten(key, 40)+" of "+name)
			}
		}
		if len(pairs) > 0 {
			scenario.Words = append(scenario.Words, Pair{Key: "tags", Value: Map(pairs...)})
		}
	}
	for _, word := range []string{"exec", "env", "options"} {
		if v := s.at(word); v != nil {
			k.plan.lose(v.where(), fmt.Sprintf("%s of the scenario %s", word, name))
		}
	}
	if len(k.plan.Scenarios) < 200 {
		k.plan.Scenarios = append(k.plan.Scenarios, scenario)
	}
}

var notKebab = pattern(`[^A-Za-z0-9_-]+`)

// kebab is a name that needs no quotes.
func kebab(s string) string {
	s = strings.Trim(notKebab().ReplaceAllString(s, "-"), "-")
	if s == "" {
		return "scenario"
	}
	return shorten(s, 60)
}

// ramp is an executor with stages.
func (k *k6) ramp(kind string, s *tree, start Pair, target func(*tree) string) []Pair {
	var stages []Value
	for _, stage := range s.at("stages").elements() {
		d, ok := k6Duration(stage.at("duration"))
		if !ok {
			k.plan.lose(stage.where(), "a stage whose duration is none")
			continue
		}
		stages = append(stages, Row(Pair{Key: "duration", Value: Word(d)}, Pair{Key: "target", Value: Word(target(stage.at("target")))}))
	}
	if len(stages) == 0 {
		k.plan.lose(s.where(), "stages that are none: a modest load stands in their place")
		return modest()
	}
	return []Pair{typed(kind), start, {Key: "stages", Value: List(stages...)}}
}

func count(t *tree) string { return fmt.Sprint(max(0, min(int(t.number()), 1_000_000))) }

// rate is iterations in a timeUnit, which is a second if nothing is said.
func (k *k6) rate(n, s *tree) string {
	value := min(max(0, n.number()), 1e6)
	unit := "s"
	switch d, _ := k6Duration(s.at("timeUnit")); d {
	case "", "1s":
	case "1m", "60s", "1m0s":
		unit = "m"
	case "1h", "60m", "1h0m0s", "3600s":
		unit = "h"
	default:
		if every, err := spec.ParseDuration(d); err == nil && every > 0 {
			return fraction(value*3600/every.Seconds()) + "/h"
		}
	}
	return fraction(value) + "/" + unit
}

func fraction(f float64) string { return strconv.FormatFloat(math.Round(f*1e6)/1e6, 'f', -1, 64) }

// duration adds a time if there is one.
func (k *k6) duration(e []Pair, s *tree, from, to, usual string) []Pair {
	if s.at(from) == nil {
		if usual != "" {
			return append(e, Pair{Key: to, Value: Word(usual)})
		}
		return e
	}
	d, ok := k6Duration(s.at(from))
	if !ok {
		k.plan.lose(s.at(from).where(), fmt.Sprintf("%s: %s", from, shorten(s.at(from).string(), 40)))
		return k.duration(e, nil, from, to, usual)
	}
	return append(e, Pair{Key: to, Value: Word(d)})
}

// k6Duration is a time as the plan writes it. k6 takes Go's durations with days, or milliseconds.
func k6Duration(t *tree) (string, bool) {
	text := strings.ReplaceAll(strings.TrimSpace(t.string()), " ", "")
	if t.is(number) {
		text += "ms"
	}
	if _, err := spec.ParseDuration(text); err != nil {
		return "", text == ""
	}
	return text, text != ""
}

// rest lists the options that have no counterpart here.
func (k *k6) rest(o *tree) {
	known := append([]string{"ext", "summaryTrendStats", "noUsageReport", "summaryTimeUnit"}, k6Words...)
	if o.is(object) {
		for i, key := range o.keys {
			switch {
			case key == "noConnectionReuse" && o.items[i].string() == "true":
				k.plan.HTTP = append(k.plan.HTTP, Pair{Key: "connections", Value: Word("per_iteration")})
			case key == "insecureSkipTLSVerify" && o.items[i].string() == "true":
				k.plan.HTTP = append(k.plan.HTTP, Pair{Key: "tls", Value: Row(Pair{Key: "insecure_skip_verify", Value: Word("true")})})
			case key == "maxRedirects" && jsonNumber().MatchString(o.items[i].string()) && o.items[i].number() < 100:
				k.plan.HTTP = append(k.plan.HTTP, Pair{Key: "redirects", Value: Word(count(o.items[i]))})
			case !slices.Contains(known, key):
				k.plan.lose(o.items[i].where(), "the option "+shorten(key, 60))
			}
		}
	}
}

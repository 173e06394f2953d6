package draft

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"strings"
	"time"

	"runner/spec"
)

// scenarios are a flow each, mixed by their weights; a single one needs no flow.
func (a *artillery) scenarios(all *tree) {
	main := Scenario{Name: "users", Comment: "The script's phases.", Executor: a.phases()}
	type named struct {
		flow   Flow
		weight int
	}
	var flows []named
	taken := names{}
	for i, s := range all.elements() {
		if engine := s.at("engine").string(); engine != "" && engine != "http" {
			a.plan.lose(s.where(), "the scenario "+label(s.at("name").string(), "without a name")+", whose engine is "+shorten(engine, 30))
			continue
		}
		title := s.at("name").string()
		f := Flow{Name: taken.free(kebabName(title, i)), Comment: label(title, "")}
		known := maps.Clone(a.values)
		f.Steps = a.flow(s.at("flow"))
		a.values = known // what one flow captures, no other knows
		a.rest(s, "of a scenario: ", "name", "flow", "weight", "engine")
		weight := 1
		if w := int(s.at("weight").number()); s.at("weight") != nil {
			weight = min(w, 1_000_000)
		}
		if len(f.Steps) > 0 && weight > 0 {
			flows = append(flows, named{f, weight})
		}
	}
	switch len(flows) {
	case 0:
		return
	case 1:
		main.Steps = flows[0].flow.Steps
	default:
		for _, f := range flows {
			a.plan.Flows = append(a.plan.Flows, f.flow)
			main.Mix = append(main.Mix, Share{f.weight, f.flow.Name})
		}
	}
	a.plan.Scenarios = []Scenario{main}
}

// kebabName is a flow's name.
func kebabName(title string, i int) string {
	if name := strings.ReplaceAll(snake(title), "-", "_"); title != "" && name != "value" {
		return name
	}
	return fmt.Sprintf("flow_%d", i+1)
}

// phases are the stages of the arrival rate.
func (a *artillery) phases() []Pair {
	var stages []Value
	rate, begin := -1.0, 0.0
	leg := func(name, d string, target float64) {
		var words []Pair
		if name != "" {
			words = append(words, Pair{Key: "name", Value: Literal(name)})
		}
		stages = append(stages, Row(append(words, Pair{Key: "duration", Value: Word(d)}, Pair{Key: "target", Value: Word(fraction(target) + "/s")})...))
	}
	seen := map[string]bool{"": true}
	for _, p := range a.config.at("phases").elements() {
		from, to, d, ok := a.phase(p)
		if !ok {
			a.plan.lose(p.where(), "a phase without a duration and a rate")
			continue
		}
		if rate < 0 {
			begin = from
		} else if from != rate {
			leg("", "0s", from)
		}
		name := label(p.at("name").string(), "")
		if seen[name] || !isText(name) || strings.Contains(name, "${") {
			name = ""
		}
		seen[name] = true
		leg(name, d, to)
		rate = to
	}
	if len(stages) == 0 {
		a.plan.say("the script has no phases: a modest load stands in their place")
		return modest()
	}
	return []Pair{typed("ramping-arrival-rate"), {Key: "start_rate", Value: Word(fraction(begin) + "/s")}, {Key: "stages", Value: List(stages...)}, count1("vus", 10), count1("max_vus", 500)}
}

// phase is one phase: the rates at its ends and how long it takes.
func (a *artillery) phase(p *tree) (from, to float64, d string, ok bool) {
	if pause, ok := artilleryTime(p.at("pause")); ok {
		return 0, 0, pause, true
	}
	d, ok = artilleryTime(p.at("duration"))
	from = min(max(0, p.at("arrivalRate").number()), 1e6)
	to = from
	if r := p.at("rampTo"); r != nil {
		to = min(max(0, r.number()), 1e6)
	}
	if n := p.at("arrivalCount").number(); n > 0 && ok {
		if length, err := spec.ParseDuration(d); err == nil && length > 0 {
			from = math.Min(n/length.Seconds(), 1e6)
			to = from
		}
	}
	if p.at("maxVusers") != nil {
		a.plan.lose(p.at("maxVusers").where(), "maxVusers of a phase: set max_vus of the executor")
	}
	return from, to, d, ok
}

var artilleryUnit = pattern(`(?i)^\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)?\s*$`)

// artilleryTime is a number of seconds, or a number with a unit.
func artilleryTime(t *tree) (string, bool) {
	m := artilleryUnit().FindStringSubmatch(t.string())
	if m == nil {
		return "", false
	}
	unit := "s"
	switch u := strings.ToLower(m[2]); {
	case u == "ms":
		unit = "ms"
	case strings.HasPrefix(u, "m"):
		unit = "m"
	case strings.HasPrefix(u, "h"):
		unit = "h"
	}
	d, err := spec.ParseDuration(m[1] + unit)
	if err != nil || d < 0 || d > 30*24*time.Hour {
		return "", false
	}
	return shortDuration(d), true
}

// payloads are CSV files: feeders, where their first line names the columns.
func (a *artillery) payloads() {
	for _, p := range a.config.at("payload").elements() {
		path := p.at("path").string()
		var fields []string
		for _, f := range p.at("fields").elements() {
			fields = append(fields, f.string())
		}
		header, why := a.header(path)
		if why == "" && p.at("skipHeader").string() != "true" {
			why = "its first line is a row and not the columns' names, which a feeder needs"
		}
		if why == "" && p.at("delimiter").string() != "" && p.at("delimiter").string() != "," {
			why = "its fields are not separated by commas"
		}
		if why != "" {
			a.plan.lose(p.where(), fmt.Sprintf("the rows of %s (%s): empty variables stand in their place", shorten(path, 60), why))
			a.emptyFields(fields)
			continue
		}
		a.feeder(p, path, fields, header)
	}
}

// header is the first line of a CSV file, or why there is none.
func (a *artillery) header(path string) ([]string, string) {
	if a.in.Files == nil {
		return nil, "there is no such file"
	}
	text, err := a.in.Files(path)
	if err != nil {
		return nil, err.Error()
	}
	header, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).Read()
	if err != nil {
		return nil, "it is no CSV file"
	}
	return header, ""
}

func (a *artillery) feeder(p *tree, path string, fields, header []string) {
	name := a.names.free("rows")
	order := "random"
	if p.at("order").string() == "sequence" {
		order = "sequence"
	}
	a.plan.Data = append(a.plan.Data, Pair{Key: name, Value: Row(Pair{Key: "file", Value: Literal(path)}, Pair{Key: "order", Value: Word(order)})})
	var lost []string
	for i, f := range fields {
		if i < len(header) && snakeLike().MatchString(header[i]) {
			a.values[f] = "data." + name + "." + header[i]
		} else {
			lost = append(lost, f)
		}
	}
	if len(lost) > 0 {
		a.plan.lose(p.where(), "the columns "+strings.Join(lost, ", ")+" of "+path+": empty variables stand in their place")
		a.emptyFields(lost)
	}
}

var snakeLike = pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (a *artillery) emptyFields(fields []string) {
	for _, f := range fields {
		name := a.names.free(snake(f))
		a.values[f] = "vars." + name
		a.plan.Vars = append(a.plan.Vars, Pair{Key: name, Value: Literal("")})
	}
}

var ensureTime = pattern(`^(?:http\.response_time\.)?(p\d{2,3}|max|min|median)$`)

// ensure are conditions on the run.
func (a *artillery) ensure() {
	e := a.config.at("ensure")
	if e == nil {
		e = a.config.at("plugins", "ensure")
	}
	add := func(key string, limit *tree) {
		m := ensureTime().FindStringSubmatch(key)
		switch v := limit.number(); {
		case m != nil && v > 0:
			aggregate := strings.Replace(m[1], "median", "med", 1)
			if aggregate == "p999" {
				aggregate = "p(99.9)"
			}
			a.plan.Thresholds = append(a.plan.Thresholds, Pair{Key: "http_req_duration", Value: Template(fmt.Sprintf("%s < %sms", aggregate, fraction(v)))})
		case key == "maxErrorRate" && v >= 0 && v <= 100:
			a.plan.Thresholds = append(a.plan.Thresholds, Pair{Key: "http_req_failed", Value: Template("rate <= " + fraction(v) + "%")})
		default:
			a.plan.lose(limit.where(), "the condition "+shorten(key, 60))
		}
	}
	if e.is(object) {
		for i, key := range e.keys {
			if key == "thresholds" {
				for _, t := range e.items[i].elements() {
					for j, name := range t.keys {
						add(name, t.items[j])
					}
				}
				continue
			}
			add(key, e.items[i])
		}
	}
	a.plan.Thresholds = together(a.plan.Thresholds)
	if len(a.plan.Thresholds) == 0 {
		a.plan.Thresholds = limits()
	}
}

// together are conditions with those of one metric together.
func together(all []Pair) []Pair {
	var out []Pair
next:
	for _, p := range all {
		for i := range out {
			if out[i].Key == p.Key {
				if out[i].Value.kind != listValue {
					out[i].Value = Run(out[i].Value)
				}
				out[i].Value.items = append(out[i].Value.items, p.Value)
				continue next
			}
		}
		out = append(out, p)
	}
	return out
}

package metrics

import (
	"slices"
	"sort"
	"strconv"
)

// What a tag means to a metric.
type tagKind uint8

const (
	tagNone    tagKind = iota // the metric does not have it
	tagFixed                  // known of every leaf before the run
	tagSampled                // known of each sample only
)

// fixedTags and sampledTags are the tags of each domain, but for the plan's own.
var fixedTags = map[domain][]string{
	perRequest:   {"scenario", "step", "flow", "group", "method", "expected"},
	perClass:     {"scenario", "step", "flow", "group", "method", "class"},
	perIteration: {"scenario"},
	perCause:     {"scenario", "cause"},
	perDrop:      {"scenario", "cause"},
	perCheck:     {"scenario", "step", "flow", "group", "method", "check"},
	perGroup:     {"scenario", "flow", "group"},
	perCustom:    {"scenario", "step", "flow", "group"},
	perVUs:       {"scenario"},
}

var sampledTags = map[domain][]string{
	perRequest:   {"stage", "status", "class"},
	perClass:     {"stage", "status"},
	perIteration: {"stage", "flow", "cause"},
	perCause:     {"stage", "flow"},
	perDrop:      {"stage"},
	perCheck:     {"stage"},
	perGroup:     {"stage"},
	perCustom:    {"stage"},
}

// builtinTags are the words that a plan's own tag can't mean.
var builtinTags = []string{"scenario", "stage", "step", "flow", "group", "method", "status", "expected", "check", "class", "cause"}

// closedTags are those whose values must exist in the plan.
var closedTags = []string{"scenario", "step", "flow", "group", "check", "method", "class", "cause", "stage", "expected"}

func (l *Layout) tagKind(d domain, tag string) tagKind {
	switch {
	case slices.Contains(fixedTags[d], tag):
		return tagFixed
	case slices.Contains(sampledTags[d], tag):
		return tagSampled
	case !slices.Contains(builtinTags, tag) && slices.Contains(l.planTags(), tag):
		return tagFixed
	}
	return tagNone
}

// tagsOf lists the tags that a metric has, for messages.
func (l *Layout) tagsOf(d domain) []string {
	return slices.Concat(fixedTags[d], sampledTags[d], l.planTags())
}

// planTags lists the author's tags, sorted.
func (l *Layout) planTags() []string {
	seen := map[string]bool{}
	for i := range l.Scenarios {
		for k := range l.Scenarios[i].Tags {
			seen[k] = true
		}
	}
	for i := range l.Steps {
		for k := range l.Steps[i].Tags {
			seen[k] = true
		}
	}
	var tags []string
	for k := range seen {
		if !slices.Contains(builtinTags, k) {
			tags = append(tags, k)
		}
	}
	sort.Strings(tags)
	return tags
}

// fixedTag is a leaf's value of a tag; "" if it has none.
func (l *Layout) fixedTag(d domain, leaf int, tag string) string {
	switch d {
	case perRequest:
		if tag == "expected" {
			return strconv.FormatBool(leaf%2 == 1)
		}
		return l.stepTag(StepID(leaf/2), tag)
	case perClass:
		if tag == "class" {
			return l.className(uint8(leaf % maxClasses))
		}
		return l.stepTag(StepID(leaf/maxClasses/2), tag)
	case perCause:
		if tag == "cause" {
			return Cause(leaf % int(NumCauses)).String()
		}
	case perDrop:
		if tag == "cause" {
			return dropNames[leaf%numDrops]
		}
	case perCheck:
		if tag == "check" {
			return l.Checks[leaf].Name
		}
		return l.stepTag(l.Checks[leaf].Step, tag)
	case perGroup:
		switch tag {
		case "group":
			return l.Groups[leaf].Name
		case "flow":
			return l.Groups[leaf].Flow
		}
	case perCustom:
		return l.emitTag(&l.Emits[leaf], tag)
	}
	return l.scenarioTag(l.scenarioOf(d, leaf), tag)
}

func (l *Layout) emitTag(e *Emit, tag string) string {
	switch {
	case tag == "step":
		return e.Step
	case tag == "flow":
		return e.Flow
	case tag == "group" && e.Group >= 0:
		return l.Groups[e.Group].Name
	}
	return l.scenarioTag(e.Scenario, tag)
}

func (l *Layout) stepTag(id StepID, tag string) string {
	if id < 0 {
		return ""
	}
	s := &l.Steps[id]
	switch tag {
	case "step":
		return s.Name
	case "method":
		return s.Method
	case "group":
		if s.Group < 0 {
			return ""
		}
		return l.Groups[s.Group].Name
	}
	if v, ok := s.Tags[tag]; ok {
		return v
	}
	return l.scenarioTag(s.Scenario, tag)
}

func (l *Layout) scenarioTag(id ScenarioID, tag string) string {
	if id < 0 {
		return ""
	}
	if tag == "scenario" {
		return l.Scenarios[id].Name
	}
	return l.Scenarios[id].Tags[tag]
}

func (l *Layout) className(class uint8) string {
	if int(class) < len(l.Classes) {
		return l.Classes[class]
	}
	return ""
}

// stageName is a stage of a scenario; "" for stage 0 (the executor has none).
func (l *Layout) stageName(s ScenarioID, stage int16) string {
	if s < 0 || stage < 1 || int(stage) > len(l.Scenarios[s].Stages) {
		return ""
	}
	return l.Scenarios[s].Stages[stage-1]
}

// flowName is a flow of a scenario's mix; "" for flow 0 (it has none).
func (l *Layout) flowName(s ScenarioID, flow int16) string {
	if s < 0 || flow < 1 || int(flow) > len(l.Scenarios[s].Flows) {
		return ""
	}
	return l.Scenarios[s].Flows[flow-1]
}

// values lists the values that a closed tag has in this plan, in the plan's order.
func (l *Layout) values(m *metric, tag string) []string {
	var all []string
	d := m.domain
	if tag == "flow" && l.tagKind(d, tag) == tagSampled {
		for i := range l.Scenarios {
			all = append(all, l.Scenarios[i].Flows...)
		}
		return distinct(all)
	}
	switch tag {
	case "class":
		all = slices.Clone(l.Classes[min(1, len(l.Classes)):])
	case "cause":
		if d == perDrop {
			return dropNames[:]
		}
		all = slices.Clone(causeNames[1:])
	case "expected":
		return []string{"true", "false"}
	case "stage":
		for i := range l.Scenarios {
			all = append(all, l.Scenarios[i].Stages...)
		}
		for i := range l.Scenarios { // those that have a name go by their number, too
			for n := range l.Scenarios[i].Stages {
				all = append(all, strconv.Itoa(n+1))
			}
		}
	default:
		for leaf := range l.leaves(d) {
			if l.possible(m, leaf) {
				all = append(all, l.fixedTag(d, leaf, tag))
			}
		}
	}
	return distinct(all)
}

// distinct keeps the first of equal strings, and no empty one.
func distinct(list []string) []string {
	seen := map[string]bool{"": true}
	var out []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

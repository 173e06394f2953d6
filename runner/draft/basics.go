package draft

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"runner/spec"
)

// Basics are the answers to the questions that make a plan without a source. An empty answer is the usual one.
type Basics struct {
	Name     string
	URL      string
	Method   string
	Rate     string // as in 10/s
	VUs      string // instead of a rate
	Duration string
	P95      string
}

// Question is one thing to ask somebody who makes a plan.
type Question struct {
	Ask     string
	Usual   string
	Answer  *string
	Skip    func() bool // nil: always asked
	Problem func(answer string) error
}

// Questions are what to ask, in order. Answers go into b.
func (b *Basics) Questions() []Question {
	users := func() bool { return b.Rate != "" }
	return []Question{
		{Ask: "Which URL shall be requested?", Usual: "http://127.0.0.1:8080/", Answer: &b.URL, Problem: checkURL},
		{Ask: "With which method?", Usual: http.MethodGet, Answer: &b.Method, Problem: checkMethod},
		{Ask: "How many requests arrive, as in 10/s or 300/m? (- for users who come back as soon as they are answered)", Usual: "5/s", Answer: &b.Rate, Problem: checkRate, Skip: func() bool { return b.VUs != "" }},
		{Ask: "How many users?", Usual: "10", Answer: &b.VUs, Problem: checkVUs, Skip: users},
		{Ask: "For how long?", Usual: "30s", Answer: &b.Duration, Problem: checkDuration},
		{Ask: "How long may 95 % of the requests take?", Usual: "500ms", Answer: &b.P95, Problem: checkDuration},
	}
}

func checkURL(s string) error {
	host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://"), "/")
	if _, ok := origin(s); !ok || host == "" {
		return fmt.Errorf("%q is not a whole URL: it begins with http:// or https:// and a host", s)
	}
	return nil
}

func checkMethod(s string) error {
	if !slices.Contains(verbs, strings.ToUpper(s)) {
		return fmt.Errorf("%q is none of %s", s, strings.Join(verbs, ", "))
	}
	return nil
}

func checkRate(s string) error {
	if s == "-" {
		return nil
	}
	r, err := spec.ParseRate(s)
	if err == nil && (r.Num <= 0 || r.Num/r.Den > 10_000_000) {
		err = fmt.Errorf("it is no rate that can be made")
	}
	if err != nil {
		return fmt.Errorf("%q: %w; write a number for a unit of time, as in 10/s or 300/m", s, err)
	}
	return nil
}

func checkVUs(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 1 || n > 1_000_000 {
		return fmt.Errorf("%q: want a whole number from 1 to 1000000", s)
	}
	return nil
}

func checkDuration(s string) error {
	d, err := spec.ParseDuration(s)
	if err == nil && d <= 0 {
		err = fmt.Errorf("it is too short")
	}
	if err != nil {
		return fmt.Errorf("%q: %w; write a time with its unit, as in 30s or 1m30s", s, err)
	}
	return nil
}

// Begin makes the plan of the answers. The error says which of them is wrong.
func Begin(b Basics) (*Plan, error) {
	if b.Rate != "" && b.VUs != "" {
		return nil, fmt.Errorf("a rate (%s) and a number of users (%s): choose one", b.Rate, b.VUs)
	}
	if b.VUs != "" {
		b.Rate = "-"
	}
	for _, q := range b.Questions() {
		if *q.Answer == "" {
			*q.Answer = q.Usual
		}
		if err := q.Problem(*q.Answer); err != nil {
			return nil, err
		}
	}
	p := &Plan{Kind: "answers"}
	d := newDesk(p)
	s, ok := d.step(exchange{method: b.Method, url: b.URL, checks: []field{{"answered", "status >= 200 && status < 300"}}})
	if !ok {
		return nil, fmt.Errorf("%s", strings.Join(p.losses(), "; "))
	}
	p.Name = label(b.Name, curlName(p))
	p.Scenarios = []Scenario{{Name: "visitors", Executor: b.executor(), Comment: b.comment(), Steps: []Step{s}}}
	p.Thresholds = []Pair{{Key: "http_req_latency", Value: Template("p95 < " + b.P95)}}
	return p, nil
}

func (b *Basics) executor() []Pair {
	if b.Rate != "-" {
		e := modest()
		e[1].Value, e[2].Value = Word(b.Rate), Word(b.Duration)
		e[3].Value, e[4].Value = Word("10"), Word("200")
		return e
	}
	return []Pair{{Key: "type", Value: Word("constant-vus")}, {Key: "vus", Value: Word(b.VUs)}, {Key: "duration", Value: Word(b.Duration)}}
}

func (b *Basics) comment() string {
	if b.Rate != "-" {
		return "Users arrive at a rate, whether or not the target keeps up: up to max_vus of them at a time."
	}
	return "Each user requests again as soon as the last reply is there: a slow target is asked less."
}

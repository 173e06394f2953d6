package report

import (
	"fmt"
	"io"
	"strings"

	"runner/runner/metrics"
)

// WriteSuite writes one line for each of several plans that ran after each other, and a last sentence. exit is the exit
// code of all together. The error is the writer's.
func WriteSuite(w io.Writer, results []*metrics.Result, exit int, o Options) error {
	p := newPage(o)
	g := &grid{columns: []column{{title: "plan", least: 16}, {title: "verdict"}, {title: "duration", right: true},
		{title: "requests", right: true}, {title: "failed", right: true}, {title: "p95", right: true},
		{title: "thresholds met", right: true}, {title: "exit code", right: true}}}
	passed := 0
	for _, r := range results {
		if r.Verdict.Status == "pass" {
			passed++
		}
		g.add(suiteCells(r)...)
	}
	p.section("Plans", g)
	p.explainWeak(g)
	p.WriteByte('\n')
	p.line(bold+";"+map[bool]style{true: green, false: red}[exit == 0], suiteSentence(results, passed, exit))
	if p.err != nil {
		return p.err
	}
	if _, err := w.Write(p.Bytes()); err != nil {
		return fmt.Errorf("writing the table of plans: %w", err)
	}
	return nil
}

func suiteCells(r *metrics.Result) []cell {
	c := newCatalog(r)
	made, failed := c.requests(nil)
	share := cell{text: none, style: dim}
	if v, ok := c.total("http_req_failed").Values["rate"]; ok && made > 0 {
		share = cell{text: percent(v, digits)}
	}
	if failed > 0 {
		share.style = red
	}
	met, _, judged := tally(r)
	return []cell{
		{text: planName(r)}, verdictWord(r.Verdict.Status), {text: seconds(r.Run.DurationS)}, {text: count(made)}, share,
		percentile(c.total("http_req_latency"), "p95"), {text: fmt.Sprintf("%d/%d", met, judged)},
		{text: fmt.Sprint(r.Verdict.ExitCode)},
	}
}

// planName is a plan as a person finds it again.
func planName(r *metrics.Result) string {
	name := r.Plan.Name
	if name == "" {
		name = r.Plan.File
	}
	if r.Plan.Profile != "" {
		name += " [" + r.Plan.Profile + "]"
	}
	return name
}

func suiteSentence(results []*metrics.Result, passed, exit int) string {
	word := "PASS"
	if exit != 0 {
		word = "FAIL"
		for _, r := range results {
			if r.Verdict.ExitCode == exit {
				word = verdictWord(r.Verdict.Status).text
			}
		}
	}
	text := fmt.Sprintf("%s – %d of %s passed", word, passed, plural(int64(len(results)), "plan"))
	var others []string
	for _, r := range results {
		if r.Verdict.Status != "pass" && len(others) < 3 {
			others = append(others, planName(r)+" "+strings.ToLower(verdictWord(r.Verdict.Status).text))
		}
	}
	if len(others) > 0 {
		text += ": " + strings.Join(others, ", ")
	}
	if rest := len(results) - passed - len(others); rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text + fmt.Sprintf("; exit code %d.", exit)
}

package report

import (
	"fmt"
	"strings"

	"runner/runner/metrics"
)

var verdictWords = map[string]cell{
	"pass":              {text: "PASS", style: green},
	"fail":              {text: "FAIL", style: red},
	"load_not_achieved": {text: "LOAD NOT ACHIEVED", style: yellow},
	"interrupted":       {text: "INTERRUPTED", style: yellow},
	"aborted":           {text: "ABORTED", style: red},
	"error":             {text: "ERROR", style: red},
}

func verdictWord(status string) cell {
	if word, ok := verdictWords[status]; ok {
		return word
	}
	return cell{text: clean(strings.ToUpper(status)), style: red}
}

// verdict writes the sentence and the reasons it does not name.
func (p *page) verdict(r *metrics.Result) {
	sentence := Sentence(r)
	p.WriteByte('\n')
	p.line(bold+";"+verdictWord(r.Verdict.Status).style, sentence)
	if r.Verdict.Status == "pass" {
		return
	}
	for _, reason := range r.Verdict.Reasons {
		first, rest, _ := strings.Cut(reason, "\n")
		if !strings.Contains(sentence, clean(first)) {
			p.lines(normal, "  ", first)
		}
		p.lines(normal, "  ", rest)
	}
}

// Sentence says in one line how the run ended, why, and what to look at first. It is cleaned text without colours.
func Sentence(r *metrics.Result) string {
	var text string
	switch r.Verdict.Status {
	case "pass":
		text = fmt.Sprintf("%s in %s: %s", met(r), seconds(r.Run.DurationS), measured(r))
	case "fail":
		text = failSentence(r)
	case "load_not_achieved":
		text = loadSentence(r)
	case "interrupted":
		text = fmt.Sprintf("stopped after %s; measured until then: %s, %s", seconds(r.Run.DurationS), measured(r), failing(r))
	default:
		text = firstReason(r, "no reason was given") + fmt.Sprintf("; measured until then: %s, %s", measured(r), failing(r))
		if made, _ := newCatalog(r).requests(nil); made == 0 {
			text = firstReason(r, "no reason was given") + "; no load was measured"
		}
	}
	return verdictWord(r.Verdict.Status).text + " – " + clean(text) + "."
}

// tally counts the judged thresholds.
func tally(r *metrics.Result) (met, failed, judged int) {
	for _, t := range r.Thresholds {
		switch t.Status {
		case "pass":
			met++
		case "fail":
			failed++
		case "not_trusted":
		default:
			continue
		}
		judged++
	}
	return met, failed, judged
}

func met(r *metrics.Result) string {
	met, _, judged := tally(r)
	if judged == 0 {
		return "no thresholds to meet"
	}
	return fmt.Sprintf("%d of %s met", met, plural(int64(judged), "threshold"))
}

func failing(r *metrics.Result) string {
	_, failed, judged := tally(r)
	return fmt.Sprintf("%d of %s failed", failed, plural(int64(judged), "threshold"))
}

func measured(r *metrics.Result) string {
	made, failed := newCatalog(r).requests(nil)
	return fmt.Sprintf("%s, %s failed", plural(made, "request"), count(failed))
}

func firstReason(r *metrics.Result, otherwise string) string {
	if len(r.Verdict.Reasons) == 0 {
		return otherwise
	}
	return strings.TrimRight(firstLine(r.Verdict.Reasons[0]), ".")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func failSentence(r *metrics.Result) string {
	for _, t := range r.Thresholds {
		if t.Status != "fail" {
			continue
		}
		text := fmt.Sprintf("%s on %s: observed %s", t.Condition, seriesOf(t.ID, t.Condition), seen(t))
		if t.Reason != "" && t.Reason != seen(t) {
			text += " (" + t.Reason + ")"
		}
		if _, failed, _ := tally(r); failed > 1 {
			text += ", and " + plural(int64(failed-1), "more failed threshold")
		}
		if hint := lookAt(r, t); hint != "" {
			text += "; look at " + hint
		}
		return text
	}
	return firstReason(r, "no threshold failed, and no reason was given")
}

func loadSentence(r *metrics.Result) string {
	if r.Generator.Limited {
		why := firstReason(r, "its seconds were late")
		if len(r.Generator.Evidence) > 0 {
			why = strings.TrimRight(firstLine(r.Generator.Evidence[0]), ".")
		}
		return "this machine could not make the load, so nothing is judged: " + why +
			"; use more cores or machines, lower the load, or stop what else runs here"
	}
	var dropped, planned int64
	for _, s := range r.Scenarios {
		if s.Dropped > 0 {
			dropped += s.Dropped
			planned += max(s.Planned, 0)
		}
	}
	why := firstReason(r, "raise max_vus, or find out why the target holds VUs so long")
	return fmt.Sprintf("%s of %s were dropped because all VUs were busy: %s", count(dropped), plural(planned, "planned iteration"), why)
}

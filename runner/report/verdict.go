package report

import (
	"fmt"
	"slices"
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
	return cell{text: Clean(strings.ToUpper(status)), style: red}
}

// manyReasons is how many reasons are listed.
const manyReasons = 12

// verdict writes the sentence and the reasons that it does not name; the first reason is what it is about.
func (p *page) verdict(r *metrics.Result) {
	sentence := Sentence(r)
	p.line(bold+";"+verdictWord(r.Verdict.Status).style, sentence)
	if r.Verdict.Status == "pass" {
		return
	}
	for i, reason := range r.Verdict.Reasons {
		if i == manyReasons {
			p.line(normal, fmt.Sprintf("  and %s", plural(int64(len(r.Verdict.Reasons)-i), "more reason")))
			break
		}
		first, rest, _ := strings.Cut(reason, "\n")
		if i > 0 && !strings.Contains(sentence, Clean(first)) {
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
	if !strings.HasSuffix(text, "?") {
		text += "."
	}
	return verdictWord(r.Verdict.Status).text + " – " + Clean(text)
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
	line, _, more := strings.Cut(s, "\n")
	if i := strings.LastIndex(line, "; "); more && i >= 0 && strings.HasSuffix(line, ":") {
		return line[:i] // what announces the lines that follow
	}
	return line
}

func failSentence(r *metrics.Result) string {
	t, ok := leading(r)
	if !ok {
		return firstReason(r, "no threshold failed, and no reason was given")
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

// leading is the failed threshold that the first reason names, or else the first one.
func leading(r *metrics.Result) (first metrics.ThresholdResult, ok bool) {
	for _, t := range r.Thresholds {
		if t.Status != "fail" {
			continue
		}
		if strings.Contains(firstReason(r, ""), t.ID) {
			return t, true
		}
		if !ok {
			first, ok = t, true
		}
	}
	return first, ok
}

// loadSentence says what kept the load from being made: this machine, or too few VUs. Never the target.
func loadSentence(r *metrics.Result) string {
	if r.Generator.Limited || r.Verdict.LimitedBy == metrics.LimitedByGenerator {
		why := "use more cores or machines, lower the load, or stop what else runs here"
		if reasons := slices.Concat(r.Generator.Evidence, tail(r.Verdict.Reasons)); len(reasons) > 0 {
			why = strings.TrimRight(firstLine(reasons[0]), ".")
		}
		return "this machine could not make the load, so nothing is judged: " + why
	}
	if more := tail(r.Verdict.Reasons); len(more) > 0 {
		return "too few VUs: " + strings.TrimRight(firstLine(more[0]), ".")
	}
	if hint := mostDropped(r); hint != "" {
		return "too few VUs: look at " + hint
	}
	return "too few VUs: more VUs are needed than max_vus allows"
}

func tail(s []string) []string { return s[min(1, len(s)):] }

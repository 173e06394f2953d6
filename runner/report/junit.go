package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"

	"runner/runner/metrics"
)

// The form is that of Jenkins and Ant (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd), which every consumer reads.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string      `xml:"name,attr"`
	Class   string      `xml:"classname,attr"`
	Time    string      `xml:"time,attr"`
	Skipped *junitNote  `xml:"skipped"`
	Failure *junitFault `xml:"failure"`
	Error   *junitFault `xml:"error"`
	Out     string      `xml:"system-out,omitempty"`
}

type junitNote struct {
	Message string `xml:"message,attr"`
}

type junitFault struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// JUnit is thresholds and checks as test cases, and the verdict as one more, so that a pipeline that reads nothing else
// comes to the same answer: a case fails only if the run does not pass. Checks that fail within the plan's tolerance pass.
func JUnit(r *metrics.Result) ([]byte, error) {
	s := junitSuite{Name: Clean(r.Plan.Name), Time: fmt.Sprintf("%.3f", r.Run.DurationS), Timestamp: r.Run.Start.UTC().Format("2006-01-02T15:04:05"),
		Properties: []junitProperty{
			{"file", Clean(r.Plan.File)}, {"profile", Clean(r.Plan.Profile)}, {"seed", fmt.Sprint(r.Plan.Seed)}, {"digest", Clean(r.Plan.Digest)},
			{"run", Clean(r.Run.ID)}, {"started", r.Run.Start.UTC().Format(time.RFC3339)}, {"tool", Clean(r.Tool.Name + " " + r.Tool.Version)},
		}}
	s.add(verdictCase(r))
	for i := range r.Thresholds {
		s.add(thresholdCase(&r.Thresholds[i]))
	}
	for i := range r.Checks {
		s.add(checkCase(&r.Checks[i], r.Verdict.Status == "pass"))
	}
	all := junitSuites{Name: "runner", Tests: s.Tests, Failures: s.Failures, Errors: s.Errors, Skipped: s.Skipped, Time: s.Time, Suites: []junitSuite{s}}
	text := bytes.NewBufferString(xml.Header)
	e := xml.NewEncoder(text)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return nil, err
	}
	text.WriteByte('\n')
	return text.Bytes(), nil
}

func (s *junitSuite) add(c junitCase) {
	c.Class, c.Time = s.Name+"."+c.Class, "0"
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// verdictCase is the run as a whole.
func verdictCase(r *metrics.Result) junitCase {
	c := junitCase{Name: "verdict", Class: "run"}
	var reasons bytes.Buffer
	for _, reason := range r.Verdict.Reasons {
		reasons.WriteString(Clean(reason) + "\n")
	}
	fault := &junitFault{Message: Sentence(r), Type: Clean(r.Verdict.Status), Text: reasons.String()}
	switch r.Verdict.Status {
	case "pass":
		c.Out = fault.Message
	case "fail":
		c.Failure = fault
	default:
		c.Error = fault
	}
	return c
}

func thresholdCase(t *metrics.ThresholdResult) junitCase {
	c := junitCase{Name: Clean(t.ID), Class: "thresholds"}
	message := "observed " + seen(*t)
	if n := note(*t); n != "" {
		message += " (" + Clean(n) + ")"
	}
	switch t.Status {
	case "pass":
		c.Out = message
	case "fail":
		c.Failure = &junitFault{Message: message, Type: "threshold", Text: c.Name + ": " + message}
	default:
		c.Skipped = &junitNote{Message: Clean(t.Status) + ": " + message}
	}
	return c
}

func checkCase(k *metrics.CheckResult, passed bool) junitCase {
	c := junitCase{Name: Clean(k.Step + ": " + k.Name), Class: "checks"}
	if k.Scenario != "" {
		c.Class += "." + Clean(k.Scenario)
	}
	message := fmt.Sprintf("held %s, failed %s", plural(k.Passes, "time"), plural(k.Fails, "time"))
	switch {
	case k.Passes+k.Fails == 0:
		c.Skipped = &junitNote{Message: "never reached"}
	case k.Fails > 0 && !passed:
		c.Failure = &junitFault{Message: message, Type: "check", Text: c.Name + ": " + message}
	default:
		c.Out = message
	}
	return c
}

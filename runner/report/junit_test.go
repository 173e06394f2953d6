package report

import (
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"

	"runner/runner/metrics"
)

// A consumer of JUnit files comes to the same answer as the verdict.
func TestJUnit(t *testing.T) {
	limited := shop()
	limited.Verdict = metrics.Verdict{Status: "load_not_achieved", ExitCode: 96, Reasons: []string{"the load was not achieved"}, LimitedBy: "generator"}
	limited.Thresholds[0].Status = "not_trusted"
	tolerated := passing()
	tolerated.Checks[0].Fails = 1
	for name, c := range map[string]struct {
		r                                      *metrics.Result
		tests, passed, failed, errors, skipped int
	}{
		"pass":      {passing(), 9, 8, 0, 0, 1},
		"tolerated": {tolerated, 9, 8, 0, 0, 1},
		"fail":      {shop(), 10, 3, 5, 0, 2},
		"limited":   {limited, 10, 3, 3, 1, 3},
		"hostile":   {poisoned(), 10, 1, 8, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := JUnit(c.r)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "junit-"+name+".xml", text)
			suites, err := junit.Ingest(text)
			if err != nil || len(suites) != 1 {
				t.Fatalf("%d suites: %v", len(suites), err)
			}
			if got := suites[0].Totals; got.Tests != c.tests || got.Passed != c.passed || got.Failed != c.failed || got.Error != c.errors || got.Skipped != c.skipped {
				t.Errorf("%+v, want %+v", got, c)
			}
		})
	}
}

func TestJUnitHoldsAnyText(t *testing.T) {
	for _, h := range append(hostileMarks, "]]>", "<![CDATA[", "\x00\x01\x1b[31m", "\xff\xfe", "\ufffe\uffff", "&#0;", "\u202e") {
		r := shop()
		r.Checks = []metrics.CheckResult{{Name: h, Step: h, Scenario: h, Fails: 1}}
		r.Verdict.Reasons = []string{h}
		text, err := JUnit(r)
		if err != nil {
			t.Fatal(err)
		}
		suites, err := junit.Ingest(text)
		if err != nil {
			t.Fatalf("%q: %v", h, err)
		}
		last := suites[0].Tests[len(suites[0].Tests)-1]
		if want := Clean(h + ": " + h); last.Name != want || last.Status != junit.StatusFailed {
			t.Errorf("%q is read as %q, %s", h, last.Name, last.Status)
		}
	}
}

// The rows are the result's numbers, to the last digit.
func TestCSV(t *testing.T) {
	r := shop()
	text, err := CSV(r)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	n := 1
	for _, m := range r.Metrics {
		for range m.Values {
			row := rows[n]
			if v, err := strconv.ParseFloat(row[8], 64); err != nil || v != m.Values[row[7]] || row[0] != m.Name || row[4] != m.Tags["step"] {
				t.Fatalf("row %d: %v of %+v (%v)", n, row, m, err)
			}
			n++
		}
	}
	if n != len(rows) {
		t.Errorf("%d rows, want %d", len(rows), n)
	}
	small := passing()
	small.Metrics = small.Metrics[:3]
	text, _ = CSV(small)
	golden(t, "csv.csv", text)
}

func TestCSVHoldsNoFormula(t *testing.T) {
	for _, h := range []string{"=1+1", "+1", "-1+1", "@SUM(A1)", " =1", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", "＝1", "\"=1", ",=1"} {
		r := passing()
		r.Metrics = []metrics.MetricResult{{Name: h, Type: h, Unit: h, Tags: tags{"step": h, "scenario": h, h: h}, Values: map[string]float64{h: 1}}}
		text, err := CSV(r)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, field := range rows[1] {
			if field != "" && strings.ContainsAny(strings.TrimLeft(field, " \t\r\n")[:1], "=+-@") {
				t.Errorf("%q: column %d is %q", h, i, field)
			}
		}
	}
}

// A result that has been read back makes every report again, to the byte.
func TestReportsAreMadeAgainFromTheFile(t *testing.T) {
	for name, r := range map[string]*metrics.Result{"pass": passing(), "fail": shop()} {
		file, err := Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		var back metrics.Result
		if err := json.Unmarshal(file, &back); err != nil {
			t.Fatal(err)
		}
		for _, k := range Kinds() {
			first, err := k.Make(r)
			if err != nil {
				t.Fatal(err)
			}
			again, err := k.Make(&back)
			if err != nil {
				t.Fatal(err)
			}
			if string(first) != string(again) {
				t.Errorf("%s of %s differs\n%s\n---\n%s", k.Name, name, first, again)
			}
		}
	}
}

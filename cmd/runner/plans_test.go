package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"runner/runner/metrics"
	"runner/runner/monitor/bystander"
)

// TestShippedPlans runs every shipped plan the way its comments tell a reader to begin: validate, which has nothing to warn
// of, then once, against the backend that the plan starts itself.
func TestShippedPlans(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a backend for each plan")
	}
	plans, err := filepath.Glob("../../plans/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Glob("../../plans/examples/*.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, plan := range append(plans, examples...) {
		t.Run(filepath.Base(plan), func(t *testing.T) {
			t.Parallel()
			for _, command := range [][]string{{"validate", "--strict"}, {"once"}} {
				if code, said := does(append(command, plan)...); code != exitPass {
					t.Fatalf("runner %v: exit code %d\n%s", command, code, said)
				}
			}
		})
	}
}

// does runs a command and gives what it said.
func does(args ...string) (code int, said string) {
	var out, errs bytes.Buffer
	code = run(args, nil, &out, &errs)
	return code, out.String() + errs.String()
}

// TestExamplesAsLoad runs every example with its own load, which it must make. They mostly wait, so many run at a time; those
// that a busy machine spoils run once more, alone.
func TestExamplesAsLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a backend for each plan")
	}
	beside()
	examples, err := filepath.Glob("../../plans/examples/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	places, again := make(chan struct{}, 6), make(chan string, len(examples))
	var all sync.WaitGroup
	for _, plan := range examples {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			begin := time.Now()
			said, _ := asLoad(t, plan)
			if said == "" {
				return
			}
			if seen, busy := beside().Busy(begin, time.Now(), bystander.Late); busy {
				t.Logf("%s: once more, alone: %s", filepath.Base(plan), seen)
				again <- plan
				return
			}
			t.Errorf("%s: %s", filepath.Base(plan), said)
		})
	}
	all.Wait()
	close(again)
	for plan := range again {
		t.Run(filepath.Base(plan), func(t *testing.T) {
			switch said, excused := asLoad(t, plan); {
			case excused:
				t.Skip(said)
			case said != "":
				t.Error(said)
			}
		})
	}
}

// asLoad runs a plan, which must pass, and says what was wrong. It is excused where others had the machine, so that the run
// judged nothing: the result says so, and this process felt it.
func asLoad(t *testing.T, plan string) (wrong string, excused bool) {
	file := filepath.Join(t.TempDir(), "result.json")
	code, said := does("run", "-q", "--out", "json="+file, plan)
	if code == exitPass {
		return "", false
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Sprintf("exit code %d, and no result: %v\n%s", code, err, said), false
	}
	var r metrics.Result
	if err := json.Unmarshal(text, &r); err != nil {
		return err.Error(), false
	}
	why, excused := beside().Excuses(&r)
	return fmt.Sprintf("exit code %d\n%s\nits excuse: %s", code, said, why), excused && code == metrics.ExitLoadNotAchieved
}

// TestExamplesReadAlike: an example says its idea first, fits on a screen and knows its schema.
func TestExamplesReadAlike(t *testing.T) {
	examples, err := filepath.Glob("../../plans/examples/*.yaml")
	if err != nil || len(examples) < 25 {
		t.Fatalf("%d examples: %v", len(examples), err)
	}
	for _, plan := range examples {
		text, err := os.ReadFile(plan)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		name := strings.TrimSuffix(filepath.Base(plan), ".yaml")
		switch {
		case lines[0] != "# yaml-language-server: $schema=../../schemas/plan.schema.json":
			t.Errorf("%s: the first line is not that of its schema", name)
		case lines[1] != "#" || !strings.HasPrefix(lines[2], "# "):
			t.Errorf("%s: it does not begin with its idea", name)
		case len(lines) > 50:
			t.Errorf("%s: %d lines", name, len(lines))
		case !strings.Contains(string(text), "\nname: "+name+"\n"):
			t.Errorf("%s: it has another name than its file", name)
		}
	}
}

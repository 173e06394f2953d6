package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
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

// TestExamplesAsLoad runs every example with its own load. They mostly wait, so many run at a time. Whether the machine kept
// up is not their affair: a run that says so proves nothing and is passed over.
func TestExamplesAsLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a backend for each plan")
	}
	examples, err := filepath.Glob("../../plans/examples/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	places := make(chan struct{}, 6)
	var all sync.WaitGroup
	for _, plan := range examples {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			code, said := does("run", "-q", plan)
			if code == 99 { // a busy machine answers late: once more, with less of the others
				code, said = does("run", "-q", plan)
			}
			if code != exitPass && code != 96 {
				t.Errorf("%s: exit code %d\n%s", filepath.Base(plan), code, said)
			}
		})
	}
	all.Wait()
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

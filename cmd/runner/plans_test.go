package main

import (
	"bytes"
	"path/filepath"
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
				var out, errs bytes.Buffer
				if code := run(append(command, plan), nil, &out, &errs); code != exitPass {
					t.Fatalf("runner %v: exit code %d\n%s\n%s", command, code, out.String(), errs.String())
				}
			}
		})
	}
}

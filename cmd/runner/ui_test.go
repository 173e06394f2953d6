package main

import (
	"slices"
	"testing"
)

// The address of --ui may stand apart, and be left out: a plan after it is a plan.
func TestTheAddressOfThePageMayStandApart(t *testing.T) {
	for _, c := range []struct{ given, want []string }{
		{[]string{"plan.yaml", "--ui"}, []string{"plan.yaml", "--ui"}},
		{[]string{"--ui", "plan.yaml"}, []string{"--ui", "plan.yaml"}},
		{[]string{"--ui", "127.0.0.1:0", "plan.yaml"}, []string{"--ui=127.0.0.1:0", "plan.yaml"}},
		{[]string{"--ui", "[::1]:80"}, []string{"--ui=[::1]:80"}},
		{[]string{"--ui", ":8080", "a.yaml"}, []string{"--ui=:8080", "a.yaml"}},
		{[]string{"--ui=localhost:1", "localhost:2"}, []string{"--ui=localhost:1", "localhost:2"}},
		{[]string{"--", "--ui", "localhost:2"}, []string{"--", "--ui", "localhost:2"}},
		{nil, nil},
	} {
		if got := attached(c.given); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.given, got, c.want)
		}
	}
}

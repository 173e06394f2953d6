package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"runner/spec"
)

// habits are flags that users of other load testers reach for, and what does their work here.
var habits = map[string]string{
	"tag":            "tags stand in the plan: tags of a scenario or a step; --set scenarios.NAME.tags.KEY=VALUE sets one",
	"summary-export": "--out json=FILE writes the result",
	"no-thresholds":  "thresholds are what a run is judged by; --set tolerance=100% relaxes the default ones",
	"stage":          "stages stand in the plan: executor: { type: ramping-vus, stages: [{ duration: 30s, target: 10 }] }",
	"rps":            "--rate 50/s makes iterations at a rate",
	"http-debug":     "runner once plan.yaml shows every request and response",
	"verbose":        "runner once plan.yaml shows every request and response",
	"linger":         "--ui keeps the page after the run",
	"overrides":      "--set PATH=VALUE and --profile NAME change a plan",
	"output":         "--out KIND=TARGET, such as --out json=FILE",
	"insecure":       "http: { tls: { insecure_skip_verify: true } } in the plan, or --set http.tls.insecure_skip_verify=true",
	"connections":    "--vus N is how many users there are at once",
	"header":         "headers stand in the plan; --set http.headers.NAME=VALUE sets one",
	"target":         "http.base_url of the plan; --set http.base_url=URL sets it",
}

// flagHint is what to write in place of a flag that there isn't: what does its work, or the nearest name.
func flagHint(err error, flags *pflag.FlagSet) string {
	_, name, unknown := strings.Cut(err.Error(), "unknown flag: --")
	if !unknown {
		return ""
	}
	if hint := habits[name]; hint != "" {
		return "; " + hint
	}
	var names []string
	flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := spec.Suggest(name, names); near != "" {
		return fmt.Sprintf("; did you mean --%s?", near)
	}
	return ""
}

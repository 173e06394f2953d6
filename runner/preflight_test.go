package runner_test

import (
	"strings"
	"testing"

	"runner/runner/monitor"
)

// What a plan needs is predicted from its VUs, their connections and its targets, before anything runs.
func TestPreflight(t *testing.T) {
	if ports := monitor.Look().Ports.Count(); ports == 0 || ports > 100000 {
		t.Skip("this system does not tell how many ports it has")
	}
	const vus = "executor: { type: constant-vus, duration: 1s, vus: 1000000 }"
	for _, row := range []struct {
		why, plan string
		says      []string // one for each target, in order; none: nothing is predicted to be short
	}{
		{"few VUs", "scenarios: { a: { executor: { type: constant-vus, duration: 1s, vus: 2 }, steps: [{ get: / }] } }", nil},
		{"VUs that send nothing", "scenarios: { a: { " + vus + ", steps: [{ think: 1s }] } }", nil},
		{"a connection for each", "scenarios: { a: { " + vus + ", steps: [{ get: / }, { get: /x }] } }", []string{"1000000 connections to 127.0.0.1:9 "}},
		{"what an arrival executor may come to", "scenarios: { a: { executor: { type: constant-arrival-rate, rate: 1/s, duration: 1s, vus: 1, max_vus: 900000 }, steps: [{ get: / }] } }",
			[]string{"900000 connections to 127.0.0.1:9 "}},
		{"branches have connections of their own, and use them again", "scenarios: { a: { " + vus + ", steps: [{ get: / }, { parallel: [{ get: /a }, { get: /b }] }, { parallel: [{ get: /a }, { get: /b }, { get: /c }] }] } }",
			[]string{"4000000 connections to 127.0.0.1:9 "}},
		{"branches within branches", "scenarios: { a: { " + vus + ", steps: [{ parallel: [{ group: g, steps: [{ parallel: [{ get: /a }, { get: /b }] }] }, { get: /c }] }] } }",
			[]string{"3000000 connections to 127.0.0.1:9 "}},
		{"targets are counted apart", "scenarios: { a: { " + vus + ", steps: [{ get: / }, { get: \"https://127.0.0.2/x\" }, { get: \"http://[::1]:81/x/${iteration.n}\" }] } }",
			[]string{"1000000 connections to 127.0.0.1:9 ", "1000000 connections to 127.0.0.2:443 ", "1000000 connections to [::1]:81 "}},
		{"an address that is not known yet", "services: { shop: { command: [shop] } }\nvars: { base: \"${services.shop.url}\" }\nscenarios: { a: { " + vus + ", steps: [{ get: \"${vars.base}/x\" }] } }",
			[]string{"1000000 connections to ${vars.base} "}},
		{"HTTP/2 branches share their VU's", "scenarios: { a: { http: { version: 2 }, " + vus + ", steps: [{ parallel: [{ get: /a }, { get: /b }] }] } }", []string{"1000000 connections to 127.0.0.1:9 "}},
		{"shared connections are as many as the plan says", "scenarios: { a: { http: { connections: { shared: 8 } }, " + vus + ", steps: [{ get: / }] } }", nil},
		{"a step's own way to connect counts apart", "scenarios: { a: { " + vus + ", steps: [{ get: / }, { get: /x, http: { timeout: 1s, connections: { shared: 8 } } }] } }", []string{"100000"}},
		{"connections that end with their iteration leave their ports behind", "scenarios: { a: { http: { connections: per_iteration }, executor: { type: constant-arrival-rate, rate: 90000/s, duration: 2s, vus: 1 }, steps: [{ get: / }] } }",
			[]string{"90000 new connections a second to 127.0.0.1:9; the ports of closed ones linger, which takes 90001"}},
		{"scenarios at once add up", "scenarios: { a: { " + vus + ", steps: [{ get: / }] }, b: { " + vus + ", steps: [{ get: / }] } }", []string{"2000000 connections to 127.0.0.1:9 "}},
		{"in turn they do not", "scenarios: { a: { " + vus + ", steps: [{ get: / }] }, b: { after: a, " + vus + ", steps: [{ get: / }] } }", []string{"1000000 connections to 127.0.0.1:9 "}},
		{"nor if they start later", "scenarios: { a: { " + vus + ", steps: [{ get: / }] }, b: { start: 2s, " + vus + ", steps: [{ get: / }] } }", []string{"1000000 connections to 127.0.0.1:9 "}},
		{"one that does not run needs nothing", "scenarios: { a: { if: 1 > 2, " + vus + ", steps: [{ get: / }] }, b: { executor: { type: shared-iterations }, steps: [{ get: / }] } }", nil},
	} {
		p := compile(t, write(t, "http: { base_url: \"http://127.0.0.1:9\" }\n"+row.plan, nil), nil)
		warnings := p.Preflight()
		var ports []string
		for _, w := range warnings {
			if strings.HasPrefix(w, "ports: ") {
				ports = append(ports, w)
			}
		}
		if len(ports) != len(row.says) {
			t.Errorf("%s: %q", row.why, warnings)
			continue
		}
		for i, part := range row.says {
			if !strings.Contains(ports[i], part) {
				t.Errorf("%s: %q lacks %q", row.why, ports[i], part)
			}
		}
	}
}

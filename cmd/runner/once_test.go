package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

var update = flag.Bool("update", false, "write golden files anew")

const trialPlan = `version: 1
env: { BASE: {}, TOKEN: { secret: true, default: token-1234 } }
http: { base_url: "${env.BASE}", headers: { Authorization: "Bearer ${env.TOKEN}" } }
setup:
  - get: /json
    name: prepare
    capture: { start: 'json("n")' }
scenarios:
  s:
    executor: { type: per-vu-iterations }
    steps:
      - get: /moved
        name: follow
      - get: /flaky
        name: try again
        retry: { attempts: 3, delay: 1ms, on: [503] }
      - get: /flaky
        name: poll
        until: json("n") == 3
        every: 1ms
        timeout: 5s
      - get: /digest
        name: challenge
        auth: { digest: { username: u, password: pass-word } }
      - set: { list: "${[1, 2]}" }
      - foreach: ${list}
        as: x
        steps: [{ log: "x is ${x}" }]
      - if: list == [2]
        then: [{ log: never }]
      - parallel:
          - get: /json
            name: left
            capture: { a: 'json("n")' }
          - get: /json
            name: right
            check:
              equal: |
                json("list") == [1, 3]
              parts: status == 201 or json("n") > 4
      - post: /500
        name: broken
        json: { a: "it's" }
teardown:
  - get: /json
    name: tidy up
`

// TestATrialReadsWell is what an author sees of a plan with everything in it.
func TestATrialReadsWell(t *testing.T) {
	var flaky atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/json", http.StatusFound)
			return
		case "/flaky":
			if n := flaky.Add(1); n != 2 && n != 4 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		case "/digest":
			if !strings.HasPrefix(r.Header.Get("Authorization"), "Digest") {
				w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
		case "/500":
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"n":3,"list":[1,2]}`)
	}))
	defer s.Close()
	plan := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(plan, []byte(trialPlan), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	if code := run([]string{"once", plan, "--env", "BASE=" + s.URL, "--seed", "1"}, strings.NewReader(""), &out, &errs); code != 99 {
		t.Fatalf("exit code %d, want 99: %s", code, errs.String())
	}
	got := strings.ReplaceAll(out.String(), s.URL, "http://TARGET")
	got = regexp.MustCompile(`(< HTTP/1.1 [^\n]*?)   \d[^\n]*`).ReplaceAllString(got, "$1   TIMES")
	got = regexp.MustCompile(`Authorization: Digest [^\n']*`).ReplaceAllString(got, "Authorization: Digest …")
	golden := filepath.Join("testdata", "once.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("a trial reads otherwise (go test -update writes it anew):\n%s", got)
	}
}

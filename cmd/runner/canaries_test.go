package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// canaryPlan has a secret in every place in which one can be, and a target that sends them back.
const canaryPlan = `
version: 1
name: canaries
env:
  BASE: {}
  HEADER: { secret: true, default: "canary/header+1=" }
  URL: { secret: true, default: "canary url?&2" }
  BODY: { secret: true, default: 'canary "body" 3' }
  ENVIRONMENT: { secret: true, default: canary-environment-4 }
  TAG: { secret: true, default: canary-tag-5 }
  QUERY: { secret: true, default: "canary query é 6" }
  COOKIE: { secret: true, default: canary-cookie-7 }
  PASSWORD: { secret: true, default: canary-password-8 }
  NAME: { secret: true, default: canary-name-9 }
  FORM: { secret: true, default: "canary<form>10" }
http: { base_url: "${env.BASE}" }
setup:
  - get: /login
    capture:
      token: { from: 'json("token")', secret: true }
      deep: { from: 'json("list.0")', secret: true }
scenarios:
  one:
    tags: { team: "${env.TAG}" }
    executor: { type: per-vu-iterations, iterations: 2 }
    steps:
      - post: /echo/${url_encode(env.URL)}
        name: step canary-name-9
        query: { q: "${env.QUERY}" }
        headers: { X-Secret: "${env.HEADER}", Cookie: "c=${env.COOKIE}", Authorization: "Bearer ${setup.token}" }
        json: { body: "${env.BODY}", deep: "${setup.deep}", password: "${env.PASSWORD}" }
        check: { "check canary-name-9": status == 200 }
      - post: /echo
        form: { f: "${env.FORM}" }
      - log: "${env.ENVIRONMENT} ${setup.deep}"
      - fail: "${env.ENVIRONMENT} ${toBase64(env.ENVIRONMENT)}"
`

var canaries = []string{
	"canary/header+1=", "canary url?&2", `canary "body" 3`, "canary-environment-4", "canary-tag-5", "canary query é 6", "canary-cookie-7",
	"canary-password-8", "canary-name-9", "canary<form>10", "canary-token-11", "canary-deep-12",
}

// travels are the ways in which a secret may come back.
func travels(secret string) []string {
	quoted, _ := json.Marshal(secret)
	return []string{secret, base64.StdEncoding.EncodeToString([]byte(secret)), url.QueryEscape(secret), url.PathEscape(secret), strings.Trim(string(quoted), `"`)}
}

// echo answers with everything it got, and with every canary in all encodings, and fails.
func echo(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/login" {
		fmt.Fprint(w, `{"token":"canary-token-11","list":["canary-deep-12"]}`)
		return
	}
	body, _ := io.ReadAll(r.Body)
	w.WriteHeader(http.StatusTeapot)
	for _, c := range canaries {
		fmt.Fprint(w, strings.Join(travels(c), " "), " ")
	}
	fmt.Fprint(w, r.URL.String(), " ", r.Header, " ", string(body))
}

// network is receivers that keep the bytes they get, and refuse them.
type network struct {
	mu   sync.Mutex
	text strings.Builder
}

func (n *network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	n.keep(text)
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprint(w, "refused")
}

func (n *network) keep(text []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text.Write(text)
}

// Twelve secrets, in every place and encoding, are in no output: not on the screen, in no file, in nothing that is sent away.
func TestNoOutputShowsACanary(t *testing.T) {
	target := httptest.NewServer(http.HandlerFunc(echo))
	defer target.Close()
	received := &network{}
	receiver := httptest.NewServer(received)
	defer receiver.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	dir := t.TempDir()
	t.Setenv("GITHUB_ACTIONS", "true")
	t.Setenv("GITHUB_STEP_SUMMARY", filepath.Join(dir, "summary.md"))
	plan := filepath.Join(dir, "plan.yaml")
	if err := os.WriteFile(plan, []byte(canaryPlan), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"run", plan, "--env", "BASE=" + target.URL, "--out", "influxdb=" + receiver.URL + "?bucket=b", "--out", "statsd=" + udp.LocalAddr().String()}, everyFile(dir)...)
	var out, errs strings.Builder
	if code := run(args, strings.NewReader(""), &out, &errs); code != 99 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	buf := make([]byte, 1<<16)
	n, _, err := udp.ReadFrom(buf) // it is there: the run is over
	if err != nil {
		t.Fatal(err)
	}
	received.keep(buf[:n])
	summary, err := os.ReadFile(filepath.Join(dir, "summary.md"))
	if err != nil {
		t.Error(err)
	}
	if received.text.Len() < 1000 {
		t.Errorf("the receivers got only %q", received.text.String())
	}
	text := out.String() + errs.String() + written(t, dir) + string(summary) + received.text.String()
	for _, c := range canaries {
		for _, form := range travels(c) {
			if i := strings.Index(text, form); i >= 0 {
				t.Errorf("%q is shown as %q: …%q", c, form, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
}

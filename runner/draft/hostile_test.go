package draft_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"runner/runner/draft"
	"runner/spec"
)

// TestAnyValueIsKept writes texts that break plans when they are written carelessly, and reads them back through the
// language: the request that is sent has them as they were.
func TestAnyValueIsKept(t *testing.T) {
	nasty := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[ -~\n\t]{0,30}`),
		rapid.SampledFrom([]string{"${x}", "$${x}", "$$${x}", "$", "null", "~", "007", "1e5", "yes", "a: b", "a #b", "- x", "{", "}", "'", `"`, "\\", "\n", "a\nb\n", " a\n b", "\u2028x", "\ufeffy", "<<", "*x", "&x", "!x", "%", "@", "`", "${", "…", "0x1F", "2024-01-01", "|", ">", "?", "a\r\nb"}),
	)
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.Custom(func(rt *rapid.T) string { return strings.Join(rapid.SliceOfN(nasty, 1, 4).Draw(rt, "parts"), "") }).Draw(rt, "value")
		key := rapid.StringMatching(`[ -~]{1,20}`).Draw(rt, "key")
		p := &draft.Plan{Name: value, Source: value, Kind: value, Said: []string{value}, BaseURL: "http://127.0.0.1:1",
			Env: []draft.Variable{{Name: "V", Default: value, Description: value}},
			Scenarios: []draft.Scenario{{Name: "one", Comment: value, Executor: []draft.Pair{{Key: "type", Value: draft.Word("per-vu-iterations")}},
				Steps: []draft.Step{{Comment: value, Words: []draft.Pair{
					{Key: "post", Value: draft.Template("/")}, {Key: "name", Value: draft.Literal("x" + value)},
					{Key: "json", Value: draft.Map(draft.Pair{Key: key, Value: draft.Literal(value)}, draft.Pair{Key: key + "_", Value: draft.List(draft.Literal(value), draft.Run(draft.Literal(value)))})},
				}}}}}}
		text := p.Text()
		plan, problems := load(t, text)
		if len(problems) > 0 {
			rt.Fatalf("%q: %v\n%s", value, problems, text)
		}
		step := plan.Scenarios[0].Value.Steps[0].(*spec.Request)
		sent := step.JSON.Entries
		want := strings.ReplaceAll(value, "${", "$${")
		for _, got := range []spec.Value{sent[0].Value, sent[1].Value.Items[0], sent[1].Value.Items[1].Items[0]} {
			if sent[0].Key != key || got.Text.Value != want || !got.Text.Quoted && looksTyped(want) {
				rt.Fatalf("%q became %q, its key %q became %q\n%s", want, got.Text.Value, key, sent[0].Key, text)
			}
		}
	})
}

// looksTyped tells whether JSON would take a plain scalar for something else than text.
func looksTyped(s string) bool {
	var f float64
	_, err := fmt.Sscanf(s, "%g", &f)
	return err == nil || s == "null" || s == "true" || s == "false"
}

// TestALargeRecordingStillMakesAPlan cuts what no plan can hold, says so, and leaves no capture that nobody reads.
func TestALargeRecordingStillMakesAPlan(t *testing.T) {
	var entries []string
	for i := range 2500 {
		entries = append(entries, fmt.Sprintf(`{"request":{"method":"POST","url":"http://a.example/x/id-%d-abcdef","postData":{"mimeType":"application/json","text":"{\"pad\":\"%s\"}"}},"response":{"status":200,"content":{"mimeType":"application/json","text":"{\"id\":\"id-%d-abcdef\"}"}}}`, i, strings.Repeat("x", 200), i+1))
	}
	p, err := draft.From(draft.Input{Name: "big.har", Text: []byte(`{"log":{"entries":[` + strings.Join(entries, ",\n") + `]}}`)}, "", draft.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := p.Text()
	compiled(t, p, text, "http://127.0.0.1:1")
	captured, read := strings.Count(text, `json("id")`), strings.Count(text, "/x/${id")
	if captured == 0 || captured != read || !strings.Contains(text, "a plan has at most 256 KiB") || !strings.Contains(text, "the last 1000 requests") {
		t.Errorf("%d captures, %d of them read:\n%.2000s", captured, read, text)
	}
}

// FuzzFrom makes plans of anything: it is an error, or a plan that loads and compiles.
func FuzzFrom(f *testing.F) {
	for _, seed := range []string{
		"curl http://x/ -d 'a=${b}' -H 'a: b # c'", "curl 'http://x/\x00' -F 'a=@b;type=c'", "curl -H \"Authorization: Bearer $T\" $U/x?a=b&c",
		"curl ^\"http://x/^\" ^\n -H ^\"a: ^%^\"", "curl -u a:b -X \"PO ST\" 'http://a b/' 'ftp://x' \"http://[::1]:99999/\"",
	} {
		f.Add("", seed)
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if source, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, ".curl.yaml") {
			f.Add("", string(source))
		}
	}
	f.Fuzz(func(t *testing.T, kind, source string) {
		p, err := draft.From(draft.Input{Name: "fuzz", Text: []byte(source)}, kind, draft.Options{})
		if err != nil {
			return
		}
		compiled(t, p, p.Text(), "http://127.0.0.1:1")
	})
}

package request_test

import (
	"testing"
)

func TestAPageOfAnEarlierStepIsStillThere(t *testing.T) {
	s := &server{replies: map[string]string{"/page": "200\n\n<title>first</title>", "/other": "200\n\n<title>a longer second one</title>"}}
	w, _ := once(t, s, "", `
      - get: /page
        name: page
        check: [html("title") == "first"]
      - get: /other
        check: [html("title") == "a longer second one"]
      - log: ${steps.page.html("title")} ${steps.page.regex("<title>(.*)</title>")} ${response.html("title")}
`)
	if got := w.Lines(); len(got) != 1 || got[0] != "first first a longer second one" {
		t.Errorf("said %q", got)
	}
	if n := w.Value(w.Cut(), "checks", "", "", "fails"); n != 0 {
		t.Errorf("%v checks failed", n)
	}
}

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"runner/runner/monitor/bystander"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"runner": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts shows the program as users meet it: one story a file.
func TestScripts(t *testing.T) {
	beside()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			s := httptest.NewServer(http.HandlerFunc(serve))
			e.Defer(s.Close)
			e.Setenv("TARGET", s.URL)
			dead := httptest.NewServer(nil)
			dead.Close()
			e.Setenv("DEAD", dead.URL)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode":  exitcode,
			"interrupt": interrupt,
		},
	})
}

// serve is the target of the scripts.
func serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/slow":
		select {
		case <-r.Context().Done():
		case <-time.After(30 * time.Second):
		}
	case "/500":
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, `{"error":"broken"}`)
	case "/hostile":
		fmt.Fprint(w, "{\"text\":\"\x1b[2J\x1b]0;title\x07 \u202e done\"}")
	case "/echo":
		fmt.Fprintf(w, `{"authorization":%q}`, r.Header.Get("Authorization"))
	default:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":"x1","items":[1,2,3],"ok":true}`)
	}
}

// exitcode CODE COMMAND… runs a command that must end with that code. Its output is there for stdout and stderr. A run that
// says that others had this machine, while this process felt the same, is made again, twice at most: it judged nothing.
func exitcode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE COMMAND…")
	}
	for range 3 {
		begin := time.Now()
		got := codeOf(ts.Exec(args[1], args[2:]...))
		if got == args[0] {
			return
		}
		seen, busy := beside().Busy(begin, time.Now(), bystander.Late)
		ts.Logf("exit code %s, want %s; %s", got, args[0], seen)
		if !busy || got != "96" || !strings.Contains(ts.ReadFile("stdout"), "busy machine: ") {
			break
		}
	}
	ts.Fatalf("not exit code %s", args[0])
}

// beside is the bystander of all runs that these tests start.
var beside = sync.OnceValue(bystander.Start)

func codeOf(err error) string {
	if err == nil {
		return "0"
	}
	type coder interface{ ExitCode() int }
	if c, ok := err.(coder); ok {
		return fmt.Sprint(c.ExitCode())
	}
	return strings.TrimPrefix(err.Error(), "exit status ")
}

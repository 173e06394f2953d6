package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"
)

func TestFlags(t *testing.T) {
	env := map[string]string{"PORT": "4000", "SUPABASE_ANON_KEY": "a", "SUPABASE_SERVICE_ROLE_KEY": "s", "STRIPE_WEBHOOK_SECRET": "w"}
	cfg, err := parseConfig([]string{"--latency", "20ms", "--error-rate", "0.5%", "--seed", "7"}, func(k string) string { return env[k] }, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "PORT is used where --listen is absent", cfg.listen, "127.0.0.1:4000")
	want(t, "latency", cfg.latency, 20*time.Millisecond)
	want(t, "error rate", cfg.errorRate, 0.005)
	want(t, "seed", cfg.seed, 7)
	want(t, "keys", cfg.keys, keys{anon: "a", service: "s"})
	want(t, "webhook secret", cfg.webhookSecret, "w")

	cfg, err = parseConfig([]string{"--listen", "127.0.0.1:5000"}, func(k string) string { return env[k] }, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "--listen outranks PORT", cfg.listen, "127.0.0.1:5000")

	cfg, err = parseConfig(nil, noEnv, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "default address", cfg.listen, defaultListen)
	want(t, "default keys", cfg.keys, keys{anon: "local-anon-key", service: "local-service-role-key"})
	want(t, "default webhook secret", cfg.webhookSecret, "whsec_local")
}

func TestBadFlagsAreExplained(t *testing.T) {
	for _, row := range []struct{ args, says, why string }{
		{"--error-rate 5", "want 0% to 100%", "five what?"},
		{"--error-rate 1", "write 1% or 100%", "either could be meant"},
		{"--error-rate 101%", "want 0% to 100%", "more than all"},
		{"--error-rate NaN", "want 0% to 100%", "a float that compares with nothing"},
		{"--error-rate some", "want a share", "not a number"},
		{"--latency 20", "invalid value \"20\"", "the unit is missing"},
		{"--latency -1s", "want 0s to 1m", "time does not go back"},
		{"--seats 3", "--seats 3: the test event's 16", "the tickets of the scanner plan need a seat"},
		{"--events 0", "want 1 to 10000", "the test event is one"},
		{"--tickets -1", "want 0 to 1000000", "a count"},
		{"--nope", "see boxoffice --help", "where to look"},
		{"serve", "unexpected argument \"serve\"", "there are no subcommands"},
	} {
		_, err := parseConfig(strings.Fields(row.args), noEnv, io.Discard)
		if err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s (%s): got %v, want %q", row.args, row.why, err, row.says)
		}
	}
	same := func(string) string { return "x" }
	if _, err := parseConfig([]string{"--listen", ":0"}, same, io.Discard); err == nil {
		t.Error("one key for the public and the staff is accepted")
	}
}

func TestHelpNamesEveryFlag(t *testing.T) {
	var help bytes.Buffer
	if _, err := parseConfig([]string{"--help"}, noEnv, &help); !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
	for _, word := range []string{"--listen", "--db", "--latency", "--error-rate", "--seed", "--events", "--seats", "--tickets", "PORT", "STRIPE_WEBHOOK_SECRET"} {
		if !strings.Contains(help.String(), word) {
			t.Errorf("help does not mention %s:\n%s", word, help.String())
		}
	}
	want(t, "exit code of --help", run(t.Context(), []string{"--help"}, noEnv, io.Discard, io.Discard), 0)
	want(t, "exit code of a bad flag", run(t.Context(), []string{"--nope"}, noEnv, io.Discard, io.Discard), 2)
}

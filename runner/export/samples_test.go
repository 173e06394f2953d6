package export

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"runner/runner/metrics"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// golden compares with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update if it is meant to)\n--- got\n%s\n--- want\n%s", path, got, want)
	}
}

const ms = int64(1_000_000)

// shop is a layout whose names are as bad as names can be.
func shop() *metrics.Layout {
	return &metrics.Layout{
		Classes:   []string{"", "timeout"},
		Scenarios: []metrics.Scenario{{Name: "buy", Stages: []string{"warm up"}, Drops: true}},
		Steps: []metrics.Step{
			{Name: `GET /"a",b`, Scenario: 0, Group: 0, Method: "GET"}, {Name: "=HYPERLINK(1)\x1b[31m", Scenario: 0, Group: -1, Method: "POST"},
		},
		Groups: []metrics.Group{{Name: "checkout", Scenario: 0, Parent: -1}},
		Checks: []metrics.Check{{Name: "ok", Scenario: 0, Step: 0}},
	}
}

func infoOf(l *metrics.Layout) Info {
	return Info{Layout: l, Plan: "shop", RunID: "r1", Begin: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Tool: metrics.Tool{Name: "runner", Version: "1.0.0"}, Log: func(string) {}}
}

func requests() []metrics.Request {
	return []metrics.Request{
		{Step: 0, Stage: 1, Status: 200, Last: true, First: true, BytesOut: true, Due: 1 * ms, Start: 2 * ms, End: 12*ms + 345_678,
			Blocked: 1, DNS: 20, Connecting: 300, TLS: 4000, Sending: 50_000, Waiting: 10 * ms, Receiving: 295_678, Sent: 100, Received: 2000},
		{Step: 1, Class: 1, Last: true, Failed: true, Due: 3 * ms, Start: 3 * ms, End: 10_003 * ms, Blocked: 10_000 * ms},
	}
}

// written sends requests through a stream and reads the file.
func written(t *testing.T, name string, batches ...[]metrics.Request) (string, metrics.OutputResult) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	s, err := openSamples(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(infoOf(shop())); err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		s.(Tap).Requests(b)
	}
	result := s.Close(t.Context())
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, ".gz") {
		zip, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if text, err = io.ReadAll(zip); err != nil {
			t.Fatal(err)
		}
	}
	return string(text), result
}

func TestSamplesNDJSON(t *testing.T) {
	for _, name := range []string{"s.ndjson", "s.ndjson.gz"} {
		text, result := written(t, name, requests())
		golden(t, "samples.ndjson", []byte(text))
		if result.Delivered != 2 || result.Missed != 0 || result.Error != "" {
			t.Errorf("%+v", result)
		}
		for line := range strings.Lines(text) {
			var back map[string]any
			if err := json.Unmarshal([]byte(line), &back); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}

func TestSamplesCSV(t *testing.T) {
	text, _ := written(t, "s.csv.gz", requests())
	golden(t, "samples.csv", []byte(text))
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][2] != `GET /"a",b` || rows[2][2] != `'=HYPERLINK(1)\x1b[31m` {
		t.Errorf("%v: %q", err, rows)
	}
}

func TestSamplesMillis(t *testing.T) {
	for ns, want := range map[int64]string{0: "0", 1: "0.000001", 1_234_567: "1.234567", 1_000_000: "1", -1_500_000: "-1.5", 100_000: "0.1", 1e15: "1000000000"} {
		if got := string(millis([]byte("x"), ns)); got != "x"+want {
			t.Errorf("%d ns is %s, want %s", ns, got, want)
		}
	}
}

// stuck is a file that takes nothing until it is let go.
type stuck struct{ free chan struct{} }

func (s *stuck) head(text []byte) []byte { <-s.free; return text }

func (s *stuck) line(text []byte, _ *metrics.Request) []byte { return append(text, '\n') }

// A file that does not keep up costs samples, which are counted, and nobody waits for it.
func TestSamplesThatFindNoRoomAreCounted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.ndjson")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	s := newSamples(path)
	s.open(f)
	slow := &stuck{free: make(chan struct{})}
	s.format = slow
	go s.run()
	for range maxBatches + 10 {
		s.Requests(requests())
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if r := s.Close(ctx); !strings.Contains(r.Error, "too long") || r.Missed < 20 {
		t.Errorf("a file that hangs: %+v", r)
	}
	close(slow.free)
	<-s.done
	if r := s.result; r.Delivered+r.Missed != 2*(maxBatches+10) || r.Missed < 18 || r.Missed > 20 {
		t.Errorf("%+v", r)
	}
}

func TestSamplesOnAFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here: ", err)
	}
	s, err := openSamples("/dev/full")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(infoOf(shop())); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		s.(Tap).Requests(requests())
	}
	if r := s.Close(t.Context()); r.Delivered != 0 || r.Missed != 20 || !strings.Contains(r.Error, "no space left") {
		t.Errorf("%+v", r)
	}
}

func TestSamplesTargets(t *testing.T) {
	for target, want := range map[string]string{"-": "samples need a file", t.TempDir(): "is a folder", "/no/such/s.csv": "does not exist"} {
		if _, err := openSamples(target); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// Once warm, a line costs no allocation.
func TestSamplesAllocateNothing(t *testing.T) {
	for name, format := range map[string]encoder{"ndjson": newNDJSON(infoOf(shop())), "csv": newCSV(infoOf(shop()))} {
		list, text := requests(), make([]byte, 0, 4096)
		if n := testing.AllocsPerRun(100, func() {
			for i := range list {
				format.line(text[:0], &list[i])
			}
		}); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkSamples(b *testing.B) {
	list, text := requests(), make([]byte, 0, 4096)
	format := newNDJSON(infoOf(shop()))
	for b.Loop() {
		text = format.line(text[:0], &list[0])
	}
}

package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestServiceServesUntilItIsStopped(t *testing.T) {
	s := start(t, config("serve"))
	res, err := http.Get(s.URL() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	for range 2 { // stopping twice is no mistake
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s.cmd.ProcessState == nil {
		t.Error("the process was not reaped")
	}
	if err := receive(t, s.Died(), "end of Died"); err != nil {
		t.Errorf("a stopped service has not died: %v", err)
	}
	if got := s.Tail(20); !slices.Equal(got, []string{"listening"}) {
		t.Errorf("log %q", got)
	}
}

func TestStartFailures(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.txt")
	script := filepath.Join(dir, "script")
	if err := errors.Join(os.WriteFile(plain, []byte("text"), 0o600), os.WriteFile(script, []byte("#!/no/such/shell\n"), 0o700)); err != nil {
		t.Fatal(err)
	}
	self := os.Args[0]
	tests := []struct {
		why  string
		cfg  Config
		want []string
		unix bool
	}{
		{"nothing to run", Config{}, []string{"command is empty"}, false},
		{"a name is searched in PATH", Config{Command: []string{"no-such-program", "hunter2"}}, []string{`"no-such-program" is not installed`, "install it"}, false},
		{"a path is not searched", Config{Command: []string{"./bin/none", "hunter2"}, Dir: dir}, []string{filepath.Join(dir, "bin", "none")}, true},
		{"a file that is no program", Config{Command: []string{plain, "hunter2"}}, []string{plain, "chmod +x"}, true},
		{"the file is there, what runs it is not", Config{Command: []string{script}}, []string{script, "interpreter"}, true},
		{"a working folder that is not there", Config{Command: []string{self}, Dir: filepath.Join(dir, "none")}, []string{"dir: there is no folder"}, false},
		{"a working folder that is a file", Config{Command: []string{self}, Dir: plain}, []string{"dir: there is no folder"}, false},
		{"another process would answer", Config{Command: []string{self}, Port: taken.Addr().(*net.TCPAddr).Port}, []string{"was taken by another process"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			if tt.unix && runtime.GOOS == "windows" {
				t.Skip("Windows says it otherwise")
			}
			_, err := Start(t.Context(), "box", tt.cfg)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range append(tt.want, "service box: ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q shows an argument, which may be a secret", err)
			}
		})
	}
}

func TestExitBeforeReadyTellsCodeAndLog(t *testing.T) {
	cfg := config("exit", "SECRET=hunter2")
	cfg.Mask = strings.NewReplacer("hunter2", "***").Replace
	_, err := Start(t.Context(), "box", cfg)
	var ended *Ended
	if !errors.As(err, &ended) || ended.Code != 3 {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"service box: not ready: the process ended (exit status 3)", "\n  | line 12\n", "\n  | key is ***"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
	for _, not := range []string{"hunter2", "line 11\n"} {
		if strings.Contains(err.Error(), not) {
			t.Errorf("%q has %q", err, not)
		}
	}
}

func TestNeverReadyTellsTheLastAnswer(t *testing.T) {
	log := newWatch("poll 2\n") // then the answer to poll 1 has arrived
	cfg := config("unready")
	cfg.Log, cfg.Timeout = log, 7*time.Second
	s, err := launch("box", cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Stop(t.Context()) }()
	deadline := make(chan time.Time)
	go func() {
		receive(t, log.seen, "second poll")
		close(deadline)
	}()
	err = s.await(t.Context(), deadline)
	for _, want := range []string{"not ready after 7s", "GET " + s.URL() + "/healthz: answers 503 Service Unavailable", "\n  | poll 1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}

func TestTimeoutAndInterruptLeaveNothing(t *testing.T) {
	cfg := config("unready")
	cfg.Timeout = time.Nanosecond
	if _, err := Start(t.Context(), "box", cfg); err == nil || !strings.Contains(err.Error(), "not ready after 1ns") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	l := newListen(t)
	cfg = config("parent", l.Addr)
	cfg.Ready, cfg.Grace = "/none", time.Millisecond
	result := make(chan error)
	go func() {
		_, err := Start(ctx, "box", cfg)
		result <- err
	}()
	conn := l.accept(t)
	cancel()
	if err := receive(t, result, "end of Start"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	gone(t, conn)
}

// A second signal while a service starts: nobody waits for its grace.
func TestAStartInAHurryGivesNoGrace(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l := newListen(t)
	hurry := make(chan struct{})
	cfg := config("parent", l.Addr)
	cfg.Ready, cfg.Grace, cfg.Hurry = "/none", 10*patience, hurry
	result := make(chan error)
	go func() {
		_, err := Start(ctx, "box", cfg)
		result <- err
	}()
	conn := l.accept(t)
	cancel()
	close(hurry)
	if err := receive(t, result, "end of Start"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	gone(t, conn)
}

func TestStopEndsWhatTheServiceStarted(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		why   string
		grace time.Duration
		ctx   context.Context
	}{
		{"a child that ignores SIGTERM is killed after the grace", time.Millisecond, context.Background()},
		{"the caller has no time left", patience, cancelled},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			l := newListen(t)
			cfg := config("parent", l.Addr)
			cfg.Grace = tt.grace
			s := start(t, cfg)
			conn := l.accept(t)
			if err := s.Stop(tt.ctx); err == nil || !strings.Contains(err.Error(), "was killed") {
				t.Errorf("Stop says %v", err)
			}
			gone(t, conn)
		})
	}
}

func TestStopKillsAStubbornService(t *testing.T) {
	cfg := config("stubborn")
	cfg.Grace = time.Millisecond
	s := start(t, cfg)
	if err := s.Stop(t.Context()); err == nil {
		t.Error("SIGTERM was ignored, and Stop does not say so")
	}
	if s.cmd.ProcessState == nil {
		t.Error("the process was not reaped")
	}
}

// go run dies of SIGTERM at once; the server below it must still get its grace.
func TestStopWaitsForChildrenThatEndInOrder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no SIGTERM")
	}
	l := newListen(t)
	s := start(t, config("tidy", l.Addr))
	conn := l.accept(t)
	result := make(chan error)
	go func() { result <- s.Stop(context.Background()) }()
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatalf("no SIGTERM: %v", err)
	}
	receive(t, s.exited, "end of the parent")
	_, _ = conn.Write([]byte("!"))
	if err := receive(t, result, "end of Stop"); err != nil {
		t.Error(err)
	}
	if log := s.Tail(1); !slices.Equal(log, []string{"all written"}) {
		t.Errorf("log ends with %q", log)
	}
}

func TestDeathInTheMiddleIsReported(t *testing.T) {
	s := start(t, config("serve"))
	if res, err := http.Get(s.URL() + "/die"); err == nil {
		_ = res.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()
	err := receive(t, s.Died(), "report of the death")
	var ended *Ended
	const want = "service box: the process ended (exit status 7); the last lines of its log:\n  | listening\n  | out of tickets"
	if !errors.As(err, &ended) || ended.Code != 7 || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if err := receive(t, s.Died(), "end of Died"); err != nil {
		t.Errorf("it died twice: %v", err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Errorf("nothing is left to be killed: %v", err)
	}
}

func TestAChildDoesNotOutliveTheService(t *testing.T) {
	l := newListen(t)
	_, err := Start(t.Context(), "box", config("launcher", l.Addr))
	var ended *Ended
	if !errors.As(err, &ended) || ended.Code != 4 {
		t.Errorf("got %v", err)
	}
	gone(t, l.accept(t))
}

func TestAnswerOfAnotherProcessIsNotReadiness(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer other.Close()
	cfg := config("exit")
	cfg.Ready = other.URL
	s, err := launch("box", cfg)
	if err != nil {
		t.Fatal(err)
	}
	receive(t, s.exited, "end")
	if err := s.await(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
	_ = s.Stop(t.Context())
}

func TestConfirm(t *testing.T) {
	s := &Service{exited: make(chan struct{}), died: make(chan error, 1)}
	if err := s.confirm(); err != nil {
		t.Errorf("a process that runs is ready: got %v", err)
	}
	close(s.exited)
	s.died <- fmt.Errorf("service box: %w", &Ended{State: "exit status 3", Code: 3})
	var ended *Ended
	if err := s.confirm(); !errors.As(err, &ended) {
		t.Errorf("whoever answered, it was not the process that has ended: got %v", err)
	}
}

func TestServicesEndWithAKilledRunner(t *testing.T) {
	l := newListen(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SERVICE_TEST=runner", l.Addr)
	log := newWatch("up: <nil>\n")
	cmd.Stdout, cmd.Stderr = log, os.Stderr
	cmd.WaitDelay = time.Millisecond
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	conn := l.accept(t)
	receive(t, log.seen, "service of the runner")
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	gone(t, conn)
}

func TestLogGoesToTheWriterAndTheRing(t *testing.T) {
	cfg := config("flood")
	log := newWatch("last line\n")
	cfg.Log = log
	s := start(t, cfg)
	receive(t, log.seen, "last line")
	_ = s.Stop(t.Context())
	log.mu.Lock()
	defer log.mu.Unlock()
	if log.buf.Len() < 4*logBytes-100 {
		t.Errorf("the writer got %d bytes", log.buf.Len())
	}
	lines := s.Tail(1 << 20)
	if len(lines) < 600 || len(lines) > logBytes/100+2 {
		t.Errorf("the ring keeps %d lines", len(lines))
	}
	if len(lines[0]) != 99 {
		t.Errorf("the first line is a part: %q", lines[0])
	}
}

// broken is a log that cannot be shown.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestABrokenLogDoesNotStopTheService(t *testing.T) {
	cfg := config("flood")
	cfg.Log = broken{}
	s := start(t, cfg)
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if log := s.Tail(2); !slices.Contains(log, "last line") {
		t.Errorf("log ends with %q", log)
	}
}

func TestWithoutReadyNothingIsAwaited(t *testing.T) {
	cfg := config("unready")
	cfg.Ready = ""
	s := start(t, cfg)
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestReadyURL(t *testing.T) {
	for ready, want := range map[string]string{
		"/healthz":               "http://127.0.0.1:81/healthz",
		"healthz?deep=1":         "http://127.0.0.1:81/healthz?deep=1",
		"http://127.0.0.1:9/up":  "http://127.0.0.1:9/up",
		"https://localhost:9/up": "https://localhost:9/up",
	} {
		s := &Service{cfg: Config{Port: 81, Ready: ready}}
		if got := s.readyURL(); got != want {
			t.Errorf("%q: got %s", ready, got)
		}
	}
}

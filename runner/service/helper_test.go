package service

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long a test waits for what must happen; it is only spent where something is broken.
const patience = 60 * time.Second

// TestMain makes the test binary the service, too: SERVICE_TEST says which kind.
func TestMain(m *testing.M) {
	kind, is := os.LookupEnv("SERVICE_TEST")
	if !is {
		goleak.VerifyTestMain(m)
		return
	}
	kinds := map[string]func(){
		"serve": serve, "unready": unready, "exit": exit, "stubborn": stubborn, "parent": parent,
		"launcher": launcher, "child": child, "tidy": tidy, "flood": flood, "runner": runner, "late": late,
	}
	kinds[kind]()
}

// serve answers /healthz with 200 and ends with code 7 at /die.
func serve() {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/die", func(http.ResponseWriter, *http.Request) {
		fmt.Println("out of tickets")
		os.Exit(7)
	})
	fmt.Println("listening")
	fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), mux))
	os.Exit(1)
}

// late listens only when the test says so, as a service does that has to be compiled first.
func late() {
	conn, err := net.Dial("tcp", os.Getenv("TEST_ADDR"))
	if err != nil {
		panic(err)
	}
	_, _ = conn.Read(make([]byte, 1))
	serve()
}

// unready answers 503 and says so after each answer.
func unready() {
	var polls atomic.Int64
	fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Printf("poll %d\n", polls.Add(1))
	})))
}

// exit ends with code 3 after 30 lines and its secret.
func exit() {
	for i := range 30 {
		fmt.Printf("line %d\n", i+1)
	}
	fmt.Fprintln(os.Stderr, "key is", os.Getenv("SECRET"))
	os.Exit(3)
}

func stubborn() {
	signal.Ignore(syscall.SIGTERM, os.Interrupt)
	serve()
}

// parent serves while its child holds a connection to the test and ignores SIGTERM.
func parent() {
	spawn("child")
	serve()
}

// launcher starts a server and leaves it alone.
func launcher() {
	spawn("child")
	os.Exit(4)
}

// spawn starts the binary again, as go run starts the server, and waits until the child has reached the test.
func spawn(kind string) {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SERVICE_TEST="+kind)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = os.Stdout, os.Stderr, []*os.File{w}
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	_ = w.Close()
	_, _ = r.Read(make([]byte, 1)) // the child closes its end when it is there
}

// child lives until it is killed. The test's end of the connection tells when.
func child() {
	signal.Ignore(syscall.SIGTERM, os.Interrupt)
	conn := reach()
	_, _ = conn.Read(make([]byte, 1))
	select {}
}

// tidy dies of SIGTERM itself, while its child takes until the test says so.
func tidy() {
	if os.Getenv("TIDY") == "" {
		_ = os.Setenv("TIDY", "child")
		spawn("tidy")
		serve()
	}
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	conn := reach()
	<-term
	_, _ = conn.Write([]byte("t"))
	_, _ = conn.Read(make([]byte, 1))
	fmt.Println("all written")
}

// reach connects to the test and lets the parent go on.
func reach() net.Conn {
	conn, err := net.Dial("tcp", os.Getenv("TEST_ADDR"))
	if err != nil {
		panic(err)
	}
	_ = os.NewFile(3, "parent").Close()
	return conn
}

// flood writes more than the ring holds.
func flood() {
	line := strings.Repeat("x", 99) + "\n"
	for range 4 * logBytes / len(line) {
		fmt.Print(line)
	}
	fmt.Println("last line")
	serve()
}

// runner starts a service with a child of its own and waits to be killed.
func runner() {
	_, err := Start(context.Background(), "inner", Config{
		Command: []string{os.Args[0]}, Env: []string{"SERVICE_TEST=parent"}, Ready: "/healthz",
	})
	fmt.Println("up:", err)
	select {}
}

// config runs the binary as one kind of service.
func config(kind string, env ...string) Config {
	return Config{Command: []string{os.Args[0]}, Env: append(env, "SERVICE_TEST="+kind), Ready: "/healthz", Timeout: patience, Grace: patience}
}

func start(t *testing.T, cfg Config) *Service {
	t.Helper()
	s, err := Start(t.Context(), "box", cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		done, cancel := context.WithCancel(context.Background())
		cancel()
		_ = s.Stop(done)
	})
	return s
}

// listen accepts the connection of a child. Addr is what the child needs in its environment.
type listen struct {
	*net.TCPListener
	Addr string
}

func newListen(t *testing.T) *listen {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return &listen{l.(*net.TCPListener), "TEST_ADDR=" + l.Addr().String()}
}

func (l *listen) accept(t *testing.T) net.Conn {
	t.Helper()
	_ = l.SetDeadline(time.Now().Add(patience))
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// gone waits until the other end of a connection has ended, which closes it.
func gone(t *testing.T, conn net.Conn) {
	t.Helper()
	if _, err := conn.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Fatalf("the child lives: %v", err)
	}
}

// watch is a log that tells when a text has been written.
type watch struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	text string
	seen chan struct{}
}

func newWatch(text string) *watch { return &watch{text: text, seen: make(chan struct{})} }

func (w *watch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := bytes.Contains(w.buf.Bytes(), []byte(w.text))
	w.buf.Write(p)
	if !before && bytes.Contains(w.buf.Bytes(), []byte(w.text)) {
		close(w.seen)
	}
	return len(p), nil
}

func receive[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("no %s", what)
	}
	return v
}

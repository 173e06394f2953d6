package dial

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"runner/runner/protocol"
)

// await checks a connection until it is something else than alive.
func await(t *testing.T, c *Conn) (State, string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if state, stray := c.Check(); state != Alive {
			return state, string(stray)
		}
	}
	return Alive, ""
}

type checkRow struct {
	reason string
	does   func(c net.Conn)
	want   State
	stray  string
}

var checkRows = []checkRow{
	{"it closes", func(c net.Conn) { _ = c.Close() }, Closed, ""},
	{"it sends", func(c net.Conn) { _, _ = io.WriteString(c, "hello") }, Stray, "hello"},
	{"it sends a lot", func(c net.Conn) { _, _ = c.Write(make([]byte, 1000)) }, Stray, string(make([]byte, 16))},
	{"it sends and closes", func(c net.Conn) { _, _ = io.WriteString(c, "hello"); _ = c.Close() }, Stray, "hello"},
}

func TestCheck(t *testing.T) {
	reset := checkRow{"it resets", func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() }, Closed, ""}
	for _, r := range append(checkRows, reset) {
		now := make(chan struct{})
		target := listen(t, "tcp", "127.0.0.1:0", func(c net.Conn) {
			<-now
			r.does(c)
		})
		checkOne(t, r, newDialer(t, Config{}), target, now)
	}
}

func TestCheckTLS(t *testing.T) {
	pair, ca := certificate(t)
	cut := checkRow{"it closes without a word", func(c net.Conn) { _ = c.(*tls.Conn).NetConn().Close() }, Closed, ""}
	for _, r := range append(checkRows, cut) {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			now := make(chan struct{})
			conf := &tls.Config{Certificates: []tls.Certificate{pair}, MaxVersion: version}
			target := listenTLS(t, conf, func(c *tls.Conn) {
				<-now
				r.does(c)
			})
			checkOne(t, r, newDialer(t, Config{CA: ca}), target, now)
		}
	}
}

// checkOne looks at the connection again and again before anything happens (a session ticket does), and after.
func checkOne(t *testing.T, r checkRow, d *Dialer, target protocol.Target, now chan struct{}) {
	t.Helper()
	var timing protocol.Timing
	conn, f := d.Dial(t.Context(), target, &timing)
	if f.Class != protocol.ClassNone {
		t.Fatal(f)
	}
	defer conn.Abort()
	_ = conn.SetDeadline(time.Unix(1, 0)) // one that passed while the connection was idle
	for range 100 {
		if state, stray := conn.Check(); state != Alive {
			t.Fatalf("%s: %v %q before anything happened", r.reason, state, stray)
		}
	}
	close(now)
	if state, stray := await(t, conn); state != r.want || stray != r.stray {
		t.Errorf("%s: %v %q", r.reason, state, stray)
	}
}

// Looking takes nothing away from a connection that goes on, and nothing from the heap.
func TestCheckThenUse(t *testing.T) {
	pair, ca := certificate(t)
	echo := func(c net.Conn) { _, _ = io.Copy(c, c) }
	targets := []protocol.Target{
		listen(t, "tcp", "127.0.0.1:0", echo),
		listenTLS(t, &tls.Config{Certificates: []tls.Certificate{pair}}, func(c *tls.Conn) { echo(c) }),
	}
	d := newDialer(t, Config{CA: ca})
	for _, target := range targets {
		var timing protocol.Timing
		conn, f := d.Dial(t.Context(), target, &timing)
		if f.Class != protocol.ClassNone {
			t.Fatal(f)
		}
		for range 100 {
			if state, _ := conn.Check(); state != Alive {
				t.Fatalf("TLS %v: %v", target.TLS, state)
			}
			_, _ = io.WriteString(conn, "hello")
			got := make([]byte, 5)
			if _, err := io.ReadFull(conn, got); err != nil || string(got) != "hello" {
				t.Fatalf("TLS %v: %q %v", target.TLS, got, err)
			}
		}
		if allocs := testing.AllocsPerRun(100, func() { conn.Check() }); allocs != 0 && !target.TLS {
			t.Errorf("%v allocations", allocs)
		}
		conn.Abort()
	}
}

func TestWrapped(t *testing.T) {
	a, b := net.Pipe()
	defer b.Close()
	conn := Wrap(a)
	if state, _ := conn.Check(); state != Alive || conn.Secured() {
		t.Error(state)
	}
	conn.Abort()
}

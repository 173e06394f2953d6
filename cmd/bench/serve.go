package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// times counts durations by the microsecond, up to 100 ms; longer ones count as that.
type times [100_001]atomic.Int64

func (t *times) add(d time.Duration) { t[min(max(d.Microseconds(), 0), int64(len(t)-1))].Add(1) }

// percentile is the value of rank ⌈q·n⌉, in µs; 0 of none.
func (t *times) percentile(q float64) int {
	var n, seen int64
	for i := range t {
		n += t[i].Load()
	}
	for i := range t {
		if seen += t[i].Load(); float64(seen) >= q*float64(n) && seen > 0 {
			return i
		}
	}
	return 0
}

const reply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n" + `{"received":true,"id":"item-17"}`

// serve is a server that knows how long it took. It writes its address to the file in BENCH_ADDRESS, and the p99 of its time
// in µs when it is told to end.
func serve(out io.Writer) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := publish(os.Getenv("BENCH_ADDRESS"), "http://"+l.Addr().String()); err != nil {
		return err
	}
	t := new(times)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answer(c, t)
		}
	}()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	_, err = fmt.Fprintln(out, t.percentile(0.99))
	return err
}

// answer serves requests without a body, one after the other.
func answer(c net.Conn, t *times) {
	defer c.Close()
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(buf)
		begin := time.Now()
		if err != nil || !bytes.HasSuffix(buf[:n], []byte("\r\n\r\n")) {
			return
		}
		if _, err := io.WriteString(c, reply); err != nil {
			return
		}
		t.add(time.Since(begin))
	}
}

// publish puts text into a file that is whole as soon as it is there.
func publish(file, text string) error {
	if err := os.WriteFile(file+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// waitFor reads and removes a published file.
func waitFor(file string) (string, error) {
	for range 500 {
		if text, err := os.ReadFile(file); err == nil {
			return string(text), os.Remove(file)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return "", errors.New("the server did not come up")
}

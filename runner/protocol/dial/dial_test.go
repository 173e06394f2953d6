package dial

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/protocol"
)

func TestDial(t *testing.T) {
	d := newDialer(t, Config{})
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		target := listen(t, "tcp", address, nothing)
		f, timing := try(t, d, target, 5*time.Second)
		if f.Class != protocol.ClassNone || timing.Connecting <= 0 || timing.DNS != 0 || timing.TLS != 0 {
			t.Errorf("%s: %v %+v", address, f, timing)
		}
	}
}

// localhost may be either loopback; whichever is refused, the other is tried, and later first.
func TestDialLocalhost(t *testing.T) {
	d := newDialer(t, Config{})
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		target := listen(t, "tcp", address, nothing)
		for _, name := range []string{"localhost", "LocalHost.", "api.localhost"} {
			target.Host = name
			if f, timing := try(t, d, target, 5*time.Second); f.Class != protocol.ClassNone || timing.DNS != 0 {
				t.Errorf("%s as %s: %v %+v", address, name, f, timing)
			}
		}
	}
}

func TestDialHosts(t *testing.T) {
	target := listen(t, "tcp", "127.0.0.1:0", nothing)
	d := newDialer(t, Config{Resolver: newResolver(t, ResolverConfig{
		Hosts: map[string][]string{"Shop.Example": {"127.0.0.1"}},
	})})
	target.Host = "shop.example"
	if f, _ := try(t, d, target, 5*time.Second); f.Class != protocol.ClassNone {
		t.Error(f)
	}
	if _, err := NewResolver(ResolverConfig{Hosts: map[string][]string{"a": {"nowhere"}}}); err == nil || !strings.Contains(err.Error(), `"nowhere"`) {
		t.Error(err)
	}
	if _, err := NewResolver(ResolverConfig{Hosts: map[string][]string{"a": nil}}); err == nil {
		t.Error("a host without an address")
	}
}

func TestDialFailures(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	unknown := func(_ context.Context, host string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	d := newDialer(t, Config{Resolver: newResolver(t, ResolverConfig{Lookup: unknown})})
	for _, r := range []struct {
		reason string
		target protocol.Target
		class  protocol.Class
		text   string
	}{
		{"nobody listens", protocol.Target{Host: "127.0.0.1", Port: port}, protocol.ClassDial, "connect 127.0.0.1:" + port + ": connection refused"},
		{"nobody listens on any address", protocol.Target{Host: "localhost", Port: port}, protocol.ClassDial, "connect 127.0.0.1:" + port + ": connection refused"},
		{"an unknown name", protocol.Target{Host: "shop.invalid", Port: "80"}, protocol.ClassDNS, "resolve shop.invalid: no such host"},
		{"no name", protocol.Target{Port: "80"}, protocol.ClassDNS, "the URL has no host"},
		{"no port", protocol.Target{Host: "127.0.0.1"}, protocol.ClassDial, "the port must be 1..65535"},
		{"port 0", protocol.Target{Host: "127.0.0.1", Port: "0"}, protocol.ClassDial, "the port must be 1..65535"},
		{"a port too high", protocol.Target{Host: "127.0.0.1", Port: "65536"}, protocol.ClassDial, "the port must be 1..65535"},
	} {
		f, _ := try(t, d, r.target, 5*time.Second)
		if f.Class != r.class || f.Err == nil || !strings.Contains(f.Err.Error(), r.text) {
			t.Errorf("%s: %v", r.reason, f)
		}
	}
}

// A dial ends when its context does, wherever it is, and says where it was.
func TestDialEnds(t *testing.T) {
	never := func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	d := newDialer(t, Config{Resolver: newResolver(t, ResolverConfig{Lookup: never})})
	silent := listen(t, "tcp", "127.0.0.1:0", nothing)
	silent.TLS = true
	for _, r := range []struct {
		text   string
		target protocol.Target
	}{
		{"resolving slow.invalid", protocol.Target{Host: "slow.invalid", Port: "80"}},
		{"TLS handshake with 127.0.0.1", silent},
	} {
		f, timing := try(t, d, r.target, 50*time.Millisecond)
		if f.Class != protocol.ClassTimeout || !strings.Contains(f.Err.Error(), r.text) {
			t.Errorf("%s: %v", r.text, f)
		}
		if spent := time.Duration(timing.DNS + timing.Connecting + timing.TLS); spent < 40*time.Millisecond {
			t.Errorf("%s: %+v", r.text, timing)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		began := time.Now()
		_, f = d.Dial(ctx, r.target, &timing)
		if f.Class != protocol.ClassInterrupted || !strings.Contains(f.Err.Error(), r.text) || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %v", r.text, f)
		}
	}
}

// A thousand dials that wait for nothing don't keep another one waiting.
func TestBlackHoleStallsNobody(t *testing.T) {
	never := func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	d := newDialer(t, Config{Resolver: newResolver(t, ResolverConfig{Lookup: never})})
	target := listen(t, "tcp", "127.0.0.1:0", nothing)
	ctx, cancel := context.WithCancel(t.Context())
	var stuck sync.WaitGroup
	for range 1000 {
		stuck.Go(func() {
			var timing protocol.Timing
			if _, f := d.Dial(ctx, protocol.Target{Host: "hole.invalid", Port: "80"}, &timing); f.Class != protocol.ClassInterrupted {
				t.Error(f)
			}
		})
	}
	if f, _ := try(t, d, target, 30*time.Second); f.Class != protocol.ClassNone {
		t.Error(f)
	}
	cancel()
	stuck.Wait()
}

// Goroutines are reused while there is work, die when there is none, and Close leaves none behind.
func TestWorkersDie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refuse := func(context.Context, string) ([]netip.Addr, error) { return nil, &net.DNSError{IsNotFound: true} }
		r, err := NewResolver(ResolverConfig{Lookup: refuse})
		if err != nil {
			t.Fatal(err)
		}
		d, err := New(Config{Resolver: r})
		if err != nil {
			t.Fatal(err)
		}
		var timing protocol.Timing
		for range 3 {
			_, f := d.Dial(t.Context(), protocol.Target{Host: "x.invalid", Port: "80"}, &timing)
			if f.Class != protocol.ClassDNS {
				t.Error(f)
			}
			synctest.Wait()
		}
		time.Sleep(idle + time.Nanosecond)
		synctest.Wait()
		select {
		case d.jobs <- nil:
			t.Error("a goroutine still waits for work")
		default:
		}
		d.Close()
		if _, f := d.Dial(t.Context(), protocol.Target{Host: "x.invalid", Port: "80"}, &timing); f.Class != protocol.ClassInterrupted {
			t.Errorf("after Close: %v", f)
		}
		d.Close()
		r.Close()
	})
}

// Of the failures of several addresses the one that helps is told.
func TestTelling(t *testing.T) {
	failed := func(errno syscall.Errno) protocol.Failure {
		err := os.NewSyscallError("connect", errno)
		return protocol.Fail(classify(err, protocol.ClassDial), reason(err))
	}
	four, six := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	for _, r := range []struct {
		reason string
		first  syscall.Errno
		next   syscall.Errno
		addr   netip.Addr
		want   syscall.Errno
	}{
		{"the first", syscall.ECONNREFUSED, syscall.EHOSTUNREACH, four, syscall.ECONNREFUSED},
		{"no IPv6 here", syscall.EADDRNOTAVAIL, syscall.ECONNREFUSED, four, syscall.ECONNREFUSED},
		{"no route for IPv6", syscall.ENETUNREACH, syscall.ECONNREFUSED, four, syscall.ECONNREFUSED},
		{"no ports left for IPv4", syscall.EADDRNOTAVAIL, syscall.ECONNREFUSED, six, syscall.EADDRNOTAVAIL},
		{"no descriptors", syscall.EMFILE, syscall.ECONNREFUSED, four, syscall.EMFILE},
	} {
		if got := telling(failed(r.first), failed(r.next), r.addr); got != failed(r.want) {
			t.Errorf("%s: %v", r.reason, got)
		}
	}
	if got := telling(protocol.Failure{}, failed(syscall.EMFILE), four); got.Class != protocol.ClassLocal {
		t.Errorf("the only one: %v", got)
	}
}

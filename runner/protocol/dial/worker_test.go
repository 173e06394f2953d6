package dial

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/protocol"
)

// Of a crowd that begins at once a few are dialled for. As soon as they show to be slow the next ones begin as well: nobody
// waits until a dial before his is over.
func TestCrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const crowd, waves = 5*few + 1, 6
		var begun atomic.Int64
		await := dialAtOnce(t, crowd, func() {
			begun.Add(1)
			time.Sleep(time.Minute)
		})
		for wave := range int64(waves) {
			synctest.Wait()
			if got, want := begun.Load(), min((wave+1)*few, crowd); got != want {
				t.Errorf("%d dials have begun after %v, not %d", got, time.Duration(wave)*lately, want)
			}
			time.Sleep(lately)
		}
		await()
	})
}

// Workers go on with those who stand in line, and no more of them come than are needed: quick dials take few.
func TestLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const crowd = 20 * few
		var at, most atomic.Int64
		await := dialAtOnce(t, crowd, func() {
			most.Store(max(most.Load(), at.Add(1)))
			time.Sleep(lately + lately/2) // so that each is still under way when the next may begin
			at.Add(-1)
		})
		await()
		if got := most.Load(); got > 3*few {
			t.Errorf("%d dials at once", got)
		}
	})
}

// dialAtOnce dials n hosts whose names nobody knows, which takes a lookup each to find out. await returns when all have
// found it out, and closes what it took.
func dialAtOnce(t *testing.T, n int, lookup func()) (await func()) {
	t.Helper()
	r, err := NewResolver(ResolverConfig{Lookup: func(context.Context, string) ([]netip.Addr, error) {
		lookup()
		return nil, &net.DNSError{IsNotFound: true}
	}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(Config{Resolver: r})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			var timing protocol.Timing
			_, f := d.Dial(t.Context(), protocol.Target{Host: fmt.Sprintf("h%d.invalid", i), Port: "80"}, &timing)
			if f.Class != protocol.ClassDNS {
				t.Error(f)
			}
		})
	}
	return func() {
		all.Wait()
		d.Close()
		r.Close()
	}
}

package dial

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// counting answers with one address and counts how often it was asked.
func counting(asked *atomic.Int64, takes time.Duration) func(context.Context, string) ([]netip.Addr, error) {
	return func(ctx context.Context, host string) ([]netip.Addr, error) {
		asked.Add(1)
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if host == "bad" {
			return nil, errors.New("refused")
		}
		return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
	}
}

func TestResolverCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		r := newResolver(t, ResolverConfig{TTL: 10 * time.Second, Lookup: counting(&asked, time.Second)})
		for _, step := range []struct {
			reason string
			pass   time.Duration
			name   string
			asked  int64
			waited bool
			fails  bool
		}{
			{"the first time", 0, "a", 1, true, false},
			{"known", 0, "a", 1, false, false},
			{"known by any spelling", 0, "A.", 1, false, false},
			{"known until the TTL is over", 9999 * time.Millisecond, "a", 1, false, false},
			{"asked again afterwards", time.Millisecond, "a", 2, true, false},
			{"another name", 0, "b", 3, true, false},
			{"a refusal", 0, "bad", 4, true, true},
			{"a refusal is known for a moment", 999 * time.Millisecond, "bad", 4, false, true},
			{"and only for a moment", time.Millisecond, "bad", 5, true, true},
		} {
			time.Sleep(step.pass)
			_, waited, err := r.lookup(t.Context(), step.name)
			if waited != step.waited || asked.Load() != step.asked || (err != nil) != step.fails {
				t.Errorf("%s: waited %v, asked %d, %v", step.reason, waited, asked.Load(), err)
			}
		}
	})
}

// However many ask at once, there is one lookup; one who gives up takes nothing from the others.
func TestResolverAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		r := newResolver(t, ResolverConfig{Lookup: counting(&asked, time.Second)})
		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		var work sync.WaitGroup
		work.Go(func() {
			if _, _, err := r.lookup(impatient, "a"); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
		for range 100 {
			work.Go(func() {
				if b, waited, err := r.lookup(t.Context(), "a"); err != nil || !waited || len(b.addrs) != 1 {
					t.Error(b, waited, err)
				}
			})
		}
		work.Wait()
		if asked.Load() != 1 {
			t.Errorf("asked %d times", asked.Load())
		}
	})
}

// Close ends a lookup that nobody answers.
func TestResolverClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		r := newResolver(t, ResolverConfig{Lookup: counting(&asked, 10*time.Second)})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, _ = r.lookup(ctx, "a")
		began := time.Now()
		r.Close()
		if took := time.Since(began); took != 0 {
			t.Errorf("Close took %v", took)
		}
	})
}

func TestLiteralsAreNotAsked(t *testing.T) {
	var asked atomic.Int64
	r := newResolver(t, ResolverConfig{Lookup: counting(&asked, 0)})
	for _, host := range []string{"127.0.0.1", "::1", "[::1]", "fe80::1%lo", "::ffff:127.0.0.1"} {
		if _, waited, err := r.lookup(t.Context(), host); waited || err != nil {
			t.Errorf("%s: %v %v", host, waited, err)
		}
	}
	if asked.Load() != 0 {
		t.Error("somebody was asked")
	}
}

func addrs(texts ...string) (list []netip.Addr) {
	for _, s := range texts {
		list = append(list, netip.MustParseAddr(s))
	}
	return list
}

func TestOrder(t *testing.T) {
	b := newBook(addrs("192.0.2.1", "2001:db8::1", "192.0.2.2"))
	orders := func(n int) (out []string) {
		for range n {
			s := ""
			for _, i := range b.order() {
				s += fmt.Sprint(b.addrs[i].Addr(), " ")
			}
			out = append(out, s)
		}
		return out
	}
	const one, two, six = "192.0.2.1 ", "192.0.2.2 ", "2001:db8::1 "
	if got, want := orders(3), []string{one + two + six, two + one + six, one + two + six}; !slices.Equal(got, want) {
		t.Errorf("in turn: %q", got)
	}
	b.mark(1, false) // 192.0.2.2
	if got, want := orders(2), []string{one + six + two, one + six + two}; !slices.Equal(got, want) {
		t.Errorf("the one that failed comes last: %q", got)
	}
	b.mark(1, true)
	if got := orders(2); got[0] == got[1] {
		t.Errorf("in turn again: %q", got)
	}
}

// Every order holds every address once, whatever failed before.
func TestOrderIsAPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []netip.Addr
		for i := range rapid.IntRange(1, 20).Draw(t, "addresses") {
			if rapid.Bool().Draw(t, "v4") {
				list = append(list, netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}))
			} else {
				list = append(list, netip.AddrFrom16([16]byte{0x20, 1, 15: byte(i)}))
			}
		}
		b := newBook(list)
		for range 20 {
			order := b.order()
			seen := slices.Clone(order)
			slices.Sort(seen)
			if len(slices.Compact(seen)) != min(len(list), maxAddrs) || len(order) != len(b.addrs) {
				t.Fatalf("order %v of %d", order, len(list))
			}
			b.mark(rapid.IntRange(0, len(b.addrs)-1).Draw(t, "which"), rapid.Bool().Draw(t, "ok"))
		}
	})
}

package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// How long answers live where the configuration doesn't say, how long a refusal does, and how long a lookup may take.
const (
	defaultTTL  = 30 * time.Second
	refusalTTL  = time.Second
	lookupLimit = 30 * time.Second
)

// ResolverConfig says how names become addresses. The zero value asks the system.
type ResolverConfig struct {
	// TTL is how long an answer is used before the name is looked up again; 0: 30s.
	TTL time.Duration
	// Hosts maps names to IP literals and goes before every other source.
	Hosts map[string][]string
	// Lookup replaces the system's resolver.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
}

// Resolver turns names into addresses for any number of goroutines. Answers are kept for their TTL; of the goroutines
// that ask for one name at once, one lookup serves all.
type Resolver struct {
	ttl    time.Duration
	lookUp func(ctx context.Context, host string) ([]netip.Addr, error)
	fixed  map[string]*book
	ctx    context.Context // of the lookups, which outlive the dial that began them: Close ends it
	stop   context.CancelFunc
	work   sync.WaitGroup

	mu    sync.Mutex
	names map[string]*entry
}

// entry is one name's answer, or the lookup under way: the other fields may be read when ready is closed.
type entry struct {
	ready   chan struct{}
	book    *book
	err     error
	expires time.Time
}

// NewResolver makes a Resolver. The error names the entry of Hosts that is no IP address.
func NewResolver(cfg ResolverConfig) (*Resolver, error) {
	r := &Resolver{ttl: cfg.TTL, lookUp: cfg.Lookup, fixed: map[string]*book{}, names: map[string]*entry{}}
	if r.ttl <= 0 {
		r.ttl = defaultTTL
	}
	if r.lookUp == nil {
		r.lookUp = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	r.fixed["localhost"] = newBook([]netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()})
	for name, literals := range cfg.Hosts {
		addrs := make([]netip.Addr, 0, len(literals))
		for _, text := range literals {
			addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
			if err != nil {
				return nil, fmt.Errorf("hosts: %s: %q is not an IP address", name, text)
			}
			addrs = append(addrs, addr)
		}
		if len(addrs) == 0 {
			return nil, fmt.Errorf("hosts: %s has no address", name)
		}
		r.fixed[canonical(name)] = newBook(addrs)
	}
	r.ctx, r.stop = context.WithCancel(context.Background())
	return r, nil
}

// Close ends the lookups under way and waits for them.
func (r *Resolver) Close() {
	r.stop()
	r.work.Wait()
}

// lookup is the addresses of host. waited says that it took a lookup, or waiting for one.
func (r *Resolver) lookup(ctx context.Context, host string) (b *book, waited bool, err error) {
	name := canonical(host)
	if b := r.fixed[name]; b != nil {
		return b, false, nil
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return newBook([]netip.Addr{addr}), false, nil
	}
	if strings.HasSuffix(name, ".localhost") { // RFC 6761: loopback, whatever a resolver says
		return r.fixed["localhost"], false, nil
	}
	e, known := r.entry(name)
	if known {
		return e.book, false, e.err
	}
	select {
	case <-e.ready:
		return e.book, true, e.err
	case <-ctx.Done():
		return nil, true, ctx.Err()
	}
}

// entry finds the name's entry, or begins a lookup. known: it is ready and may be used.
func (r *Resolver) entry(name string) (e *entry, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.names[name]; e != nil {
		select {
		case <-e.ready:
			if time.Now().Before(e.expires) {
				return e, true
			}
		default:
			return e, false
		}
	}
	e = &entry{ready: make(chan struct{})}
	r.names[name] = e
	r.work.Go(func() { r.ask(name, e) })
	return e, false
}

func (r *Resolver) ask(name string, e *entry) {
	defer close(e.ready)
	ctx, cancel := context.WithTimeout(r.ctx, lookupLimit)
	defer cancel()
	addrs, err := r.lookUp(ctx, name)
	if err == nil && len(addrs) == 0 {
		err = errors.New("no address")
	}
	if err != nil {
		e.err, e.expires = err, time.Now().Add(refusalTTL)
		return
	}
	e.book, e.expires = newBook(addrs), time.Now().Add(r.ttl)
}

// canonical is the form in which names are compared: lower case, without the root's dot and the brackets of IPv6.
func canonical(host string) string {
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

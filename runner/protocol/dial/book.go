package dial

import (
	"net/netip"
	"slices"
	"sync/atomic"
)

// maxAddrs is how many addresses of one name are used.
const maxAddrs = 16

// book is one name's addresses and what is known of them. Any number of dials share one.
type book struct {
	addrs []netip.AddrPort // a port of 0: the target's
	lead  int              // the first lead addresses are of the family that the resolver prefers
	turn  atomic.Uint32    // dials begin at the leading addresses in turn, as many users would
	bad   atomic.Uint32    // bit i: the last dial of address i failed, so that it is tried last
}

func newBook(addrs []netip.Addr) *book {
	places := make([]netip.AddrPort, len(addrs))
	for i, addr := range addrs {
		places[i] = netip.AddrPortFrom(addr, 0)
	}
	return newBookAt(places)
}

func newBookAt(addrs []netip.AddrPort) *book {
	b := &book{}
	for _, addr := range addrs {
		if len(b.addrs) < maxAddrs {
			b.addrs = append(b.addrs, netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()))
		}
	}
	first := b.addrs[0].Addr().Is4()
	slices.SortStableFunc(b.addrs, func(x, y netip.AddrPort) int {
		switch {
		case x.Addr().Is4() == y.Addr().Is4():
			return 0
		case x.Addr().Is4() == first:
			return -1
		}
		return 1
	})
	for b.lead < len(b.addrs) && b.addrs[b.lead].Addr().Is4() == first {
		b.lead++
	}
	return b
}

// order lists the addresses' numbers as the next dial shall try them: the family that the resolver prefers before the
// other one, beginning with another address each time, and those that failed last of all.
func (b *book) order() []int {
	if len(b.addrs) == 1 {
		return []int{0}
	}
	turn, bad := int(b.turn.Add(1)-1), b.bad.Load()
	var good, failed []int
	for n := range b.addrs {
		i := n
		if n < b.lead {
			i = (turn + n) % b.lead
		}
		if bad&(1<<i) == 0 {
			good = append(good, i)
		} else {
			failed = append(failed, i)
		}
	}
	return append(good, failed...)
}

// at is address i, with the port of the target where it has none of its own.
func (b *book) at(i int, port uint16) netip.AddrPort {
	if b.addrs[i].Port() != 0 {
		return b.addrs[i]
	}
	return netip.AddrPortFrom(b.addrs[i].Addr(), port)
}

// mark notes how the dial of address i went.
func (b *book) mark(i int, ok bool) {
	if len(b.addrs) == 1 {
		return
	}
	if ok {
		b.bad.And(^(uint32(1) << i))
	} else {
		b.bad.Or(1 << i)
	}
}

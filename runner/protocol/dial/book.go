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
	addrs []netip.Addr
	lead  int           // the first lead addresses are of the family that the resolver prefers
	turn  atomic.Uint32 // dials begin at the leading addresses in turn, as many users would
	bad   atomic.Uint32 // bit i: the last dial of address i failed, so that it is tried last
}

func newBook(addrs []netip.Addr) *book {
	b := &book{}
	for _, addr := range addrs {
		if len(b.addrs) < maxAddrs {
			b.addrs = append(b.addrs, addr.Unmap())
		}
	}
	first := b.addrs[0].Is4()
	slices.SortStableFunc(b.addrs, func(x, y netip.Addr) int {
		switch {
		case x.Is4() == y.Is4():
			return 0
		case x.Is4() == first:
			return -1
		}
		return 1
	})
	for b.lead < len(b.addrs) && b.addrs[b.lead].Is4() == first {
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

package metrics

import (
	"bytes"
	"encoding/binary"
	"math"
	"unsafe"
)

// sparseShift merges 4 buckets into one where a point keeps its latencies for such a merge: its middle is at most 0.4 %
// off.
const sparseShift = 2

// sparse counts latencies near a value: bucket is a position on the histogram's axis.
type sparse struct {
	bucket int32
	n      int64
}

// packed is a list of sparse, by rising bucket: of each its distance from the one before and its count, as varints. A second
// at full rate has some hundred buckets in two to three bytes each, and a run keeps thousands of seconds.
type packed []byte

// next is the first of the list, and the list behind it; at is the bucket before.
func (p packed) next(at int32) (first sparse, rest packed, ok bool) {
	if len(p) == 0 {
		return sparse{}, nil, false
	}
	distance, wide := binary.Varint(p)
	n, long := binary.Uvarint(p[wide:])
	return sparse{at + int32(distance), int64(n)}, p[wide+long:], true
}

// all goes through the list.
func (p packed) all(yield func(sparse) bool) {
	for s, rest, ok := p.next(0); ok && yield(s); s, rest, ok = rest.next(s.bucket) {
	}
}

// packer packs what is put in by rising bucket. What has the bucket of the one before is added to it.
type packer struct {
	out    []byte
	last   sparse // not in out yet
	before int32  // bucket of the last one in out
}

func (p *packer) put(s sparse) {
	if s.bucket == p.last.bucket {
		p.last.n += s.n
		return
	}
	p.flush()
	p.last = s
}

func (p *packer) flush() {
	if p.last.n > 0 {
		p.out = binary.AppendVarint(p.out, int64(p.last.bucket-p.before))
		p.out = binary.AppendUvarint(p.out, uint64(p.last.n))
		p.before = p.last.bucket
	}
}

// done is the list, in no more memory than it needs.
func (p *packer) done() packed {
	p.flush()
	return bytes.Clone(p.out)
}

// thin keeps the histogram of non-negative values in coarse buckets: a few hundred bytes instead of 12 KiB.
func thin(h *Histogram) packed {
	var out packer
	if h.zeros > 0 {
		out.put(sparse{-1, h.zeros})
	}
	for i, list := range h.positive.lists {
		for sub := 0; list != nil && sub < subs; sub++ {
			if n := list[sub]; n > 0 {
				exp := h.positive.first + i - minExp
				out.put(sparse{int32(exp<<subBits|sub) >> sparseShift, n})
			}
		}
	}
	return out.done()
}

func mergeSparse(a, b packed) packed {
	out := packer{out: make([]byte, 0, len(a)+len(b))}
	x, a, left := a.next(0)
	y, b, right := b.next(0)
	for left || right {
		if left && (!right || x.bucket <= y.bucket) {
			out.put(x)
			x, a, left = a.next(x.bucket)
			continue
		}
		out.put(y)
		y, b, right = b.next(y.bucket)
	}
	return out.done()
}

// mergedLists finds the list that two others came to: curves of the same requests share their lists, also once merged.
type mergedLists map[[2]*byte]packed

func (m mergedLists) merge(a, b packed) packed {
	pair := [2]*byte{unsafe.SliceData(a), unsafe.SliceData(b)}
	list, ok := m[pair]
	if !ok {
		list = mergeSparse(a, b)
		m[pair] = list
	}
	return list
}

// sparsePercentile is the percentile in ms: the middle of the coarse bucket that holds the rank.
func sparsePercentile(list packed, q Quantile) float64 {
	var n int64
	for s := range list.all {
		n += s.n
	}
	left := q.rank(n)
	for s := range list.all {
		if left -= s.n; left > 0 {
			continue
		}
		if s.bucket < 0 {
			return 0
		}
		middle := int(s.bucket)<<sparseShift + 1<<(sparseShift-1)
		return math.Ldexp(1+float64(middle&(subs-1))/subs, middle>>subBits+minExp) / 1e6
	}
	return 0
}

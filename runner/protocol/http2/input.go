package http2

import "sync"

// Sizes of read buffers in bytes: that which nearly every answer does with, and that which takes whole frames of data.
const (
	smallBuffer = 4 << 10
	largeBuffer = 64 << 10
)

var smallBuffers = sync.Pool{New: func() any { b := make([]byte, smallBuffer); return &b }}

var largeBuffers = sync.Pool{New: func() any { b := make([]byte, largeBuffer); return &b }}

// input is what was read and not yet used up: buf[r:w]. Between exchanges it holds no buffer.
type input struct {
	buf  *[]byte
	r, w int
	full bool // the latest read filled the buffer: there may be more in the socket
	want int  // bytes of the frame that isn't whole yet
}

// room is where the next read goes.
func (in *input) room() []byte {
	switch {
	case in.buf == nil:
		in.buf = smallBuffers.Get().(*[]byte)
		in.r, in.w = 0, 0
	case in.r == in.w:
		in.r, in.w = 0, 0
	}
	if len(*in.buf) < largeBuffer && (in.full || in.r+max(in.want, in.w-in.r+1) > len(*in.buf)) {
		large := largeBuffers.Get().(*[]byte)
		in.w, in.r = copy(*large, (*in.buf)[in.r:in.w]), 0
		smallBuffers.Put(in.buf)
		in.buf = large
	}
	if in.r > 0 {
		in.w, in.r = copy(*in.buf, (*in.buf)[in.r:in.w]), 0
	}
	return (*in.buf)[in.w:]
}

// took notes that n bytes were read into room.
func (in *input) took(n int) {
	in.w += n
	in.full = in.w == len(*in.buf)
}

// next is what there is to read.
func (in *input) next() []byte { return (*in.buf)[in.r:in.w] }

// rest gives the buffer back, if nothing is left in it.
func (in *input) rest() {
	if in.buf == nil || in.r < in.w {
		return
	}
	if len(*in.buf) == largeBuffer {
		largeBuffers.Put(in.buf)
	} else {
		smallBuffers.Put(in.buf)
	}
	*in = input{}
}

// ring remembers the streams that we cut off: what the peer had sent on them by then is no mistake.
type ring struct {
	ids  []uint32
	next int
}

// remembered is how many.
const remembered = 256

func (r *ring) add(id uint32) {
	if len(r.ids) < remembered {
		r.ids = append(r.ids, id)
		return
	}
	r.ids[r.next] = id
	r.next = (r.next + 1) % remembered
}

// has says that a stream was cut off, or may have been before the oldest that is remembered.
func (r *ring) has(id uint32) bool {
	for _, cut := range r.ids {
		if cut == id {
			return true
		}
	}
	return len(r.ids) == remembered && id < r.ids[r.next]
}

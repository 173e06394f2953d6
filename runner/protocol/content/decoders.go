package content

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// Decoders keep tables of 40 KiB and more, so that they are pooled. The zero value of each is made by its first Reset.
var (
	gzips    = sync.Pool{New: func() any { return new(gzip.Reader) }}
	flates   = sync.Pool{New: func() any { return flate.NewReader(nil) }}
	brotlis  = sync.Pool{New: func() any { return new(brotli.Reader) }}
	zstds    = sync.Pool{New: newZstd}
	zlibs    sync.Pool // io.ReadCloser and zlib.Resetter; empty until a stream has a header that is right
	betweens = sync.Pool{New: func() any { return new(buffer) }}
)

// maxWindow is the largest zstd window that HTTP allows (RFC 9659): 8 MiB.
const maxWindow = 8 << 20

func newZstd() any {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return err
	}
	return d
}

func gunzip(dst, src []byte, limit int64) ([]byte, error) {
	z := gzips.Get().(*gzip.Reader)
	defer gzips.Put(z)
	in := bytes.NewReader(src)
	if err := z.Reset(in); err != nil {
		return dst, broken(err)
	}
	return drain(dst, z, limit)
}

// inflate undoes "deflate", which is zlib by the standard and a bare deflate stream from some servers.
func inflate(dst, src []byte, limit int64) ([]byte, error) {
	if len(src) >= 2 && src[0]&0x0f == 8 && (int(src[0])<<8|int(src[1]))%31 == 0 {
		out, err := unzlib(dst, src, limit)
		if err == nil || errors.As(err, new(errLimit)) {
			return out, err
		}
		if bare, err := unflate(dst, src, limit); err == nil { // a bare stream may begin like a zlib header
			return bare, nil
		}
		return dst, err
	}
	return unflate(dst, src, limit)
}

func unzlib(dst, src []byte, limit int64) ([]byte, error) {
	in := bytes.NewReader(src)
	z, ok := zlibs.Get().(io.ReadCloser)
	var err error
	if ok {
		err = z.(zlib.Resetter).Reset(in, nil)
	} else {
		z, err = zlib.NewReader(in)
	}
	if err != nil {
		return dst, broken(err)
	}
	defer zlibs.Put(z)
	return whole(dst, z, in, limit)
}

func unflate(dst, src []byte, limit int64) ([]byte, error) {
	z := flates.Get().(io.ReadCloser)
	defer flates.Put(z)
	in := bytes.NewReader(src)
	if err := z.(flate.Resetter).Reset(in, nil); err != nil {
		return dst, broken(err)
	}
	return whole(dst, z, in, limit)
}

func unbrotli(dst, src []byte, limit int64) ([]byte, error) {
	z := brotlis.Get().(*brotli.Reader)
	defer brotlis.Put(z)
	in := bytes.NewReader(src)
	if err := z.Reset(in); err != nil {
		return dst, broken(err)
	}
	return whole(dst, z, in, limit)
}

func unzstd(dst, src []byte, limit int64) ([]byte, error) {
	pooled := zstds.Get()
	z, ok := pooled.(*zstd.Decoder)
	if !ok {
		return dst, broken(pooled.(error))
	}
	defer zstds.Put(z)
	if err := z.Reset(bytes.NewReader(src)); err != nil {
		return dst, broken(err)
	}
	out, err := drain(dst, z, limit)
	_ = z.Reset(nil) // so that the pool doesn't hold the body; nil can't fail
	return out, err
}

// whole drains a decoder that stops at its stream's end, and refuses bytes behind it.
func whole(dst []byte, z io.Reader, in *bytes.Reader, limit int64) ([]byte, error) {
	out, err := drain(dst, z, limit)
	if err == nil && in.Len() > 0 {
		return dst, errors.New("there are bytes behind the end of the compressed data")
	}
	return out, err
}

// drain appends what z gives to dst, up to limit bytes: a small body can claim to be an enormous one.
func drain(dst []byte, z io.Reader, limit int64) ([]byte, error) {
	start := len(dst)
	out := dst
	for {
		out = slices.Grow(out, 512)
		n, err := z.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		if int64(len(out)-start) > limit {
			return dst, tooLarge(limit)
		}
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return dst, broken(err)
		}
	}
}

func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the compressed data ends early")
	}
	return err
}

// buffer holds the result of one layer for the next.
type buffer struct{ b []byte }

// keptBuffer is the largest in bytes that goes back to the pool.
const keptBuffer = 1 << 20

func borrow() *buffer { return betweens.Get().(*buffer) }

func (b *buffer) giveBack() {
	if cap(b.b) > keptBuffer {
		b.b = nil
	}
	b.b = b.b[:0]
	betweens.Put(b)
}

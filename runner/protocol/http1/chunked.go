package http1

import (
	"bytes"
	"errors"
	"fmt"

	"runner/runner/protocol"
)

// maxChunkLine is the longest line in bytes with a chunk's size and extensions.
const maxChunkLine = 4 << 10

// readChunked reads a chunked body (RFC 9112 section 7.1).
func (x *exchange) readChunked() protocol.Failure {
	x.want = -1
	for {
		line, f := x.readLine(maxChunkLine)
		if f.Class != protocol.ClassNone {
			return f
		}
		size, err := chunkSize(line)
		if err != nil {
			return x.broken(err)
		}
		if size == 0 {
			return x.readTrailer()
		}
		if x.tooMuch(size) {
			return protocol.TooLarge(x.want, x.req.MaxBody)
		}
		if f := x.readChunk(size); f.Class != protocol.ClassNone {
			return f
		}
	}
}

// readChunk reads a chunk's data and the CRLF behind it.
func (x *exchange) readChunk(size int64) protocol.Failure {
	for size > 0 {
		if x.r == x.w {
			x.widen()
			if err := x.more(); err != nil {
				return x.readFailure(err)
			}
		}
		n := min(size, int64(x.w-x.r))
		x.take(x.buf[x.r : x.r+int(n)])
		x.r += int(n)
		size -= n
	}
	for _, want := range []byte("\r\n") {
		if x.r == x.w {
			if err := x.more(); err != nil {
				return x.readFailure(err)
			}
		}
		if x.buf[x.r] != want {
			return x.broken(errors.New("a chunk is longer than its size says"))
		}
		x.r++
	}
	return protocol.Failure{}
}

// readLine is the next line without its CRLF, in the buffer and valid until the next read.
func (x *exchange) readLine(limit int) ([]byte, protocol.Failure) {
	for seen := 0; ; {
		end := bytes.IndexByte(x.buf[x.r+seen:x.w], '\n')
		if end >= 0 {
			line := x.buf[x.r : x.r+seen+end]
			x.r += seen + end + 1
			if len(line) == 0 || line[len(line)-1] != '\r' {
				return nil, x.broken(errors.New("a line ends in LF without CR"))
			}
			return line[:len(line)-1], protocol.Failure{}
		}
		seen = x.w - x.r
		if seen >= limit {
			return nil, x.broken(fmt.Errorf("a line in the chunked body is longer than %d bytes", limit))
		}
		if err := x.more(); err != nil {
			return nil, x.readFailure(err)
		}
	}
}

// chunkSize reads the line before a chunk: hexadecimal digits, and extensions that nobody knows. Some servers pad the
// size with spaces.
func chunkSize(line []byte) (int64, error) {
	digits, extension, _ := bytes.Cut(line, []byte{';'})
	for len(digits) > 0 && (digits[len(digits)-1] == ' ' || digits[len(digits)-1] == '\t') {
		digits = digits[:len(digits)-1]
	}
	var size int64
	for _, b := range digits {
		digit := hexDigit(b)
		if digit < 0 || size>>59 != 0 {
			return 0, fmt.Errorf("bad chunk size: %s", protocol.Quote(line))
		}
		size = size<<4 | digit
	}
	if len(digits) == 0 || !visible(extension) {
		return 0, fmt.Errorf("bad chunk size: %s", protocol.Quote(line))
	}
	return size, nil
}

func hexDigit(b byte) int64 {
	switch {
	case b >= '0' && b <= '9':
		return int64(b - '0')
	case b >= 'a' && b <= 'f':
		return int64(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return int64(b-'A') + 10
	}
	return -1
}

// readTrailer reads the fields behind the last chunk, up to the empty line. They say nothing about framing any more.
func (x *exchange) readTrailer() protocol.Failure {
	size := 0
	for {
		line, f := x.readLine(protocol.MaxHead - size)
		if f.Class != protocol.ClassNone || len(line) == 0 {
			return f
		}
		size += len(line) + 2
		if size >= protocol.MaxHead || len(x.resp.Trailer) == protocol.MaxFields {
			return x.broken(errors.New("the trailers are larger than 256 KiB or more than 1,000"))
		}
		// The head's fields point into the old array, should this append move it: they keep that alive.
		head := len(x.resp.HeadBuf)
		x.resp.HeadBuf = append(x.resp.HeadBuf, line...)
		field, err := parseField(x.resp.HeadBuf[head:])
		if err != nil {
			return x.broken(err)
		}
		x.resp.Trailer = append(x.resp.Trailer, field)
	}
}

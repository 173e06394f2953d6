// Package content undoes content encodings (RFC 9110 section 8.4) of whole bodies in memory. It knows no HTTP beyond the
// value of one header.
package content

import (
	"errors"
	"fmt"
	"strings"

	"runner/runner/protocol"
)

// Accept is the value of Accept-Encoding that names what Decode can undo.
const Accept = "gzip, deflate, br, zstd"

// maxLayers is how many encodings one body may have on top of each other. More than one is rare; each is a copy.
const maxLayers = 4

// Decode undoes the encodings that a Content-Encoding header lists (several fields are joined with commas), and appends
// the body to dst. If there is nothing to undo (no encoding, identity, or an empty body) it returns src itself. The
// class is ClassBodyTooLarge for more than limit bytes of content, at any layer, and ClassDecode for an unknown encoding or
// broken data; the error is for people, and the bytes are dst unchanged then.
func Decode(dst, src []byte, encoding string, limit int64) ([]byte, protocol.Class, error) {
	layers, err := parse(encoding)
	if err != nil {
		return dst, protocol.ClassDecode, err
	}
	if len(layers) == 0 || len(src) == 0 {
		if int64(len(src)) > limit {
			return dst, protocol.ClassBodyTooLarge, tooLarge(limit)
		}
		return src, protocol.ClassNone, nil
	}
	for i := len(layers) - 1; i > 0; i-- { // the last one listed was put on last
		between := borrow()
		defer between.giveBack()
		if between.b, err = layers[i].undo(between.b, src, limit); err != nil {
			return dst, classOf(err), fmt.Errorf("content-encoding %s: %w", layers[i].name, err)
		}
		src = between.b
	}
	out, err := layers[0].undo(dst, src, limit)
	if err != nil {
		return dst, classOf(err), fmt.Errorf("content-encoding %s: %w", layers[0].name, err)
	}
	return out, protocol.ClassNone, nil
}

// layer is one encoding: undo appends the content of src to dst, at most limit bytes.
type layer struct {
	name string
	undo func(dst, src []byte, limit int64) ([]byte, error)
}

// parse reads the header's list in the order in which the encodings were put on.
func parse(encoding string) ([]layer, error) {
	if encoding == "" {
		return nil, nil
	}
	var layers []layer
	for name := range strings.SplitSeq(encoding, ",") {
		l := layer{name: strings.ToLower(strings.Trim(name, " \t"))}
		switch l.name {
		case "", "identity":
			continue
		case "gzip", "x-gzip":
			l.undo = gunzip
		case "deflate":
			l.undo = inflate
		case "br":
			l.undo = unbrotli
		case "zstd":
			l.undo = unzstd
		default:
			return nil, fmt.Errorf("content-encoding %q is unknown (known: %s)", l.name, Accept)
		}
		if layers = append(layers, l); len(layers) > maxLayers {
			return nil, fmt.Errorf("content-encoding: more than %d layers", maxLayers)
		}
	}
	return layers, nil
}

// errLimit marks content that is larger than its limit.
type errLimit struct{ limit int64 }

func (e errLimit) Error() string {
	return fmt.Sprintf("the decoded body is larger than max_body (%d bytes)", e.limit)
}

func tooLarge(limit int64) error { return errLimit{limit} }

func classOf(err error) protocol.Class {
	var limit errLimit
	if errors.As(err, &limit) {
		return protocol.ClassBodyTooLarge
	}
	return protocol.ClassDecode
}

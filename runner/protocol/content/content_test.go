package content

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"runner/runner/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// encoders put on what Decode takes off. The standard library's are used where it has them: another hand's work.
var encoders = map[string]func(w io.Writer) io.WriteCloser{
	"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"x-gzip":  func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
	"zstd": func(w io.Writer) io.WriteCloser {
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		if err != nil {
			panic(err)
		}
		return z
	},
	"bare deflate": func(w io.Writer) io.WriteCloser {
		z, err := flate.NewWriter(w, flate.DefaultCompression)
		if err != nil {
			panic(err)
		}
		return z
	},
}

func encode(name string, body []byte) []byte {
	var b bytes.Buffer
	w := encoders[name](&b)
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}

func header(name string) string { return strings.TrimPrefix(name, "bare ") }

var text = bytes.Repeat([]byte("to be or not to be, that is the question. "), 500)

func TestDecode(t *testing.T) {
	for name := range encoders {
		for _, body := range [][]byte{text, {}, {0}, random(100_000)} {
			src := encode(name, body)
			got, class, err := Decode([]byte("before"), src, strings.ToUpper(header(name)), int64(len(body)))
			if err != nil || class != protocol.ClassNone || string(got) != "before"+string(body) {
				t.Errorf("%s, %d bytes: %v %v, %d bytes", name, len(body), class, err, len(got))
			}
			if len(body) == 0 {
				continue
			}
			_, class, err = Decode(nil, src, header(name), int64(len(body))-1)
			if err == nil || class != protocol.ClassBodyTooLarge {
				t.Errorf("%s, %d bytes, one too many: %v %v", name, len(body), class, err)
			}
		}
	}
}

func random(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(b)
	return b
}

func TestNothingToUndo(t *testing.T) {
	for _, encoding := range []string{"", "identity", " Identity , ", ","} {
		got, class, err := Decode([]byte("dst"), text, encoding, int64(len(text)))
		if err != nil || class != protocol.ClassNone || &got[0] != &text[0] {
			t.Errorf("%q: %v %v", encoding, class, err)
		}
		if _, class, err = Decode(nil, text, encoding, int64(len(text))-1); class != protocol.ClassBodyTooLarge || err == nil {
			t.Errorf("%q over the limit: %v %v", encoding, class, err)
		}
	}
	if got, class, err := Decode(nil, nil, "gzip", 10); len(got) != 0 || class != protocol.ClassNone || err != nil {
		t.Errorf("an empty body: %q %v %v", got, class, err) // servers label those, too
	}
}

func TestLayers(t *testing.T) {
	src := encode("br", encode("gzip", encode("zstd", text)))
	got, class, err := Decode(nil, src, "zstd, gzip,br", int64(len(text)))
	if err != nil || class != protocol.ClassNone || !bytes.Equal(got, text) {
		t.Errorf("%v %v, %d bytes", class, err, len(got))
	}
	if _, class, err = Decode(nil, src, "gzip,gzip,gzip,gzip,gzip", 1<<20); class != protocol.ClassDecode || !strings.Contains(err.Error(), "layers") {
		t.Errorf("too many: %v %v", class, err)
	}
	if _, class, err = Decode(nil, src, "br, gzip, zstd", 1<<20); class != protocol.ClassDecode {
		t.Errorf("in the wrong order: %v %v", class, err)
	}
}

func TestBroken(t *testing.T) {
	for name := range encoders {
		whole := encode(name, text)
		for _, r := range []struct {
			reason string
			src    []byte
		}{
			{"cut in half", whole[:len(whole)/2]},
			{"without its last byte", whole[:len(whole)-1]},
			{"only its first byte", whole[:1]},
			{"garbage", []byte("<html>this is not compressed</html>")},
			{"bytes behind the end", append(bytes.Clone(whole), "more"...)},
		} {
			got, class, err := Decode([]byte("dst"), r.src, header(name), 1<<20)
			if class != protocol.ClassDecode || err == nil || string(got) != "dst" {
				t.Errorf("%s, %s: %v %v, %d bytes", name, r.reason, class, err, len(got))
			}
			if err != nil && !strings.HasPrefix(err.Error(), "content-encoding "+header(name)+": ") && name != "x-gzip" {
				t.Errorf("%s, %s: text %q", name, r.reason, err)
			}
		}
		if got, class, err := Decode(nil, whole, header(name), 1<<20); class != protocol.ClassNone || !bytes.Equal(got, text) {
			t.Errorf("%s: a broken body spoilt the decoder: %v", name, err)
		}
	}
	if _, class, err := Decode(nil, text, "compress", 1<<20); class != protocol.ClassDecode || !strings.Contains(err.Error(), `"compress" is unknown`) {
		t.Errorf("%v %v", class, err)
	}
}

// A small body that unpacks to an enormous one is stopped at the limit, and memory with it.
func TestBombs(t *testing.T) {
	zeros := make([]byte, 8<<20)
	const limit = 1 << 20
	for name := range encoders {
		src := encode(name, zeros)
		for _, row := range []struct {
			reason, encoding string
			src              []byte
		}{{"one layer", header(name), src}, {"a second layer", "gzip, " + header(name), src}} {
			dst := make([]byte, 0, 16)
			got, class, err := Decode(dst, row.src, row.encoding, limit)
			if class != protocol.ClassBodyTooLarge || err == nil || len(got) != 0 || cap(got) > 16 {
				t.Errorf("%s, %s: %v %v, %d bytes of %d", name, row.reason, class, err, len(got), cap(got))
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	names := []string{"gzip", "deflate", "br", "zstd"}
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		list := rapid.SliceOfN(rapid.SampledFrom(names), 1, maxLayers).Draw(t, "encodings")
		src := body
		for _, name := range list {
			src = encode(name, src)
		}
		got, class, err := Decode(nil, src, strings.Join(list, ", "), 1<<20)
		if class != protocol.ClassNone || !bytes.Equal(got, body) {
			t.Fatalf("%v: %v %v", list, class, err)
		}
	})
}

func TestFewAllocations(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates")
	}
	for name, most := range map[string]float64{"gzip": 2, "deflate": 2, "br": 4, "zstd": 8} {
		src := encode(name, text)
		dst := make([]byte, 0, 2*len(text))
		allocs := testing.AllocsPerRun(100, func() {
			if _, class, err := Decode(dst, src, name, 1<<20); class != protocol.ClassNone {
				t.Fatal(err)
			}
		})
		t.Logf("%s: %v allocations", name, allocs)
		if allocs > most+3 { // the list of layers, the reader
			t.Errorf("%s: %v allocations", name, allocs)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for name := range encoders {
		f.Add(encode(name, text[:100]), header(name))
		f.Add(encode(name, encode("gzip", text[:100])), "gzip,"+header(name))
	}
	f.Fuzz(func(t *testing.T, src []byte, encoding string) {
		const limit = 1 << 16
		got, class, err := Decode(nil, src, encoding, limit)
		if (class == protocol.ClassNone) != (err == nil) || len(got) > limit {
			t.Fatalf("%v %v, %d bytes", class, err, len(got))
		}
	})
}

package service

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestRingKeepsTheLastBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRing(rapid.IntRange(1, 20).Draw(t, "size"))
		var all []byte
		for _, p := range rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 50)).Draw(t, "writes") {
			if n, err := r.Write(p); n != len(p) || err != nil {
				t.Fatalf("wrote %d of %d: %v", n, len(p), err)
			}
			all = append(all, p...)
		}
		kept, cut := r.bytes()
		if want := all[max(0, len(all)-len(r.buf)):]; !bytes.Equal(kept, want) {
			t.Fatalf("kept %q, want %q", kept, want)
		}
		if !cut && len(all) > len(r.buf) {
			t.Fatal("something was lost, and the ring does not know")
		}
	})
}

func TestTail(t *testing.T) {
	long := strings.Repeat("é", lineLength)
	tests := []struct {
		why  string
		text string
		n    int
		want []string
	}{
		{"nothing was written", "", 3, nil},
		{"empty lines at the end say nothing", "a\n\n\n", 3, []string{"a"}},
		{"fewer lines than asked for", "a\nb", 3, []string{"a", "b"}},
		{"the last ones", "a\nb\nc\n", 2, []string{"b", "c"}},
		{"Windows line ends", "a\r\nb\r\n", 3, []string{"a", "b"}},
		{"a long line is cut between characters", long, 1, []string{long[:lineLength] + "…"}},
		{"an odd cut backs up", "x" + long, 1, []string{"x" + long[:lineLength-2] + "…"}},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			r := newRing(4096)
			_, _ = r.Write([]byte(tt.text))
			got := r.tail(tt.n, func(s string) string { return s })
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q", got)
			}
			for _, line := range got {
				if !utf8.ValidString(line) {
					t.Errorf("%q is cut inside a character", line)
				}
			}
		})
	}
}

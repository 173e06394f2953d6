package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"GET /users/{id}?q=a b", "GET /users/{id}?q=a b", "what is harmless stays"},
		{"Büro 事件 🎫 naïve", "Büro 事件 🎫 naïve", "so does other people's writing"},
		{`C:\new`, `C:\new`, "a backslash is no escape of ours"},
		{"a\nb\r\tc", `a\nb\r\tc`, "one text is one line"},
		{"\x1b[2J\x07\x00\x7f", `\x1b[2J\x07\x00\x7f`, "escape sequences are shown, not obeyed"},
		{"DEL\x7f", `DEL\x7f`, "the one control that is not below the space"},
		{"\u009b31m", `\u009b31m`, "C1 has a CSI too"},
		{"\u202egnp.exe\u2066", `\u202egnp.exe\u2066`, "nobody reverses the line"},
		{"a\u200bb\ufeff", `a\u200bb\ufeff`, "nothing hides between letters"},
		{"a\u00a0b\u3000c\u2028d", `a\u00a0b\u3000c\u2028d`, "spaces that are not what they seem"},
		{"\xff\xc3", `\xff\xc3`, "bytes that are no text"},
		{"\U000e0041\ue000", `\U000e0041\ue000`, "tags and private use"},
		{"❤\ufe0f", "❤", "a selector would widen the heart after it was measured"},
		{"z\u0301\u0302\u0303\u0304", "z\u0301\u0302", "marks that pile up on the lines above"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q: %s", c.in, got, c.want, c.why)
		}
	}
}

func TestCleanIsSafeAndSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := hostileText().Draw(t, "text")
		got := Clean(in)
		if Clean(got) != got {
			t.Errorf("cleaning %q twice changes it: %q", in, Clean(got))
		}
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("Clean(%q) = %q", in, got)
		}
	})
}

// hostileText draws bytes, runes of all kinds and the pieces that do harm.
func hostileText() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.String(), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 8), func(b []byte) string { return string(b) }),
		rapid.SampledFrom([]string{"\x1b[2J", "\n", "事件", "🎫", "👩‍👩‍👧", "e\u0301", "\u202e", "\ufe0f", "ｱ", "…", "a", "-----", hostile}))
	return rapid.Map(rapid.SliceOfN(piece, 0, 12), func(p []string) string { return strings.Join(p, "") })
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want string
		why  string
	}{
		{"deliver event", 13, "deliver event", "it fits"},
		{"deliver event", 12, "delive…event", "the middle goes"},
		{"事件事件", 7, "事…事件", "a wide character is not halved"},
		{"abc", 1, "…", "room for the sign alone"},
		{"abc", 0, "", "no room"},
		{"ab\u0301cde\u0301", 3, "a…e\u0301", "a mark stays with its letter"},
	} {
		if got := cut(c.in, c.w); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q: %s", c.in, c.w, got, c.want, c.why)
		}
	}
}

func TestCutAlwaysFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, w := Clean(hostileText().Draw(t, "text")), rapid.IntRange(0, 40).Draw(t, "w")
		got := cut(in, w)
		if width(got) > w {
			t.Errorf("cut(%q, %d) = %q is %d wide", in, w, got, width(got))
		}
		if width(in) <= w && got != in {
			t.Errorf("cut(%q, %d) = %q although it fits", in, w, got)
		}
		if p := pad(got, w, w%2 == 0); width(p) != max(w, width(got)) {
			t.Errorf("pad(%q, %d) is %d wide", got, w, width(p))
		}
	})
}

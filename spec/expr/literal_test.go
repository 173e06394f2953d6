package expr

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestLiterals(t *testing.T) {
	tests := []struct {
		source string
		want   any
		typ    Type
		why    string
	}{
		{`500ms`, 500.0, Millis, "durations are milliseconds"},
		{`1m30s`, 90e3, Millis, "units in falling order"},
		{`2h`, 7.2e6, Millis, "hours"},
		{`1d`, 86.4e6, Millis, "days, as in settings"},
		{`1.5s`, 1500.0, Millis, "fractions"},
		{`250us`, 0.25, Millis, "below a millisecond"},
		{`250µs`, 0.25, Millis, "the same with its sign"},
		{`1ns`, 1e-6, Millis, "the shortest"},
		{`1_000ms`, 1000.0, Millis, "digits in groups"},
		{`1%`, 0.01, Ratio, "ratios are 0 to 1"},
		{`0.7%`, 7.0 / 1000, Ratio, "rounded once: 7 of 1,000 meets it"},
		{`99.99%`, 9999.0 / 10000, Ratio, "another"},
		{`10/s`, 10.0, PerSecond, "rates are per second"},
		{`300/m`, 5.0, PerSecond, "per minute"},
		{`1/h`, 1.0 / 3600, PerSecond, "per hour, rounded once"},
		{`0.1/s`, 0.1, PerSecond, "a fraction of a rate"},
		{`64KiB`, int64(65536), Bytes, "sizes are whole bytes"},
		{`1.5KiB`, int64(1536), Bytes, "also of a fraction, where it comes out even"},
		{`10MB`, int64(10_000_000), Bytes, "decimal sizes"},
		{`512B`, int64(512), Bytes, "bytes"},
	}
	for _, tt := range tests {
		p := mustCompile(t, tt.source, Any)
		if v, ok := p.Const(); !ok || v != tt.want || p.Type() != tt.typ {
			t.Errorf("%s: %s is %v (%v), want %v (%v)", tt.why, tt.source, v, p.Type(), tt.want, tt.typ)
		}
	}
}

// Where a sign could be two things, what stands around it decides.
func TestAmbiguousSigns(t *testing.T) {
	tests := []struct {
		source string
		want   any
		why    string
	}{
		{`10 % 3`, int64(1), "a percent sign that stands apart is modulo"},
		{`10%3`, int64(1), "so is one with an operand behind it"},
		{`10%(3)`, int64(1), "or a bracket"},
		{`10% == 0.1`, true, "before a space it is a percentage"},
		{`[1%, 2%][1]`, 0.02, "before a comma and a closing bracket"},
		{`max(5%)`, 0.05, "before a closing parenthesis"},
		{`"5%3" + "1/s"`, "5%31/s", "in a text it is nothing"},
		{`1 /* 5msx 7% */ + 1`, int64(2), "nor in a comment"},
		{`10 / 2`, 5.0, "a slash that stands apart divides"},
		{`let s = 2; 10 / s`, 5.0, "also by s"},
		{`let s = 2; 10/s`, 10.0, "but 10/s is a rate"},
		{`let mm = 2; 10/mm`, 5.0, "10/mm is none"},
		{`0x1F + 0b11 + 0o17`, int64(49), "other bases have no units"},
		{`1e3 + 1E-1`, 1000.1, "exponents are no units"},
		{`len(1..3)`, int64(3), "a range"},
		{`{a5: 1}.a5`, int64(1), "digits in names"},
		{`json("user").name[0:2]`, "an", "a slice's bounds"},
		{`true ? 5s : 1s`, 5000.0, "a choice of units"},
		{`-5s`, -5000.0, "a sign in front"},
		{`{5s: 1}["5s"]`, int64(1), "a key that looks like a duration is the text that was written"},
	}
	for _, tt := range tests {
		v, err := mustCompile(t, tt.source, Any).Eval(machine(t))
		if err != nil || v != tt.want {
			t.Errorf("%s: %s is %v, %v, want %v", tt.why, tt.source, v, err, tt.want)
		}
	}
}

// Every ratio of two counts meets the percentage that it is, however it was rounded on the way.
func TestPercentagesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hundredths := rapid.IntRange(0, 10_000).Draw(t, "hundredths of a percent")
		lit, err := parseLiteral(fmt.Sprintf("%d.%02d%%", hundredths/100, hundredths%100))
		if want := float64(hundredths) / 10_000; err != nil || lit.value != want {
			t.Fatalf("got %v, %v, want %v", lit.value, err, want)
		}
	})
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]float64{"12": 12, " 0.5 ": 0.5, "-3": -3, "1e3": 1000, "-1.5e-1": -0.15, "500ms": 500, "-1s": -1000, "5%": 0.05, "64KiB": 65536, "0": 0, "1_000": 1000} {
		if got, err := ParseNumber(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "abc", "-", "--1", "1x", "1 2", "1e999", "Inf", "NaN", ".5", "5.", "+1", "1e", "_1"} {
		if got, err := ParseNumber(text); err == nil {
			t.Errorf("%q is no number, but gave %v", text, got)
		}
	}
}

func TestToIntAndToFloat(t *testing.T) {
	tests := []struct {
		v       any
		n       int64
		isInt   bool
		f       float64
		isFloat bool
	}{
		{int64(3), 3, true, 3, true},
		{3, 3, true, 3, true},
		{3.0, 3, true, 3, true},
		{3.5, 0, false, 3.5, true},
		{"3", 3, true, 0, false},
		{"x", 0, false, 0, false},
		{nil, 0, false, 0, false},
		{true, 0, false, 0, false},
		{math.Inf(1), 0, false, math.Inf(1), true},
		{uint64(math.MaxUint64), 0, false, math.MaxUint64, true},
	}
	for _, tt := range tests {
		if n, ok := ToInt(tt.v); n != tt.n || ok != tt.isInt {
			t.Errorf("ToInt(%#v) is %v, %v", tt.v, n, ok)
		}
		if f, ok := ToFloat(tt.v); f != tt.f || ok != tt.isFloat {
			t.Errorf("ToFloat(%#v) is %v, %v", tt.v, f, ok)
		}
	}
}

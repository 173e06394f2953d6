package spec

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A scalar's row: its text, and what it says or why it is refused.
type scalarRow[T any] struct {
	why, text string
	want      T
	wrong     string // the error's message
	hint      string
}

func checkScalars[T comparable](t *testing.T, parse func(string) (T, error), rows []scalarRow[T]) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.why, func(t *testing.T) {
			got, err := parse(row.text)
			var se *ScalarError
			switch {
			case row.wrong == "" && (err != nil || got != row.want):
				t.Errorf("%q is %v (%v), want %v", row.text, got, err, row.want)
			case row.wrong != "" && (!errors.As(err, &se) || se.Message != row.wrong || se.Hint != row.hint):
				t.Errorf("%q: error %+v, want %q (%q)", row.text, err, row.wrong, row.hint)
			}
		})
	}
}

func TestDuration(t *testing.T) {
	checkScalars(t, ParseDuration, []scalarRow[time.Duration]{
		{why: "seconds", text: "30s", want: 30 * time.Second},
		{why: "milliseconds", text: "500ms", want: 500 * time.Millisecond},
		{why: "two units", text: "1m30s", want: 90 * time.Second},
		{why: "every unit", text: "1d2h3m4s5ms6us", want: 26*time.Hour + 3*time.Minute + 4*time.Second + 5*time.Millisecond + 6*time.Microsecond},
		{why: "a Greek mu", text: "6µs", want: 6 * time.Microsecond},
		{why: "a fraction", text: "0.5s", want: 500 * time.Millisecond},
		{why: "a fraction that no float holds", text: "0.1s", want: 100 * time.Millisecond},
		{why: "down to the nanosecond", text: "0.001us", want: 1},
		{why: "nothing", text: "0s", want: 0},
		{why: "finer than a nanosecond", text: "0.0001us", wrong: "a duration is not finer than a nanosecond"},
		{why: "empty", text: "", wrong: "the duration is empty", hint: "write 30s"},
		{why: "no unit", text: "30", wrong: "the unit is missing", hint: "write 30s"},
		{why: "no unit at the end", text: "1m30", wrong: "the unit of 30 is missing", hint: "write 1m30s"},
		{why: "below zero", text: "-1s", wrong: "a duration can't be negative"},
		{why: "small units first", text: "30s1m", wrong: "units go from large to small, each once", hint: "write 1m30s"},
		{why: "a unit twice", text: "1s1s", wrong: "units go from large to small, each once", hint: "write 1m30s"},
		{why: "a word", text: "soon", wrong: "not a duration", hint: "write 30s, 500ms or 1m30s"},
		{why: "a space", text: "30 s", wrong: "a duration has no spaces", hint: "write 30s"},
		{why: "a unit that begins with one", text: "30sec", wrong: `"sec" is not a unit of time`, hint: "units are us, ms, s, m, h, d"},
		{why: "nanoseconds", text: "5ns", wrong: "ns is not a unit of a plan", hint: "the finest unit is us"},
		{why: "longer than Go can say", text: "200000d", wrong: "the duration is too long"},
		{why: "more digits than sense", text: "0.1000000000000000000000000000000000s", wrong: "the number has too many digits"},
	})
}

func TestRate(t *testing.T) {
	checkScalars(t, ParseRate, []scalarRow[Rate]{
		{why: "a second", text: "5/s", want: Rate{5, 1, time.Second}},
		{why: "a minute stays one", text: "300/m", want: Rate{300, 1, time.Minute}},
		{why: "an hour stays one", text: "1/h", want: Rate{1, 1, time.Hour}},
		{why: "exact", text: "0.1/s", want: Rate{1, 10, time.Second}},
		{why: "lowest terms", text: "2.50/s", want: Rate{5, 2, time.Second}},
		{why: "zero", text: "0/s", want: Rate{0, 1, time.Second}},
		{why: "spaces around the slash", text: "5 / s", want: Rate{5, 1, time.Second}},
		{why: "no unit", text: "5", wrong: "the unit is missing", hint: "write 5/s"},
		{why: "a day", text: "5/d", wrong: `"/d" is not a unit of a rate`, hint: "units are /s, /m, /h"},
		{why: "below zero", text: "-5/s", wrong: "a rate can't be negative"},
		{why: "a word", text: "fast", wrong: "not a rate", hint: "write 5/s, 300/m or 1/h"},
		{why: "an exponent", text: "1e3/s", wrong: "not a rate", hint: "write 5/s, 300/m or 1/h"},
		{why: "too large", text: "99999999999999999999/s", wrong: "the number is too large or too fine"},
	})
}

func TestPercent(t *testing.T) {
	checkScalars(t, ParsePercent, []scalarRow[Ratio]{
		{why: "whole", text: "1%", want: Ratio{1, 100}},
		{why: "exact", text: "0.7%", want: Ratio{7, 1000}},
		{why: "all", text: "100%", want: Ratio{1, 1}},
		{why: "none", text: "0%", want: Ratio{0, 1}},
		{why: "more than all is for others to judge", text: "150%", want: Ratio{3, 2}},
		{why: "no sign", text: "1", wrong: "the percent sign is missing", hint: "write 1%"},
		{why: "a decimal", text: "0.01", wrong: "the percent sign is missing", hint: "write 0.01%"},
		{why: "below zero", text: "-1%", wrong: "a percentage can't be negative"},
		{why: "a word", text: "few%", wrong: "not a percentage", hint: "write 1% or 0.7%"},
	})
}

func TestSize(t *testing.T) {
	checkScalars(t, ParseSize, []scalarRow[int64]{
		{why: "bytes", text: "512B", want: 512},
		{why: "thousands", text: "1KB", want: 1000},
		{why: "1024s", text: "64KiB", want: 65536},
		{why: "a fraction that is whole", text: "1.5KiB", want: 1536},
		{why: "gibibytes", text: "2GiB", want: 2 << 30},
		{why: "no unit", text: "64", wrong: "the unit is missing", hint: "write 64B"},
		{why: "small letters", text: "64kib", wrong: `"kib" is not a unit of size`, hint: "write 64KiB"},
		{why: "an unknown unit", text: "6furlongs", wrong: `"furlongs" is not a unit of size`, hint: "units are B, KB, MB, GB, KiB, MiB, GiB"},
		{why: "a part of a byte", text: "0.5B", wrong: "a size is a whole number of bytes, below 8 EiB"},
		{why: "below zero", text: "-1B", wrong: "not a size", hint: "write 64KiB, 10MiB or 512B"},
		{why: "too large", text: "99999999999GiB", wrong: "a size is a whole number of bytes, below 8 EiB"},
	})
}

func TestInt(t *testing.T) {
	checkScalars(t, ParseInt, []scalarRow[int64]{
		{why: "a number", text: "42", want: 42},
		{why: "below zero", text: "-42", want: -42},
		{why: "zero", text: "0", want: 0},
		{why: "the largest", text: "9223372036854775807", want: 1<<63 - 1},
		{why: "one more", text: "9223372036854775808", wrong: "the number is too large"},
		{why: "underscores", text: "1_000", wrong: "numbers are written without underscores", hint: "write 1000"},
		{why: "a leading zero is octal to some", text: "010", wrong: "a whole number has no leading zero", hint: "write 10"},
		{why: "hexadecimal", text: "0x10", wrong: "not a whole number"},
		{why: "an exponent", text: "1e3", wrong: "not a whole number"},
		{why: "a decimal", text: "1.0", wrong: "not a whole number"},
		{why: "nothing", text: "", wrong: "not a whole number"},
	})
}

func TestBool(t *testing.T) {
	checkScalars(t, ParseBool, []scalarRow[bool]{
		{why: "true", text: "true", want: true},
		{why: "false", text: "false"},
		{why: "yes", text: "yes", wrong: "not true or false", hint: "write true"},
		{why: "Off", text: "Off", wrong: "not true or false", hint: "write false"},
		{why: "True", text: "True", wrong: "not true or false", hint: "write true"},
		{why: "a number", text: "0", wrong: "not true or false", hint: "write false"},
		{why: "a word", text: "maybe", wrong: "not true or false"},
	})
}

func TestThinkTime(t *testing.T) {
	for _, row := range []struct {
		text        string
		least, most time.Duration
		ok          bool
	}{
		{"2s", 2 * time.Second, 2 * time.Second, true},
		{"1s..3s", time.Second, 3 * time.Second, true},
		{"1s .. 3s", time.Second, 3 * time.Second, true},
		{"0s..0s", 0, 0, true},
		{"3s..1s", 0, 0, false},
		{"1s..", 0, 0, false},
		{"..1s", 0, 0, false},
		{"1..3", 0, 0, false},
	} {
		least, most, err := ParseThink(row.text)
		if (err == nil) != row.ok || row.ok && (least != row.least || most != row.most) {
			t.Errorf("%q is %v..%v %v", row.text, least, most, err)
		}
	}
}

func TestHasTemplate(t *testing.T) {
	for text, want := range map[string]bool{
		"${a}": true, "x ${a}": true, "$${a}": false, "$$${a}": false, "$a": false, "{a}": false, "$": false, "": false, "$${a} ${b}": true,
	} {
		if HasTemplate(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// What is written is read back exactly.
func TestScalarsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, 1<<62).Draw(t, "duration"))
		if got, err := ParseDuration(FormatDuration(d)); err != nil || got != d {
			t.Errorf("%v is written %s and read %v %v", int64(d), FormatDuration(d), got, err)
		}
		size := rapid.Int64Range(0, 1<<50).Draw(t, "size")
		if got, err := ParseSize(FormatSize(size)); err != nil || got != size {
			t.Errorf("%d is written %s and read %d %v", size, FormatSize(size), got, err)
		}
		text := rapid.StringMatching(`[0-9]{1,6}(\.[0-9]{1,4})?`).Draw(t, "number")
		rate, err := ParseRate(text + rapid.SampledFrom([]string{"/s", "/m", "/h"}).Draw(t, "unit"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParseRate(rate.String()); err != nil || got != rate {
			t.Errorf("%v is written %s and read %v %v", rate, rate.String(), got, err)
		}
		ratio, err := ParsePercent(text + "%")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParsePercent(ratio.String()); err != nil || got != ratio {
			t.Errorf("%v is written %s and read %v %v", ratio, ratio.String(), got, err)
		}
	})
}

func TestSuggest(t *testing.T) {
	words := []string{"vus", "duration", "max_vus", "constant-arrival-rate", "get", "set"}
	for _, row := range []struct{ why, word, want string }{
		{"a letter too many", "vuss", "vus"},
		{"a letter missing", "duraton", "duration"},
		{"neighbours swapped", "duratoin", "duration"},
		{"another case", "VUS", "vus"},
		{"the first of two", "bet", "get"},
		{"nothing in common", "xyz", ""},
		{"too far", "duck", ""},
		{"a short word is not any other", "x", ""},
		{"empty", "", ""},
		{"a long word may have more slips", "constent-arival-rate", "constant-arrival-rate"},
	} {
		if got := Suggest(row.word, words); got != row.want {
			t.Errorf("%s: %q suggests %q, want %q", row.why, row.word, got, row.want)
		}
	}
}

package expr

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

func timeFunctions() []*function {
	return []*function{
		live("time", "now()", "The current time, in UTC.", `now()`, nil, 0, Time,
			func(vm *VM, _ []any) (any, error) { return box(vm.now()) }),
		live("time", "timestamp()", "The current Unix time in whole seconds.", `timestamp()`, nil, 0, Int, unixSeconds),
		pureOrNow("time", "unix(time)", "Unix time in whole seconds, of now or of a time.", `unix(date("2024-05-01"))`, Int,
			func(t time.Time) any { return boxInt(t.Unix()) }),
		pureOrNow("time", "unix_ms(time)", "Unix time in whole milliseconds, of now or of a time.", `unix_ms(date("2024-05-01"))`, Int,
			func(t time.Time) any { return boxInt(t.UnixMilli()) }),
		pureOrNow("time", "iso(time)", "ISO 8601 with milliseconds in UTC, of now or of a time.", `iso(date("2024-05-01"))`, String,
			func(t time.Time) any { return t.UTC().Format("2006-01-02T15:04:05.000Z") }),
		pure("time", "date(text, layout, zone)", "The time that a text tells. Without a layout: RFC 3339, 2006-01-02, 2006-01-02 15:04:05, or Unix seconds.",
			`date("01.05.2024", "02.01.2006")`, []Type{Any, String, String}, 1, Time, parseDate),
		pure("time", "format(time, layout, zone)", `A time as text. Layouts: Go's reference time ("2006-01-02 15:04"), or rfc3339, http, date, time, datetime.`,
			`format(date("2024-05-01"), "date")`, []Type{Any, String, String}, 2, String, formatTime),
		pure("time", "duration(text)", "The milliseconds of a duration such as 1m30s.", `duration("1m30s")`, []Type{String}, 1, Millis, parseDuration),
		pure("time", "add(time, duration)", `A time moved by a duration: milliseconds, or a text such as "1h" or "-30s".`,
			`add(date("2024-05-01"), "1h")`, []Type{Any, Any}, 2, Time, addTime),
	}
}

func (vm *VM) now() (time.Time, error) {
	h, err := vm.host()
	if err != nil {
		return time.Time{}, err
	}
	return h.Now().UTC(), nil
}

func unixSeconds(vm *VM, _ []any) (any, error) {
	t, err := vm.now()
	return boxInt(t.Unix()), err
}

// pureOrNow is a function of a time; of the current one if none is given.
func pureOrNow(category, signature, doc, example string, result Type, f func(time.Time) any) *function {
	return live(category, signature, doc, example, []Type{Any}, 0, result, func(vm *VM, args []any) (any, error) {
		t, err := timeOrNow(vm, args)
		if err != nil {
			return nil, err
		}
		return f(t), nil
	})
}

// timeOrNow is the first argument as a time, the current time if there is none.
func timeOrNow(vm *VM, args []any) (time.Time, error) {
	if len(args) == 0 {
		return vm.now()
	}
	return argTime(args[0])
}

// argTime is a time: one, Unix seconds, or a text that date() understands.
func argTime(v any) (time.Time, error) {
	if t, ok := v.(time.Time); ok {
		return t, nil
	}
	if f, ok := asFloat(v); ok {
		if f < -62135596800 || f > 253402300799 {
			return time.Time{}, fmt.Errorf("%s is no Unix time in seconds", describe(v))
		}
		whole := int64(f)
		return time.Unix(whole, int64((f-float64(whole))*1e9)).UTC(), nil
	}
	if s, ok := asText(v); ok {
		for _, layout := range []string{time.RFC3339Nano, time.DateOnly, time.DateTime, "2006-01-02T15:04:05", time.RFC1123, time.RFC1123Z} {
			if t, err := time.Parse(layout, s); err == nil {
				return t, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("a time is needed, not %s", describe(v))
}

func parseDate(args []any) (any, error) {
	if len(args) == 1 {
		return box(argTime(args[0]))
	}
	text, err := argOnlyText(args[0])
	if err != nil {
		return nil, err
	}
	layout, zone, err := layoutAndZone(args[1:])
	if err != nil {
		return nil, err
	}
	t, err := time.ParseInLocation(layout, text, zone)
	if err != nil {
		return nil, fmt.Errorf("%q is not written as %q", text, layout)
	}
	return t, nil
}

func formatTime(args []any) (any, error) {
	t, err := argTime(args[0])
	if err != nil {
		return nil, err
	}
	layout, zone, err := layoutAndZone(args[1:])
	if err != nil {
		return nil, err
	}
	if len(args) == 3 || layout == httpLayout {
		t = t.In(zone)
	}
	return t.Format(layout), nil
}

const httpLayout = "Mon, 02 Jan 2006 15:04:05 GMT"

// layoutAndZone reads the last two arguments of date and format.
func layoutAndZone(args []any) (string, *time.Location, error) {
	layout, err := argOnlyText(args[0])
	if err != nil {
		return "", nil, err
	}
	switch strings.ToLower(layout) {
	case "rfc3339", "iso":
		layout = time.RFC3339
	case "http", "rfc1123":
		layout = httpLayout
	case "date":
		layout = time.DateOnly
	case "time":
		layout = time.TimeOnly
	case "datetime":
		layout = time.DateTime
	}
	if len(args) < 2 {
		return layout, time.UTC, nil
	}
	name, err := argOnlyText(args[1])
	if err != nil {
		return "", nil, err
	}
	if name == "Local" {
		return "", nil, errors.New(`the zone "Local" differs between machines: name one, such as "Europe/Paris"`)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return "", nil, fmt.Errorf("unknown time zone %q", name)
	}
	return layout, zone, nil
}

func parseDuration(args []any) (any, error) {
	text, err := argOnlyText(args[0])
	if err != nil {
		return nil, err
	}
	return box(durationMs(text))
}

// durationMs is a written duration, with or without a sign, in milliseconds.
func durationMs(text string) (float64, error) {
	rest, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	lit, err := parseLiteral(rest)
	if err != nil || lit.typ != Millis {
		return 0, fmt.Errorf("%q is not a duration such as 1m30s", text)
	}
	ms := lit.value.(float64)
	if negative {
		ms = -ms
	}
	return ms, nil
}

func addTime(args []any) (any, error) {
	t, err := argTime(args[0])
	if err != nil {
		return nil, err
	}
	ms, ok := ToFloat(args[1])
	if text, isText := asText(args[1]); isText {
		if ms, err = durationMs(text); err != nil {
			return nil, err
		}
	} else if !ok {
		return nil, fmt.Errorf("a duration is needed, not %s", describe(args[1]))
	}
	return moveTime(t, ms, 1)
}

// Package data feeds rows from files to virtual users: it reads a feeder's file and deals its rows in the order that the
// plan asks for, each row to one taker over all VUs and all machines. It does not know what a VU is, when a row is
// wanted or how long it is kept, and the paths it is given have passed the plan's fences.
package data

import (
	"errors"
	"fmt"

	"runner/spec"
)

// The ends of a feeder, for errors.Is. Draw wraps them with the feeder's name and its number of rows.
var (
	ErrStop = errors.New("at_end: stop") // the VU that asked for a row ends
	ErrFail = errors.New("at_end: fail") // the iteration that asked for a row fails
)

// Per says how long a drawn row is kept. The feeder only remembers it; the VU keeps the row.
type Per uint8

// The words of per.
const (
	PerIteration Per = iota
	PerVU
	PerRun
)

// Random is where order: random takes its choice from: the iteration's own source.
type Random interface{ Uint64() uint64 }

// Feeder deals the rows of one file. It hides how they are stored. Any goroutine may use it.
type Feeder struct {
	name  string
	table table
	per   Per
	deal  func() order // a new one, from the first row
	order order
	end   error            // nil: at_end loop
	atEnd spec.Opt[string] // where the author said so
}

// Fresh is the feeder at its first row again, for another run. The rows are shared.
func (f *Feeder) Fresh() *Feeder {
	fresh := *f
	fresh.order = f.deal()
	return &fresh
}

// Len is how many rows the file has, for all segments together.
func (f *Feeder) Len() int { return len(f.table.rows) }

// Per says how long a row that was drawn is to be kept.
func (f *Feeder) Per() Per { return f.per }

// Columns are the names that rows have: a CSV header in its order; of JSON every key of any row, sorted. A row of JSON
// need not have them all: a key that it lacks reads as null.
func (f *Feeder) Columns() []string { return f.table.columns }

// Draw takes the next row: column to value, where a value is a string (CSV) or what JSON holds (string, bool, nil, int64,
// float64, []any, map[string]any). All takers of a row share it, so nobody may change it. Only order: random reads r,
// which may be nil for the others. The error wraps ErrStop or ErrFail, and comes again at every later call.
func (f *Feeder) Draw(r Random) (map[string]any, error) {
	i, ok := f.order.take(r)
	if !ok {
		return nil, f.end
	}
	return f.table.rows[i], nil
}

// MinRows says what is wrong if VUs that each keep a row (per: vu, at_end: stop or fail) are more than there are rows;
// nil: nothing. vus is the largest number of VUs that all scenarios with this feeder can have together.
func (f *Feeder) MinRows(vus int64) *spec.Problem {
	if f.per != PerVU || f.end == nil || vus <= int64(f.Len()) {
		return nil
	}
	return &spec.Problem{
		Pos: f.atEnd.Pos, Width: width(f.atEnd.Value),
		Message: fmt.Sprintf("data %q has %s for up to %d VUs, and with per: vu and at_end: %s each VU needs its own",
			f.name, plural(f.Len(), "row"), vus, f.atEnd.Value),
		Hint: "add rows, lower the number of VUs, or write at_end: loop to share rows",
	}
}

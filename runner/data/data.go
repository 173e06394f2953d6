// Package data feeds rows from files to virtual users: it reads a feeder's file and deals its rows in the order that the
// plan asks for, each row to one taker over all VUs and all machines. It does not know what a VU is, when a row is
// wanted or how long it is kept, and the paths it is given have passed the plan's fences.
package data

import (
	"errors"
	"fmt"
	"sync/atomic"

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
	name    string
	shown   string // the file, as messages name it
	rows    store
	per     Per
	order   string           // a word of order
	shuffle permutation      // of order: shuffle
	first   int64            // positions of this segment are first, first+step, …
	step    int64            //
	taken   *atomic.Int64    // of them, by draws that are not aligned
	aligned bool             // the row of iteration n is row n
	skipped *skipped         // rows that their iterations did not read
	end     error            // nil: at_end loop
	atEnd   spec.Opt[string] // where the author said so
}

// Fresh is the feeder at its first row again, for another run. Rows in memory are shared.
func (f *Feeder) Fresh() *Feeder {
	fresh := *f
	fresh.taken, fresh.skipped = new(atomic.Int64), &skipped{}
	fresh.rows = f.rows.fresh()
	return &fresh
}

// Close lets go of the file. Nobody may draw any more.
func (f *Feeder) Close() { f.rows.close() }

// Align gives iteration n the row at position n, whoever asks first: so a row follows from the seed and the iteration alone.
// It is for feeders that every iteration of one scenario reads, and nobody else. It comes before the first draw.
func (f *Feeder) Align() { f.aligned = f.per == PerIteration && f.order != "random" }

// Skip says that iteration n ended before it read its row of an aligned feeder. Where rows come to an end, that row is given
// after the last one, so that each is given once.
func (f *Feeder) Skip(n int64) {
	if f.aligned && f.end != nil {
		f.skipped.add(n)
	}
}

// Len is how many rows the file has, for all segments together. A large file is read to its end for that, once. The error
// is that of reading.
func (f *Feeder) Len() (int64, error) {
	n, err := f.rows.size()
	return n, f.explain(err)
}

// Per says how long a row that was drawn is to be kept.
func (f *Feeder) Per() Per { return f.per }

// Columns are the names that rows have: a CSV header in its order; of JSON every key of any row, sorted. A row of JSON
// need not have them all: a key that it lacks reads as null. nil: they are not known before the rows are read.
func (f *Feeder) Columns() []string { return f.rows.columns() }

// Draw takes the next row, or the one of iteration n where the feeder is aligned: column to value, where a value is a
// string or of the column's type (CSV), or what JSON holds (string, bool, nil, int64, float64, []any, map[string]any). All
// takers of a row share it, so nobody may change it. Only order: random reads r, which may be nil for the others. The
// error wraps ErrStop or ErrFail, and comes again at every later call; or it says what is wrong in the file.
func (f *Feeder) Draw(n int64, r Random) (map[string]any, error) {
	row, err := f.draw(n, r)
	for err != nil && errors.Is(err, f.end) {
		left, ok := f.skipped.take()
		if !ok {
			break
		}
		row, err = f.draw(left, r)
	}
	return row, err
}

func (f *Feeder) draw(n int64, r Random) (map[string]any, error) {
	once := f.end != nil
	switch f.order {
	case "random":
		size, err := f.rows.size()
		if err != nil {
			return nil, f.explain(err)
		}
		return f.take(int64(below(r, uint64(size))), false)
	case "shuffle":
		size, err := f.rows.size()
		if err != nil {
			return nil, f.explain(err)
		}
		position := f.position(n)
		if once && position >= size {
			return nil, f.end
		}
		return f.take(f.shuffle.row(position, size), false)
	}
	return f.take(f.position(n), once)
}

// position is where the next draw stands in the passes over the rows, laid end to end.
func (f *Feeder) position(n int64) int64 {
	if f.aligned && n >= 0 {
		return n
	}
	return (f.taken.Add(1)-1)*f.step + f.first
}

func (f *Feeder) take(position int64, once bool) (map[string]any, error) {
	row, err := f.rows.at(position, once)
	switch {
	case err == nil:
		return row, nil
	case errors.Is(err, errEnd):
		return nil, f.end
	}
	return nil, f.explain(err)
}

// explain says which file an error is about.
func (f *Feeder) explain(err error) error {
	if err == nil {
		return nil
	}
	where := f.shown
	var in *fault
	if errors.As(err, &in) && in.line > 0 {
		where = fmt.Sprintf("%s:%d", f.shown, in.line)
	}
	return fmt.Errorf("data %q: %s: %w", f.name, where, err)
}

// MinRows says what is wrong if VUs that each keep a row (per: vu, at_end: stop or fail) are more than there are rows;
// nil: nothing. vus is the largest number of VUs that all scenarios with this feeder can have together.
func (f *Feeder) MinRows(vus int64) *spec.Problem {
	if f.per != PerVU || f.end == nil {
		return nil
	}
	n, err := f.Len()
	if err != nil {
		return &spec.Problem{Pos: f.atEnd.Pos, Width: width(f.atEnd.Value), Message: err.Error()}
	}
	if vus <= n {
		return nil
	}
	return &spec.Problem{
		Pos: f.atEnd.Pos, Width: width(f.atEnd.Value),
		Message: fmt.Sprintf("data %q has %s for up to %d VUs, and with per: vu and at_end: %s each VU needs its own",
			f.name, plural(n, "row"), vus, f.atEnd.Value),
		Hint: "add rows, lower the number of VUs, or write at_end: loop to share rows",
	}
}

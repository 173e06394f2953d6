package data

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"runner/runner/schedule"
	"runner/spec"
)

// What is kept in memory, in bytes of the file's text: a file up to small is read before the run, so that every mistake in
// it is known; a larger one is only read whole if it must be, and up to most.
const (
	small = 8 << 20
	most  = 256 << 20
)

// Open reads the file of a feeder called name. path is the file with templates evaluated, relative to the working
// folder or absolute; the messages show it as the author wrote it. The seed is the run's; seg says which share of
// the rows Draw deals, and its zero value is all. A nil problem is success.
func Open(d *spec.Data, name, path string, seg schedule.Segment, seed uint64) (*Feeder, *spec.Problem) {
	return open(d, name, path, seg, seed, small)
}

// open is Open; a text of up to inMemory bytes is read whole.
func open(d *spec.Data, name, path string, seg schedule.Segment, seed uint64, inMemory int64) (*Feeder, *spec.Problem) {
	f := &Feeder{name: name, shown: d.File.Value, atEnd: d.AtEnd, taken: new(atomic.Int64), skipped: &skipped{}, shuffle: newPermutation(name, seed)}
	if f.shown == "" || strings.Contains(f.shown, "${") {
		f.shown = path
	}
	if p := f.configure(d); p != nil {
		return nil, p
	}
	if p := f.read(d, path, inMemory); p != nil {
		return nil, p
	}
	if f.end != nil {
		f.end = fmt.Errorf("data %q is used up: all of its %s were drawn (%w)", name, f.inAll(), f.end)
	}
	if seg.Count == 0 || f.per == PerRun { // the one row of a run is the same in every segment
		seg = schedule.Segment{Index: 0, Count: 1}
	}
	f.first, f.step = seg.Index, seg.Count
	return f, nil
}

// inAll is the number of rows, where it is known.
func (f *Feeder) inAll() string {
	if _, unknown := f.rows.(*stream); unknown {
		return "rows"
	}
	n, _ := f.rows.size() // of what is not a stream it is known
	return plural(n, "row")
}

var pers = map[string]Per{"iteration": PerIteration, "vu": PerVU, "run": PerRun}

var ends = map[string]error{"loop": nil, "stop": ErrStop, "fail": ErrFail}

var orders = []string{"sequence", "shuffle", "random"}

// configure reads the feeder's words.
func (f *Feeder) configure(d *spec.Data) *spec.Problem {
	if f.order = d.Order.Or("sequence"); !slices.Contains(orders, f.order) {
		return unknown("order", d.Order, "sequence, shuffle or random")
	}
	end, ok := ends[d.AtEnd.Or("loop")]
	if !ok {
		return unknown("at_end", d.AtEnd, "loop, stop or fail")
	}
	f.end = end
	if f.per, ok = pers[d.Per.Or("iteration")]; !ok {
		return unknown("per", d.Per, "iteration, vu or run")
	}
	if f.order == "random" && f.end != nil {
		return &spec.Problem{Pos: d.AtEnd.Pos, Width: width(d.AtEnd.Value),
			Message: fmt.Sprintf("at_end: %s never happens with order: random, which draws any row any number of times", d.AtEnd.Value),
			Hint:    "write order: shuffle to draw each row once"}
	}
	return nil
}

func unknown(word string, v spec.Word, have string) *spec.Problem {
	return &spec.Problem{Pos: v.Pos, Width: width(v.Value), Message: fmt.Sprintf("unknown %s %q", word, v.Value), Hint: "have: " + have}
}

// read finds out how the file is to be read, and opens it.
func (f *Feeder) read(d *spec.Data, path string, inMemory int64) *spec.Problem {
	s := source{path: path, format: d.Format.Or(formatOf(path)), choice: d.Select.Value, types: d.Columns}
	switch _, ok := readers[s.format]; {
	case s.format == "":
		return &spec.Problem{Pos: d.File.Pos, Width: width(d.File.Value),
			Message: fmt.Sprintf("the name %q does not tell the format of the file", filepath.Base(path)),
			Hint:    "write format: csv, json or ndjson"}
	case !ok:
		return unknown("format", d.Format, "csv, json or ndjson")
	case s.format != "json" && !d.Select.IsZero():
		return &spec.Problem{Pos: d.Select.Pos, Width: width(d.Select.Value),
			Message: fmt.Sprintf("select finds a list in a json file, and %s is %s", f.shown, s.format), Hint: "remove select"}
	case s.format != "csv" && len(d.Columns) > 0:
		return &spec.Problem{Pos: d.Columns[0].KeyPos, Width: width(d.Columns[0].Key),
			Message: fmt.Sprintf("columns gives types to the text of a csv file, and %s is %s", f.shown, s.format), Hint: "remove columns: its values have types of their own"}
	}
	err := s.inspect()
	if err == nil {
		f.rows, err = f.store(&s, inMemory)
	}
	if err != nil {
		return problem(d, f.shown, err)
	}
	return nil
}

// store chooses how the rows are kept: all of a small file in memory; of a large one those of the moment, in the order of
// the file, or the places where they stand.
func (f *Feeder) store(s *source, inMemory int64) (store, error) {
	if s.bytes <= inMemory {
		t, err := s.whole(inMemory)
		if err == nil || !errors.Is(err, errTooLarge) {
			return t, err
		}
	}
	plain := s.format != "json" || plainPath.MatchString(s.choice)
	switch {
	case f.order == "sequence" && plain:
		return s.stream()
	case s.format != "json" && !s.packed:
		return newIndex(s)
	}
	t, err := s.whole(most)
	if errors.Is(err, errTooLarge) {
		return nil, &fault{text: fmt.Sprintf("is too large (over %d MiB) to be read whole, as this order, format and select need it", most>>20),
			hint: "write order: sequence, or unpack it to csv or ndjson"}
	}
	return t, err
}

var errTooLarge = errors.New("too large")

// stream opens the file once, so that what is wrong at its start is known before the run.
func (s *source) stream() (store, error) {
	file, list, err := s.open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if _, err := list.next(true); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	} else if err != nil {
		return nil, &fault{text: "no rows"}
	}
	return newStream(*s), nil
}

// whole reads all rows into memory. errTooLarge: the text is longer than that.
func (s *source) whole(limit int64) (*table, error) {
	file, text, err := s.text()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	limited := &io.LimitedReader{R: text, N: limit + 1}
	t, err := s.table(limited)
	if limited.N <= 0 {
		return nil, errTooLarge
	}
	return t, err
}

func (s *source) table(text io.Reader) (*table, error) {
	if s.format == "json" {
		all, err := io.ReadAll(text)
		if err != nil {
			return nil, unpacking(err)
		}
		return listJSON(all, s.choice)
	}
	list, err := readers[s.format](s, text)
	if err != nil {
		return nil, err
	}
	t := &table{names: s.columns}
	for {
		row, err := list.next(true)
		if errors.Is(err, io.EOF) {
			return t, t.named()
		}
		if err != nil {
			return nil, err
		}
		t.list = append(t.list, row)
	}
}

// named collects the columns of rows that have no header. A table without rows is a fault.
func (t *table) named() error {
	switch {
	case len(t.list) == 0 && t.names != nil:
		return &fault{text: "no rows", hint: "the file has a header and nothing below it"}
	case len(t.list) == 0:
		return &fault{text: "no rows", hint: "the list is empty"}
	case t.names != nil:
		return nil
	}
	columns := map[string]bool{}
	for _, row := range t.list {
		for key := range row {
			columns[key] = true
		}
	}
	t.names = slices.Sorted(maps.Keys(columns))
	return nil
}

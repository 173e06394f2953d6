package data

import (
	"fmt"
	"path/filepath"
	"strings"

	"runner/runner/schedule"
	"runner/spec"
)

// table is what a file holds. All rows are in memory.
type table struct {
	columns []string
	rows    []map[string]any
}

// formats is the index of the words of format. path is the select of the feeder.
var formats = map[string]func(text []byte, path string) (table, error){
	"csv":    readCSV,
	"json":   readJSON,
	"ndjson": readNDJSON,
}

var extensions = map[string]string{".csv": "csv", ".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson"}

// Open reads the file of a feeder called name. path is the file with templates evaluated, relative to the working
// folder or absolute; the messages show it as the author wrote it. The seed is the run's; seg says which share of
// the rows Draw deals, and its zero value is all. A nil problem is success.
func Open(d *spec.Data, name, path string, seg schedule.Segment, seed uint64) (*Feeder, *spec.Problem) {
	f := &Feeder{name: name, atEnd: d.AtEnd}
	if p := f.configure(d); p != nil {
		return nil, p
	}
	shown := d.File.Value
	if shown == "" || strings.Contains(shown, "${") {
		shown = path
	}
	if p := f.read(d, path, shown); p != nil {
		return nil, p
	}
	f.end = ends[d.AtEnd.Or("loop")]
	if f.end != nil {
		f.end = fmt.Errorf("data %q is used up: all of its %s were drawn (%w)", name, plural(f.Len(), "row"), f.end)
	}
	if seg.Count == 0 || f.per == PerRun { // the one row of a run is the same in every segment
		seg = schedule.Segment{Index: 0, Count: 1}
	}
	share := deal{n: int64(f.Len()), first: seg.Index, step: seg.Count, once: f.end != nil}
	f.deal = func() order { return orders[d.Order.Or("sequence")](share, name, seed) }
	f.order = f.deal()
	return f, nil
}

var orders = map[string]func(d deal, name string, seed uint64) order{
	"sequence": func(d deal, _ string, _ uint64) order { return &sequence{deal: d} },
	"shuffle":  func(d deal, name string, seed uint64) order { return newShuffle(d, name, seed) },
	"random":   func(d deal, _ string, _ uint64) order { return random(d.n) },
}

var pers = map[string]Per{"iteration": PerIteration, "vu": PerVU, "run": PerRun}

var ends = map[string]error{"loop": nil, "stop": ErrStop, "fail": ErrFail}

// configure reads the feeder's words.
func (f *Feeder) configure(d *spec.Data) *spec.Problem {
	if _, ok := orders[d.Order.Or("sequence")]; !ok {
		return unknown("order", d.Order, "sequence, shuffle or random")
	}
	if _, ok := ends[d.AtEnd.Or("loop")]; !ok {
		return unknown("at_end", d.AtEnd, "loop, stop or fail")
	}
	per, ok := pers[d.Per.Or("iteration")]
	if !ok {
		return unknown("per", d.Per, "iteration, vu or run")
	}
	f.per = per
	if d.Order.Value == "random" && d.AtEnd.Or("loop") != "loop" {
		return &spec.Problem{Pos: d.AtEnd.Pos, Width: width(d.AtEnd.Value),
			Message: fmt.Sprintf("at_end: %s never happens with order: random, which draws any row any number of times", d.AtEnd.Value),
			Hint:    "write order: shuffle to draw each row once"}
	}
	return nil
}

func unknown(word string, v spec.Word, have string) *spec.Problem {
	return &spec.Problem{Pos: v.Pos, Width: width(v.Value), Message: fmt.Sprintf("unknown %s %q", word, v.Value), Hint: "have: " + have}
}

// read fills the table from the file.
func (f *Feeder) read(d *spec.Data, path, shown string) *spec.Problem {
	format := d.Format.Or(extensions[strings.ToLower(filepath.Ext(path))])
	read, ok := formats[format]
	switch {
	case format == "":
		return &spec.Problem{Pos: d.File.Pos, Width: width(d.File.Value),
			Message: fmt.Sprintf("the name %q does not tell the format of the file", filepath.Base(path)),
			Hint:    "write format: csv, json or ndjson"}
	case !ok:
		return unknown("format", d.Format, "csv, json or ndjson")
	case format != "json" && !d.Select.IsZero():
		return &spec.Problem{Pos: d.Select.Pos, Width: width(d.Select.Value),
			Message: fmt.Sprintf("select finds a list in a json file, and %s is %s", shown, format), Hint: "remove select"}
	}
	text, err := load(path)
	if err == nil {
		f.table, err = read(text, d.Select.Value)
	}
	if err != nil {
		return problem(d, shown, err)
	}
	return nil
}

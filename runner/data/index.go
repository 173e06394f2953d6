package data

import (
	"bufio"
	"errors"
	"io"
	"os"
)

// stride is how many rows apart the places that an index remembers are: a hundred million rows take 50 MB.
const stride = 16

// index is a large file of lines whose rows are read where they stand, in any order. Only the places of some rows are in
// memory.
type index struct {
	source *source
	names  []string
	types  []convert
	file   *os.File
	places []int64 // of rows 0, stride, 2·stride, …
	n      int64
}

var _ store = (*index)(nil)

// newIndex goes through the file once.
func newIndex(s *source) (*index, error) {
	x := &index{source: s}
	file, _, err := s.open() // judges the header, and the columns
	if err != nil {
		return nil, err
	}
	_ = file.Close() // it was only read
	if x.names = s.columns; s.format == "csv" {
		if x.types, err = converters(s.types, x.names); err != nil {
			return nil, err
		}
	}
	if x.file, err = os.Open(s.path); err != nil {
		return nil, unreadable(err)
	}
	if err := x.scan(); err != nil {
		_ = x.file.Close() // the first error tells
		return nil, err
	}
	return x, nil
}

// scan notes where rows begin: behind a line break that stands in no quotes.
func (x *index) scan() error {
	lines := &lineScanner{r: bufio.NewReaderSize(x.file, 1<<20), quotes: x.source.format == "csv"}
	header := x.source.format == "csv"
	for {
		start, empty, err := lines.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return unreadable(err)
		}
		switch {
		case empty:
		case header:
			header = false
		default:
			if x.n%stride == 0 {
				x.places = append(x.places, start)
			}
			x.n++
		}
		if err != nil {
			break
		}
	}
	if x.n == 0 {
		return &fault{text: "no rows"}
	}
	return nil
}

// lineScanner goes through lines, which may go on in quotes.
type lineScanner struct {
	r      *bufio.Reader
	quotes bool
	at     int64
}

// next is where a line starts, and whether there is nothing in it. io.EOF comes with the last one.
func (l *lineScanner) next() (start int64, empty bool, err error) {
	start, empty = l.at, true
	for open := false; ; {
		part, err := l.r.ReadSlice('\n')
		l.at += int64(len(part))
		for _, b := range part {
			if l.quotes && b == '"' {
				open = !open
			}
			if b != '\r' && b != '\n' && (l.quotes || b != ' ' && b != '\t') {
				empty = false
			}
		}
		if errors.Is(err, bufio.ErrBufferFull) || err == nil && open {
			continue
		}
		return start, empty, err
	}
}

func (x *index) columns() []string    { return x.names }
func (x *index) size() (int64, error) { return x.n, nil }
func (x *index) fresh() store         { return x }

// close leaves the file open: the places in it are shared by all runs of a program, which ends with it.
func (x *index) close() {}

func (x *index) at(position int64, once bool) (map[string]any, error) {
	if once && position >= x.n {
		return nil, errEnd
	}
	i := position % x.n
	list := x.from(x.places[i/stride])
	for range i % stride {
		if _, err := list.next(false); err != nil {
			return nil, lost(err)
		}
	}
	row, err := list.next(true)
	return row, lost(err)
}

// from reads rows from a place on.
func (x *index) from(place int64) rows {
	text := bufio.NewReaderSize(io.NewSectionReader(x.file, place, 1<<62), 4<<10)
	if x.source.format == "csv" {
		return &csvRows{r: newCSVReader(text), names: x.names, types: x.types}
	}
	return &ndjsonRows{r: text}
}

// lost takes the line out of a fault, which would count from the place where reading began.
func lost(err error) error {
	if in := (*fault)(nil); errors.As(err, &in) {
		bare := *in
		bare.line = 0
		return &bare
	}
	if errors.Is(err, io.EOF) {
		return &fault{text: "it was changed while it was read"}
	}
	return err
}

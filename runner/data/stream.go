package data

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"sync"
)

// mostAhead is how many rows a stream keeps for iterations that come late for theirs. It is more than the VUs that a
// machine can run.
const mostAhead = 1 << 20

// stream is a large file that is read as its rows are drawn: the first is there at once, and memory holds only the rows
// of iterations that have not come for theirs yet.
type stream struct {
	source source

	mu    sync.Mutex
	file  io.Closer // nil: not open
	rows  rows
	read  int64 // rows read, over all passes
	n     int64 // rows of a pass; 0: not known before its end
	ahead map[int64]map[string]any
	least int64 // positions below it, if they are not ahead, have gone
	err   error // final
}

var _ store = (*stream)(nil)

func newStream(s source) *stream { return &stream{source: s, ahead: map[int64]map[string]any{}} }

func (s *stream) columns() []string { return s.source.columns }
func (s *stream) fresh() store      { return newStream(s.source) }

func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut()
	s.err = errors.New("the feeder is closed")
}

func (s *stream) shut() {
	if s.file != nil {
		_ = s.file.Close() // it was only read
		s.file = nil
	}
}

// size reads the file to its end, if no pass has come there yet.
func (s *stream) size() (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n > 0 || s.err != nil {
		return s.n, s.err
	}
	n, err := s.source.count()
	if err == nil {
		s.n = n
	}
	return n, err
}

func (s *stream) at(position int64, once bool) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if row, ok := s.ahead[position]; ok {
		delete(s.ahead, position)
		return row, nil
	}
	if position < s.read {
		return nil, &fault{text: fmt.Sprintf("row %d was wanted when over %d later ones had been read: it is gone", position, mostAhead)}
	}
	for s.err == nil {
		if once && s.n > 0 && position >= s.n {
			return nil, errEnd
		}
		row, err := s.advance()
		switch {
		case errors.Is(err, io.EOF):
			continue
		case err != nil:
			s.err = err
		case s.read-1 == position:
			return row, nil
		default:
			s.keep(s.read-1, row)
		}
	}
	return nil, s.err
}

// advance reads the next row. io.EOF: a pass is over, and the next call begins another.
func (s *stream) advance() (map[string]any, error) {
	if s.file == nil {
		file, rows, err := s.source.open()
		if err != nil {
			return nil, err
		}
		s.file, s.rows = file, rows
	}
	row, err := s.rows.next(true)
	if errors.Is(err, io.EOF) {
		s.shut()
		if s.n = cmp.Or(s.n, s.read); s.n == 0 {
			return nil, &fault{text: "no rows"}
		}
		return nil, io.EOF
	}
	if err == nil {
		s.read++
	}
	return row, err
}

// keep puts a row aside for an iteration that has not come for it yet. Where there are too many, the oldest goes: its
// iteration was dropped, or ended before it read a row.
func (s *stream) keep(position int64, row map[string]any) {
	s.ahead[position] = row
	for ; len(s.ahead) > mostAhead; s.least++ {
		delete(s.ahead, s.least)
	}
}

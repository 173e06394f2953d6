package data

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ndjsonRows reads one row a line. Empty lines are skipped.
type ndjsonRows struct {
	r    *bufio.Reader
	line int // the latest one
	shape
}

func newNDJSON(_ *source, text io.Reader) (rows, error) {
	return &ndjsonRows{r: bufio.NewReaderSize(text, 64<<10)}, nil
}

func (n *ndjsonRows) next(keep bool) (map[string]any, error) {
	for {
		line, err := n.r.ReadBytes('\n')
		n.line++
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return nil, unpacking(err)
		case len(bytes.TrimSpace(line)) == 0 && err != nil:
			return nil, io.EOF
		case len(bytes.TrimSpace(line)) == 0:
			continue
		case !keep:
			return nil, nil
		}
		item, err := decode(line, n.line)
		if err != nil {
			return nil, err
		}
		return n.row(item, n.line)
	}
}

// shape sees to it that the items of a list are all objects or all single values.
type shape struct {
	items   int // seen so far
	objects bool
}

// row makes a row of an item: an object as it is, a single value x as {value: x}. line is where it stands; 0: not known.
func (s *shape) row(item any, line int) (map[string]any, error) {
	row, object := item.(map[string]any)
	_, nested := item.([]any)
	if s.items++; s.items == 1 {
		s.objects = object
	}
	if nested || object != s.objects {
		return nil, &fault{line: line, text: fmt.Sprintf("item %d is %s", s.items, kind(item)), hint: "the items must be all objects or all single values"}
	}
	if !object {
		row = map[string]any{"value": item}
	}
	return row, nil
}

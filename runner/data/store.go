package data

import "errors"

// errEnd says that there is no row at a position, and that there is no second pass.
var errEnd = errors.New("no more rows")

// store holds the rows of a file. Any goroutine may use it.
type store interface {
	columns() []string // nil: not known
	// size is how many rows there are.
	size() (int64, error)
	// at is the row at a position; passes over the rows are laid end to end. once: there is only one pass, and errEnd
	// behind it.
	at(position int64, once bool) (map[string]any, error)
	// fresh is the store for another run.
	fresh() store
	close()
}

// rows reads a file from its start to io.EOF. Another error is a *fault and final.
type rows interface {
	// next is the next row; nil if keep is false, for one that nobody wants.
	next(keep bool) (map[string]any, error)
}

// table is a file whose rows are all in memory: it was read before the run, so that every mistake in it is known.
type table struct {
	names []string
	list  []map[string]any
}

var _ store = (*table)(nil)

func (t *table) columns() []string    { return t.names }
func (t *table) size() (int64, error) { return int64(len(t.list)), nil }
func (t *table) fresh() store         { return t }
func (t *table) close()               {}

func (t *table) at(position int64, once bool) (map[string]any, error) {
	n := int64(len(t.list))
	if once && position >= n {
		return nil, errEnd
	}
	return t.list[position%n], nil
}

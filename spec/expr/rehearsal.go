package expr

import "time"

// rehearsal is the host of calls that are tried before the run, for their mistakes alone. It has the time and chance of its
// own, and nothing else: no function that takes constants asks for more.
type rehearsal struct{ Host }

var _ Host = rehearsal{}

func (rehearsal) Random() Random { return &Source{} }
func (rehearsal) Now() time.Time { return time.Now().UTC() }

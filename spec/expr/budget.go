package expr

import (
	"errors"
	"fmt"
)

// maxLoops is how many turns the loops of one expression may make together (filter, map, …).
const maxLoops = 1_000_000

// turn counts one turn of a loop.
func (vm *VM) turn() error {
	if vm.loops++; vm.loops > maxLoops {
		return fmt.Errorf("its loops make more than %d turns", maxLoops)
	}
	return nil
}

// maxBytes is how much text the loops of one expression may make together.
const maxBytes = 64 << 20

// made counts a value that an operation inside a loop has made. Lists count by their length.
func (vm *VM) made(v any) error {
	switch v := v.(type) {
	case string:
		vm.bytes += len(v)
	case []any:
		vm.bytes += 16 * len(v)
	}
	if vm.bytes > maxBytes {
		return errTooMuch
	}
	return nil
}

var errTooMuch = errors.New("it makes too much data at once")

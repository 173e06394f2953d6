//go:build !linux

package executor

// NewWaiter makes the platform's most precise waiter for a clock in nanoseconds. It never spins.
func NewWaiter(clock func() int64, _ *Spin) (Waiter, error) { return NewTimeWaiter(clock), nil }

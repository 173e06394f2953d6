//go:build !linux

package executor

// NewWaiter makes the platform's most precise waiter for a clock in nanoseconds.
func NewWaiter(clock func() int64) (Waiter, error) { return NewTimeWaiter(clock), nil }

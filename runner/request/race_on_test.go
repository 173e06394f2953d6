//go:build race

package request_test

// underRace says that the race detector is on, which makes pools forget at random: allocations can't be counted.
const underRace = true

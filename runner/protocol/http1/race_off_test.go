//go:build !race

package http1

// underRace says that the race detector is on, which makes pools forget at random: allocations can't be counted.
const underRace = false

//go:build !unix && !windows

package monitor

// readUsage knows only what the Go runtime does.
func readUsage() usage { return usage{longestPause: longestPause()} }

//go:build !windows

package report

import "os"

// ansi says whether the terminal understands escape sequences.
func ansi(*os.File) bool { return true }

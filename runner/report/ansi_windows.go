package report

import (
	"os"

	"golang.org/x/sys/windows"
)

// ansi makes the console understand escape sequences, and says whether it does.
func ansi(f *os.File) bool {
	h := windows.Handle(f.Fd())
	var mode uint32
	if windows.GetConsoleMode(h, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(h, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

package report

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// pty opens a pseudo-terminal of 100 columns and 30 rows.
func pty(t *testing.T) *os.File {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: 100, Row: 30})
	}
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	f, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestColoursAndSizeOfATerminal(t *testing.T) {
	f := pty(t)
	for _, c := range []struct {
		term, env     string
		flag          bool
		color, redraw bool
		why           string
	}{
		{"xterm", "", false, true, true, "a terminal"},
		{"xterm", "", true, false, true, "--no-color"},
		{"xterm", "1", false, false, true, "NO_COLOR"},
		{"dumb", "", false, false, false, "a terminal that cannot move its cursor"},
	} {
		t.Setenv("TERM", c.term)
		t.Setenv("NO_COLOR", c.env)
		size := TerminalSize(f)
		if got := Color(f, c.flag); got != c.color || (size != nil) != c.redraw {
			t.Errorf("%s: colours %v, redraw %v", c.why, got, size != nil)
		}
		if size == nil {
			continue
		}
		if columns, rows := size(); columns != 100 || rows != 30 {
			t.Errorf("%s: %d×%d", c.why, columns, rows)
		}
	}
}

func TestAFileIsNoTerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if TerminalSize(f) != nil || Color(f, false) {
		t.Error("a file is taken for a terminal")
	}
}

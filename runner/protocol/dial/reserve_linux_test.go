package dial

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// A table that was made larger leaves no descriptor open, and asking for more than there may be does no harm.
func TestReserve(t *testing.T) {
	open := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("no /proc: ", err)
		}
		return len(list)
	}
	before := open()
	for _, n := range []int{-1, 0, 1, 300, 1 << 40} {
		Reserve(n)
	}
	if size := tableSize(t); size < 300 {
		t.Errorf("the table has room for %d", size)
	}
	if after := open(); after != before {
		t.Errorf("%d descriptors were open, now %d", before, after)
	}
}

// tableSize is the line "FDSize:	256" of /proc/self/status.
func tableSize(t *testing.T) (n int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc: ", err)
	}
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "FDSize: %d", &n); err == nil {
			return n
		}
	}
	t.Skip("the system does not tell")
	return 0
}

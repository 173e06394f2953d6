package bystander

import "testing"

// TestTheKernelIsUnderstood holds that the files are where they should be: this process has run, and the machine has idled.
func TestTheKernelIsUnderstood(t *testing.T) {
	if number("/proc/self/schedstat", 0) == 0 || number("/proc/stat", 4) == 0 {
		t.Error("the kernel's counts can't be read, so that no test is ever excused")
	}
	if n := number("/proc/self/schedstat", 99); n != 0 {
		t.Errorf("a field that is not there is %d", n)
	}
	if n := number("/proc/self/task/0/schedstat", 1); n != 0 {
		t.Errorf("of a thread that has ended: %d", n)
	}
}

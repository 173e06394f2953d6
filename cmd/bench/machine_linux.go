package main

import (
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// prepare gives all that is started from here as many open files as there may be, and keeps this program itself away from
// the core of the clients.
func prepare(core int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = limit.Max
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	return unix.SchedSetaffinity(unix.Getpid(), only(core))
}

func openFiles() uint64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 1024
	}
	return min(limit.Max, 1<<20)
}

func only(cores ...int) *unix.CPUSet {
	set := new(unix.CPUSet)
	for _, c := range cores {
		set.Set(c)
	}
	return set
}

// startOn starts cmd on one core, or on all if core is -1: a process begins where the thread that starts it may run.
func startOn(core int, cmd *exec.Cmd) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		set := only(core)
		if core < 0 {
			set = only(everyCore()...)
		}
		if err := unix.SchedSetaffinity(0, set); err != nil {
			done <- err
			return
		}
		done <- cmd.Start()
	}()
	return <-done
}

func everyCore() []int {
	cores := make([]int, runtime.NumCPU())
	for i := range cores {
		cores[i] = i
	}
	return cores
}

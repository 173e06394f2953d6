//go:build !linux

package main

import (
	"errors"
	"io"
	"os/exec"
)

var errLinux = errors.New("the benchmark pins processes to cores and reads /proc: it runs on Linux only")

func prepare(int) error { return errLinux }

func openFiles() uint64 { return 1024 }

func startOn(int, *exec.Cmd) error { return errLinux }

func timerLoop(io.Writer) error { return errLinux }

// Command runner runs load tests written as YAML plans.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the program without its process: it returns the exit code.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	s := &streams{in: in, out: out, err: errs}
	root := newRoot(s)
	root.SetArgs(attached(args))
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.Execute()
	var code exitError
	switch {
	case err == nil:
		return exitPass
	case errors.As(err, &code):
		return int(code)
	default:
		fmt.Fprintf(errs, "runner: %v\n", err)
		return exitUsage
	}
}

// streams is where the program reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

package main

import (
	"fmt"
	"regexp"

	"github.com/spf13/pflag"

	"runner/runner"
	"runner/runner/ui"
)

// anywhere stands for --ui without an address.
const anywhere = "default"

func (f *runFlags) registerUI(fs *pflag.FlagSet) {
	fs.StringVar(&f.ui, "ui", "", "show the run on a web page while it goes, at `ADDR`: "+ui.DefaultAddr+" if none is given, 127.0.0.1:0 for any free port")
	fs.Lookup("ui").NoOptDefVal = anywhere
}

// livePage is the web page of --ui; nil: there is none.
type livePage struct{ server *ui.Server }

// page opens the page, before any load.
func (f *runFlags) page(s *streams) (*livePage, error) {
	if f.ui == "" {
		return nil, nil
	}
	addr := f.ui
	if addr == anywhere {
		addr = ""
	}
	server, err := ui.Listen(addr)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(s.err, "live page: %s\n", server.URL())
	return &livePage{server}, nil
}

// with lets a run feed the page, and the page change the run.
func (p *livePage) with(o runner.RunOptions) runner.RunOptions {
	if p != nil {
		o.Outputs, o.Control = append(o.Outputs, p.server), true
	}
	return o
}

func (p *livePage) close(s *streams) {
	if p == nil {
		return
	}
	if err := p.server.Close(); err != nil {
		fmt.Fprintf(s.err, "runner: closing the live page: %v\n", err)
	}
}

var address = regexp.MustCompile(`^([a-zA-Z0-9.-]*|\[[0-9a-fA-F:]+\]):[0-9]+$`)

// attached writes "--ui ADDR" as "--ui=ADDR": a flag whose value may be left out can't be told from a plan otherwise.
func attached(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(out, args[i:]...)
		}
		if args[i] == "--ui" && i+1 < len(args) && address.MatchString(args[i+1]) {
			out = append(out, "--ui="+args[i+1])
			i++
			continue
		}
		out = append(out, args[i])
	}
	return out
}

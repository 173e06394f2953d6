package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

//go:embed load
var load embed.FS

// bench is what all rows share: where things are, and the server.
type bench struct {
	options
	dir    string // scratch, removed at the end
	self   string // this program, for its own server and clock
	peers  map[string]peer
	nginx  *nginx
	errs   io.Writer
	server int // the core of the server
	client int // the core of the client that is being measured
}

// open finds the peers, lays out the plans and starts the server.
func open(o options, errs io.Writer) (*bench, error) {
	if runtime.NumCPU() < 2 {
		return nil, errors.New("this needs two cores: one for the server, one for the client")
	}
	if _, err := os.Stat(o.runner); err != nil {
		return nil, fmt.Errorf("no runner to measure (make build makes it): %w", err)
	}
	b := &bench{options: o, errs: errs, server: 0, client: 1}
	if err := prepare(b.server); err != nil {
		return nil, err
	}
	var err error
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.dir, err = os.MkdirTemp("", "runner-bench-"); err != nil {
		return nil, err
	}
	if err := os.CopyFS(b.dir, load); err != nil {
		return nil, errors.Join(err, os.RemoveAll(b.dir))
	}
	b.peers = findPeers(o.install, errs)
	if b.nginx, err = startNginx(b); err != nil {
		return nil, errors.Join(err, os.RemoveAll(b.dir))
	}
	return b, nil
}

func (b *bench) close() {
	b.nginx.stop()
	if err := os.RemoveAll(b.dir); err != nil {
		fmt.Fprintf(b.errs, "bench: %v\n", err)
	}
}

// file is one of load's files, on disk.
func (b *bench) file(name string) string { return filepath.Join(b.dir, "load", name) }

// Command boxoffice is a small ticketing backend with the API of a Supabase project: edge functions that sell tickets and
// take Stripe's webhooks, a Postgres function that scans a ticket, and PostgREST reads for a dashboard, all over one
// embedded SQLite database. The shipped plans test it, so that they run on a machine without any account.
//
// It does not know who calls it: nothing in here is made for a load generator, except that it counts exactly what it did
// (/stats), can start over (/reset) and can be told to be slow or to fail (--latency, --error-rate).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// shutdownGrace is how long requests in flight may take once the process was asked to stop.
const shutdownGrace = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with its surroundings as arguments. It returns the exit code: 0 after a stop that was asked for, 2 for bad
// flags, 1 for anything else.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	cfg, err := parseConfig(args, getenv, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "boxoffice:", err)
		return 2
	}
	if err := serve(ctx, cfg, stdout); err != nil {
		fmt.Fprintln(stderr, "boxoffice:", err)
		return 1
	}
	return 0
}

// serve listens until ctx is done. The address is printed only when requests can be answered, so that whoever started
// the process may wait for the line.
func serve(ctx context.Context, cfg config, stdout io.Writer) error {
	listener, err := listen(ctx, cfg.listen)
	if err != nil {
		return err
	}
	store, err := openStore(ctx, cfg.db)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	srv := newServer(cfg, store)
	if err := srv.prepare(); err != nil {
		return errors.Join(err, listener.Close(), store.close())
	}
	web := &http.Server{Handler: srv, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, Protocols: new(http.Protocols)}
	web.Protocols.SetHTTP1(true)
	web.Protocols.SetUnencryptedHTTP2(true) // for callers that know, as there is no TLS to agree on it
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	fmt.Fprintf(stdout, "boxoffice listening on http://%s\n", listener.Addr())

	select {
	case err = <-failed:
	case <-ctx.Done():
		err = shutdown(web)
		if e := <-failed; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
	}
	return errors.Join(err, store.close())
}

// shutdown lets requests in flight finish, and cuts off those that do not.
func shutdown(web *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := web.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were still running after %s: %w", shutdownGrace, err), web.Close())
	}
	return nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another process; choose another port with --listen, or 127.0.0.1:0 for any free one", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %q: %w (--listen wants host:port, as in 127.0.0.1:8080)", addr, err)
	}
	return listener, nil
}

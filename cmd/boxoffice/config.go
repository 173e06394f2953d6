package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// defaultListen is where Supabase's own local stack listens.
const defaultListen = "127.0.0.1:54321"

// config is everything that flags and environment decide.
type config struct {
	listen        string
	db            string // file; "" is a temporary one
	seed          uint64
	latency       time.Duration // mean of what is added to each API request
	errorRate     float64       // 0..1
	size          seedSize
	keys          keys
	webhookSecret string
}

// seedSize says how much data the database starts with.
type seedSize struct {
	events  int // on the dashboard, the test event included
	seats   int // of the test event
	tickets int // sold before the start, besides the well-known ones
}

// parseConfig reads flags and environment. The error is flag.ErrHelp after --help, else what is wrong with the input.
func parseConfig(args []string, getenv func(string) string, help io.Writer) (config, error) {
	cfg := config{}
	flags := flag.NewFlagSet("boxoffice", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	rate := percentage(0)
	flags.StringVar(&cfg.listen, "listen", listenDefault(getenv), "`host:port` to listen on; port 0 is any free one")
	flags.StringVar(&cfg.db, "db", "", "database `file`, kept after the end (default: a temporary one)")
	flags.DurationVar(&cfg.latency, "latency", 0, "mean `time` added to every API request, such as 20ms")
	flags.Var(&rate, "error-rate", "`share` of API requests that fail with 503, such as 1%")
	flags.Uint64Var(&cfg.seed, "seed", 1, "`number` that latencies, failures and seed data derive from")
	flags.IntVar(&cfg.size.events, "events", 12, "`number` of events")
	flags.IntVar(&cfg.size.seats, "seats", 1_000_000, "`number` of seats of the test event "+testEventID)
	flags.IntVar(&cfg.size.tickets, "tickets", 2_000, "`number` of tickets sold before the start")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			usage(help, flags)
			return cfg, err
		}
		return cfg, fmt.Errorf("%w (see boxoffice --help)", err)
	}
	cfg.errorRate = float64(rate)
	cfg.keys = keys{anon: or(getenv("SUPABASE_ANON_KEY"), "local-anon-key"), service: or(getenv("SUPABASE_SERVICE_ROLE_KEY"), "local-service-role-key")}
	cfg.webhookSecret = or(getenv("STRIPE_WEBHOOK_SECRET"), "whsec_local")
	return cfg, cfg.problem(flags.Args())
}

// problem says what is wrong with values that parsed; nil if nothing is.
func (c config) problem(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q: boxoffice takes flags only (see boxoffice --help)", rest[0])
	case c.latency < 0 || c.latency > time.Minute:
		return fmt.Errorf("--latency %s: want 0s to 1m", c.latency)
	case c.size.events < 1 || c.size.events > 10_000:
		return fmt.Errorf("--events %d: want 1 to 10000", c.size.events)
	case c.size.seats < len(knownTickets()):
		return fmt.Errorf("--seats %d: the test event's %d well-known tickets need a seat each", c.size.seats, len(knownTickets()))
	case c.size.tickets < 0 || c.size.tickets > 1_000_000:
		return fmt.Errorf("--tickets %d: want 0 to 1000000", c.size.tickets)
	case c.keys.anon == c.keys.service:
		return errors.New("SUPABASE_ANON_KEY and SUPABASE_SERVICE_ROLE_KEY are the same: every visitor would be an administrator")
	}
	return nil
}

func listenDefault(getenv func(string) string) string {
	if port := getenv("PORT"); port != "" {
		return "127.0.0.1:" + port
	}
	return defaultListen
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// percentage is a flag value: 1%, 0.5% or a fraction, 0.01.
type percentage float64

// String is the share in percent, as the flag takes it.
func (p *percentage) String() string { return strconv.FormatFloat(float64(*p)*100, 'g', -1, 64) + "%" }

// Set parses a share; 1 without a percent sign is refused, because it could mean 1 % or all.
func (p *percentage) Set(s string) error {
	number, percent := strings.CutSuffix(s, "%")
	share, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return errors.New("want a share such as 1% or 0.01")
	}
	if percent {
		share /= 100
	} else if share == 1 {
		return errors.New("write 1% or 100%")
	}
	if share < 0 || share > 1 || math.IsNaN(share) {
		return errors.New("want 0% to 100%")
	}
	*p = percentage(share)
	return nil
}

func usage(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprint(w, `boxoffice is a small ticketing backend to run load tests against.

Usage: boxoffice [flags]

`)
	flags.VisitAll(func(f *flag.Flag) {
		name, text := flag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "0s" && f.DefValue != "0%" {
			text += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(w, "  --%-20s %s\n", f.Name+" "+name, text)
	})
	fmt.Fprint(w, `
Environment:
  PORT                       port on 127.0.0.1 when --listen is absent
  SUPABASE_ANON_KEY          key of the public (default local-anon-key)
  SUPABASE_SERVICE_ROLE_KEY  key of the staff (default local-service-role-key)
  STRIPE_WEBHOOK_SECRET      secret that webhooks are signed with (default whsec_local)
`)
}

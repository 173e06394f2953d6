package main

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"runner/runner"
	"runner/spec"
)

// planFlags are the flags of every command that reads a plan.
type planFlags struct {
	profile    string
	env        []string
	scenarios  []string
	seed       string
	vus        int64
	iterations int64
	duration   string
	rate       string
	sets       []string
	allowDirs  []string
	noServices bool
	run        int // of --runs, from 0
	set        *pflag.FlagSet
}

func (f *planFlags) register(fs *pflag.FlagSet) {
	f.set = fs
	fs.StringVar(&f.profile, "profile", "", "use a profile of the plan")
	fs.StringArrayVarP(&f.env, "env", "e", nil, "set an environment variable of the plan, `K=V` (repeatable)")
	fs.StringArrayVar(&f.scenarios, "scenario", nil, "run only this scenario, by `NAME` (repeatable)")
	fs.StringVar(&f.seed, "seed", "", "seed of all random values: a run is repeated with the seed that it printed")
	fs.Int64VarP(&f.vus, "vus", "u", 0, "number of virtual users; with --duration: constant-vus")
	fs.StringVarP(&f.duration, "duration", "d", "", "how long, as in 30s")
	fs.Int64VarP(&f.iterations, "iterations", "i", 0, "total number of iterations, shared by the VUs")
	fs.StringVar(&f.rate, "rate", "", "arrival rate, as in 50/s or 300/m: constant-arrival-rate")
	fs.StringArrayVar(&f.sets, "set", nil, "set any value of the plan, `PATH=VALUE`, as in http.timeout=1s (repeatable)")
	fs.StringArrayVar(&f.allowDirs, "allow-dir", nil, "let the plan read files below this folder too (repeatable)")
	fs.BoolVar(&f.noServices, "no-services", false, "never start the plan's services: for plans of others")
}

// load is what spec.Load needs to know.
func (f *planFlags) load() (spec.Options, error) {
	o := spec.Options{Profile: f.profile, AllowDirs: f.allowDirs, Set: f.sets}
	o.Overrides.Scenarios = f.scenarios
	if f.set.Changed("vus") {
		if f.vus < 1 {
			return o, fmt.Errorf("--vus %d: want at least 1", f.vus)
		}
		o.Overrides.VUs = &f.vus
	}
	if f.set.Changed("iterations") {
		if f.iterations < 1 {
			return o, fmt.Errorf("--iterations %d: want at least 1", f.iterations)
		}
		o.Overrides.Iterations = &f.iterations
	}
	if f.set.Changed("duration") {
		d, err := spec.ParseDuration(f.duration)
		if err != nil || d <= 0 {
			return o, fmt.Errorf("--duration %q: want a duration with its unit, as in 30s or 1m30s", f.duration)
		}
		o.Overrides.Duration = &d
	}
	if f.set.Changed("rate") {
		r, err := spec.ParseRate(f.rate)
		if err != nil || r.Num <= 0 {
			return o, fmt.Errorf("--rate %q: want a rate with its unit, as in 50/s or 300/m", f.rate)
		}
		o.Overrides.Rate = &r
	}
	return o, nil
}

// compile is what runner.Compile needs to know.
func (f *planFlags) compile() (runner.Options, error) {
	o := runner.Options{Version: toolVersion(), NoServices: f.noServices}
	flags := map[string]string{}
	for _, e := range f.env {
		name, value, ok := strings.Cut(e, "=")
		if !ok || name == "" {
			return o, fmt.Errorf("--env %q: want NAME=VALUE", e)
		}
		flags[name] = value
	}
	o.Env = func(name string) (string, bool) {
		if value, ok := flags[name]; ok {
			return value, true
		}
		return os.LookupEnv(name)
	}
	o.EnvFlags = flags
	var err error
	o.Seed, err = f.chooseSeed()
	return o, err
}

// chooseSeed is the flag's seed, or one by chance. Chance stays below 2^53, so that every reader of the JSON result gets
// it back exactly.
func (f *planFlags) chooseSeed() (uint64, error) {
	if f.seed != "" {
		seed, err := strconv.ParseUint(f.seed, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("--seed %q: want a whole number from 0 to 18446744073709551615", f.seed)
		}
		return seed + uint64(f.run), nil
	}
	var b [8]byte
	rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:]) >> 11, nil
}

package runner

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"runner/runner/report"
	"runner/runner/service"
	"runner/spec"
	"runner/spec/expr"
)

// compiledService is a process of the plan, ready to be started.
type compiledService struct {
	name    string
	spec    *spec.Service
	command []*expr.Template
	env     []serviceEnv
	ready   *expr.Template
}

type serviceEnv struct {
	name  string
	value *expr.Template
}

// compileServices compiles those that this environment needs. Their texts can read env, the vars known so far and port.
func (c *compiler) compileServices() {
	scope := c.at.scope.Child()
	scope.DefineWord("port", expr.String)
	for _, e := range c.plan.Services {
		s := e.Value
		if s == nil || !s.If.IsZero() && !c.decide(s.If) {
			continue
		}
		if c.opt.NoServices {
			p := spec.Problemf(e.KeyPos, len(e.Key), "the plan starts the process %q, and services are switched off (--no-services)", e.Key)
			c.add(p.WithHint("start it yourself and point the plan at it, or trust the plan"))
			continue
		}
		one := &compiledService{name: e.Key, spec: s}
		for _, part := range s.Command {
			one.command = append(one.command, c.text(scope, part))
		}
		for _, v := range s.Env {
			one.env = append(one.env, serviceEnv{name: v.Key, value: c.text(scope, v.Value)})
		}
		one.ready = c.text(scope, s.Ready)
		c.program.services = append(c.program.services, one)
	}
}

func (c *compiler) text(scope *expr.Scope, t spec.Text) *expr.Template {
	template, problems := expr.CompileText(t, scope)
	c.add(problems...)
	return template
}

// startServices starts the plan's processes one after the other and waits for each to be ready.
func (r *run) startServices(ctx context.Context) (err error) {
	if len(r.program.services) > 0 {
		r.during(report.PhaseServices, func() { err = r.startEach(ctx) })
	}
	return err
}

func (r *run) startEach(ctx context.Context) error {
	for _, s := range r.program.services {
		started, port, err := r.startOne(ctx, s)
		for tries := 1; errors.Is(err, service.ErrPortTaken) && tries < portTries; tries++ {
			started, port, err = r.startOne(ctx, s)
		}
		if err != nil {
			return err
		}
		r.running = append(r.running, started)
		r.shared.Services[s.name] = map[string]any{"url": started.URL(), "port": fmt.Sprint(port)}
		r.watching.Go(func() { r.watch(started) })
	}
	return nil
}

// portTries is how many ports a service is offered before we give up: on a busy machine a free one can be gone at once.
const portTries = 5

func (r *run) startOne(ctx context.Context, s *compiledService) (started *service.Service, port int, err error) {
	config, err := r.configure(s)
	if err != nil {
		return nil, 0, fmt.Errorf("service %q: %w", s.name, err)
	}
	started, err = service.Start(ctx, s.name, config)
	return started, config.Port, err
}

// watch ends the load if a service dies under it. It ends when services are no longer needed.
func (r *run) watch(s *service.Service) {
	select {
	case err := <-s.Died():
		r.fail(err)
	case <-r.over:
	}
}

func (r *run) configure(s *compiledService) (service.Config, error) {
	port, err := service.PickPort()
	if err != nil {
		return service.Config{}, err
	}
	vm := &expr.VM{Host: newStill(r.program.Seed, hash("service "+s.name)), Env: map[string]any{
		"env": r.program.env, "vars": r.program.vars, "port": fmt.Sprint(port),
	}}
	config := service.Config{Port: port, Dir: r.program.Plan.Root, Timeout: s.spec.Timeout.Or(0), Mask: r.mask.String, Hurry: r.opt.Kill}
	if !s.spec.Dir.IsZero() {
		config.Dir = filepath.Join(r.program.Plan.Root, s.spec.Dir.Value)
	}
	for _, part := range s.command {
		text, err := part.Append(nil, vm)
		if err != nil {
			return config, err
		}
		config.Command = append(config.Command, string(text))
	}
	// What the plan knows of its environment, flags and defaults included, its services know too.
	for name, value := range r.program.env {
		config.Env = append(config.Env, name+"="+fmt.Sprint(value))
	}
	for _, e := range s.env {
		text, err := e.value.Append(nil, vm)
		if err != nil {
			return config, err
		}
		config.Env = append(config.Env, e.name+"="+string(text))
	}
	ready, err := s.ready.Append(nil, vm)
	config.Ready = string(ready)
	return config, err
}

// stopServices stops them in the reverse order. From its return on nothing changes the run's findings.
func (r *run) stopServices(ctx context.Context) error {
	close(r.over)
	r.watching.Wait()
	var errs []error
	for i := len(r.running) - 1; i >= 0; i-- {
		errs = append(errs, r.running[i].Stop(ctx))
	}
	return errors.Join(errs...)
}

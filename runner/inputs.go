package runner

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"runner/runner/data"
	"runner/runner/mask"
	"runner/runner/metrics"
	"runner/runner/schedule"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
	"runner/spec/shape"
)

// openData reads the plan's feeders.
func (c *compiler) openData() {
	seed := c.opt.Seed
	for _, d := range c.plan.Data {
		if d.Value == nil || d.Value.File.IsZero() {
			c.program.feeders = append(c.program.feeders, nil)
			continue
		}
		path, problem := c.resolve(d.Value.File)
		if problem != nil {
			c.add(*problem)
			c.program.feeders = append(c.program.feeders, nil)
			continue
		}
		f, problem := data.Open(d.Value, d.Key, path, schedule.Segment{Index: 0, Count: 1}, seed)
		if problem != nil {
			c.add(*problem)
		}
		c.files = append(c.files, path)
		c.program.feeders = append(c.program.feeders, f)
	}
}

// resolve evaluates the name of a file and finds it.
func (c *compiler) resolve(t spec.Text) (string, *spec.Problem) {
	name, problem := c.evaluate(t)
	if problem != nil {
		return "", problem
	}
	t.Value = name
	return c.plan.Resolve(t)
}

// file is a file that a step reads: its path, and a part of what is run.
func (c *compiler) file(t spec.Text) (string, *spec.Problem) {
	path, problem := c.resolve(t)
	if problem == nil && !slices.Contains(c.files, path) {
		c.files = append(c.files, path)
	}
	return path, problem
}

// schema reads a JSON Schema, once for all checks that name it.
func (c *compiler) schema(name, from string) (expr.Schema, error) {
	path, problem := c.file(spec.Text{Value: name, Pos: spec.Pos{File: from, Line: 1, Col: 1}})
	if problem != nil {
		return nil, said(problem)
	}
	if s := c.schemas[path]; s != nil {
		return s, nil
	}
	s, err := shape.Open(path, func(other string) (string, error) {
		real, problem := c.file(spec.Text{Value: other, Pos: spec.Pos{File: path, Line: 1, Col: 1}})
		if problem != nil {
			return "", said(problem)
		}
		return real, nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c.schemas[path] = s
	return s, nil
}

// said is a problem as an error inside another one, which has its place.
func said(p *spec.Problem) error {
	if p.Hint != "" {
		return fmt.Errorf("%s (%s)", p.Message, p.Hint)
	}
	return errors.New(p.Message)
}

// newFeeders are the feeders of one run: the rows are shared, the place in them is the run's own.
func (p *Program) newFeeders() []*data.Feeder {
	all := make([]*data.Feeder, len(p.feeders))
	for i, f := range p.feeders {
		all[i] = f.Fresh()
	}
	return all
}

// feeding is who reads a feeder.
type feeding struct {
	vus    int64 // at most
	places int   // setup, teardown, and of each scenario its init and its steps
	always bool  // every iteration of the latest one reads it
	latest metrics.ScenarioID
}

// feed notes which feeders steps read, by themselves or through generators, and by how many VUs.
func (c *compiler) feed(steps *vu.Compiler, vus int64) {
	all := maps.Clone(steps.Feeders)
	seen := map[int]bool{} // true: by every iteration
	var through func(generators map[int]bool)
	through = func(generators map[int]bool) {
		for g, always := range generators {
			tree := c.program.generators[g]
			if was, ok := seen[g]; tree == nil || ok && (was || !always) {
				continue
			}
			seen[g] = always
			for _, f := range tree.Feeders() {
				all[f] = all[f] || always
			}
			inner := map[int]bool{}
			for _, i := range tree.Generators() {
				inner[i] = always
			}
			through(inner)
		}
	}
	through(steps.Generators)
	for i, always := range all {
		f := c.feeding[i]
		if f == nil {
			f = &feeding{}
			c.feeding[i] = f
		}
		f.vus += vus
		f.places++
		f.always = always && steps.Phase == ""
		f.latest = steps.Scenario
	}
}

// enoughRows complains about feeders that have a row for each VU, and too few.
func (c *compiler) enoughRows() {
	for i, f := range c.program.feeders {
		if f == nil || c.feeding[i] == nil {
			continue
		}
		if problem := f.MinRows(c.feeding[i].vus); problem != nil {
			c.add(*problem)
		}
	}
}

// align lets the rows of a feeder follow from the number of the iteration where every iteration of one scenario reads it.
func (c *compiler) align() {
	for i, f := range c.feeding {
		if feeder := c.program.feeders[i]; feeder != nil && f.places == 1 && f.always {
			feeder.Align()
			s := c.program.Scenarios[f.latest]
			s.aligned = append(s.aligned, i)
		}
	}
}

// compileGenerators compiles them in the order of the plan: gen.NAME is a number from here on.
func (c *compiler) compileGenerators() {
	c.ordered("gen", c.plan.Generators) // for its complaint about circles
	for _, g := range c.plan.Generators {
		tree, problems := expr.CompileValue(g.Value, c.full)
		c.add(problems...)
		c.program.generators = append(c.program.generators, tree)
		if tree != nil {
			c.program.counts.Note(tree.Reads())
		}
	}
}

// digest is the identity of what is run: the plan's files, the files they name, the profile, what flags changed, and the
// tool's version. No secret is part of it, from whose hash it might be guessed: neither the environment, nor what a secret
// variable has for a default.
func (c *compiler) digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", c.opt.Version, c.plan.Profile)
	_ = c.plan.Render(h, false) // with what flags changed; a hash takes everything
	for _, s := range c.plan.Sources {
		text := c.withoutSecrets(s.Text)
		fmt.Fprintf(h, "%s %d\n", filepath.Base(s.Path), len(text))
		h.Write(text)
	}
	for _, path := range c.files {
		fmt.Fprintf(h, "%s\n", filepath.Base(path))
		if f, err := os.Open(path); err == nil { // a file that went away changes the digest, as it should
			digestFile(h, f)
			_ = f.Close() // nothing was written
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// withoutSecrets is a plan file's text without the defaults of secret variables.
func (c *compiler) withoutSecrets(text []byte) []byte {
	for _, e := range c.plan.Env {
		if e.Value != nil && e.Value.Secret.Value && e.Value.Default.Value != "" {
			text = bytes.ReplaceAll(text, []byte(e.Value.Default.Value), []byte(mask.Mark))
		}
	}
	return text
}

// A data file of over wholeDigest bytes is known by its size, its time and samples of it: to read ten gigabytes before the
// first request would take longer than many a run.
const (
	wholeDigest  = 64 << 20
	sampleDigest = 1 << 20 // at each of placesDigest places, from the start to the end
	placesDigest = 16
)

func digestFile(h io.Writer, f *os.File) {
	info, err := f.Stat()
	if err != nil || info.Size() <= wholeDigest {
		_, _ = io.Copy(h, f) // it was read a moment ago
		return
	}
	fmt.Fprintf(h, "%d %d\n", info.Size(), info.ModTime().UnixNano())
	for i := range int64(placesDigest) {
		from := (info.Size() - sampleDigest) / (placesDigest - 1) * i
		_, _ = io.Copy(h, io.NewSectionReader(f, from, sampleDigest))
	}
}

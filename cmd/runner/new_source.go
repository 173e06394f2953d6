package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"runner/runner"
	"runner/runner/draft"
	"runner/spec"
)

// mostSource is how much of a source is read: a byte more than draft takes, so that it can say so.
const mostSource = 256<<20 + 1

var isCommand = regexp.MustCompile(`^\s*curl\s`)

// source reads what --from names. kind=TEXT is a text of that kind, as in curl='curl https://…'.
func (s *streams) source(from, kind string) (draft.Input, string, error) {
	in := draft.Input{Files: localFile}
	if isCommand.MatchString(from) {
		in.Name, in.Text, in.Typed = "the curl command", []byte(from), true
		return in, kind, nil
	}
	if text, ok := strings.CutPrefix(from, "curl="); ok {
		in.Name, in.Text, in.Typed = "the curl command", []byte(text), true
		return in, "curl", nil
	}
	if from == "-" {
		if s.in == nil {
			return in, "", errors.New("--from -: there is nothing on stdin")
		}
		text, err := io.ReadAll(io.LimitReader(s.in, mostSource))
		in.Name, in.Text = "stdin", text
		return in, kind, err
	}
	if strings.HasPrefix(from, "http://") || strings.HasPrefix(from, "https://") {
		return in, "", fmt.Errorf("--from %s: nothing is downloaded; fetch it first: curl -o source %s", from, from)
	}
	text, err := readSource(from)
	if err != nil {
		return in, "", fmt.Errorf("--from %s: %w", from, err)
	}
	in.Name, in.Text = from, text
	return in, kind, nil
}

func readSource(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return nil, errors.New("is a folder: name a file")
	}
	return io.ReadAll(io.LimitReader(f, mostSource))
}

// localFile reads a file that a source names: only small ones below the working folder, because the source may be a
// stranger's.
func localFile(path string) ([]byte, error) {
	if !filepath.IsLocal(path) {
		return nil, errors.New("it is not below the working folder")
	}
	root, err := os.OpenRoot(".")
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(path)
	switch {
	case err != nil:
		return nil, errors.New("there is no such file")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > 1<<20:
		return nil, errors.New("it is larger than 1 MiB")
	}
	return root.ReadFile(path)
}

// prove loads and compiles a plan as validate would, with its required variables set: a plan that doesn't hold is our
// mistake, and is not handed out.
func (s *streams) prove(p *draft.Plan, text, out string) error {
	f, err := scratch(out)
	if err != nil {
		return fmt.Errorf("--out %s: %w", out, err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	plan, problems := spec.Load(f.Name(), spec.Options{})
	_, problems = runner.Compile(plan, problems, runner.Options{NoServices: true, Env: placeholders(p)})
	if len(problems) > 0 {
		return fmt.Errorf("the plan that was made of this is wrong, which is a mistake of runner new; nothing was written:\n%w", problems)
	}
	return nil
}

// scratch is a file beside the one that will be written, so that what the plan names is found from there. A plan for
// stdout is tried in the working folder, or elsewhere if nothing may be written there.
func scratch(out string) (*os.File, error) {
	dir := "."
	if out != "" && out != "-" {
		dir = filepath.Dir(out)
	}
	f, err := os.CreateTemp(dir, ".runner-new-*.yaml")
	if err != nil && dir == "." && (out == "" || out == "-") {
		return os.CreateTemp("", "runner-new-*.yaml")
	}
	return f, err
}

// placeholders give a value to each variable that has none yet.
func placeholders(p *draft.Plan) func(string) (string, bool) {
	open := map[string]bool{}
	for _, v := range p.Env {
		open[v.Name] = v.Secret || v.Required
	}
	return func(name string) (string, bool) { return "http://127.0.0.1:1", open[name] }
}

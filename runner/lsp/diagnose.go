package lsp

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/creachadair/jrpc2"

	"runner/spec"
)

func (s *server) didOpen(_ context.Context, req *jrpc2.Request) (any, error) {
	var p textPosition
	if err := req.UnmarshalParams(&p); err != nil {
		return nil, err
	}
	s.changed(pathOf(p.TextDocument.URI), p.TextDocument.Text)
	return nil, nil
}

func (s *server) didChange(_ context.Context, req *jrpc2.Request) (any, error) {
	var p change
	if err := req.UnmarshalParams(&p); err != nil {
		return nil, err
	}
	if n := len(p.ContentChanges); n > 0 {
		s.changed(pathOf(p.TextDocument.URI), p.ContentChanges[n-1].Text)
	}
	return nil, nil
}

func (s *server) didSave(_ context.Context, req *jrpc2.Request) (any, error) {
	var p textPosition
	if err := req.UnmarshalParams(&p); err != nil {
		return nil, err
	}
	s.check(pathOf(p.TextDocument.URI))
	return nil, nil
}

// didClose goes back to what is on the disk, and takes the file's problems away.
func (s *server) didClose(ctx context.Context, req *jrpc2.Request) (any, error) {
	var p textPosition
	if err := req.UnmarshalParams(&p); err != nil {
		return nil, err
	}
	path := pathOf(p.TextDocument.URI)
	s.files.forget(path)
	s.mu.Lock()
	gone := append(s.published[path], path)
	delete(s.published, path)
	s.mu.Unlock()
	for _, file := range unique(gone) {
		s.publish(ctx, file, nil)
	}
	s.check(s.files.paths()...) // what other plans say of the same files comes again
	return nil, nil
}

// filesChanged checks what is open again: what it reads may be another.
func (s *server) filesChanged(context.Context, *jrpc2.Request) (any, error) {
	s.check(s.files.paths()...)
	return nil, nil
}

// changed takes a new text, and checks the plans that it is part of.
func (s *server) changed(path, text string) {
	s.files.put(newDocument(path, text))
	s.check(path)
}

// check asks for plans to be checked: those files, and open plans that include them.
func (s *server) check(paths ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range paths {
		s.stale[path] = true
		for plan, files := range s.published {
			if slices.Contains(files, path) {
				s.stale[plan] = true
			}
		}
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// checkAll checks what is stale until ctx ends. What changes meanwhile is checked once more: of many letters typed fast, the
// last counts.
func (s *server) checkAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		s.mu.Lock()
		stale := s.stale
		s.stale = map[string]bool{}
		s.mu.Unlock()
		for path := range stale {
			if doc := s.files.document(path); doc != nil && ctx.Err() == nil {
				s.diagnose(ctx, doc)
			}
		}
	}
}

// diagnose publishes the problems of a plan, file by file. A part of a plan that others include is judged as a part of the
// first that does.
func (s *server) diagnose(ctx context.Context, doc *document) {
	plan := s.planOf(doc)
	s.mu.Lock()
	s.parts[doc.path] = plan
	s.mu.Unlock()
	verdict := s.judge(plan)
	if s.files.document(doc.path) == nil { // closed meanwhile
		return
	}
	byFile := map[string][]diagnostic{doc.path: nil}
	for _, file := range verdict.Files {
		byFile[absolute(file)] = nil
	}
	add := func(problems spec.Problems, severity int) {
		for _, p := range problems {
			file := plan
			if p.Pos.File != "" {
				file = absolute(p.Pos.File)
			}
			byFile[file] = append(byFile[file], s.diagnostic(file, p, severity))
		}
	}
	add(verdict.Errors, severityError)
	add(verdict.Warnings, severityWarning)
	s.mu.Lock()
	before := s.published[doc.path]
	var files []string
	for file := range byFile {
		files = append(files, file)
	}
	s.published[doc.path] = files
	s.mu.Unlock()
	for _, file := range before {
		if _, still := byFile[file]; !still {
			byFile[file] = nil
		}
	}
	for file, list := range byFile {
		s.publish(ctx, file, list)
	}
}

// judge asks for a verdict. Whatever a text does to who judges it, the session goes on.
func (s *server) judge(plan string) (v Verdict) {
	defer func() {
		if r := recover(); r != nil {
			v = Verdict{Errors: spec.Problems{spec.Problemf(spec.Pos{File: plan, Line: 1, Col: 1}, 1, "the plan can't be judged: %v", r)}}
		}
	}()
	return s.opt.Check(plan, s.files.unsaved)
}

func (s *server) publish(ctx context.Context, file string, list []diagnostic) {
	if list == nil {
		list = []diagnostic{}
	}
	_ = s.rpc.Notify(ctx, "textDocument/publishDiagnostics", published{uriOf(file), list}) // an editor that is gone needs none
}

// diagnostic is a problem where an editor underlines it.
func (s *server) diagnostic(file string, p spec.Problem, severity int) diagnostic {
	d := diagnostic{Severity: severity, Source: "runner", Message: p.Message, Code: p.Code}
	if p.Hint != "" {
		d.Message += " (" + p.Hint + ")"
	}
	doc := s.files.read(file)
	if doc == nil {
		doc = newDocument(file, "")
	}
	line, col := max(0, p.Pos.Line-1), max(0, p.Pos.Col-1)
	d.Range = doc.span(line, col, col+max(1, p.Width))
	return d
}

// planOf is the plan to judge for a file: itself, unless it is a part that a plan near it includes.
func (s *server) planOf(doc *document) string {
	if doc.root.child("scenarios") != nil || doc.root.child("version") != nil {
		return doc.path
	}
	for _, path := range s.files.paths() {
		if s.includes(path, doc.path) {
			return path
		}
	}
	for _, dir := range []string{filepath.Dir(doc.path), filepath.Dir(filepath.Dir(doc.path))} {
		if found := s.planIn(dir, doc.path); found != "" {
			return found
		}
	}
	return doc.path
}

// planIn finds a plan in a folder that includes a file.
func (s *server) planIn(dir, file string) string {
	const most = 200
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, e := range entries[:min(most, len(entries))] {
		path := filepath.Join(dir, e.Name())
		if name := e.Name(); (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")) && s.includes(path, file) {
			return path
		}
	}
	return ""
}

// includes tells whether a plan includes a file, in itself or through another.
func (s *server) includes(plan, file string) bool {
	doc := s.files.read(plan)
	if doc == nil || plan == file || doc.root.child("include") == nil {
		return false
	}
	x := &index{}
	x.add(&s.files, doc)
	return slices.ContainsFunc(x.docs, func(d *document) bool { return d.path == file })
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

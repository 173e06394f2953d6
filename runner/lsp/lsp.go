// Package lsp speaks the Language Server Protocol for plans: what is wrong as it is typed, words and names to complete, what
// they mean, and where they were defined. It reads texts that are half-written, so it has an outline of its own beside
// package spec, which reads whole plans; what is right is decided by a function that it is given. It starts no plan, reads
// no environment and doesn't know how a plan is compiled.
package lsp

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"
	"github.com/creachadair/jrpc2/handler"

	"runner/spec"
)

// Verdict is what is known of one plan.
type Verdict struct {
	Errors, Warnings spec.Problems
	Files            []string // that were read, as the problems name them
}

// Options are what a server needs from outside.
type Options struct {
	// Check judges the plan in a file. unsaved gives the text of a file that is open in the editor.
	Check   func(path string, unsaved func(path string) ([]byte, bool)) Verdict
	Version string // of the tool
}

// server is one session with one editor.
type server struct {
	opt   Options
	rpc   *jrpc2.Server
	in    *io.PipeReader
	fill  *io.PipeWriter
	files files
	words *grammar

	mu        sync.Mutex
	published map[string][]string // by plan: the files that have its problems
	stale     map[string]bool     // plans that are to be checked
	parts     map[string]string   // of files that are a part of a plan: that plan, as it was found when they were last checked
	wake      chan struct{}       // has a token while something is stale
	shut      bool                // shutdown was asked for
}

// ErrNoShutdown says that the editor went away without saying goodbye, which the protocol calls an error.
var ErrNoShutdown = errors.New("the editor ended without shutdown")

// Serve speaks with one editor until it exits, in or out fail, or ctx ends.
func Serve(ctx context.Context, in io.Reader, out io.WriteCloser, opt Options) error {
	words, err := readGrammar()
	if err != nil {
		return err
	}
	s := &server{opt: opt, words: words, published: map[string][]string{}, stale: map[string]bool{}, parts: map[string]string{}, wake: make(chan struct{}, 1)}
	s.files.open = map[string]*document{}
	s.rpc = jrpc2.NewServer(s.methods(), &jrpc2.ServerOptions{AllowPush: true, Concurrency: 1, DisableBuiltin: true})
	// A read of stdin can't be interrupted: the session reads from a pipe, which can be closed. What fills it ends with in.
	s.in, s.fill = io.Pipe()
	go func() {
		_, err := io.Copy(s.fill, in)
		_ = s.fill.CloseWithError(err) // never fails
	}()
	s.rpc.Start(channel.LSP(s.in, out))
	stop := context.AfterFunc(ctx, s.end)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	var checking sync.WaitGroup
	checking.Go(func() { s.checkAll(ctx) })
	err = s.rpc.Wait()
	cancel()
	checking.Wait()
	if err == nil && !s.shut {
		return ErrNoShutdown
	}
	return err
}

// methods is the index of what the server answers.
func (s *server) methods() handler.Map {
	return handler.Map{
		"initialize":                       s.initialize,
		"initialized":                      ignored,
		"shutdown":                         s.shutdown,
		"exit":                             s.exit,
		"$/setTrace":                       ignored,
		"$/cancelRequest":                  ignored, // every answer takes less time than asking for less
		"workspace/didChangeConfiguration": ignored,
		"workspace/didChangeWatchedFiles":  s.filesChanged,
		"textDocument/didOpen":             s.didOpen,
		"textDocument/didChange":           s.didChange,
		"textDocument/didSave":             s.didSave,
		"textDocument/didClose":            s.didClose,
		"textDocument/completion":          at(s, (*view).complete),
		"textDocument/hover":               at(s, (*view).hover),
		"textDocument/definition":          at(s, (*view).define),
		"textDocument/documentSymbol":      at(s, (*view).symbols),
	}
}

func ignored(context.Context, *jrpc2.Request) (any, error) { return nil, nil }

// at answers a question about a place in a document. Of a document that is not open there is nothing to say. Whatever a text
// does to us, the session goes on.
func at(s *server, answer func(*view) any) jrpc2.Handler {
	return func(_ context.Context, req *jrpc2.Request) (result any, err error) {
		var p textPosition
		if err := req.UnmarshalParams(&p); err != nil {
			return nil, err
		}
		defer func() {
			if r := recover(); r != nil {
				result, err = nil, jrpc2.Errorf(jrpc2.InternalError, "the text could not be understood: %v", r)
			}
		}()
		doc := s.files.document(pathOf(p.TextDocument.URI))
		if doc == nil {
			return nil, nil
		}
		return answer(s.view(doc, p.Position)), nil
	}
}

func (s *server) initialize(_ context.Context, _ *jrpc2.Request) (any, error) {
	return map[string]any{
		"serverInfo": map[string]any{"name": "runner", "version": s.opt.Version},
		"capabilities": map[string]any{
			"positionEncoding":       "utf-16",
			"textDocumentSync":       map[string]any{"openClose": true, "change": 1, "save": true},
			"completionProvider":     map[string]any{"triggerCharacters": []string{".", "{", ":", " ", "=", "\"", "/", "-"}},
			"hoverProvider":          true,
			"definitionProvider":     true,
			"documentSymbolProvider": true,
		},
	}, nil
}

func (s *server) shutdown(context.Context, *jrpc2.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut = true
	return nil, nil
}

// exit ends the session after this notification has been handled.
func (s *server) exit(context.Context, *jrpc2.Request) (any, error) {
	go s.end() // it waits for handlers, of which this is one
	return nil, nil
}

// end lets the session end.
func (s *server) end() {
	_ = s.fill.Close() // never fails
	s.rpc.Stop()
}

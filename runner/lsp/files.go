package lsp

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// files are what the editor has open, and the disk behind it. Any goroutine may use it.
type files struct {
	mu   sync.Mutex
	open map[string]*document
}

func (f *files) put(d *document) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open[d.path] = d
}

func (f *files) forget(path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, path)
}

// document is an open one, nil if it isn't open.
func (f *files) document(path string) *document {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open[path]
}

// unsaved is the text of an open file.
func (f *files) unsaved(path string) ([]byte, bool) {
	if d := f.document(path); d != nil {
		return []byte(d.text), true
	}
	return nil, false
}

// paths lists what is open.
func (f *files) paths() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for path := range f.open {
		all = append(all, path)
	}
	slices.Sort(all)
	return all
}

// read is a file as the editor has it, else as the disk has it; nil if it can't be read.
func (f *files) read(path string) *document {
	if d := f.document(path); d != nil {
		return d
	}
	text, ok := head(path, mostText)
	if !ok {
		return nil
	}
	return newDocument(path, string(text))
}

// head is the beginning of a regular file.
func head(path string, most int64) ([]byte, bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, false
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most))
	return text, err == nil
}

// beside is a path that a file names, relative to it.
func beside(from, name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(filepath.Dir(from), name)
}

// near lists the entries of a folder, folders with a slash, for completion of a file's name.
func near(folder string) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		if e.IsDir() {
			name += "/"
		}
		names = append(names, name)
	}
	return names
}

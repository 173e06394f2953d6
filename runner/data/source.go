package data

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"runner/spec"
)

// source is a file and how its rows are read.
type source struct {
	path    string
	packed  bool // gzip
	bytes   int64
	format  string
	choice  string // select: the path of the list in a json file
	types   spec.Map[spec.Word]
	columns []string // nil: not known
}

// readers is the index of the words of format. Each makes rows of a text that begins at the file's start.
var readers = map[string]func(s *source, text io.Reader) (rows, error){
	"csv":    newCSV,
	"ndjson": newNDJSON,
	"json":   newJSON,
}

var extensions = map[string]string{".csv": "csv", ".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson"}

// formatOf is the format that a file's name tells; .gz behind it says nothing.
func formatOf(path string) string {
	name := strings.TrimSuffix(strings.ToLower(path), ".gz")
	return extensions[filepath.Ext(name)]
}

// inspect looks at a file. Anything but a regular file is refused before it is opened: a pipe would wait for ever.
func (s *source) inspect() error {
	info, err := os.Stat(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &fault{text: "no such file", hint: "looked for " + s.path}
	case err != nil:
		return unreadable(err)
	case info.IsDir():
		return &fault{text: "is a folder, not a file"}
	case !info.Mode().IsRegular():
		return &fault{text: "is not a regular file"}
	}
	s.bytes = info.Size()
	file, err := os.Open(s.path)
	if err != nil {
		return unreadable(err)
	}
	defer file.Close()
	magic := make([]byte, 2)
	_, err = io.ReadFull(file, magic)
	s.packed = err == nil && magic[0] == 0x1f && magic[1] == 0x8b
	return nil
}

// closers closes what was opened, the last first.
type closers []io.Closer

func (c closers) Close() error {
	var errs []error
	for i := len(c) - 1; i >= 0; i-- {
		errs = append(errs, c[i].Close())
	}
	return errors.Join(errs...)
}

// text opens the file's text: unpacked, without a byte order mark. UTF-16 is refused.
func (s *source) text() (io.Closer, io.Reader, error) {
	file, err := os.Open(s.path)
	if err != nil {
		return nil, nil, unreadable(err)
	}
	opened := closers{file}
	var r io.Reader = file
	if s.packed {
		unpacked, err := gzip.NewReader(bufio.NewReaderSize(file, 64<<10))
		if err != nil {
			_ = file.Close() // the first error tells
			return nil, nil, &fault{text: "cannot be unpacked: " + err.Error()}
		}
		opened, r = append(opened, unpacked), unpacked
	}
	text := bufio.NewReaderSize(r, 256<<10)
	mark, _ := text.Peek(3) // what is shorter has none
	switch {
	case strings.HasPrefix(string(mark), "\xff\xfe"), strings.HasPrefix(string(mark), "\xfe\xff"):
		_ = opened.Close()
		return nil, nil, &fault{line: 1, text: "the text is UTF-16", hint: "save the file as UTF-8"}
	case string(mark) == "\xef\xbb\xbf":
		_, _ = text.Discard(3) // they were peeked at
	}
	return opened, text, nil
}

// open begins to read the file's rows.
func (s *source) open() (io.Closer, rows, error) {
	file, text, err := s.text()
	if err != nil {
		return nil, nil, err
	}
	list, err := readers[s.format](s, text)
	if err != nil {
		_ = file.Close() // the first error tells
		return nil, nil, err
	}
	return file, list, nil
}

// count reads all rows and counts them.
func (s *source) count() (n int64, err error) {
	file, list, err := s.open()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for {
		switch _, err := list.next(false); {
		case errors.Is(err, io.EOF) && n == 0:
			return 0, &fault{text: "no rows"}
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		}
		n++
	}
}

func unreadable(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &fault{text: "cannot be read: " + err.Error()}
}

package data

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"unicode/utf8"

	"runner/spec"
)

// fault is what is wrong in a file, for the author of the file.
type fault struct {
	line   int // 0: the file as a whole
	text   string
	hint   string
	choose bool // the feeder's select is to blame, not the file
}

func (f *fault) Error() string { return f.text }

// load reads a whole file. Anything but a regular file is refused before it is opened: a pipe would wait for ever.
func load(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &fault{text: "no such file", hint: "looked for " + path}
	case err != nil:
		return nil, unreadable(err)
	case info.IsDir():
		return nil, &fault{text: "is a folder, not a file"}
	case !info.Mode().IsRegular():
		return nil, &fault{text: "is not a regular file"}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(err)
	}
	if bom := string(text[:min(2, len(text))]); bom == "\xff\xfe" || bom == "\xfe\xff" {
		return nil, &fault{line: 1, text: "the text is UTF-16", hint: "save the file as UTF-8"}
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), nil
}

func unreadable(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &fault{text: "cannot be read: " + err.Error()}
}

// problem places what is wrong in a file at the word of the plan that named it.
func problem(d *spec.Data, shown string, err error) *spec.Problem {
	var in *fault
	if !errors.As(err, &in) {
		in = &fault{text: err.Error()}
	}
	at := d.File
	if in.choose {
		at = d.Select
	}
	where := shown
	if in.line > 0 {
		where = fmt.Sprintf("%s:%d", shown, in.line)
	}
	return &spec.Problem{Pos: at.Pos, Width: width(at.Value), Message: where + ": " + in.text, Hint: in.hint}
}

// width is how many characters to underline.
func width(s string) int { return cmp.Or(utf8.RuneCountInString(s), 1) }

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

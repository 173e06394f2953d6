package spec

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// fence says where the files of a plan may be: below the project root, or below a folder that the user allowed. All
// paths are absolute and free of symbolic links.
type fence struct {
	root  string
	dirs  []string          // root and what --allow-dir added
	paths map[string]string // shown path of each source → its real path
}

func newFence(planPath string, allow []string) (fence, error) {
	abs, err := filepath.Abs(planPath)
	if err != nil {
		return fence{}, err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return fence{}, err
	}
	f := fence{root: projectRoot(dir), paths: map[string]string{}}
	f.dirs = []string{f.root}
	for _, a := range allow {
		if abs, err := filepath.Abs(a); err == nil {
			if real, err := filepath.EvalSymlinks(abs); err == nil {
				f.dirs = append(f.dirs, real)
			}
		}
	}
	return f, nil
}

// projectRoot is the nearest folder with .git or runner.yaml, else the folder itself.
func projectRoot(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		for _, mark := range []string{".git", "runner.yaml"} {
			if _, err := os.Stat(filepath.Join(d, mark)); err == nil {
				return d
			}
		}
		if filepath.Dir(d) == d {
			return dir
		}
	}
}

// inside tells whether a real path is below one of the allowed folders.
func (f fence) inside(real string) bool {
	for _, dir := range f.dirs {
		rel, err := filepath.Rel(dir, real)
		if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// errFence is the text of a refused path.
var errFence = errors.New("lies outside the project")

// errTooLarge is the text of a file over maxFileBytes.
var errTooLarge = errors.New("is larger than 256 KiB")

// check gives the real path of a regular file inside the fence.
func (f fence) check(path string, fenced bool) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	if real, err = filepath.Abs(real); err != nil {
		return "", err
	}
	if fenced && !f.inside(real) {
		return "", errFence
	}
	for _, system := range []string{"/proc", "/sys", "/dev"} {
		if real == system || strings.HasPrefix(real, system+"/") {
			return "", errors.New("is not a file but a part of the system")
		}
	}
	info, err := os.Stat(real)
	switch {
	case err != nil:
		return "", err
	case info.IsDir():
		return "", errors.New("is a folder")
	case !info.Mode().IsRegular():
		return "", errors.New("is not a regular file")
	}
	return real, nil
}

// read reads a plan file whose path was checked, with a cap.
func read(real string) ([]byte, error) {
	file, err := os.Open(real)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("is not a regular file")
	}
	text, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err == nil && len(text) > maxFileBytes {
		return nil, errTooLarge
	}
	return text, err
}

// reason is an error of the file system without the path, which the message has already.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "may not be read: permission denied"
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return "can't be read: " + path.Err.Error()
	}
	return err.Error()
}

// checkText finds what makes a file no text at all, before YAML sees it.
func checkText(file string, text []byte) (Problem, bool) {
	switch {
	case strings.HasPrefix(string(text), "\xff\xfe"), strings.HasPrefix(string(text), "\xfe\xff"):
		return Problemf(Pos{File: file}, 1, "the file is UTF-16").WithHint("save it as UTF-8"), true
	case strings.IndexByte(string(text), 0) >= 0:
		return Problemf(Pos{File: file}, 1, "the file is binary, not text"), true
	}
	for i, line := range splitLines(string(text)) {
		col := 1
		for rest := line; rest != ""; col++ {
			r, size := utf8.DecodeRuneInString(rest)
			pos := Pos{File: file, Line: i + 1, Col: col}
			switch {
			case r == utf8.RuneError && size == 1:
				return Problemf(pos, 1, "the file is not UTF-8").WithHint("save it as UTF-8"), true
			case r < 0x20 && r != '\t', r == 0x7f, r >= 0x80 && r < 0xa0, r == 0xfffe, r == 0xffff, r == 0xfeff:
				return Problemf(pos, 1, "the control character %s is not allowed in a plan", escaped(r)).
					WithHint(`in double quotes it can be written as an escape, such as "\x1b"`), true
			}
			rest = rest[size:]
		}
	}
	return Problem{}, false
}

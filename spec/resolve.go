package spec

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Resolve gives the real path of a file that the plan names: relative to the file in which the name stands, and inside the
// project. The text must be evaluated.
func (p *Plan) Resolve(t Text) (string, *Problem) {
	path := filepath.FromSlash(t.Value)
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(t.Pos.File), path)
	}
	real, err := p.fence.check(path, true)
	if err == nil {
		return real, nil
	}
	problem := Problemf(t.Pos, utf8.RuneCountInString(t.Value), "the file %s %s", t.Value, reason(err))
	problem = problem.WithHint("%s", p.fence.hint(path, t.Value, err))
	return "", &problem
}

// hint is what to do about a file that can't be had: name is how the author wrote it.
func (f fence) hint(path, name string, err error) string {
	switch {
	case errors.Is(err, errFence):
		if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			if real, err := filepath.EvalSymlinks(path); err == nil {
				path = real // the link itself may lie inside
			}
		}
		return "allow its folder with --allow-dir " + filepath.Dir(path)
	case errors.Is(err, fs.ErrNotExist):
		if near := nearFile(path); near != "" {
			return `did you mean "` + name[:strings.LastIndexAny(name, `/\`)+1] + near + `"?`
		}
		return "files are relative to the file that names them"
	}
	return ""
}

// nearFile is a file in the folder of one that isn't there, with a name near to its.
func nearFile(path string) string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return Suggest(filepath.Base(path), names)
}

package spec

import (
	"errors"
	"path/filepath"
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
	if errors.Is(err, errFence) {
		problem = problem.WithHint("allow its folder with --allow-dir %s", filepath.Dir(path))
	}
	return "", &problem
}

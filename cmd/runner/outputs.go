package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"runner/runner"
	"runner/runner/report"
)

// perPlan is --out's text for one plan: a * stands for the plan's name, and a folder gets a file of that name. Several
// plans can't share one file: the last would be all that is left.
func perPlan(text string, p *runner.Program, plans int) (string, error) {
	kind, file, ok := strings.Cut(text, "=")
	if !ok || file == "-" {
		return text, nil
	}
	name := strings.TrimSuffix(filepath.Base(p.Plan.File), filepath.Ext(p.Plan.File))
	info, err := os.Stat(file)
	folder := strings.HasSuffix(file, "/") || err == nil && info.IsDir()
	switch {
	case strings.Contains(file, "*"):
		file = strings.ReplaceAll(file, "*", name)
	case folder:
		file = filepath.Join(file, name+"."+kind)
	case plans > 1:
		return "", fmt.Errorf("--out %s: %d plans would write the same file; name a folder, or put a * where the plan's name goes, as in %s=results/*.%s", text, plans, kind, kind)
	}
	return kind + "=" + file, nil
}

// width is the terminal's, 0 for anything else.
func width(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok {
		return 0
	}
	if size := report.TerminalSize(file); size != nil {
		columns, _ := size()
		return columns
	}
	return 0
}

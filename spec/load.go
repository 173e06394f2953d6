package spec

import (
	"path/filepath"
	"slices"
	"strings"
)

// Options are what a user may say about a plan from outside.
type Options struct {
	Profile   string    // name of the profile to merge, "" for none
	Overrides Overrides // command-line flags
	Set       []string  // path=value: any value of the plan
	AllowDirs []string  // folders that files of the plan may be in, besides the project root
	// Unsaved gives the text of a file that is open in an editor, by its absolute path; nil: what is on the disk counts.
	Unsaved func(path string) ([]byte, bool)
}

// How many files a plan may read and how many profiles it may have, so that includes of includes can't multiply without
// end, and every profile can be decoded.
const (
	maxIncludes = 64
	maxProfiles = 50
)

// Load reads a plan with everything that it includes, merges, decodes and applies the overrides. It returns the plan as
// far as it could be understood, together with all problems: what failed to decode is left zero, so that a later stage
// can look for more mistakes in the rest. The plan is nil only if there is no document at all.
//
// Settings that are written as templates are still open: see Plan.Bind. Values are not judged yet: see Plan.Validate.
func Load(path string, opt Options) (*Plan, Problems) {
	fence, err := newFence(path, opt.AllowDirs)
	if err != nil {
		return nil, Problems{Problemf(Pos{File: path}, 1, "the file %s", reason(err))}
	}
	l := &loader{fence: fence, editor: opt.Unsaved}
	root := l.file(path, nil, nil)
	if root == nil {
		return nil, l.problems.Annotate(l.sources)
	}
	plan := l.plan(root, path, opt)
	return plan, l.problems.Annotate(plan.Sources)
}

// loader reads the files of one plan.
type loader struct {
	fence    fence
	editor   func(path string) ([]byte, bool)
	sources  []Source
	reads    int
	missing  bool // a file could not be read: what it would say is not missing from the plan
	problems Problems
}

func (l *loader) add(ps ...Problem) { l.problems = append(l.problems, ps...) }

// file reads one file and what it includes, and merges them. from is where it is included, nil for the
// plan itself, and chain the files that led here.
func (l *loader) file(shown string, from *node, chain []string) *node {
	at, width, name := Pos{File: shown}, 1, "the file"
	if from != nil {
		at, width, name = from.pos, from.width, "the included file "+shown
	}
	real, err := l.locate(shown, from != nil)
	if err != nil {
		p := Problemf(at, width, "%s %s", name, reason(err))
		named := filepath.Base(shown)
		if from != nil {
			named = from.text
		}
		l.add(p.WithHint("%s", l.fence.hint(shown, named, err)))
		return nil
	}
	if i := slices.Index(chain, real); i >= 0 {
		l.add(Problemf(at, width, "files include each other in a circle: %s", l.circle(append(chain[i:len(chain):len(chain)], real))))
		return nil
	}
	if l.reads++; l.reads > maxIncludes {
		if l.reads == maxIncludes+1 {
			l.add(Problemf(at, width, "the plan includes more than %d files", maxIncludes))
		}
		return nil
	}
	text, err := l.text(shown, real)
	if err != nil {
		l.add(Problemf(at, width, "%s %s", name, reason(err)))
		return nil
	}
	l.source(shown, real, text)
	root := l.parse(shown, text)
	if root == nil {
		return nil
	}
	return l.includes(root, shown, append(chain[:len(chain):len(chain)], real))
}

// unsaved is the text of a file that is open in an editor.
func (l *loader) unsaved(path string) ([]byte, bool) {
	abs, err := filepath.Abs(path)
	if l.editor == nil || err != nil {
		return nil, false
	}
	return l.editor(abs)
}

// locate gives the real path of a file; one that is open in an editor need not be on the disk yet.
func (l *loader) locate(path string, fenced bool) (string, error) {
	if _, open := l.unsaved(path); !open {
		return l.fence.check(path, fenced)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	real, err := filepath.Abs(filepath.Join(dir, filepath.Base(path)))
	if err == nil && fenced && !l.fence.inside(real) {
		err = errFence
	}
	return real, err
}

func (l *loader) text(path, real string) ([]byte, error) {
	if text, open := l.unsaved(path); open {
		if len(text) > maxFileBytes {
			return nil, errTooLarge
		}
		return text, nil
	}
	return read(real)
}

func (l *loader) source(shown, real string, text []byte) {
	if _, known := l.fence.paths[shown]; known {
		return
	}
	l.fence.paths[shown] = real
	l.sources = append(l.sources, Source{Path: shown, Text: text})
}

// circle names the files of a circle as their author knows them.
func (l *loader) circle(chain []string) string {
	names := make([]string, len(chain))
	for i, real := range chain {
		names[i] = filepath.Base(real)
	}
	return strings.Join(names, " → ")
}

func (l *loader) parse(shown string, text []byte) *node {
	if p, bad := checkText(shown, text); bad {
		l.add(p)
		return nil
	}
	root, problems := parseYAML(shown, text)
	l.add(problems...)
	if root == nil {
		return nil
	}
	if root.kind == nullNode {
		l.add(emptyFile(shown))
		return nil
	}
	if root.kind != mapNode {
		l.add(Problemf(root.pos, root.width, "a plan is a map of words, found %s", root.found()).WithHint("a plan begins with version: 1"))
		return nil
	}
	return root
}

// includes merges the files that a file names under it.
func (l *loader) includes(root *node, shown string, chain []string) *node {
	inc := root.get("include")
	root = root.without("include")
	if inc == nil || inc.kind == nullNode {
		return root
	}
	items := inc.items
	if inc.kind == scalarNode {
		items = []*node{inc}
	} else if inc.kind != listNode {
		l.add(Problemf(inc.pos, inc.width, "include wants a list of files, found %s", inc.found()).WithHint("write include: [shared/backend.yaml]"))
	}
	var base *node
	for _, item := range items {
		if item.kind != scalarNode || item.text == "" {
			l.add(Problemf(item.pos, item.width, "include wants the path of a file, found %s", item.found()))
			continue
		}
		if HasTemplate(item.text) {
			l.add(Problemf(item.pos, item.width, "include can't be a template: files are read before anything is evaluated"))
			continue
		}
		path := filepath.FromSlash(item.text)
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(shown), path)
		}
		included := l.file(path, item, chain)
		l.missing = l.missing || included == nil
		base = merge(base, included)
	}
	return merge(base, root)
}

// plan decodes the merged document with the chosen profile, and every other profile for its problems alone.
func (l *loader) plan(root *node, path string, opt Options) *Plan {
	profiles := root.get("profiles")
	base := root.without("profiles")
	if profiles != nil && profiles.kind != mapNode && profiles.kind != nullNode {
		l.add(Problemf(profiles.pos, profiles.width, "profiles wants a map of name to partial plan, found %s", profiles.found()))
		profiles = nil
	}
	if n := len(profiles.keys()); n > maxProfiles {
		l.add(Problemf(profiles.pos, 1, "the plan has %d profiles, more than %d", n, maxProfiles))
		profiles = nil
	}
	tree := base
	if chosen := l.profile(profiles, opt.Profile); chosen != nil {
		tree = merge(base, l.misnamed(base, chosen))
	}
	tree = l.assign(tree, opt.Set)
	d := &decoder{partial: l.missing}
	plan := d.plan(tree)
	l.add(d.problems...)
	l.otherProfiles(base, profiles, opt.Profile)

	plan.tree, plan.whole, plan.deferred, plan.fence = tree, root, d.deferred, l.fence
	plan.File, plan.Root, plan.Profile, plan.Profiles = path, l.fence.root, opt.Profile, profiles.keys()
	plan.Sources, plan.Partial = l.sources, l.missing
	plan.markSecrets(root)
	plan.markSecrets(tree)
	l.add(plan.override(opt.Overrides)...)
	return plan
}

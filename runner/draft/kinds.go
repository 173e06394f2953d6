package draft

import (
	"bytes"
	"fmt"
	"strings"

	"runner/spec"
)

// Input is what a plan is to be made of.
type Input struct {
	Name  string                            // as the user knows it: a file's name, or what stands for a text
	Text  []byte                            // its content
	Typed bool                              // on the command line: Name is no file's
	Files func(path string) ([]byte, error) // files that it names, which only the caller can open; nil: none
}

// Options are what the user wants of it.
type Options struct {
	Name       string   // of the plan; "": the source's own
	Tags       []string // OpenAPI: only operations with one of these tags
	Operations []string // OpenAPI: only these
	Hosts      []string // HAR: also requests to these hosts
	Static     bool     // HAR, logs: also pictures, scripts, styles, fonts
}

// kind is one kind of source.
type kind struct {
	name    string // of --kind
	what    string // for messages
	matches func(in Input) bool
	read    func(in Input, o Options) (*Plan, error)
}

// kinds is the index of sources, in the order in which a content is compared with them.
func kinds() []kind {
	return []kind{
		{"har", "a HAR recording", isHAR, fromHAR},
		{"postman", "a Postman collection", isPostman, fromPostman},
		{"openapi", "an OpenAPI document", isOpenAPI, fromOpenAPI},
		{"k6", "a k6 script or its options", isK6, fromK6},
		{"artillery", "an Artillery script", isArtillery, fromArtillery},
		{"access-log", "an access log", isAccessLog, fromAccessLog},
		{"curl", "a curl command", isCurl, fromCurl},
	}
}

// Kinds are the names of all kinds.
func Kinds() []string {
	var all []string
	for _, k := range kinds() {
		all = append(all, k.name)
	}
	return all
}

// maxInput is how much of a source is read.
const maxInput = 256 << 20

// From makes a plan of a source. want is the name of its kind, "" to find it out. The error says where in the source
// something is wrong, or why it is no source at all.
func From(in Input, want string, o Options) (*Plan, error) {
	k, err := choose(in, want)
	if err != nil {
		return nil, err
	}
	p, err := k.read(in, o)
	if err != nil {
		return nil, err
	}
	p.Source, p.Kind = in.Name, k.what
	if in.Typed {
		p.Source = ""
	}
	p.Name = label(o.Name, label(p.Name, k.name))
	if len(p.Scenarios) == 0 {
		return nil, fmt.Errorf("%s: there is no request in it that a plan could send%s", in.Name, p.why())
	}
	p.fit()
	return p, nil
}

// why is what was left out, for a plan that has nothing in it.
func (p *Plan) why() string {
	var lines []string
	for _, l := range append(p.losses(), p.Said...) {
		lines = append(lines, "\n  "+l)
	}
	if len(lines) > 10 {
		lines = lines[:10]
	}
	return strings.Join(lines, "")
}

func choose(in Input, want string) (kind, error) {
	switch {
	case len(bytes.TrimSpace(in.Text)) == 0:
		return kind{}, fmt.Errorf("%s is empty", in.Name)
	case len(in.Text) > maxInput:
		return kind{}, fmt.Errorf("%s has %d MiB: more than %d are not read; record a shorter session", in.Name, len(in.Text)>>20, maxInput>>20)
	}
	for _, k := range kinds() {
		if k.name == want || want == "" && k.matches(in) {
			return k, nil
		}
	}
	if want == "" {
		return kind{}, fmt.Errorf("%s: its content is none of these: %s (if it is one of them, say which with --kind)", in.Name, strings.Join(Kinds(), ", "))
	}
	if near := spec.Suggest(want, Kinds()); near != "" {
		return kind{}, fmt.Errorf("--kind %s: there is no such kind (did you mean %q?)", want, near)
	}
	return kind{}, fmt.Errorf("--kind %s: there is no such kind (have: %s)", want, strings.Join(Kinds(), ", "))
}

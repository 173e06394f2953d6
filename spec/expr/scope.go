package expr

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/builtin"
)

// Scope says which names an expression may read. A child sees what its parents define, also later; what it allows or
// defines stays its own.
type Scope struct {
	parent      *Scope
	names       map[string]*entry
	generators  []string
	data        []string
	columns     map[int][]string // by the index of a feeder
	response    bool
	short       bool
	requestBody bool
	steps       []*StepUse
	branch      bool // its steps run on some condition
	schemas     func(name, from string) (Schema, error)
	streamed    bool // the request's body is read while it is sent
}

// entry is one name: a value of a type or, with members, a record. A record's members are by path: url, or api.url.
type entry struct {
	typ      Type
	members  map[string]Type
	key      string // where the VM's Env has the value; "": under the name itself
	captured bool   // by Define
	unsure   bool   // captured in some branches only: it may have no value
}

// NewScope makes a scope in which there are functions only.
func NewScope() *Scope { return &Scope{} }

// Child makes a scope inside this one.
func (s *Scope) Child() *Scope { return &Scope{parent: s} }

// Define makes a captured or set name known. The error says why the name cannot be used.
func (s *Scope) Define(name string, t Type) error {
	if !validName(name) {
		return fmt.Errorf("%q cannot be a name: use letters, digits and _, and no digit first", name)
	}
	if why := reservedFor(name); why != "" {
		return fmt.Errorf("%q cannot be a name: it is %s", name, why)
	}
	s.define(name, &entry{typ: t, captured: true})
	return nil
}

// DefineWord makes one of the language's own words known as a plain value, such as stage.
func (s *Scope) DefineWord(name string, t Type) { s.define(name, &entry{typ: t}) }

// DefineRecord makes one of the language's own maps known, with all its members: vars, env, services, … A member of a
// nested record has a dotted key, as in "api.url" of services. Defining a record again in a child replaces it there.
func (s *Scope) DefineRecord(name string, members map[string]Type) {
	s.define(name, &entry{typ: Map, members: maps.Clone(members)})
	if members == nil {
		s.names[name].members = map[string]Type{}
	}
}

// DefineGenerators makes gen.NAME known; the index of a name is what Host.Generate is asked for.
func (s *Scope) DefineGenerators(names []string) { s.generators = append([]string{}, names...) }

// DefineData makes data.NAME and rows("NAME") known; the index of a name is what Host.Row and Host.Rows are asked for.
func (s *Scope) DefineData(names []string) { s.data = append([]string{}, names...) }

// DefineColumns says which columns the rows of a feeder have: data.NAME.column is then a mistake in the plan where there
// is no such column. Without it a column that is missing is found out when the row is read.
func (s *Scope) DefineColumns(i int, names []string) {
	if s.columns == nil {
		s.columns = map[int][]string{}
	}
	s.columns[i] = slices.Clone(names)
}

// AllowResponse makes response.X known and, with short, also status, json("…") and the like as bare names.
func (s *Scope) AllowResponse(short bool) {
	s.response, s.short = true, s.short || short
}

// AllowRequestBody makes request.body known.
func (s *Scope) AllowRequestBody() { s.requestBody = true }

// StreamRequestBody says that request.body is never known whole: it has files.
func (s *Scope) StreamRequestBody() { s.streamed = true }

func (s *Scope) define(name string, e *entry) {
	if s.names == nil {
		s.names = map[string]*entry{}
	}
	s.names[name] = e
}

func (s *Scope) lookup(name string) *entry {
	for ; s != nil; s = s.parent {
		if e := s.names[name]; e != nil {
			return e
		}
	}
	return nil
}

func (s *Scope) generatorNames() []string {
	for ; s != nil; s = s.parent {
		if s.generators != nil {
			return s.generators
		}
	}
	return nil
}

func (s *Scope) dataNames() []string {
	for ; s != nil; s = s.parent {
		if s.data != nil {
			return s.data
		}
	}
	return nil
}

// columnsOf are the columns of a feeder; nil: not known.
func (s *Scope) columnsOf(i int) []string {
	for ; s != nil; s = s.parent {
		if s.data != nil {
			return s.columns[i]
		}
	}
	return nil
}

// allows tells whether this scope or one around it has what the flag says.
func (s *Scope) allows(flag func(*Scope) bool) bool {
	for ; s != nil; s = s.parent {
		if flag(s) {
			return true
		}
	}
	return false
}

func (s *Scope) hasResponse() bool    { return s.allows(func(s *Scope) bool { return s.response }) }
func (s *Scope) hasShort() bool       { return s.allows(func(s *Scope) bool { return s.short }) }
func (s *Scope) hasRequestBody() bool { return s.allows(func(s *Scope) bool { return s.requestBody }) }

// readable lists the names that an expression may read here: the response's first, then the others in alphabetical
// order. It is what an unknown name is compared with.
func (s *Scope) readable() []string {
	var names []string
	if s.hasShort() {
		names = append(names, responseWords()...)
	}
	var rest []string
	for at := s; at != nil; at = at.parent {
		for name := range at.names {
			rest = append(rest, name)
		}
	}
	if s.hasResponse() {
		rest = append(rest, "response")
	}
	if s.hasRequestBody() {
		rest = append(rest, "request")
	}
	if s.generatorNames() != nil {
		rest = append(rest, "gen")
	}
	if s.dataNames() != nil {
		rest = append(rest, "data")
	}
	slices.Sort(rest)
	return append(names, slices.Compact(rest)...)
}

// validName is the form of names: [A-Za-z_][A-Za-z0-9_]*.
func validName(name string) bool {
	for i, c := range name {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

const (
	keywords   = " true false nil in not and or let if else matches contains startsWith endsWith "
	scopeWords = " env vars data gen steps vu iteration scenario stage run services setup request response" +
		" status headers header body json has cookies duration waiting size url proto "
)

// reservedFor says what a reserved name is; "" if the name is free. Functions of our own are free, so that a plan goes on
// working when one is added that bears a name of the plan.
func reservedFor(name string) string {
	word := " " + name + " "
	switch {
	case strings.Contains(keywords, word):
		return "a word of the expression language"
	case strings.Contains(scopeWords, word):
		return "a name that expressions have already"
	case isBuiltin(name):
		return "a function of the expression language"
	}
	return ""
}

// isBuiltin tells whether expr-lang 1.17.8 has a function of that name.
func isBuiltin(name string) bool {
	_, ok := builtin.Index[name]
	return ok
}

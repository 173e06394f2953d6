package draft

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

var openapiKey = pattern(`(?m)(^|[{,])\s*["']?(openapi|swagger)["']?\s*:\s*["']?\d`)

var swagger2 = pattern(`(?m)(^|[{,])\s*["']?swagger["']?\s*:\s*["']?2`)

func isOpenAPI(in Input) bool { return openapiKey().Match(in.Text[:min(len(in.Text), 256<<10)]) }

// api is a description of an API on its way to a plan.
type api struct {
	*desk
	doc  *openapi3.T
	o    Options
	auth map[string][]Pair // by security requirement: words of a request
}

// fromOpenAPI makes a step of each operation of OpenAPI 3.0, 3.1 and later.
func fromOpenAPI(in Input, o Options) (*Plan, error) {
	doc, err := loadOpenAPI(in)
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	a := &api{desk: newDesk(p), doc: doc, o: o, auth: map[string][]Pair{}}
	if doc.Info != nil {
		p.Name = doc.Info.Title
	}
	a.server()
	operations, err := a.chosen(in.Name)
	if err != nil {
		return nil, err
	}
	var steps []Step
	for _, op := range operations {
		if s, ok := a.operation(op); ok {
			steps = append(steps, s)
		}
	}
	p.single("api", steps)
	p.lift()
	if doc.Webhooks != nil {
		p.lose(0, "webhooks: requests that the API sends")
	}
	if len(steps) > 1 {
		p.say("an iteration calls every operation once, in the order of the paths: put them into the order in which somebody would")
	}
	return p, nil
}

// loadOpenAPI reads the document. Nothing beyond it is read: references to other files are refused.
func loadOpenAPI(in Input) (doc *openapi3.T, err error) {
	defer func() {
		if r := recover(); r != nil { // the library's, on documents that nobody foresaw
			doc, err = nil, fmt.Errorf("%s: not a description of an API that can be read: %v", in.Name, r)
		}
	}()
	head := in.Text[:min(len(in.Text), 256<<10)]
	if swagger2().Match(head) {
		return nil, fmt.Errorf("%s is OpenAPI 2 (Swagger): convert it to OpenAPI 3 first, as with npx swagger2openapi", in.Name)
	}
	if startsLikeJSON(in.Text) {
		if _, err := parseJSON(in.Name, in.Text); err != nil {
			return nil, err // with its place
		}
	}
	doc, err = openapi3.NewLoader().LoadFromData(in.Text)
	switch {
	case err != nil && strings.Contains(err.Error(), "disallowed external reference"):
		return nil, fmt.Errorf("%s: %w (references to other files are not followed: bundle the document first, as with npx @redocly/cli bundle)", in.Name, err)
	case err != nil:
		return nil, fmt.Errorf("%s: not an OpenAPI document: %s", in.Name, oneLine(err.Error()))
	case doc.Paths == nil || doc.Paths.Len() == 0:
		return nil, fmt.Errorf("%s: the document has no paths", in.Name)
	}
	return doc, nil
}

// server makes the base URL of the first server.
func (a *api) server() {
	if len(a.doc.Servers) == 0 || a.doc.Servers[0] == nil {
		a.plan.BaseURL = "http://127.0.0.1:8080"
		a.plan.say("the document names no server: BASE_URL is http://127.0.0.1:8080")
		return
	}
	s := a.doc.Servers[0]
	address := s.URL
	for name, v := range s.Variables {
		if v != nil {
			address = strings.ReplaceAll(address, "{"+name+"}", v.Default)
		}
	}
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	if o, ok := origin(scheme + "://" + host); ok && isText(path) && !strings.ContainsAny(path, "?# {}") {
		a.plan.BaseURL = strings.TrimSuffix(o+"/"+cleanURL(path), "/")
	} else {
		a.plan.BaseURL = "http://127.0.0.1:8080"
		if strings.HasPrefix(address, "/") && cleanURL(address) == address && !strings.ContainsAny(address, "?#{}") {
			a.plan.BaseURL += strings.TrimSuffix(address, "/")
		}
		a.plan.say(fmt.Sprintf("the server %q is no whole URL: BASE_URL is %s", shorten(s.URL, 80), a.plan.BaseURL))
	}
	if len(a.doc.Servers) > 1 {
		a.plan.say(fmt.Sprintf("the first of %d servers is BASE_URL", len(a.doc.Servers)))
	}
}

// operation is one operation with where it stands.
type operation struct {
	method, path string
	item         *openapi3.PathItem
	*openapi3.Operation
}

func (o operation) name() string {
	switch {
	case o.OperationID != "":
		return o.OperationID
	case o.Summary != "" && len(o.Summary) < 80:
		return o.Summary
	}
	return o.method + " " + o.path
}

// methodOrder is the order of a path's operations.
var methodOrder = []string{http.MethodPost, http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace}

// chosen are the operations that the user wants, in the order of the paths, those that make things first.
func (a *api) chosen(file string) ([]operation, error) {
	var all []operation
	found := map[string]bool{}
	paths := a.doc.Paths.Keys()
	slices.Sort(paths)
	for _, path := range paths {
		item := a.doc.Paths.Value(path)
		if item == nil {
			continue
		}
		for _, method := range methodOrder {
			op := item.Operations()[method]
			if op == nil {
				continue
			}
			o := operation{method, path, item, op}
			if a.wants(o, found) {
				all = append(all, o)
			}
		}
	}
	for _, want := range slices.Concat(a.o.Tags, a.o.Operations) {
		if !found[want] {
			return nil, fmt.Errorf("%s: no operation is %q (%s)", file, want, a.have())
		}
	}
	return all, nil
}

func (a *api) wants(o operation, found map[string]bool) bool {
	if len(a.o.Tags)+len(a.o.Operations) == 0 {
		return true
	}
	wanted := false
	for _, t := range a.o.Tags {
		if slices.Contains(o.Tags, t) {
			found[t], wanted = true, true
		}
	}
	for _, id := range a.o.Operations {
		if id == o.OperationID || id == o.method+" "+o.path {
			found[id], wanted = true, true
		}
	}
	return wanted
}

// have lists what could be chosen.
func (a *api) have() string {
	var tags, ids []string
	for _, path := range a.doc.Paths.Keys() {
		for method, op := range a.doc.Paths.Value(path).Operations() {
			tags = append(tags, op.Tags...)
			if op.OperationID != "" {
				ids = append(ids, op.OperationID)
			} else {
				ids = append(ids, strconv.Quote(method+" "+path))
			}
		}
	}
	slices.Sort(tags)
	slices.Sort(ids)
	return fmt.Sprintf("tags: %s; operations: %s", few(slices.Compact(tags)), few(ids))
}

// few is a list that a line can hold.
func few(all []string) string {
	if len(all) == 0 {
		return "none"
	}
	if len(all) > 15 {
		return strings.Join(all[:15], ", ") + ", …"
	}
	return strings.Join(all, ", ")
}

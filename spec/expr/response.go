package expr

import "fmt"

// responseField is one thing that a response tells without being asked for a path or a name.
type responseField struct {
	name    string
	typ     Type
	body    bool // needs the body
	headers bool // needs the headers
	number  func(Response) float64
	value   func(Response) (any, error)
}

// responseFields are the members of response, in the order of the reference.
var responseFields = []responseField{
	{name: "status", typ: Int, number: func(r Response) float64 { return float64(r.Status()) },
		value: func(r Response) (any, error) { return boxInt(int64(r.Status())), nil }},
	{name: "headers", typ: Map, headers: true, value: func(r Response) (any, error) { return r.Headers(), nil }},
	{name: "body", typ: String, body: true, value: func(r Response) (any, error) { return box(r.Body()) }},
	{name: "cookies", typ: Map, headers: true, value: func(r Response) (any, error) { return r.Cookies(), nil }},
	{name: "duration", typ: Millis, number: Response.Duration, value: func(r Response) (any, error) { return r.Duration(), nil }},
	{name: "waiting", typ: Millis, number: Response.Waiting, value: func(r Response) (any, error) { return r.Waiting(), nil }},
	{name: "size", typ: Bytes, number: func(r Response) float64 { return float64(r.Size()) },
		value: func(r Response) (any, error) { return boxInt(int64(r.Size())), nil }},
	{name: "url", typ: String, value: func(r Response) (any, error) { return r.URL(), nil }},
	{name: "proto", typ: String, value: func(r Response) (any, error) { return r.Proto(), nil }},
}

func box[T any](v T, err error) (any, error) { return v, err }

func findResponseField(name string) *responseField {
	for i := range responseFields {
		if responseFields[i].name == name {
			return &responseFields[i]
		}
	}
	return nil
}

// responseWords are the bare names that a response brings, the most used first.
func responseWords() []string {
	words := []string{"status", "headers", "header", "body", "json", "has", "cookies", "duration", "waiting", "size", "url", "proto"}
	for _, e := range extractions {
		words = append(words, e.name)
	}
	return append(words, "schema")
}

// responseCalls are those of responseWords that are called, with how they are written.
var responseCalls = func() map[string]string {
	calls := map[string]string{"header": `header("Name")`, "json": `json("path")`, "has": `has("path")`, "schema": schemaForm}
	for _, e := range extractions {
		calls[e.name] = e.form
	}
	return calls
}()

func readResponse(vm *VM, name string) (any, error) {
	r, err := vm.response()
	if err != nil {
		return nil, err
	}
	return findResponseField(name).value(r)
}

func readHeader(vm *VM, name any) (any, error) {
	r, err := vm.response()
	if err != nil {
		return nil, err
	}
	s, ok := asText(name)
	if !ok {
		return nil, fmt.Errorf("a header's name is a text, not %s", describe(name))
	}
	return r.Header(s), nil
}

// readJSON is json(path) and json(path, default).
func readJSON(vm *VM, a []any) (any, error) {
	r, err := vm.response()
	if err != nil {
		return nil, err
	}
	path, ok := asText(a[0])
	if !ok {
		return nil, fmt.Errorf("a path is a text, not %s", describe(a[0]))
	}
	v, found, err := r.JSON(path)
	switch {
	case err == nil && found:
		return v, nil
	case len(a) == 2:
		return a[1], nil
	case err != nil:
		return nil, err
	}
	return nil, absent(path)
}

func absent(path string) error {
	return fmt.Errorf("the body has nothing at %q; json(%q, default) or has(%q) asks without failing", path, path, path)
}

// hasJSON is has(path).
func hasJSON(vm *VM, a []any) (any, error) {
	r, err := vm.response()
	if err != nil {
		return nil, err
	}
	path, ok := asText(a[0])
	if !ok {
		return nil, fmt.Errorf("a path is a text, not %s", describe(a[0]))
	}
	_, found, err := r.JSON(path)
	return found && err == nil, nil
}

// Package shape checks values against JSON Schemas from files. It is the one place that knows the validator. It does not
// know expressions or responses.
package shape

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Schema is a compiled JSON Schema: read-only, for any number of values at once.
type Schema struct{ schema *jsonschema.Schema }

// Open reads a schema (draft 4 to 2020-12; 2020-12 where it does not say which) and those it refers to. allow gives the real path of
// a file that may be read; schemas are not fetched from elsewhere.
func Open(path string, allow func(path string) (string, error)) (*Schema, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseLoader(files(allow))
	s, err := c.Compile((&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String())
	if err != nil {
		return nil, explain(err)
	}
	return &Schema{s}, nil
}

// explain is what is wrong with a schema, without addresses that say nothing to its author.
func explain(err error) error {
	if invalid, ok := errors.AsType[*jsonschema.SchemaValidationError](err); ok {
		if v, ok := errors.AsType[*jsonschema.ValidationError](invalid.Err); ok {
			return fmt.Errorf("it is no JSON Schema: %s", strings.Join(all(v, nil), "; "))
		}
	}
	return err
}

// files loads schemas from files that may be read.
type files func(path string) (string, error)

// Load reads a file.
func (f files) Load(address string) (any, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" {
		return nil, fmt.Errorf("%s is not a file: schemas are not fetched from elsewhere", address)
	}
	path, err := f(filepath.FromSlash(u.Path))
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s is not JSON: %w", filepath.Base(path), err)
	}
	return v, nil
}

// Body checks a JSON text. violation says where it differs from the schema, and how, a
// line each; "" if it does not. The error is
// for a text that is not JSON.
func (s *Schema) Body(data []byte) (violation string, err error) {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return "", errors.New("the body is not valid JSON")
	}
	return s.Value(v), nil
}

// Value checks a value: nil, bool, numbers, string, []any or map[string]any.
func (s *Schema) Value(v any) (violation string) {
	err := s.schema.Validate(v)
	if err == nil {
		return ""
	}
	if invalid, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		return strings.Join(all(invalid, nil), "\n")
	}
	return err.Error()
}

// mostViolations is how many of them a text lists: the first say most.
const mostViolations = 8

// all are the violations that are no sums of others.
func all(e *jsonschema.ValidationError, found []string) []string {
	if len(found) == mostViolations {
		return found
	}
	for _, cause := range e.Causes {
		found = all(cause, found)
	}
	if len(e.Causes) > 0 {
		return found
	}
	at := "/" + strings.Join(e.InstanceLocation, "/")
	return append(found, "at "+at+": "+e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
}

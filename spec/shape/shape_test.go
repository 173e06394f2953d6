package shape_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runner/spec/shape"
)

// folder holds schemas; only those in it may be read.
func folder(t *testing.T, files map[string]string) (dir string, allow func(string) (string, error)) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, func(path string) (string, error) {
		if filepath.Dir(path) != dir {
			return "", errors.New(filepath.Base(path) + " lies outside the project")
		}
		return path, nil
	}
}

const order = `{"type": "object", "required": ["id", "lines"], "additionalProperties": false, "properties": {
	"id": {"type": "string", "format": "uuid"}, "lines": {"type": "array", "items": {"$ref": "line.json"}}}}`

const line = `{"type": "object", "required": ["price"], "properties": {"price": {"type": "integer", "minimum": 1}}}`

func TestBodies(t *testing.T) {
	dir, allow := folder(t, map[string]string{"order.json": order, "line.json": line})
	s, err := shape.Open(filepath.Join(dir, "order.json"), allow)
	if err != nil {
		t.Fatal(err)
	}
	const id = `"id": "0196b1a2-7a2a-7c30-8e2b-1f6a5f0c9d11"`
	for _, c := range []struct{ body, want, why string }{
		{`{` + id + `, "lines": [{"price": 5}]}`, "", "as it should be"},
		{`{` + id + `, "lines": [{"price": 5.0}]}`, "", "5.0 is an integer in JSON Schema"},
		{`{` + id + `, "lines": [{"price": 5}, {"price": "5"}]}`, "at /lines/1/price: got string, want integer", "the place in the body"},
		{`{` + id + `}`, "at /: missing property 'lines'", "a member that is missing"},
		{`{"id": "x", "lines": []}`, "at /id: 'x' is not valid uuid", "a format"},
		{`{` + id + `, "lines": [], "more": 1}`, "at /: additional properties 'more' not allowed", "one too many"},
		{`[]`, "at /: got array, want object", "something else"},
	} {
		got, err := s.Body([]byte(c.body))
		if err != nil || (got == "") != (c.want == "") || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, %v; want %q: %s", c.body, got, err, c.want, c.why)
		}
	}
	if _, err := s.Body([]byte("<html>")); err == nil || err.Error() != "the body is not valid JSON" {
		t.Errorf("%v for a page", err)
	}
	if got := s.Value(map[string]any{"id": "0196b1a2-7a2a-7c30-8e2b-1f6a5f0c9d11", "lines": []any{map[string]any{"price": int64(0)}}}); !strings.HasPrefix(got, "at /lines/0/price: minimum: got 0, want 1") {
		t.Errorf("a value of ours: %q", got)
	}
}

func TestSchemasThatCannotBeUsed(t *testing.T) {
	dir, allow := folder(t, map[string]string{
		"text.json": "hello", "wrong.json": `{"type": "strin"}`, "far.json": `{"$ref": "https://example.com/schema.json"}`, "out.json": `{"$ref": "../../etc/x.json"}`, "gone.json": `{"$ref": "nowhere.json"}`,
	})
	for file, want := range map[string]string{
		"text.json":  "text.json is not JSON",
		"wrong.json": "it is no JSON Schema: at /type",
		"far.json":   "schemas are not fetched from elsewhere",
		"out.json":   "lies outside the project",
		"gone.json":  "nowhere.json",
	} {
		if _, err := shape.Open(filepath.Join(dir, file), allow); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}

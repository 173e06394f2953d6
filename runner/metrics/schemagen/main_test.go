package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

const (
	source = "../result.go"
	target = "../../../schemas/result.schema.json"
)

// The schema that is shipped is the one that the types give: whoever changes a type runs go generate.
func TestShippedSchemaFollowsTheTypes(t *testing.T) {
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("schemas/result.schema.json is not what result.go says; run: go generate ./runner/metrics")
	}
}

func TestWriteIsRepeatable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schema.json")
	for range 2 {
		if err := write(source, path); err != nil {
			t.Fatal(err)
		}
	}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, shipped) {
		t.Error("two runs differ from what is shipped")
	}
}

func TestGenerateRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, row := range []struct{ why, source string }{
		{"a type that has no schema here", "package m\ntype Result struct {\n\tA chan int `json:\"a\"`\n}\n"},
		{"a name that is no type of the result", "package m\ntype Result struct {\n\tA secret `json:\"a\"`\n}\n"},
		{"no Result to describe", "package m\ntype Other struct {\n\tA int `json:\"a\"`\n}\n"},
		{"not a struct", "package m\ntype Result int\n"},
		{"not Go", "package"},
	} {
		if out, err := generate([]byte(row.source)); err == nil {
			t.Errorf("%s: got %s", row.why, out)
		}
	}
}

// Command generate writes the JSON Schema of plans, the language reference and the index of the examples from the Go types
// of package spec, their doc comments, and the examples. It knows no word of the language itself.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(".."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run writes the files below the project's root.
func run(root string) error {
	files, err := generate(filepath.Join(root, "spec"))
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate is every generated file by its path below the root.
func generate(specDir string) (map[string][]byte, error) {
	d, err := readDocs(specDir)
	if err != nil {
		return nil, fmt.Errorf("read the doc comments of %s: %w", specDir, err)
	}
	schema, err := planSchema(d)
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	examples, err := examplesIndex(filepath.Join(specDir, "..", "plans", "examples"))
	if err != nil {
		return nil, fmt.Errorf("list the examples: %w", err)
	}
	return map[string][]byte{"schemas/plan.schema.json": schema, "plans/REFERENCE.md": planReference(d), "plans/examples/README.md": examples}, nil
}

// Command schemagen writes schemas/result.schema.json from the types in runner/metrics/result.go: field names and types
// give the structure, comments give the descriptions. It knows only the forms of Go types that result.go uses.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: schemagen RESULT.go SCHEMA.json")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func write(source, target string) error {
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	schema, err := generate(text)
	if err != nil {
		return err
	}
	return os.WriteFile(target, schema, 0o644)
}

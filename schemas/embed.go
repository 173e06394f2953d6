// Package schemas holds the JSON Schemas of plans, for editors, and of result files, for tools that read results. It does
// not know how they are made: they are generated from the Go types, and a test fails when one is stale.
package schemas

import "embed"

//go:generate go run ./generate

//go:embed *.json
var files embed.FS

var (
	// Plan is the JSON Schema (draft-07) of plan files.
	Plan = text("plan.schema.json")
	// Result is the JSON Schema of result files.
	Result = text("result.schema.json")
)

// text is an embedded file, nil if it isn't there.
func text(name string) []byte {
	data, err := files.ReadFile(name)
	if err != nil {
		return nil
	}
	return data
}

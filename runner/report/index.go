package report

import (
	"fmt"
	"io"
	"strings"
)

// Kind is a way to write a result to a file: --out NAME=FILE.
type Kind struct {
	Name string
	Help string
	// Open makes the output for a file whose writability has been checked. "-" is stdout.
	Open func(file string, stdout io.Writer) Output
}

// Kinds lists the outputs. A new one is one file and one line here.
func Kinds() []Kind {
	return []Kind{
		{"json", "the whole result, as schemas/result.schema.json describes it", func(file string, stdout io.Writer) Output { return NewJSON(file, stdout) }},
	}
}

// Open makes an output from NAME=FILE, as --out has it. It creates nothing, but tells now what would go wrong at the
// end: an unknown name, or a file that cannot be written.
func Open(text string, stdout io.Writer) (Output, error) {
	name, file, ok := strings.Cut(text, "=")
	if !ok || file == "" {
		return nil, fmt.Errorf("output %q: write NAME=FILE, such as json=result.json (names: %s)", text, kindNames())
	}
	for _, k := range Kinds() {
		if k.Name != name {
			continue
		}
		if err := CheckWritable(file); err != nil {
			return nil, fmt.Errorf("output %q: %w", text, err)
		}
		return k.Open(file, stdout), nil
	}
	return nil, fmt.Errorf("output %q: there is no kind %q (have: %s)", text, name, kindNames())
}

func kindNames() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}

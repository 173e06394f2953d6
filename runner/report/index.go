package report

import (
	"fmt"
	"io"

	"runner/runner/metrics"
)

// Kind is a way to write a result to a file: --out NAME=FILE, runner report --format NAME.
type Kind struct {
	Name string
	Help string
	// Extension is that of a file whose name the user leaves to us, without the dot.
	Extension string
	// Make is the whole file. It does not change the result. Only a result that holds no numbers where numbers have to be
	// is an error.
	Make func(*metrics.Result) ([]byte, error)
}

// Kinds lists the outputs. A new one is one file and one line here.
func Kinds() []Kind {
	return []Kind{
		{"json", "the whole result, as schemas/result.schema.json describes it", "json", Encode},
		{"markdown", "the result on a page for a reviewer: a comment, a job summary", "md", Markdown},
		{"junit", "thresholds and checks as test cases", "xml", JUnit},
		{"html", "the result as a page with charts, in one file", "html", HTML},
		{"csv", "every metric as rows, for spreadsheets", "csv", CSV},
	}
}

// Open makes the output that writes to a file when the run is over. "-" is stdout. It creates nothing, but tells now if
// the file cannot be written.
func (k Kind) Open(file string, stdout io.Writer) (Output, error) {
	if err := CheckWritable(file); err != nil {
		return nil, err
	}
	return &document{kind: k, path: file, stdout: stdout}, nil
}

// document writes a result to a file when the run is over: the old file or the new one is there, never half of one.
type document struct {
	kind   Kind
	path   string
	stdout io.Writer
}

var _ Output = (*document)(nil)

// Start does nothing: Open has checked the path.
func (d *document) Start(Info) error { return nil }

// Interval does nothing.
func (d *document) Interval(*Live) {}

// Finish writes the result. The error names the file and leaves what was there before.
func (d *document) Finish(r *metrics.Result) error {
	text, err := d.kind.Make(r)
	switch {
	case err != nil:
	case d.path == "-":
		_, err = d.stdout.Write(text)
	default:
		err = writeFile(d.path, text)
	}
	if err != nil {
		return fmt.Errorf("writing the result to %s: %w", Clean(d.path), err)
	}
	return nil
}

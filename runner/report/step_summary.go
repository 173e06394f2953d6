package report

import (
	"errors"
	"fmt"
	"io"
	"os"

	"runner/runner/metrics"
)

// summaryLimit is how large GitHub lets a step's summary become, in bytes; a larger one is not shown at all.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
const summaryLimit = 1 << 20

// stepSummary appends the result as Markdown to the summary of a step in GitHub Actions. Nobody asked for it by a flag, so
// that what keeps it from being written is only told.
type stepSummary struct {
	path string
	warn io.Writer
}

var _ Output = (*stepSummary)(nil)

// NewStepSummary makes the output that appends to path, which is $GITHUB_STEP_SUMMARY. Warnings go to warn.
func NewStepSummary(path string, warn io.Writer) Output { return &stepSummary{path, warn} }

// Start does nothing.
func (s *stepSummary) Start(Info) error { return nil }

// Interval does nothing.
func (s *stepSummary) Interval(*Live) {}

// Finish appends what there is room for.
func (s *stepSummary) Finish(r *metrics.Result) error {
	if err := s.append(r); err != nil {
		fmt.Fprintf(s.warn, "runner: the job's summary is missing: %v\n", withoutPath(err))
	}
	return nil
}

func (s *stepSummary) append(r *metrics.Result) error {
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	room := summaryLimit - int(min(info.Size(), summaryLimit)) - 1
	if room < 4*roomForEnd {
		return errors.Join(errors.New("the summary is full (1 MiB)"), f.Close())
	}
	_, err = f.Write(append(markdown(r, room), '\n'))
	return errors.Join(err, f.Close())
}

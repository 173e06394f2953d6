package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"

	"runner/runner/metrics"
	"runner/runner/report"
)

const (
	maxBatches = 512     // that wait for the file: 65,536 requests, 13 MB
	chunk      = 1 << 20 // bytes after which what is written must be out
)

// samples writes every request to a file. Whoever counts samples copies them into a queue; a goroutine writes. What finds
// no room in the queue is counted and left out.
type samples struct {
	path   string
	file   *os.File
	queue  chan []metrics.Request
	spares chan []metrics.Request
	missed atomic.Int64
	done   chan struct{}

	// The goroutine's own until done.
	format  encoder
	out     *bufio.Writer
	zip     *gzip.Writer // nil: plain
	text    []byte
	pending int64 // written, but not known to be out
	bytes   int   // of pending
	result  metrics.OutputResult
}

var (
	_ Stream = (*samples)(nil)
	_ Tap    = (*samples)(nil)
)

// encoder appends a request's line.
type encoder interface {
	head(text []byte) []byte
	line(text []byte, r *metrics.Request) []byte
}

func openSamples(path string) (Stream, error) {
	if path == "-" {
		return nil, errors.New("samples need a file: stdout is for tables")
	}
	if err := report.CheckWritable(path); err != nil {
		return nil, err
	}
	return newSamples(path), nil
}

// Start makes the file, or empties the one that is there.
func (s *samples) Start(info Info) error {
	f, err := os.Create(s.path)
	if err != nil {
		return fmt.Errorf("output samples: %w", err)
	}
	s.open(f)
	plain := strings.TrimSuffix(s.path, ".gz")
	if plain != s.path {
		s.zip, _ = gzip.NewWriterLevel(s.out, gzip.BestSpeed) // only an unknown level is an error
	}
	s.format = newNDJSON(info)
	if strings.HasSuffix(plain, ".csv") {
		s.format = newCSV(info)
	}
	go s.run()
	return nil
}

func newSamples(path string) *samples {
	return &samples{
		path: path, done: make(chan struct{}),
		queue: make(chan []metrics.Request, maxBatches), spares: make(chan []metrics.Request, maxBatches),
		result: metrics.OutputResult{Name: "samples=" + report.Clean(path), Unit: "requests"},
	}
}

func (s *samples) open(f *os.File) { s.file, s.out = f, bufio.NewWriterSize(f, 64<<10) }

// Second does nothing: Requests has everything.
func (s *samples) Second(*metrics.Snapshot) {}

// Requests takes a batch, or counts what finds no room.
func (s *samples) Requests(batch []metrics.Request) {
	var kept []metrics.Request
	select {
	case kept = <-s.spares:
	default:
	}
	kept = append(kept[:0], batch...)
	select {
	case s.queue <- kept:
	default:
		s.missed.Add(int64(len(batch)))
	}
}

// run writes until the queue is closed. After an error the rest is counted as missed.
func (s *samples) run() {
	defer close(s.done)
	err := s.write(s.format.head(nil), 0)
	for batch := range s.queue {
		if err == nil {
			s.text = s.text[:0]
			for i := range batch {
				s.text = s.format.line(s.text, &batch[i])
			}
			err = s.write(s.text, len(batch))
		} else {
			s.missed.Add(int64(len(batch)))
		}
		if err == nil && (s.bytes > chunk || len(s.queue) == 0) {
			err = s.flush()
		}
		select {
		case s.spares <- batch:
		default:
		}
	}
	if err == nil {
		err = s.flush()
	}
	s.end(err)
}

func (s *samples) write(text []byte, requests int) error {
	s.pending += int64(requests)
	s.bytes += len(text)
	var w io.Writer = s.out
	if s.zip != nil {
		w = s.zip
	}
	_, err := w.Write(text)
	return err
}

// flush makes sure that what was written is out.
func (s *samples) flush() error {
	if s.zip != nil {
		if err := s.zip.Flush(); err != nil {
			return err
		}
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	s.result.Delivered += s.pending
	s.pending, s.bytes = 0, 0
	return nil
}

// end closes the file.
func (s *samples) end(err error) {
	if err == nil && s.zip != nil {
		err = s.zip.Close()
	}
	if err == nil {
		err = s.out.Flush()
	}
	if err = errors.Join(err, s.file.Close()); err != nil {
		s.result.Error = err.Error()
	}
	s.result.Missed = s.pending + s.missed.Load()
}

// Close writes what is queued. The file is on this machine, so that ctx is for a disk that hangs: then the goroutine is
// left to it.
func (s *samples) Close(ctx context.Context) metrics.OutputResult {
	close(s.queue)
	select {
	case <-s.done:
		return s.result
	case <-ctx.Done():
		return metrics.OutputResult{Name: "samples=" + report.Clean(s.path), Unit: "requests", Missed: s.missed.Load(),
			Error: "the file took too long: an unknown number of requests is missing in it"}
	}
}

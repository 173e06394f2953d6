// Package export sends measurements away while a run goes: single requests to a file, intervals to a time series
// database or a collector. It sees metrics only: it knows no plan, judges nothing, and nothing waits for it. What a slow,
// full or dead receiver misses is counted and reported, and changes neither the load nor the verdict.
package export

import (
	"context"
	"time"

	"runner/runner/metrics"
)

// Stream is fed while a run goes. Second and Requests return at once, whatever the receiver does.
type Stream interface {
	// Start comes once, before the load. An error ends the run before it begins, so say what to do.
	Start(Info) error
	// Second hands over what was measured in the last interval. The stream only reads it, and may keep it.
	Second(*metrics.Snapshot)
	// Close delivers what is left, until ctx ends, and says how it all went.
	Close(context.Context) metrics.OutputResult
}

// Tap is a Stream that wants to see every request. The slice is the caller's: it may not be kept.
type Tap interface{ Requests([]metrics.Request) }

// Info is what a stream is told of a run.
type Info struct {
	Layout *metrics.Layout // without secrets
	Plan   string          // its name
	RunID  string
	Seed   uint64
	Begin  time.Time // when the run's clock was 0
	Tool   metrics.Tool
	// Log takes a line for people: that a receiver is down, say.
	Log func(string)
}

// Streams is several as one.
type Streams []Stream

// Start starts them in order. After an error none is left running.
func (s Streams) Start(info Info) error {
	for i, one := range s {
		if err := one.Start(info); err != nil {
			s[:i].Close(context.Background())
			return err
		}
	}
	return nil
}

// Second tells all.
func (s Streams) Second(snapshot *metrics.Snapshot) {
	for _, one := range s {
		one.Second(snapshot)
	}
}

// Tap is what shows requests to those that want to see them; nil: none does, and nothing should be spent on it.
func (s Streams) Tap() func([]metrics.Request) {
	var taps []Tap
	for _, one := range s {
		if t, ok := one.(Tap); ok {
			taps = append(taps, t)
		}
	}
	if len(taps) == 0 {
		return nil
	}
	return func(batch []metrics.Request) {
		for _, t := range taps {
			t.Requests(batch)
		}
	}
}

// Grace is how long all streams together may take to deliver what is left after the load.
const Grace = 10 * time.Second

// Close closes all at the same time.
func (s Streams) Close(ctx context.Context) []metrics.OutputResult {
	ctx, stop := context.WithTimeout(ctx, Grace)
	defer stop()
	results := make([]metrics.OutputResult, len(s))
	done := make(chan struct{})
	for i, one := range s {
		go func() {
			results[i] = one.Close(ctx)
			done <- struct{}{}
		}()
	}
	for range s {
		<-done
	}
	return results
}

package executor

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"runner/runner/schedule"
	"runner/spec"
)

// New makes an executor from what the author wrote; what it leaves to chance comes from the seed. It is the index of
// executors: a new one is its own file and one line here. The error says what is wrong with the numbers; it has no
// position, e.At() has.
func New(e spec.Executor, seed uint64) (Executor, error) {
	switch e := e.(type) {
	case *spec.ConstantVUs:
		return constantVUs(e)
	case *spec.RampingVUs:
		return rampingVUs(e)
	case *spec.PerVUIterations:
		return perVUIterations(e)
	case *spec.SharedIterations:
		return sharedIterations(e)
	case *spec.ConstantArrivalRate:
		return constantArrivalRate(e, seed)
	case *spec.RampingArrivalRate:
		return rampingArrivalRate(e, seed)
	}
	return nil, errors.New("this version does not know the executor")
}

// maxVUs is more than any machine holds (a waiting VU is about 3 KB) and few enough that numbers do not overflow.
const maxVUs = 10_000_000

const defaultMaxDuration = 10 * time.Minute

func checkVUs(word string, n int64) error {
	if n < 1 || n > maxVUs {
		return fmt.Errorf("%s must be from 1 to %d, not %d", word, maxVUs, n)
	}
	return nil
}

func checkIterations(n int64) error {
	if n < 1 {
		return fmt.Errorf("iterations must be at least 1, not %d", n)
	}
	return nil
}

func checkDuration(word string, d time.Duration) error {
	if d <= 0 {
		return fmt.Errorf("%s must be longer than 0s, not %v", word, d)
	}
	return nil
}

// stageNames are what the author called the stages, or their numbers.
func stageNames[T any](stages []spec.Stage[T]) []string {
	names := make([]string, len(stages))
	for i, s := range stages {
		if names[i] = s.Name.Value; names[i] == "" {
			names[i] = strconv.Itoa(i + 1)
		}
	}
	return names
}

func rate(r spec.Rate) schedule.Rate {
	return schedule.Rate{Num: r.Num, Den: r.Den, Per: r.Per}
}

// spread says how arrivals differ from evenly spaced ones that are dropped where no VU is free.
func spread(arrivals, late spec.Word) (text string) {
	if arrivals.Value == "poisson" {
		text = ", poisson"
	}
	if late.Value == "queue" {
		text += ", late ones queue"
	}
	return text
}

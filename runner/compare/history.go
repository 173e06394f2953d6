package compare

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"runner/runner/metrics"
)

// HistoryVersion names the form of a history as JSON.
const HistoryVersion = "history/v1"

// Track is what a history follows: one aggregate of one series, of one plan and profile.
type Track struct {
	Metric    string            `json:"metric"`
	Tags      map[string]string `json:"tags"`
	Aggregate string            `json:"aggregate"`
}

// History is a metric over stored results, oldest first, and where it changed. It is written as JSON.
type History struct {
	Schema  string `json:"schema"`
	Plan    string `json:"plan"`
	Profile string `json:"profile"`
	Track
	Unit   string  `json:"unit"`
	Points []Point `json:"points"`
	Left   int     `json:"left_out"` // results without the series, or whose run is not to be compared
}

// Point is one run.
type Point struct {
	File   string    `json:"file"`
	Start  time.Time `json:"start"`
	Digest string    `json:"digest"`
	Value  float64   `json:"value"`
	Weak   bool      `json:"weak,omitempty"` // a percentile with too few samples beyond it
	// Changed says that the series is another from this run on: Change is its mean since, up to the next such run, against
	// the mean before; of a ratio less one.
	Changed bool    `json:"changed,omitempty"`
	Change  float64 `json:"change,omitempty"`
	P       float64 `json:"p,omitempty"`
}

// Follow makes the history of a track over runs of one plan and profile; those of others are left out by the caller.
func Follow(runs []Run, t Track) *History {
	h := &History{Schema: HistoryVersion, Track: t, Points: []Point{}}
	for _, r := range byStart(runs) {
		h.Plan, h.Profile = r.Result.Plan.Name, r.Result.Plan.Profile
		i := slices.IndexFunc(r.Result.Metrics, func(m metrics.MetricResult) bool { return m.Name == t.Metric && maps.Equal(m.Tags, t.Tags) })
		if i < 0 || broken(r.Result) != "" {
			h.Left++
			continue
		}
		m := &r.Result.Metrics[i]
		v, ok := m.Values[t.Aggregate]
		if !ok {
			h.Left++
			continue
		}
		h.Unit = m.Unit
		h.Points = append(h.Points, Point{
			File: r.File, Start: r.Result.Run.Start, Digest: r.Result.Plan.Digest, Value: v, Weak: slices.Contains(m.Weak, t.Aggregate),
		})
	}
	h.mark()
	return h
}

const (
	shortest  = 3     // runs between two changes
	shuffles  = 999   // of the runs, to see what chance does
	certainty = 0.05  // how often a history without a change may get a mark, at each look
	smallest  = 0.005 // a change of less than half a percent is none
)

// mark finds the runs at which the level changes: where a segment splits best, chance tells whether that is more than
// order alone would do; then both halves are looked at (binary segmentation; Matteson and James, 2014, for the test).
func (h *History) mark() {
	values := make([]float64, len(h.Points))
	for i, p := range h.Points {
		values[i] = math.Log(max(p.Value, math.SmallestNonzeroFloat32))
	}
	cuts := split(values, 0, rand.New(rand.NewPCG(1, 2)))
	ends := append(slices.Clone(cuts), cut{at: len(values)})
	for i, c := range cuts {
		from := 0
		if i > 0 {
			from = cuts[i-1].at
		}
		p := &h.Points[c.at]
		change := math.Expm1(mean(values[c.at:ends[i+1].at]) - mean(values[from:c.at]))
		if math.Abs(change) >= smallest {
			p.Changed, p.Change, p.P = true, change, c.p
		}
	}
}

// cut is the first run of a new level.
type cut struct {
	at int
	p  float64
}

// split lists the cuts in values, which begin at offset, in order.
func split(values []float64, offset int, random *rand.Rand) []cut {
	if len(values) < 2*shortest {
		return nil
	}
	shuffled := ranks(values)
	at, best := bestSplit(shuffled)
	if best == 0 {
		return nil
	}
	beyond := 1
	for range shuffles {
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if _, chance := bestSplit(shuffled); chance >= best {
			beyond++
		}
	}
	p := float64(beyond) / (shuffles + 1)
	if p > certainty {
		return nil
	}
	list := split(values[:at], offset, random)
	list = append(list, cut{offset + at, p})
	return append(list, split(values[at:], offset+at, random)...)
}

// ranks are values by their place in order, ties in the middle of their places: one run that went astray says no more than
// that it is the largest.
func ranks(values []float64) []float64 {
	sorted := slices.Sorted(slices.Values(values))
	list := make([]float64, len(values))
	for i, v := range values {
		first, _ := slices.BinarySearch(sorted, v)
		last := first
		for last < len(sorted) && sorted[last] == v {
			last++
		}
		list[i] = float64(first+last-1) / 2
	}
	return list
}

// bestSplit is where the means of the two sides differ most, weighted by how many runs they are of.
func bestSplit(values []float64) (at int, best float64) {
	total, left, n := 0.0, 0.0, float64(len(values))
	for _, v := range values {
		total += v
	}
	for i, v := range values[:len(values)-shortest] {
		left += v
		k := float64(i + 1)
		if i+1 < shortest {
			continue
		}
		d := math.Abs(left/k-(total-left)/(n-k)) * math.Sqrt(k*(n-k)/n)
		if d > best+1e-12 {
			at, best = i+1, d
		}
	}
	return at, best
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

package schedule

import (
	"errors"
	"fmt"
	"math/bits"
	"sort"
	"time"
)

// VUStage is one leg of a ramp of VUs: their number goes to Target, one by one and evenly, over Duration. A Duration of 0
// is a jump.
type VUStage struct {
	Duration time.Duration
	Target   int64
}

// Interval is a time in which a VU iterates: it may begin iterations at Start ≤ t < Stop.
type Interval struct {
	Start, Stop time.Duration
}

// VUs says when which virtual users run. From a to b over D, beginning at T, VU k starts at T + D·(k−a)/(b−a); going
// down, the number becomes k−1, and VU k stops, at T + D·(a−k+1)/(a−b). Times are rounded down to the nanosecond. All stop
// at the end.
type VUs struct {
	legs   []vuLeg
	plan   []vuLeg // as the author wrote them, before any scaling
	staged bool
	max    int64
	end    time.Duration
}

type vuLeg struct {
	at, dur  time.Duration
	from, to int64
	stage    int
}

// FixedVUs is a number of VUs that does not change; it has no stages.
func FixedVUs(vus int64, d time.Duration) (*VUs, error) {
	v, err := RampingVUs(vus, []VUStage{{Duration: d, Target: vus}})
	if err != nil {
		return nil, err
	}
	v.staged = false
	return v, nil
}

// RampingVUs starts with a number of VUs and goes through stages, which count from 1.
func RampingVUs(start int64, stages []VUStage) (*VUs, error) {
	if start < 0 {
		return nil, fmt.Errorf("%d VUs are too few", start)
	}
	if len(stages) == 0 {
		return nil, errors.New("there are no stages")
	}
	v := &VUs{staged: true, max: start}
	from := start
	for i, s := range stages {
		if s.Target < 0 {
			return nil, fmt.Errorf("stage %d: %d VUs are too few", i+1, s.Target)
		}
		if s.Duration < 0 || v.end+s.Duration < v.end {
			return nil, fmt.Errorf("stage %d: the duration is negative, or the sum of the durations exceeds 292 years", i+1)
		}
		v.legs = append(v.legs, vuLeg{at: v.end, dur: s.Duration, from: from, to: s.Target, stage: i + 1})
		v.max = max(v.max, s.Target)
		v.end += s.Duration
		from = s.Target
	}
	v.plan = v.legs
	return v, nil
}

// Max is the highest number of VUs that the schedule names. (A VU whose start falls on the very end never runs.)
func (v *VUs) Max() int64 { return v.max }

// Duration is when all VUs stop: the sum of the stages' durations.
func (v *VUs) Duration() time.Duration { return v.end }

// Stages is how many stages there are, 0 for a fixed number of VUs.
func (v *VUs) Stages() int {
	if !v.staged {
		return 0
	}
	return v.legs[len(v.legs)-1].stage
}

// StageAt is the stage, from 1, of a time: the last that has begun by then. It is 0 for a fixed number of VUs.
func (v *VUs) StageAt(t time.Duration) int16 {
	if !v.staged {
		return 0
	}
	return clampInt16(v.legs[max(v.begun(t), 1)-1].stage)
}

// begun is how many legs have begun at t.
func (v *VUs) begun(t time.Duration) int {
	return sort.Search(len(v.legs), func(i int) bool { return v.legs[i].at > t })
}

// Intervals is when VU k, from 1, runs, in order. Intervals are not empty and do not touch: a VU that stops and starts at
// the same instant goes on.
func (v *VUs) Intervals(k int64) []Interval {
	var all []Interval
	running, start := k <= v.legs[0].from, time.Duration(0)
	for _, l := range v.legs {
		switch {
		case !running && l.from < k && k <= l.to:
			running, start = true, l.step(k-l.from)
			if n := len(all); n > 0 && all[n-1].Stop == start {
				start, all = all[n-1].Start, all[:n-1]
			}
		case running && l.to < k && k <= l.from:
			running = false
			all = appendInterval(all, Interval{start, l.step(l.from - k + 1)})
		}
	}
	if running {
		all = appendInterval(all, Interval{start, v.end})
	}
	return all
}

func appendInterval(all []Interval, i Interval) []Interval {
	if i.Start == i.Stop {
		return all
	}
	return append(all, i)
}

// step is when the leg's j-th change comes, j = 1 … |to−from|: at + ⌊dur·j/|to−from|⌋.
func (l vuLeg) step(j int64) time.Duration {
	hi, lo := bits.Mul64(uint64(l.dur), uint64(j))
	q, _ := bits.Div64(hi, lo, uint64(l.changes())) // j ≤ changes, so the quotient is at most dur
	return l.at + time.Duration(q)
}

// changes is how many VUs start or stop in the leg.
func (l vuLeg) changes() int64 { return max(l.to-l.from, l.from-l.to) }

// At is how many VUs run at a time, 0 outside the schedule.
func (v *VUs) At(t time.Duration) int64 {
	if t < 0 || t >= v.end {
		return 0
	}
	return v.legs[v.begun(t)-1].number(t)
}

// number is how many VUs run at a time within the leg.
func (l vuLeg) number(t time.Duration) int64 {
	// How many changes have come: those j with step(j) ≤ t.
	done := int64(sort.Search(int(l.changes()), func(i int) bool { return l.step(int64(i)+1) > t }))
	if l.to > l.from {
		return l.from + done
	}
	return l.from - done
}

// Points is the curve of the number of VUs.
func (v *VUs) Points() []Point {
	points := make([]Point, 0, len(v.legs)+1)
	for _, l := range v.legs {
		points = appendPoint(points, Point{l.at, float64(l.from)})
		points = appendPoint(points, Point{l.at + l.dur, float64(l.to)})
	}
	return points
}

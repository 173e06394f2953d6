package main

import (
	"fmt"
	"time"
)

// growth watches runner's memory at full rate.
func growth(b *bench) section {
	s := section{
		title: "Memory over time",
		how: fmt.Sprintf("64 VUs at full rate for %v. Growth is the median slope between any two looks at the resident memory that are at least a quarter of the time apart; the first %v, in which a run warms up, are left out.%s",
			b.growth, time.Duration(warming(int(b.growth/pulse)))*pulse, brief(b.growth)),
		unit: "MiB",
	}
	duration := fmt.Sprintf("%ds", int(b.growth.Seconds())+30)
	sizes, err := watch(b, b.nginx.plain, b.growth, b.runner, "-q", "--vus", "64", "--duration", duration, b.file("plain.yaml"))
	t := target{what: "growth", limit: 1, unit: "MiB a minute"}
	if err != nil {
		t.missing = err.Error()
	} else {
		t.values = []float64{slope(sizes)}
		s.findings = []finding{
			{who: "second quarter", values: mebibytes(quarter(sizes, 1))},
			{who: "last quarter", values: mebibytes(quarter(sizes, 3))},
		}
	}
	s.targets = []target{t}
	return s
}

func brief(d time.Duration) string {
	if d < 5*time.Minute {
		return " So short a time says little: -growth 10m is the real one."
	}
	return ""
}

func quarter(sizes []float64, i int) []float64 {
	n := len(sizes) / 4
	return sizes[i*n : (i+1)*n]
}

// warming is how many of the looks are left out: those of the first quarter, or of the first minute if that is longer, as the heap
// takes it to find its size; and at most half of all.
func warming(looks int) int { return max(looks/4, min(int(time.Minute/pulse), looks/2)) }

// slope is growth in MiB a minute once a run is warm: the median of the slopes between any two looks at least a quarter of the time
// apart (Theil and Sen). A collection that comes late, or a peak of a moment, does not move it.
func slope(sizes []float64) float64 {
	steady, apart := sizes[warming(len(sizes)):], len(sizes)/4
	var slopes []float64
	for i := range steady {
		for j := i + max(1, apart); j < len(steady); j++ {
			minutes := (time.Duration(j-i) * pulse).Minutes()
			slopes = append(slopes, (steady[j]-steady[i])/(1<<20)/minutes)
		}
	}
	return median(slopes)
}

func mebibytes(sizes []float64) []float64 {
	all := make([]float64, len(sizes))
	for i, v := range sizes {
		all[i] = v / (1 << 20)
	}
	return all
}

// Package bystander watches the machine beside tests that run real loads, by means of its own: how late it is woken, and what
// the kernel says of time without a core. A run that blames the machine excuses its test only where the bystander felt it,
// too. It does not know the monitor, which is among what is tested.
package bystander

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"runner/runner/metrics"
)

// Late is from when on being woken is late, as it is for a run's own judgement (MEASUREMENT: over 50 ms).
const Late = 50 * time.Millisecond

const nap = 10 * time.Millisecond

// Bystander is a witness of what the machine did to this process. Any goroutine may ask it.
type Bystander struct {
	kept func() time.Duration

	mu      sync.Mutex
	current stretch
	before  time.Duration // kept, when the current stretch began
	past    []stretch
}

// stretch is about a second.
type stretch struct {
	from, to time.Time
	latest   time.Duration // the longest that the bystander was woken late
	kept     time.Duration // threads waited for a core that others had, or the hypervisor kept
}

// Start makes a bystander, who stays until the process ends: what is tested runs beside it.
func Start() *Bystander {
	b := stand(time.Now(), kept)
	go func() {
		for {
			begin := time.Now()
			time.Sleep(nap)
			b.woken(begin, time.Now())
		}
	}()
	return b
}

func stand(now time.Time, kept func() time.Duration) *Bystander {
	return &Bystander{kept: kept, before: kept(), current: stretch{from: now}}
}

// woken takes in that the bystander went to sleep for a nap, and when it woke.
func (b *Bystander) woken(begin, end time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.current.latest = max(b.current.latest, end.Sub(begin)-nap)
	if end.Sub(b.current.from) >= time.Second {
		b.turn(end)
	}
}

// turn ends the current stretch. A thread that has ended takes its time with it: nothing becomes less.
func (b *Bystander) turn(now time.Time) {
	all := b.kept()
	b.current.to, b.current.kept = now, max(all-b.before, 0)
	b.past, b.current, b.before = append(b.past, b.current), stretch{from: now}, all
}

// Busy tells whether the machine kept this process from a core for longer than limit between two moments: it was woken so
// late, and in the same second the kernel counts as much time without a core. The text says what was seen.
func (b *Bystander) Busy(from, to time.Time, limit time.Duration) (seen string, busy bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn(time.Now())
	var worst stretch
	for _, s := range b.past {
		if s.to.Before(from) || s.from.After(to) {
			continue
		}
		if min(s.latest, s.kept) >= min(worst.latest, worst.kept) {
			worst = s
		}
	}
	return fmt.Sprintf("beside it, this process was woken %s late and %s without a core at the worst", worst.latest.Round(time.Millisecond), worst.kept.Round(time.Millisecond)),
		min(worst.latest, worst.kept) > limit
}

// Excuses tells whether a run proves nothing because others had the machine: it says so itself and names nothing else, and
// the bystander felt it while it ran. The text says why, or why not.
func (b *Bystander) Excuses(r *metrics.Result) (why string, ok bool) {
	own := func(cause string) bool { return cause != "busy_machine" && cause != "stolen" }
	if r.Verdict.LimitedBy != metrics.LimitedByGenerator || len(r.Generator.Causes) == 0 || slices.ContainsFunc(r.Generator.Causes, own) {
		return fmt.Sprintf("the run blames no other work of this machine: limited by %q, causes %q", r.Verdict.LimitedBy, r.Generator.Causes), false
	}
	seen, busy := b.Busy(r.Run.Start, r.Run.Start.Add(time.Duration(r.Run.DurationS*float64(time.Second))), Late)
	return fmt.Sprintf("the run says %q; %s", r.Generator.Evidence, seen), busy
}

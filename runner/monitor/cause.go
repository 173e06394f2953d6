package monitor

import (
	"fmt"
	"time"
)

// strain is what happened to the process in the bad seconds, and over the run.
type strain struct {
	wall    time.Duration // of the bad seconds
	stalled time.Duration // the probe was not woken
	spent   Spent
	machine *Machine
}

// telling is from which share of the bad seconds on something explains them.
const telling = 0.1

// waited is what threads waited for a core that somebody else had.
func (s *strain) waited() time.Duration { return max(s.spent.Delay-s.spent.Throttled, 0) }

// busy is the share of the cores that the process may use, and did.
func (s *strain) busy() float64 {
	return share(float64(s.spent.CPU), float64(s.wall)*s.machine.cores())
}

// part is the share of the bad seconds that d is.
func (s *strain) part(d time.Duration) float64 { return share(float64(d), float64(s.wall)) }

// cause is one thing that can keep a generator from making its load in time.
type cause struct {
	word  string // in the result's causes
	holds func(*strain) bool
	says  func(*strain) string // what, with the numbers, and what to do
}

// causes are those that can be told apart, the plainest first. More than one may hold.
var causes = []cause{
	{"stopped", stood, (*strain).stood},
	{"memory", func(s *strain) bool { return s.machine.starved(s.spent) }, (*strain).memory},
	{"cpu_quota", func(s *strain) bool { return s.part(s.spent.Throttled) > telling }, (*strain).quota},
	{"stolen", func(s *strain) bool { return s.part(s.spent.Stolen) > telling*float64(s.machine.Cores) }, (*strain).stolen},
	{"gc", paused, (*strain).pauses},
	{"cpu", func(s *strain) bool { return s.machine.Limits.Quota.Cores() == 0 && s.busy() > 0.7 }, (*strain).cpu},
	{"busy_machine", func(s *strain) bool { return s.part(s.waited()) > telling && s.busy() <= 0.7 }, (*strain).neighbours},
}

// starved: where memory is nearly used up, the collector takes the CPU, and the kernel takes away pages of the program.
func (m *Machine) starved(spent Spent) bool {
	limit := m.Limits.Memory
	return limit > 0 && m.Memory*10 >= limit*8 && share(float64(spent.GC), float64(spent.CPU)) > 0.25
}

// paused: a collection stopped the world, and for its own sake: a process that is kept from running is kept in its pauses, too.
func paused(s *strain) bool {
	kept := s.spent.Throttled + s.spent.Stolen + s.waited()
	return s.machine.LongestPause > Late && s.part(kept) <= telling
}

// stood: it was told to stop and to continue; or it was not woken, and neither ran nor waited for a core.
func stood(s *strain) bool {
	if s.machine.Continued > 0 && s.machine.LongestStall > Late {
		return true
	}
	kept := s.spent.Delay + s.spent.Throttled + s.spent.Stolen
	return s.part(s.stalled) > telling && s.spent.CPU+kept < s.stalled/2 && !paused(s)
}

func (s *strain) memory() string { return s.machine.full(s.spent) }

// full is how much of the memory limit is used, what that costs, and what to do.
func (m *Machine) full(spent Spent) string {
	return fmt.Sprintf("memory: %s of %s were used (%s), and garbage collection took %.0f%% of the CPU: raise the limit, use fewer VUs, or keep fewer and smaller bodies",
		bytes(m.Memory), bytes(m.Limits.Memory), m.Limits.MemoryName, 100*share(float64(spent.GC), float64(spent.CPU)))
}

func (s *strain) quota() string { return s.machine.throttled() + ": raise the quota or lower the rate" }

// throttled is how long a quota kept the process from running. The kernel adds up the time of all cores.
func (m *Machine) throttled() string {
	return fmt.Sprintf("CPU quota: throttled %s of %s (%s)", seconds(min(m.Spent.Throttled, m.Wall)), seconds(m.Wall), m.Limits.Quota.Name)
}

func (s *strain) stolen() string {
	return fmt.Sprintf("stolen time: in the bad seconds this virtual machine's host kept its cores from running for %s: use a machine that has its cores to itself", seconds(s.spent.Stolen))
}

func (s *strain) pauses() string {
	return fmt.Sprintf("garbage collection: it paused this process for up to %s: give it more memory (GOGC), or keep fewer and smaller bodies", s.machine.LongestPause.Round(time.Millisecond))
}

func (s *strain) cpu() string {
	return fmt.Sprintf("CPU: in the bad seconds this process used %.0f%% of %s: give it more cores, ask for less load, or share the plan between machines", 100*s.busy(), cores(s.machine.cores()))
}

func (s *strain) neighbours() string {
	return fmt.Sprintf("busy machine: in the bad seconds this process waited %s for a core that others had, and used %.0f%% of %s itself: stop what else runs here, or use another machine",
		seconds(s.waited()), 100*s.busy(), cores(s.machine.cores()))
}

func (s *strain) stood() string {
	return fmt.Sprintf("stopped: this process stood still for up to %s, not for want of a core: a stop signal, a debugger, or a suspended or moved machine; measure again without it", seconds(s.machine.LongestStall))
}

// unknown is for what no cause explains.
func (s *strain) unknown() string {
	return fmt.Sprintf("this process used %.0f%% of %s, and nothing that it can see explains its lateness: look at the machine's load, its CPU limit, or a virtual machine's stolen time", 100*s.busy(), cores(s.machine.cores()))
}

// explain is what held, in words for programs and for people.
func (s *strain) explain() (words, texts []string) {
	for _, c := range causes {
		if c.holds(s) {
			words, texts = append(words, c.word), append(texts, c.says(s))
		}
	}
	if len(words) == 0 {
		return []string{"unknown"}, []string{s.unknown()}
	}
	return words, texts
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2g s", d.Seconds()) }

func cores(n float64) string {
	if n == 1 {
		return "1 core"
	}
	return fmt.Sprintf("%.3g cores", n)
}

// bytes is a size for people.
func bytes(n int64) string {
	const kib = 1 << 10
	switch {
	case n >= kib*kib*kib:
		return fmt.Sprintf("%.3g GiB", float64(n)/(kib*kib*kib))
	case n >= kib*kib:
		return fmt.Sprintf("%.3g MiB", float64(n)/(kib*kib))
	}
	return fmt.Sprintf("%.3g KiB", float64(n)/kib)
}

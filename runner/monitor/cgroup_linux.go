package monitor

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"
)

// group is where the limits of the process's control groups stand: of each kind the tightest of its own group and those
// around it. Files are relative to the root of the file system; "" means that there is no limit.
type group struct {
	cpu struct {
		quota  string // cpu.max (v2), or cpu.cfs_quota_us (v1)
		period string // cpu.cfs_period_us (v1)
		stat   string // cpu.stat
	}
	memory struct{ limit, used, stat string }
}

// mount is a mounted hierarchy: of v2, or of one v1 controller.
type mount struct {
	at   string // without the leading slash
	root string // the group that is mounted there
}

// findGroup finds the process's groups. It is done once: processes rarely move.
func findGroup(root fs.FS) group {
	var g group
	var tightest float64
	for _, dir := range groupDirs(root, "cpu") {
		if q := quotaIn(root, dir); q.Cores() > 0 && (tightest == 0 || q.Cores() < tightest) {
			tightest = q.Cores()
			g.cpu.quota, g.cpu.period, g.cpu.stat = path.Join(dir, "cpu.cfs_quota_us"), path.Join(dir, "cpu.cfs_period_us"), path.Join(dir, "cpu.stat")
			if text(root, path.Join(dir, "cpu.max")) != "" {
				g.cpu.quota, g.cpu.period = path.Join(dir, "cpu.max"), ""
			}
		}
	}
	var least int64
	for _, dir := range groupDirs(root, "memory") {
		for _, names := range [][2]string{{"memory.max", "memory.current"}, {"memory.limit_in_bytes", "memory.usage_in_bytes"}} {
			limit := path.Join(dir, names[0])
			if n := memoryIn(root, limit); n > 0 && (least == 0 || n < least) {
				least = n
				g.memory.limit, g.memory.used, g.memory.stat = limit, path.Join(dir, names[1]), path.Join(dir, "memory.stat")
			}
		}
	}
	return g
}

// groupDirs are the folders of the process's group for a controller and of those around it, the innermost first; of v2 and
// of v1 where both are mounted.
func groupDirs(root fs.FS, controller string) (dirs []string) {
	for line := range strings.Lines(text(root, "proc/self/cgroup")) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // 0::/a/b, or 4:cpu,cpuacct:/a/b
		if len(parts) != 3 || parts[1] != "" && !holds(parts[1], controller) {
			continue
		}
		m, ok := findMount(root, controller, parts[1] == "")
		if !ok {
			continue
		}
		inner, ok := strings.CutPrefix(parts[2], strings.TrimSuffix(m.root, "/"))
		if !ok {
			inner = "/" // another namespace's name for it: what is mounted is all that can be seen
		}
		for ; ; inner = path.Dir(inner) {
			dirs = append(dirs, path.Join(m.at, inner))
			if inner == "/" || inner == "." || inner == "" {
				break
			}
		}
	}
	return dirs
}

// findMount looks in /proc/self/mountinfo: "30 23 0:26 /root /at rw - cgroup name rw,cpu,cpuacct".
func findMount(root fs.FS, controller string, unified bool) (mount, bool) {
	for line := range strings.Lines(text(root, "proc/self/mountinfo")) {
		before, after, ok := strings.Cut(line, " - ")
		fields, kind := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(kind) < 3 {
			continue
		}
		if unified && kind[0] == "cgroup2" || !unified && kind[0] == "cgroup" && holds(kind[2], controller) {
			return mount{at: strings.TrimPrefix(fields[4], "/"), root: fields[3]}, true
		}
	}
	return mount{}, false
}

// holds tells whether a list with commas has a word.
func holds(list, word string) bool { return strings.Contains(","+list+",", ","+word+",") }

// quotaIn is the CPU quota of one group, of either version.
func quotaIn(root fs.FS, dir string) Quota {
	if fields := strings.Fields(text(root, path.Join(dir, "cpu.max"))); len(fields) == 2 {
		return quota("cpu.max", number(fields[0]), number(fields[1])) // "max" is no number: no quota
	}
	return quota("cpu.cfs_quota_us", number(text(root, path.Join(dir, "cpu.cfs_quota_us"))), number(text(root, path.Join(dir, "cpu.cfs_period_us"))))
}

func quota(name string, micros, period int64) Quota {
	if micros <= 0 || period <= 0 {
		return Quota{}
	}
	return Quota{
		Time: time.Duration(micros) * time.Microsecond, Period: time.Duration(period) * time.Microsecond,
		Name: fmt.Sprintf("cgroup %s %d/%d", name, micros, period),
	}
}

// manyBytes is from when on a memory limit is none: v1 writes a number near 2⁶³ for "none".
const manyBytes = 1 << 50

func memoryIn(root fs.FS, file string) int64 {
	n := number(text(root, file))
	if n >= manyBytes {
		return 0
	}
	return n
}

// quota is the quota in force.
func (g *group) quota(root fs.FS) Quota {
	if g.cpu.quota == "" {
		return Quota{}
	}
	return quotaIn(root, path.Dir(g.cpu.quota))
}

// throttled is how long the group was kept from running so far, over all cores.
func (g *group) throttled(root fs.FS) time.Duration {
	if g.cpu.stat == "" {
		return 0
	}
	for line := range strings.Lines(text(root, g.cpu.stat)) {
		name, value, _ := strings.Cut(line, " ")
		switch name {
		case "throttled_usec": // v2
			return time.Duration(number(value)) * time.Microsecond
		case "throttled_time": // v1
			return time.Duration(number(value))
		}
	}
	return 0
}

func (g *group) memoryLimit(root fs.FS) int64 {
	if g.memory.limit == "" {
		return 0
	}
	return memoryIn(root, g.memory.limit)
}

// memoryUsed leaves out the files that the kernel keeps for the group and gives up when memory is short.
func (g *group) memoryUsed(root fs.FS) int64 {
	used := number(text(root, g.memory.used))
	for line := range strings.Lines(text(root, g.memory.stat)) {
		name, value, _ := strings.Cut(line, " ")
		if name == "file" || name == "total_cache" {
			used -= number(value)
		}
	}
	return max(used, 0)
}

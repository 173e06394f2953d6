package monitor

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// proc reads /proc and the cgroups below root, which is "/" but for tests.
type proc struct {
	root fs.FS
	own  group
}

func newSource() source { return newProc(os.DirFS("/")) }

func newProc(root fs.FS) *proc { return &proc{root: root, own: findGroup(root)} }

func (p *proc) spent() Spent {
	return Spent{CPU: processor(), Delay: p.delay(), Throttled: p.own.throttled(p.root), Stolen: p.stolen(), GC: collecting()}
}

// manyThreads is how many threads' delays are read; a process with more is sampled.
const manyThreads = 256

// delay adds up what the process's threads waited for a core (/proc/…/schedstat: ns on a CPU, ns waiting, slices).
func (p *proc) delay() time.Duration {
	threads, err := fs.ReadDir(p.root, "proc/self/task")
	if err != nil {
		return 0
	}
	var sum int64
	for _, t := range threads[:min(len(threads), manyThreads)] {
		fields := strings.Fields(text(p.root, path.Join("proc/self/task", t.Name(), "schedstat")))
		if len(fields) == 3 {
			sum += number(fields[1])
		}
	}
	return time.Duration(sum)
}

// userHZ is the unit of /proc/stat: a hundredth of a second on every platform that Go knows.
const userHZ = 100

// stolen is the time that the hypervisor took from all cores: the eighth number of /proc/stat's first line.
func (p *proc) stolen() time.Duration {
	line, _, _ := strings.Cut(text(p.root, "proc/stat"), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0
	}
	return time.Duration(number(fields[8])) * time.Second / userHZ
}

func (p *proc) memory() int64 {
	if p.own.memoryLimit(p.root) > 0 {
		return p.own.memoryUsed(p.root)
	}
	fields := strings.Fields(text(p.root, "proc/self/statm"))
	if len(fields) < 2 {
		return 0
	}
	return number(fields[1]) * int64(os.Getpagesize())
}

// sockets reads /proc/net/sockstat, which costs the same however many there are.
func (p *proc) sockets() int64 {
	var n int64
	for _, file := range []string{"proc/self/net/sockstat", "proc/self/net/sockstat6"} {
		for line := range strings.Lines(text(p.root, file)) {
			fields := strings.Fields(line)
			if len(fields) == 0 || fields[0] != "TCP:" && fields[0] != "TCP6:" {
				continue
			}
			for i := 1; i+1 < len(fields); i += 2 {
				if fields[i] == "inuse" || fields[i] == "tw" {
					n += number(fields[i+1])
				}
			}
		}
	}
	return n
}

// descriptors is how many are open. Since Linux 6.2 the folder's size says so; before, ten thousand names are a megabyte.
func (p *proc) descriptors() int64 {
	if folder, err := fs.Stat(p.root, "proc/self/fd"); err == nil && folder.Size() > 0 {
		return folder.Size()
	}
	list, err := fs.ReadDir(p.root, "proc/self/fd")
	if err != nil {
		return 0
	}
	return int64(len(list))
}

func (p *proc) limits() Limits {
	l := Limits{
		Quota: p.own.quota(p.root), Descriptors: rlimit(unix.RLIMIT_NOFILE), Open: p.descriptors(), Ports: p.ports(),
	}
	if l.Memory = p.own.memoryLimit(p.root); l.Memory > 0 {
		l.MemoryName = "cgroup " + path.Base(p.own.memory.limit)
	}
	return l
}

func (p *proc) ports() Ports {
	fields := strings.Fields(text(p.root, "proc/sys/net/ipv4/ip_local_port_range"))
	if len(fields) != 2 {
		return Ports{}
	}
	return Ports{number(fields[0]), number(fields[1])}
}

// text is a file's content, "" if there is none: a system that does not tell is no error.
func text(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return string(b)
}

// number is a decimal number, 0 if it is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

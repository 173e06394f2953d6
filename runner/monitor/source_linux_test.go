package monitor

import (
	"io/fs"
	"os"
	"testing"
	"testing/fstest"
	"time"
)

// system is a file system of text files.
func system(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

const (
	v2    = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
	v1cpu = "31 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:5 - cgroup cgroup rw,cpu,cpuacct\n"
	v1mem = "32 23 0:28 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
)

func TestLimitsOfControlGroups(t *testing.T) {
	for _, row := range []struct {
		why       string
		files     map[string]string
		cores     float64
		name      string
		throttled time.Duration
		memory    int64
		used      int64
	}{
		{why: "no cgroups"},
		{why: "v2, in a namespace of its own", files: map[string]string{
			"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": v2,
			"sys/fs/cgroup/cpu.max": "20000 100000\n", "sys/fs/cgroup/cpu.stat": "usage_usec 5\nnr_periods 100\nnr_throttled 95\nthrottled_usec 3200000\n",
			"sys/fs/cgroup/memory.max": "67108864\n", "sys/fs/cgroup/memory.current": "50000000\n", "sys/fs/cgroup/memory.stat": "anon 1\nfile 10000000\n",
		}, cores: 0.2, name: "cgroup cpu.max 20000/100000", throttled: 3200 * ms, memory: 64 << 20, used: 40000000},
		{why: "v2 without limits", files: map[string]string{
			"proc/self/cgroup": "0::/a\n", "proc/self/mountinfo": v2, "sys/fs/cgroup/a/cpu.max": "max 100000\n", "sys/fs/cgroup/a/memory.max": "max\n",
		}},
		{why: "v2: the group around it has the limit", files: map[string]string{
			"proc/self/cgroup": "0::/pod/app\n", "proc/self/mountinfo": v2, "sys/fs/cgroup/pod/app/cpu.max": "max 100000\n", "sys/fs/cgroup/pod/app/cpu.stat": "throttled_usec 1\n",
			"sys/fs/cgroup/pod/cpu.max": "150000 100000\n", "sys/fs/cgroup/pod/cpu.stat": "throttled_usec 7\n",
		}, cores: 1.5, name: "cgroup cpu.max 150000/100000", throttled: 7 * time.Microsecond},
		{why: "v2: the tighter of two", files: map[string]string{
			"proc/self/cgroup": "0::/pod/app\n", "proc/self/mountinfo": v2, "sys/fs/cgroup/pod/app/cpu.max": "50000 100000\n", "sys/fs/cgroup/pod/cpu.max": "150000 100000\n",
			"sys/fs/cgroup/pod/memory.max": "100\n", "sys/fs/cgroup/pod/app/memory.max": "200\n",
		}, cores: 0.5, name: "cgroup cpu.max 50000/100000", memory: 100},
		{why: "v1", files: map[string]string{
			"proc/self/cgroup": "4:memory:/docker/abc\n3:cpu,cpuacct:/job\n1:name=systemd:/\n", "proc/self/mountinfo": v1cpu + v1mem,
			"sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "20000\n", "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
			"sys/fs/cgroup/cpu,cpuacct/job/cpu.stat": "nr_periods 9\nnr_throttled 8\nthrottled_time 3200000000\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "67108864\n", "sys/fs/cgroup/memory/memory.usage_in_bytes": "50000000\n", "sys/fs/cgroup/memory/memory.stat": "cache 3\ntotal_cache 10000000\n",
		}, cores: 0.2, name: "cgroup cpu.cfs_quota_us 20000/100000", throttled: 3200 * ms, memory: 64 << 20, used: 40000000},
		{why: "v1's way to say no limit", files: map[string]string{
			"proc/self/cgroup": "4:memory:/docker/abc\n3:cpu,cpuacct:/\n", "proc/self/mountinfo": v1cpu + v1mem,
			"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
		}},
		{why: "what is mounted is another group", files: map[string]string{
			"proc/self/cgroup": "4:memory:/elsewhere\n", "proc/self/mountinfo": v1mem, "sys/fs/cgroup/memory/memory.limit_in_bytes": "100\n",
		}, memory: 100},
	} {
		p := newProc(system(row.files))
		l := p.limits()
		if l.Quota.Cores() != row.cores || l.Quota.Name != row.name || l.Memory != row.memory {
			t.Errorf("%s: %+v", row.why, l)
		}
		if got := p.spent().Throttled; got != row.throttled {
			t.Errorf("%s: throttled %s", row.why, got)
		}
		if got := p.memory(); got != row.used {
			t.Errorf("%s: %d bytes", row.why, got)
		}
	}
}

func TestWhatProcTells(t *testing.T) {
	p := newProc(system(map[string]string{
		"proc/self/task/1/schedstat": "5 1000 7\n", "proc/self/task/2/schedstat": "5 500 7\n", "proc/self/task/3/schedstat": "gone",
		"proc/stat":              "cpu  1 2 3 4 5 6 7 250 0 0\ncpu0 1 2 3 4 5 6 7 250 0 0\n",
		"proc/self/net/sockstat": "sockets: used 17\nTCP: inuse 10 orphan 0 tw 5 alloc 1 mem 0\nUDP: inuse 9\n", "proc/self/net/sockstat6": "TCP6: inuse 3\n",
		"proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
		"proc/self/fd/0":                        "", "proc/self/fd/1": "",
	}))
	spent, l := p.spent(), p.limits()
	if spent.Delay != 1500 || spent.Stolen != 2500*ms || p.sockets() != 18 || l.Ports.Count() != 28232 || l.Open != 2 {
		t.Errorf("got %+v, %+v, %d sockets", spent, l, p.sockets())
	}
	p = newProc(system(nil))
	if spent := p.spent(); spent.Delay != 0 || spent.Stolen != 0 || p.sockets() != 0 || p.limits().Ports.Count() != 0 || p.descriptors() != 0 {
		t.Errorf("of nothing: %+v, %+v", spent, p.limits())
	}
}

// Both ways of counting descriptors see what is opened: the folder's size, which the system may not tell, and its entries.
func TestDescriptorsAreCounted(t *testing.T) {
	const more = 7
	for _, c := range []struct {
		name string
		root fs.FS
	}{{"as this system tells it", os.DirFS("/")}, {"by entry", entries{os.DirFS("/")}}} {
		open := func(n int) int64 {
			for range n {
				f, err := os.Open(os.DevNull)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { f.Close() })
			}
			return newProc(c.root).descriptors()
		}
		before := open(1) // the first brings the poller's own with it
		if after := open(more); after-before != more {
			t.Errorf("%s: %d, then %d with %d more open", c.name, before, after, more)
		}
	}
}

// entries is a file system of folders that don't tell their size.
type entries struct{ fs.FS }

func (entries) Stat(string) (fs.FileInfo, error) { return nil, fs.ErrInvalid }

package monitor

import (
	"strings"
	"testing"
)

// churn is what ten VUs need who open connections at a rate, for ten minutes.
func churn(name string, perSecond float64) Need {
	return Need{VUs: 10, Connections: 10, Targets: []Target{{Name: name, Connections: 10, PerSecond: perSecond, New: int64(600 * perSecond)}}}
}

func TestWhatIsGoingToBeShort(t *testing.T) {
	many := Need{VUs: 200, Connections: 400, Waiters: 1, Targets: []Target{{Name: "a:80", Connections: 200}, {Name: "b:80", Connections: 200}}}
	for _, row := range []struct {
		why    string
		need   Need
		limits Limits
		says   []string // one a warning
	}{
		{"nothing is known of the machine", many, Limits{}, nil},
		{"a machine with room", many, Limits{Descriptors: 1024, Open: 10, Ports: Ports{32768, 60999}, Memory: 256 << 20}, nil},
		{"a plan that connects nowhere", Need{VUs: 200}, Limits{Descriptors: 64, Open: 60, Ports: Ports{1, 9}}, nil},
		{"64 descriptors", many, Limits{Descriptors: 64, Open: 10}, []string{"the plan may need 427 (400 connections of 200 VUs, 27 of our own) and there are 64: ulimit -n 4096"}},
		{"just enough descriptors", many, Limits{Descriptors: 427, Open: 10}, nil},
		{"one too few", many, Limits{Descriptors: 426, Open: 10}, []string{"there are 426"}},
		{"very many", Need{VUs: 9000, Connections: 9000, Targets: []Target{{Name: "a:80", Connections: 9000}}}, Limits{Descriptors: 1024}, []string{"ulimit -n 16384"}},
		{"ports count by target", many, Limits{Ports: Ports{40000, 40199}}, nil},
		{"100 ports, for each of two targets", many, Limits{Ports: Ports{40000, 40099}}, []string{"200 connections to a:80 at once and there are 100 ports to connect from (40000-40099)", "to b:80"}},
		{"new connections whose ports linger for a minute", churn("a:80", 1000), Limits{Ports: Ports{32768, 60999}}, []string{"1000 new connections a second to a:80; the ports of closed ones linger, which takes 60010, and there are 28232"}},
		{"no more than there will be", churn("a:80", 100), Limits{Ports: Ports{32768, 60999}}, nil},
		{"for a second on this machine itself", churn("127.0.0.1:80", 1000), Limits{Ports: Ports{32768, 60999}}, nil},
		{"which can be too long, too", churn("localhost:80", 1000), Limits{Ports: Ports{40000, 40099}}, []string{"which takes 1010, and there are 100"}},
		{"memory", Need{VUs: 3000, Connections: 3000}, Limits{Memory: 64 << 20, MemoryName: "cgroup memory.max"}, []string{"3000 VUs with 3000 connections take at least 70.9 MiB and the limit is 64 MiB (cgroup memory.max)"}},
	} {
		got := row.need.Warnings(row.limits)
		if len(got) != len(row.says) {
			t.Errorf("%s: %q", row.why, got)
			continue
		}
		for i, part := range row.says {
			if !strings.Contains(got[i], part) {
				t.Errorf("%s: %q lacks %q", row.why, got[i], part)
			}
		}
	}
}

package monitor

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
)

// Faults counts what this host itself refused, by cause. Any goroutine may add.
type Faults struct {
	mu   sync.Mutex
	list []fault
}

// fault is one cause towards, where that matters, one target.
type fault struct {
	kind    *refusal
	to      string // host:port of the first
	sockets int64  // TCP sockets that there were at the first
	count   int64
}

// refusal is one way in which a host refuses its own programs.
type refusal struct {
	word   string
	errors []error
	says   func(f *fault, e *Evidence) string
}

// refusals are those that can be told apart; the last is for the rest.
var refusals = []refusal{
	{"descriptors", []error{syscall.EMFILE}, tooFewDescriptors},
	{"files", []error{syscall.ENFILE}, tooFewFiles},
	{"ports", []error{syscall.EADDRNOTAVAIL, syscall.EADDRINUSE}, tooFewPorts},
	{"memory", []error{syscall.ENOMEM, syscall.ENOBUFS}, tooLittleMemory},
	{"firewall", []error{syscall.EPERM, syscall.EACCES}, forbidden},
	{"address", []error{syscall.EAFNOSUPPORT}, noAddress},
	{"local", nil, unclear},
}

// Add notes a failed connection to host:port.
func (l *Faults) Add(err error, to string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kind := kindOf(err)
	for i := range l.list {
		if l.list[i].kind == kind {
			l.list[i].count++
			return
		}
	}
	l.list = append(l.list, fault{kind: kind, to: to, sockets: newSource().sockets(), count: 1})
}

func kindOf(err error) *refusal {
	for i := range refusals {
		for _, e := range refusals[i].errors {
			if errors.Is(err, e) {
				return &refusals[i]
			}
		}
	}
	return &refusals[len(refusals)-1]
}

// seen are the faults so far.
func (l *Faults) seen() []fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]fault(nil), l.list...)
}

func tooFewDescriptors(f *fault, e *Evidence) string {
	limit := e.Machine.Limits.Descriptors
	if limit == 0 {
		return fmt.Sprintf("descriptors: %d connections found none left: raise the limit (ulimit -n)", f.count)
	}
	return fmt.Sprintf("%d descriptors: too few for %d connections: ulimit -n %d, or fewer VUs", limit, f.count, enough(max(e.Need.Descriptors(e.Machine.Limits), 2*limit)))
}

func tooFewFiles(f *fault, _ *Evidence) string {
	return fmt.Sprintf("open files of the whole machine: too few for %d connections: raise fs.file-max, or stop what else runs here", f.count)
}

// tooFewPorts: no port is left, or there never was an address to connect from; the error is the same.
func tooFewPorts(f *fault, e *Evidence) string {
	ports := e.Machine.Limits.Ports
	if ports.Count() > 0 && max(f.sockets, e.Machine.Sockets)*2 < ports.Count() {
		return noAddress(f, e)
	}
	text := fmt.Sprintf("ephemeral ports used up towards %s (%d connections found none left", f.to, f.count)
	if ports.Count() > 0 {
		text += fmt.Sprintf("; there are %d, %d-%d", ports.Count(), ports.From, ports.To)
	}
	return text + "): widen net.ipv4.ip_local_port_range, keep connections open, or add source addresses"
}

func tooLittleMemory(f *fault, _ *Evidence) string {
	return fmt.Sprintf("memory: the kernel had none left for %d connections: raise the memory limit or net.ipv4.tcp_mem, or use fewer VUs", f.count)
}

func forbidden(f *fault, _ *Evidence) string {
	return fmt.Sprintf("firewall: this host forbade %d connections to %s: look at its rules (iptables, nft, seccomp, SELinux)", f.count, f.to)
}

func noAddress(f *fault, _ *Evidence) string {
	return fmt.Sprintf("address: this host has none to connect to %s from (%d connections): look at its interfaces and whether it has IPv6", f.to, f.count)
}

func unclear(f *fault, _ *Evidence) string {
	return fmt.Sprintf("%d requests failed through this host's fault: look at the errors of class local for which limit was hit, and raise it", f.count)
}

// enough is a limit on descriptors that leaves room for n: a power of two, as they are usually written.
func enough(n int64) int64 {
	p := int64(4096)
	for p < n {
		p *= 2
	}
	return p
}

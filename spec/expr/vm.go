package expr

import (
	"errors"
	"fmt"

	exprvm "github.com/expr-lang/expr/vm"
)

// VM is what a virtual user needs to run programs. Only its owner uses it, and it must not be copied after its first use.
// Env holds the values of names: a record such as vars is a map[string]any, a captured name is a plain key.
type VM struct {
	Env    map[string]any
	Shared map[string]any // names that many VMs read and none writes; those in Env go first
	Host   Host

	aggregate func(name string) float64 // of a Condition

	other    Response       // in place of the last response, while an operation on a step's response runs
	self     map[string]any // the environment of expr's own machines: "$vm" is this VM
	machines []*exprvm.VM   // by depth: a generator that an expression reads runs on the next one
	depth    int
	note     string // why the last schema() was false
	loops    int    // turns that loops have made in the expression that runs
	bytes    int    // text that loops have made in it
	args     []any
	faker    *faker
	keys     map[parsedKey]any
}

// unset is the type of Unset.
type unset struct{}

// Unset is the value of a captured name that has none yet. Reading it is an error.
var Unset any = unset{}

// read is the value of a name.
func (vm *VM) read(name string) (any, error) {
	v, ok := vm.Env[name]
	if !ok {
		v, ok = vm.Shared[name]
	}
	if !ok || v == Unset {
		return nil, fmt.Errorf("%q has no value yet in this iteration", name)
	}
	return v, nil
}

// readMember is the value of a record's member.
func (vm *VM) readMember(record, name string) (any, error) {
	m, ok := vm.Env[record].(map[string]any)
	if !ok {
		m, ok = vm.Shared[record].(map[string]any)
	}
	if !ok {
		return nil, fmt.Errorf("%s is not available here", record)
	}
	v, ok := m[name]
	if !ok || v == Unset {
		return nil, fmt.Errorf("%s.%s has no value yet", record, name)
	}
	return v, nil
}

var (
	errNoHost     = errors.New("its value is known only in the run")
	errNoResponse = errors.New("there is no response yet")
)

func (vm *VM) host() (Host, error) {
	if vm.Host == nil {
		return nil, errNoHost
	}
	return vm.Host, nil
}

func (vm *VM) response() (Response, error) {
	if vm.other != nil {
		return vm.other, nil
	}
	if vm.Host == nil {
		return nil, errNoHost
	}
	r := vm.Host.Response()
	if r == nil {
		return nil, errNoResponse
	}
	return r, nil
}

func (vm *VM) random() (Random, error) {
	if vm.Host == nil {
		return nil, errNoHost
	}
	return vm.Host.Random(), nil
}

// enter marks the beginning of an expression, so that the ones inside it (generators) count for it. Whoever ran it puts
// the depth back.
func (vm *VM) enter() {
	if vm.depth == 0 {
		vm.loops, vm.bytes = 0, 0
	}
	vm.depth++
}

// maxDepth is how many expressions may stand inside each other: a generator that reads a generator that …
const maxDepth = 64

var errEndless = errors.New("generators read each other without an end")

// machine is the expr machine of this depth. An expression inside the one that runs (a generator that it reads) is a
// level deeper, and so finds another.
func (vm *VM) machine() *exprvm.VM {
	if vm.self == nil {
		vm.self = map[string]any{selfName: vm}
	}
	for len(vm.machines) <= vm.depth {
		vm.machines = append(vm.machines, &exprvm.VM{MemoryBudget: memoryBudget})
	}
	return vm.machines[vm.depth]
}

const (
	selfName     = "$vm"
	memoryBudget = 1_000_000 // elements that one run may make
)

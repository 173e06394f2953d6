package expr

import (
	"errors"
	"fmt"
)

func randomFunctions() []*function {
	return []*function{
		live("random", "rand_int(lo, hi)", "A whole number from lo to hi, both included.", `rand_int(1, 6)`, []Type{Int, Int}, 2, Int, randInt),
		live("random", "rand_float(lo, hi)", "A number from lo up to, not including, hi; by default 0 and 1.", `rand_float(0.5, 1.5)`, []Type{Float, Float}, 0, Float, randFloat),
		live("random", "rand_bool(probability)", "true with a probability of 0 to 1, by default one half.", `rand_bool(10%)`, []Type{Float}, 0, Bool, randBool),
		live("random", "rand_string(n, alphabet)", "A text of n characters out of an alphabet, by default letters and digits.", `rand_string(8, "abc")`, []Type{Int, String}, 1, String, randString),
		live("random", "rand_hex(n)", "A text of n hexadecimal digits.", `rand_hex(16)`, []Type{Int}, 1, String,
			func(vm *VM, args []any) (any, error) { return letters(vm, args[0], []rune("0123456789abcdef")) }),
		live("random", "pick(list)", "One element of a list.", `pick(["a", "b"])`, []Type{List}, 1, Any, pick),
		live("random", "shuffle(list)", "The list in a random order.", `shuffle([1, 2, 3])`, []Type{List}, 1, List, shuffle),
		live("random", "weighted_pick(map)", "One key of a map of weights, as often as its weight says.", `weighted_pick({basic: 9, pro: 1})`, []Type{Map}, 1, String, weightedPick),
	}
}

func randomBytes(vm *VM, b []byte) error {
	r, err := vm.random()
	if err != nil {
		return err
	}
	for i := 0; i < len(b); i += 8 {
		v := r.Uint64()
		for k := i; k < len(b) && k < i+8; k++ {
			b[k] = byte(v)
			v >>= 8
		}
	}
	return nil
}

const maxRandomText = 1 << 20

func letters(vm *VM, n any, alphabet []rune) (any, error) {
	size, err := argSize(n, maxRandomText)
	if err != nil {
		return nil, err
	}
	r, err := vm.random()
	if err != nil {
		return nil, err
	}
	if len(alphabet) == 0 {
		return nil, errors.New("the alphabet is empty")
	}
	text := make([]rune, size)
	for i := range text {
		text[i] = alphabet[below(r, uint64(len(alphabet)))]
	}
	return string(text), nil
}

func randString(vm *VM, args []any) (any, error) {
	alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	if len(args) == 2 {
		var err error
		if alphabet, err = argOnlyText(args[1]); err != nil {
			return nil, err
		}
	}
	return letters(vm, args[0], []rune(alphabet))
}

func randInt(vm *VM, args []any) (any, error) {
	lo, err := argInt(args[0])
	if err != nil {
		return nil, err
	}
	hi, err := argInt(args[1])
	if err != nil {
		return nil, err
	}
	if hi < lo {
		return nil, fmt.Errorf("from %d to %d there is no number: write the smaller one first", lo, hi)
	}
	r, err := vm.random()
	if err != nil {
		return nil, err
	}
	n := uint64(hi) - uint64(lo) + 1
	if n == 0 { // all of int64
		return int64(r.Uint64()), nil
	}
	return boxInt(int64(uint64(lo) + below(r, n))), nil
}

func randFloat(vm *VM, args []any) (any, error) {
	lo, hi := 0.0, 1.0
	var err error
	if len(args) == 1 {
		return nil, errors.New("rand_float takes no bounds or two: rand_float(lo, hi)")
	}
	if len(args) == 2 {
		if lo, err = argFloat(args[0]); err != nil {
			return nil, err
		}
		if hi, err = argFloat(args[1]); err != nil {
			return nil, err
		}
	}
	if hi < lo {
		return nil, fmt.Errorf("from %v to %v there is no number: write the smaller one first", lo, hi)
	}
	r, err := vm.random()
	if err != nil {
		return nil, err
	}
	u := unit(r)
	return finite(lo*(1-u) + hi*u)
}

func randBool(vm *VM, args []any) (any, error) {
	p := 0.5
	var err error
	if len(args) == 1 {
		if p, err = argFloat(args[0]); err != nil {
			return nil, err
		}
		if p < 0 || p > 1 {
			return nil, fmt.Errorf("a probability is from 0 to 1, not %v", p)
		}
	}
	r, err := vm.random()
	if err != nil {
		return nil, err
	}
	return unit(r) < p, nil
}

func pick(vm *VM, args []any) (any, error) {
	list, err := ToList(args[0])
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("the list is empty")
	}
	r, err := vm.random()
	if err != nil {
		return nil, err
	}
	return list[below(r, uint64(len(list)))], nil
}

func shuffle(vm *VM, args []any) (any, error) {
	list, err := ToList(args[0])
	if err != nil {
		return nil, err
	}
	r, err := vm.random()
	if err != nil {
		return nil, err
	}
	out := append([]any{}, list...)
	for i := len(out) - 1; i > 0; i-- {
		k := below(r, uint64(i+1))
		out[i], out[k] = out[k], out[i]
	}
	return out, nil
}

func weightedPick(vm *VM, args []any) (any, error) {
	m, err := argMap(args[0])
	if err != nil {
		return nil, err
	}
	keys, total := sortedKeys(m), 0.0 // a map's own order would differ between runs
	for _, key := range keys {
		w, err := argFloat(m[key])
		if err != nil || !(w >= 0) {
			return nil, fmt.Errorf("the weight of %q is a number, 0 or more, not %s", key, describe(m[key]))
		}
		total += w
	}
	if !(total > 0) {
		return nil, errors.New("the weights are all 0")
	}
	r, err := vm.random()
	if err != nil {
		return nil, err
	}
	at := unit(r) * total
	last := ""
	for _, key := range keys {
		w, _ := asFloat(m[key])
		if w == 0 {
			continue
		}
		last = key
		if at < w {
			return key, nil
		}
		at -= w
	}
	return last, nil // rounding left a rest
}

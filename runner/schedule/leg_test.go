package schedule

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever floating point guesses, the exact comparison settles on the same nanosecond.
func TestAnyGuessIsSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := func(name string) Rate { return Rate{rapid.Int64Range(0, 50).Draw(t, name), 1, time.Second} }
		d := time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(t, "duration"))
		a, err := Ramping(rate("from"), []RateStage{{d, rate("to")}})
		if err != nil {
			t.Fatal(err)
		}
		if a.Total() == 0 {
			return
		}
		n := rapid.Int64Range(0, a.Total()-1).Draw(t, "n")
		due, _ := a.At(n)
		l := &a.legs[0]
		need := l.unit.mul(uint64(n)).sub(l.before)
		for _, guess := range []uint64{0, 1, uint64(due), uint64(due) + 1, uint64(due) + 2, uint64(max(due, 3)) - 3, uint64(due) / 2, uint64(d) / 2, uint64(d) - 1} {
			if got := l.settle(need, min(guess, uint64(d)-1)); got != uint64(due) {
				t.Fatalf("ticket %d is due at %d, and after a guess of %d at %d", n, due, guess, got)
			}
		}
	})
}

// The 256 bits agree with math/big.
func TestWide(t *testing.T) {
	modulus := new(big.Int).Lsh(big.NewInt(1), 256)
	number := rapid.Custom(func(t *rapid.T) *big.Int {
		n := new(big.Int)
		for range 4 {
			n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(rapid.Uint64().Draw(t, "word")))
		}
		return n.Rsh(n, uint(rapid.IntRange(0, 255).Draw(t, "shift")))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, x := number.Draw(t, "a"), number.Draw(t, "b"), rapid.Uint64().Draw(t, "x")
		if a.Cmp(b) < 0 {
			a, b = b, a
		}
		wa, okA := widen(a)
		wb, okB := widen(b)
		same := func(what string, got wide, want *big.Int) {
			if w, ok := widen(want.Mod(want, modulus)); !ok || got != w {
				t.Fatalf("%s is %v, want %v", what, got, want)
			}
		}
		same("a·x", wa.mul(x), new(big.Int).Mul(a, new(big.Int).SetUint64(x)))
		same("a+b", wa.add(wb), new(big.Int).Add(a, b))
		same("a−b", wa.sub(wb), new(big.Int).Sub(a, b))
		if !okA || !okB || !wb.atMost(wa) || wa.atMost(wb) != (a.Cmp(b) == 0) {
			t.Fatalf("%v and %v compare as %v, %v", a, b, wb.atMost(wa), wa.atMost(wb))
		}
	})
	if _, ok := widen(modulus); ok {
		t.Error("2²⁵⁶ fits")
	}
	if _, ok := widen(big.NewInt(-1)); ok {
		t.Error("−1 fits")
	}
}

package expr

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// The standard library's generator is the same one.
func TestSourceIsPCG(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hi, lo := rapid.Uint64().Draw(t, "hi"), rapid.Uint64().Draw(t, "lo")
		ours, theirs := &Source{hi, lo}, rand.NewPCG(hi, lo)
		for i := range 20 {
			if a, b := ours.Uint64(), theirs.Uint64(); a != b {
				t.Fatalf("number %d is %d, want %d", i, a, b)
			}
		}
	})
}

func TestResetRepeats(t *testing.T) {
	var a, b Source
	a.Reset(1, 2, 3)
	first := [3]uint64{a.Uint64(), a.Uint64(), a.Uint64()}
	a.Reset(1, 2, 3)
	b.Reset(1, 2, 3)
	for i, want := range first {
		if x, y := a.Uint64(), b.Uint64(); x != want || y != want {
			t.Errorf("number %d: %d and %d, want %d", i, x, y, want)
		}
	}
	// The values themselves are part of a seed's promise: a change would give old seeds new runs.
	b.Reset(42, 7, 0)
	if got := b.Uint64(); got != resetVector {
		t.Errorf("the sequences have changed: %#x, was %#x", got, uint64(resetVector))
	}
	if n := testing.AllocsPerRun(100, func() { a.Reset(1, 2, 3); a.Uint64() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

const resetVector = 0x4fa055f479d965c8

// Neighbouring iterations, scenarios and seeds have nothing in common.
func TestSequencesDiffer(t *testing.T) {
	seen := map[uint64]bool{}
	bitsSet := 0
	var s Source
	for seed := range uint64(10) {
		for scenario := range uint64(10) {
			for n := range uint64(100) {
				s.Reset(seed, scenario, n)
				v := s.Uint64()
				if seen[v] {
					t.Fatalf("(%d, %d, %d) begins as another one", seed, scenario, n)
				}
				seen[v] = true
				for ; v > 0; v &= v - 1 {
					bitsSet++
				}
			}
		}
	}
	if share := float64(bitsSet) / (64 * 10_000); math.Abs(share-0.5) > 0.005 {
		t.Errorf("%v of the bits are set, want one half", share)
	}
}

func TestBelow(t *testing.T) {
	var s Source
	counts := map[uint64]int{}
	for range 30_000 {
		counts[below(&s, 3)]++
	}
	for v, n := range counts {
		if v > 2 || n < 9_500 || n > 10_500 {
			t.Errorf("%d came %d times of 30,000", v, n)
		}
	}
	thirds := 0
	for range 30_000 { // without rejection the multiples of 3 would come half of the time
		if below(&s, 3<<62)%3 == 0 {
			thirds++
		}
	}
	if thirds < 9_500 || thirds > 10_500 {
		t.Errorf("multiples of 3 came %d times of 30,000", thirds)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Min(1).Draw(t, "n")
		if v := below(&s, n); v >= n {
			t.Fatalf("%d is not below %d", v, n)
		}
	})
}

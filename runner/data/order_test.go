package data

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"runner/runner/schedule"
	"runner/spec"
)

// numbered is a feeder over rows {n: "0"}, {n: "1"}, … with the order and end; seg and seed as in Open.
func numbered(t testing.TB, n int, order, end string, seg schedule.Segment, seed uint64) *Feeder {
	t.Helper()
	var text strings.Builder
	text.WriteString("n\n")
	for i := range n {
		fmt.Fprintln(&text, i)
	}
	d, path := write(t, "n.csv", text.String())
	d.Order, d.AtEnd = word(order), word(end)
	return open(t, d, path, seg, seed)
}

// take draws up to n rows.
func take(t testing.TB, f *Feeder, n int) (rows []int) {
	t.Helper()
	for range n {
		row, err := f.Draw(nil)
		if err != nil {
			break
		}
		i, err := strconv.Atoi(row["n"].(string))
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, i)
	}
	return rows
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func orderOf(word string, d deal, seed uint64) order { return orders[word](d, "users", seed) }

// The segments together draw what one machine draws, position by position, over several passes.
func TestSegmentsTogetherAreOneMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 40).Draw(t, "rows")
		count := rapid.Int64Range(1, 7).Draw(t, "segments")
		word := rapid.SampledFrom([]string{"sequence", "shuffle"}).Draw(t, "order")
		once := rapid.Bool().Draw(t, "once")
		seed := rapid.Uint64().Draw(t, "seed")
		whole := orderOf(word, deal{n: n, first: 0, step: 1, once: once}, seed)
		segments := make([]order, count)
		for i := range segments {
			segments[i] = orderOf(word, deal{n: n, first: int64(i), step: count, once: once}, seed)
		}
		for position := range 3 * n {
			want, wantOK := whole.take(nil)
			got, ok := segments[position%count].take(nil)
			if ok != wantOK || ok && got != want {
				t.Fatalf("position %d: row %d %v, alone %d %v", position, got, ok, want, wantOK)
			}
			if ok == (once && position >= n) {
				t.Fatalf("position %d of %d rows: %v", position, n, ok)
			}
		}
	})
}

func TestEveryPassHasEveryRowOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "rows")
		word := rapid.SampledFrom([]string{"sequence", "shuffle"}).Draw(t, "order")
		o := orderOf(word, deal{n: int64(n), step: 1}, rapid.Uint64().Draw(t, "seed"))
		for pass := range 4 {
			var rows []int
			for range n {
				row, _ := o.take(nil)
				rows = append(rows, row)
			}
			if word == "sequence" && !slices.IsSorted(rows) {
				t.Fatalf("pass %d is out of order: %v", pass, rows)
			}
			slices.Sort(rows)
			if !slices.Equal(rows, upTo(n)) {
				t.Fatalf("pass %d: %v", pass, rows)
			}
		}
	})
}

// The rows of a seed are part of what --seed promises: they must not change between versions or architectures.
func TestShuffleIsPinned(t *testing.T) {
	f := numbered(t, 8, "shuffle", "loop", schedule.Segment{}, 1)
	got := [][]int{take(t, f, 8), take(t, f, 8)}
	want := [][]int{{7, 6, 4, 3, 1, 5, 0, 2}, {7, 3, 5, 1, 6, 4, 0, 2}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestShuffleDependsOnSeedAndName(t *testing.T) {
	d := deal{n: 50, step: 1}
	draw := func(name string, seed uint64) string {
		s := newShuffle(d, name, seed)
		var rows []int
		for range 50 {
			row, _ := s.take(nil)
			rows = append(rows, row)
		}
		return fmt.Sprint(rows)
	}
	if draw("users", 1) == draw("users", 2) {
		t.Error("two seeds, one order")
	}
	if draw("users", 1) == draw("tickets", 1) {
		t.Error("two feeders, one order: their rows would go in pairs")
	}
}

// Every order of three rows comes up equally often, over passes: the arrangement that a pass begins with leaves no trace.
func TestShuffleIsUniform(t *testing.T) {
	const passes = 12000
	s := newShuffle(deal{n: 3, step: 1}, "users", 1)
	seen := map[[3]int]int{}
	pairs := map[[6]int]int{} // an order and the next
	var last [3]int
	for pass := range passes {
		var p [3]int
		for i := range p {
			p[i], _ = s.take(nil)
		}
		seen[p]++
		if pass > 0 {
			pairs[[6]int{last[0], last[1], last[2], p[0], p[1], p[2]}]++
		}
		last = p
	}
	// 5 standard deviations, and a fixed seed: it fails if the code is wrong, not by chance.
	for p, n := range seen {
		if n < 2000-210 || n > 2000+210 {
			t.Errorf("%v came %d times of %d", p, n, passes)
		}
	}
	for p, n := range pairs {
		if n < 333-90 || n > 333+90 {
			t.Errorf("%v came %d times of %d", p, n, passes)
		}
	}
	if len(seen) != 6 || len(pairs) != 36 {
		t.Errorf("%d of 6 orders, %d of 36 pairs", len(seen), len(pairs))
	}
}

func TestRandomTakesEveryRow(t *testing.T) {
	f := numbered(t, 5, "random", "loop", schedule.Segment{Index: 1, Count: 3}, 1)
	source := rand.NewPCG(1, 2)
	seen := map[any]int{}
	for range 5000 {
		row, err := f.Draw(source)
		if err != nil {
			t.Fatal(err)
		}
		seen[row["n"]]++
	}
	for row, n := range seen {
		if n < 850 || n > 1150 {
			t.Errorf("row %v came %d times of 5000", row, n)
		}
	}
	if len(seen) != 5 {
		t.Errorf("only %d of 5 rows", len(seen))
	}
}

// script is a source that says what it is told.
type script []uint64

func (s *script) Uint64() uint64 {
	v := (*s)[0]
	*s = (*s)[1:]
	return v
}

func TestBelow(t *testing.T) {
	tests := []struct {
		why    string
		n      uint64
		source script
		want   uint64
	}{
		{"the lowest", 10, script{1 << 62}, 2},
		{"the highest", 10, script{1<<64 - 1}, 9},
		{"one choice", 1, script{12345}, 0},
		{"0 would be one too many of 3 and is drawn again", 3, script{0, 1 << 63}, 1},
		{"so is nothing of a power of two", 4, script{0}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			source := slices.Clone(tt.source)
			if got := below(&source, tt.n); got != tt.want || len(source) != 0 {
				t.Errorf("got %d, %d numbers left", got, len(source))
			}
		})
	}
}

func TestEnds(t *testing.T) {
	for word, want := range map[string]error{"stop": ErrStop, "fail": ErrFail} {
		for _, order := range []string{"sequence", "shuffle"} {
			f := numbered(t, 3, order, word, schedule.Segment{}, 1)
			if rows := take(t, f, 9); len(rows) != 3 {
				t.Errorf("%s, %s: rows %v", order, word, rows)
			}
			for range 2 {
				_, err := f.Draw(nil)
				if !errors.Is(err, want) || err.Error() != `data "users" is used up: all of its 3 rows were drawn (at_end: `+word+`)` {
					t.Errorf("%s, %s: got %v", order, word, err)
				}
			}
		}
	}
}

func TestAFreshFeederBeginsAgain(t *testing.T) {
	for _, order := range []string{"sequence", "shuffle"} {
		f := numbered(t, 20, order, "stop", schedule.Segment{}, 1)
		first := take(t, f, 15)
		fresh := f.Fresh()
		if again := take(t, fresh, 15); !slices.Equal(first, again) {
			t.Errorf("%s: %v, then %v", order, first, again)
		}
		if rest := take(t, f, 20); len(rest) != 5 {
			t.Errorf("%s: the first has %d rows left of 5", order, len(rest))
		}
	}
}

func TestTheRowOfARunIsTheSameInEverySegment(t *testing.T) {
	d, path := write(t, "u.csv", "n\n0\n1\n2\n3\n")
	d.Per = word("run")
	for _, order := range []string{"sequence", "shuffle"} {
		d.Order = spec.Word{Value: order, Set: true}
		a := take(t, open(t, d, path, schedule.Segment{Index: 0, Count: 2}, 7), 1)
		b := take(t, open(t, d, path, schedule.Segment{Index: 1, Count: 2}, 7), 1)
		if !slices.Equal(a, b) {
			t.Errorf("%s: %v and %v", order, a, b)
		}
	}
}

func TestManyVUsDrawEachRowOnce(t *testing.T) {
	const rows, vus = 5000, 8
	for _, order := range []string{"sequence", "shuffle"} {
		t.Run(order, func(t *testing.T) {
			f := numbered(t, rows, order, "stop", schedule.Segment{}, 1)
			var mu sync.Mutex
			var all []int
			var wg sync.WaitGroup
			for range vus {
				wg.Go(func() {
					mine := take(t, f, rows+1)
					mu.Lock()
					defer mu.Unlock()
					all = append(all, mine...)
				})
			}
			wg.Wait()
			slices.Sort(all)
			if !slices.Equal(all, upTo(rows)) {
				t.Errorf("%d draws of %d rows", len(all), rows)
			}
		})
	}
}

func TestDrawAllocatesNothing(t *testing.T) {
	source := rand.NewPCG(1, 2)
	for order := range orders {
		f := numbered(t, 100, order, "loop", schedule.Segment{Index: 1, Count: 3}, 1)
		if n := testing.AllocsPerRun(1000, func() { _, _ = f.Draw(source) }); n != 0 {
			t.Errorf("%s: %v allocations a draw", order, n)
		}
	}
	f := numbered(t, 1, "sequence", "stop", schedule.Segment{}, 1)
	if n := testing.AllocsPerRun(1000, func() { _, _ = f.Draw(nil) }); n != 0 {
		t.Errorf("%v allocations at the end", n)
	}
}

func BenchmarkDraw(b *testing.B) {
	for _, order := range []string{"sequence", "shuffle"} {
		b.Run(order, func(b *testing.B) {
			f := numbered(b, 10000, order, "loop", schedule.Segment{}, 1)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_, _ = f.Draw(nil)
				}
			})
		})
	}
}

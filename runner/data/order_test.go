package data

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
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
	d, path := numberedIn(t, t.TempDir(), n, order, end)
	return opened(t, d, path, seg, seed)
}

// numberedIn writes the file of numbered.
func numberedIn(t testing.TB, dir string, n int, order, end string) (*spec.Data, string) {
	t.Helper()
	var text strings.Builder
	text.WriteString("n\n")
	for i := range n {
		fmt.Fprintln(&text, i)
	}
	path := filepath.Join(dir, "n.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return &spec.Data{File: spec.Text{Value: "n.csv", Pos: at(4, 11)}, Order: word(order), AtEnd: word(end)}, path
}

// take draws up to n rows.
func take(t testing.TB, f *Feeder, n int) (rows []int) {
	t.Helper()
	for range n {
		row, err := f.Draw(-1, nil)
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

// The segments together draw what one machine draws, position by position, over several passes.
func TestSegmentsTogetherAreOneMachine(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "rows")
		count := rapid.Int64Range(1, 7).Draw(rt, "segments")
		word := rapid.SampledFrom([]string{"sequence", "shuffle"}).Draw(rt, "order")
		end := rapid.SampledFrom([]string{"loop", "stop"}).Draw(rt, "end")
		seed := rapid.Uint64().Draw(rt, "seed")
		d, path := numberedIn(t, dir, n, word, end)
		whole := opened(t, d, path, schedule.Segment{}, seed)
		segments := make([]*Feeder, count)
		for i := range segments {
			segments[i] = opened(t, d, path, schedule.Segment{Index: int64(i), Count: count}, seed)
		}
		for position := range int64(3 * n) {
			want, wantErr := whole.Draw(-1, nil)
			got, err := segments[position%count].Draw(-1, nil)
			if (err == nil) != (wantErr == nil) || fmt.Sprint(got) != fmt.Sprint(want) {
				rt.Fatalf("position %d: row %v %v, alone %v %v", position, got, err, want, wantErr)
			}
			if (err != nil) != (end == "stop" && position >= int64(n)) {
				rt.Fatalf("position %d of %d rows: %v", position, n, err)
			}
		}
	})
}

func TestEveryPassHasEveryRowOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 300).Draw(t, "rows")
		p := newPermutation("users", rapid.Uint64().Draw(t, "seed"))
		for pass := range int64(3) {
			seen := make([]bool, n)
			for i := range n {
				row := p.row(pass*n+i, n)
				if row < 0 || row >= n || seen[row] {
					t.Fatalf("pass %d of %d rows: row %d at %d", pass, n, row, i)
				}
				seen[row] = true
			}
		}
	})
}

// The rows of a seed are part of what --seed promises: they must not change between versions or architectures.
func TestShuffleIsPinned(t *testing.T) {
	f := numbered(t, 8, "shuffle", "loop", schedule.Segment{}, 1)
	got := [][]int{take(t, f, 8), take(t, f, 8)}
	want := [][]int{{2, 0, 7, 3, 4, 1, 5, 6}, {0, 7, 2, 3, 6, 1, 5, 4}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestShuffleDependsOnSeedAndName(t *testing.T) {
	draw := func(name string, seed uint64) string {
		p := newPermutation(name, seed)
		var rows []int64
		for i := range int64(50) {
			rows = append(rows, p.row(i, 50))
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

// Every row comes first, in the middle and last equally often: 100 rows, over seeds.
func TestShuffleFavoursNoRow(t *testing.T) {
	const n, seeds = 100, 20000
	for _, position := range []int64{0, 50, 99} {
		var seen [n]int
		for seed := range uint64(seeds) {
			seen[newPermutation("users", seed).row(position, n)]++
		}
		for row, count := range seen { // 200 expected; 5 standard deviations
			if count < 200-71 || count > 200+71 {
				t.Errorf("row %d stood at %d %d times of %d", row, position, count, seeds)
			}
		}
	}
}

// Every order of three rows comes up equally often, over passes: the arrangement that a pass begins with leaves no trace.
func TestShuffleIsUniform(t *testing.T) {
	const passes = 12000
	s := newPermutation("users", 1)
	seen := map[[3]int]int{}
	pairs := map[[6]int]int{} // an order and the next
	var last [3]int
	for pass := range passes {
		var p [3]int
		for i := range p {
			p[i] = int(s.row(int64(3*pass+i), 3))
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
		row, err := f.Draw(-1, source)
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
				_, err := f.Draw(-1, nil)
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
		a := take(t, opened(t, d, path, schedule.Segment{Index: 0, Count: 2}, 7), 1)
		b := take(t, opened(t, d, path, schedule.Segment{Index: 1, Count: 2}, 7), 1)
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
	for _, order := range orders {
		f := numbered(t, 100, order, "loop", schedule.Segment{Index: 1, Count: 3}, 1)
		if n := testing.AllocsPerRun(1000, func() { _, _ = f.Draw(-1, source) }); n != 0 {
			t.Errorf("%s: %v allocations a draw", order, n)
		}
	}
	f := numbered(t, 1, "sequence", "stop", schedule.Segment{}, 1)
	if n := testing.AllocsPerRun(1000, func() { _, _ = f.Draw(-1, nil) }); n != 0 {
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
					_, _ = f.Draw(-1, nil)
				}
			})
		})
	}
}

package vu_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/runner/vu/vutest"
	"runner/spec"
)

func feeder(words string) string { return "data: { d: { file: d.csv" + words + " } }" }

var rows = map[string]string{"d.csv": "name\nanna\nbert\ncarl\n"}

func TestRowsAreKeptAsLongAsThePlanSays(t *testing.T) {
	for _, c := range []struct {
		words string
		want  string // of VU 1 twice, then VU 2 twice; each iteration reads the row twice
		why   string
	}{
		{"", "anna anna|bert bert|carl carl|anna anna", "an iteration keeps its row, the next one draws"},
		{", per: vu", "anna anna|anna anna|bert bert|bert bert", "a VU keeps its row"},
		{", per: run", "anna anna|anna anna|anna anna|anna anna", "all have the same row"},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := vutest.New(t, scenario(feeder(c.words), `log: "${data.d.name} ${data.d.name}"`), vutest.Options{Files: rows})
			iterate(t, w, 1, 0, 2)
			iterate(t, w, 2, 2, 2)
			if got := strings.Join(w.Lines(), "|"); got != c.want {
				t.Errorf("rows %s, want %s", got, c.want)
			}
		})
	}
}

func TestRowsThatRunOut(t *testing.T) {
	for _, c := range []struct {
		end   string
		more  bool
		cause float64
	}{{"stop", false, 0}, {"fail", true, 1}} {
		t.Run(c.end, func(t *testing.T) {
			w := vutest.New(t, scenario(feeder(", at_end: "+c.end), `log: "${data.d.name}"`), vutest.Options{Files: rows})
			v := iterate(t, w, 1, 0, 3)
			if more := v.Iterate(vu.Iteration{N: 3}); more != c.more {
				t.Errorf("more is %v, want %v", more, c.more)
			}
			lines(t, w, "anna", "bert", "carl")
			if n := w.Value(w.Cut(), "iterations_failed", "cause", "data", "passes"); n != c.cause {
				t.Errorf("%v iterations failed for data, want %v", n, c.cause)
			}
		})
	}
}

func TestBranchesShareTheRow(t *testing.T) {
	w := vutest.New(t, scenario(feeder(""), branches("", "{ log: '${data.d.name}' }", "{ log: '${data.d.name}' }")), vutest.Options{Files: rows})
	iterate(t, w, 1, 0, 1)
	lines(t, w, "anna", "anna")
}

// chance is a plan that uses chance in every way.
var chance = scenario(feeder(", order: random")+"\ngenerators: { id: '${uuid()}' }",
	`log: "a ${rand_int(0, 1000000)} ${gen.id} ${fake.email()}"`,
	branches("", "{ log: 'b ${rand_int(0, 1000000)} ${data.d.name}' }", "{ log: 'c ${rand_int(0, 1000000)} ${data.d.name}' }"),
	"repeat: 2\n        steps: ["+strings.Replace(branches("", "{ log: 'd ${rand_hex(8)}' }"), "parallel:", "{ parallel:", 1)+"}]",
	`log: "e ${rand_int(0, 1000000)}"`)

// draws is what VU id writes in iterations from, from+1, sorted within an iteration as branches come in any order.
func draws(t *testing.T, seed uint64, id, from, count int64) []string {
	w := vutest.New(t, chance, vutest.Options{Seed: seed, Files: rows})
	v := w.VU(t, id)
	var all []string
	for n := from; n < from+count; n++ {
		have := len(w.Lines())
		v.Iterate(vu.Iteration{N: n})
		of := w.Lines()[have:]
		slices.Sort(of)
		all = append(all, strings.Join(of, "; "))
	}
	return all
}

func TestChanceRepeats(t *testing.T) {
	first := draws(t, 1, 1, 0, 20)
	if again := draws(t, 1, 1, 0, 20); !slices.Equal(first, again) {
		t.Errorf("the same seed gave\n%s\nand\n%s", first[0], again[0])
	}
	if other := draws(t, 1, 7, 0, 20); !slices.Equal(first, other) {
		t.Errorf("another VU in the same iterations gave\n%s\nafter\n%s", other[0], first[0])
	}
	if late := draws(t, 1, 1, 10, 10); !slices.Equal(first[10:], late) {
		t.Errorf("iteration 10 depends on those before it:\n%s\nwant\n%s", late[0], first[10])
	}
	other := draws(t, 2, 1, 0, 20)
	for i := range first {
		if first[i] == other[i] || slices.Contains(first[:i], first[i]) {
			t.Errorf("iteration %d repeats another one or the one of another seed: %s", i, first[i])
		}
	}
}

func TestChanceOfParallelStepsDiffers(t *testing.T) {
	for _, one := range draws(t, 1, 1, 0, 50) {
		all := strings.Split(one, "; ")
		if len(all) != 6 {
			t.Fatalf("%d lines, want 6: %s", len(all), one)
		}
		if all[3] == all[4] {
			t.Errorf("two turns of a loop around a parallel step drew the same: %s", one)
		}
		if strings.TrimPrefix(all[1], "b") == strings.TrimPrefix(all[2], "c") {
			t.Errorf("two branches drew the same: %s", one)
		}
	}
}

// fetch stands in for a request: it counts, and captures what a server would give out.
type fetch struct {
	name string
	n    *int
	mu   *sync.Mutex
}

func (f fetch) Do(v *vu.VU) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	*f.n++
	v.Set(f.name, fmt.Sprint("token", *f.n))
	u := &url.URL{Scheme: "http", Host: "test.invalid", Path: "/"}
	v.KeepCookies(u, protocol.Header{{Name: []byte("Set-Cookie"), Value: fmt.Appendf(nil, "%s=%d", f.name, *f.n)}})
	return nil
}

func TestWhatInitGetsOutlivesIterations(t *testing.T) {
	var n int
	var mu sync.Mutex
	plan := `
scenarios:
  s:
    executor: { type: per-vu-iterations, vus: 2, iterations: 9 }
    init: [{ get: "http://test.invalid/login", capture: { token: status } }]
    steps:
      - log: ${token}
      - get: http://test.invalid/
        capture: { own: status }
      - set: { token: changed }
      - log: ${token} ${own}
`
	w := vutest.New(t, plan, vutest.Options{Request: func(c *vu.Compiler, s *spec.Request) vu.Step {
		for _, k := range s.Capture {
			c.Define(k.Name, k.NamePos)
			return fetch{k.Name, &n, &mu}
		}
		return nil
	}})
	v := w.VU(t, 1)
	if err := v.Init(); err != nil {
		t.Fatal(err)
	}
	u := &url.URL{Scheme: "http", Host: "test.invalid", Path: "/"}
	for i := range int64(2) {
		v.Iterate(vu.Iteration{N: i})
		var names []string
		for _, c := range v.Cookies(u) {
			names = append(names, c.Name+"="+c.Value)
		}
		slices.Sort(names)
		if want := fmt.Sprintf("own=%d token=1", i+2); strings.Join(names, " ") != want {
			t.Errorf("cookies %q, want %s: those of init and of this iteration alone", names, want)
		}
	}
	lines(t, w, "token1", "changed token2", "token1", "changed token3")
}

func TestInitThatFails(t *testing.T) {
	plan := strings.Replace(scenario("", "log: x"), "    steps:", "    init: [{ fail: no login }]\n    steps:", 1)
	w := vutest.New(t, plan, vutest.Options{})
	if err := w.VU(t, 1).Init(); err == nil || !strings.Contains(err.Error(), "no login") {
		t.Errorf("init ended with %v, want the message of its fail step", err)
	}
}

package request_test

import (
	"bytes"
	"strconv"
	"testing"

	"runner/runner/vu"
)

// shop answers /items with the id of an item, and every other path with that item. next is the id after this one.
type shop struct {
	next func(n int) int
	n    int
	body []byte
	want []byte
	bad  string // the first request that should not have come
}

func (s *shop) answer(dst, request []byte) []byte {
	line, _, _ := bytes.Cut(request, []byte("\r\n"))
	s.body = append(s.body[:0], `{"id":"item-`...)
	if bytes.Equal(line, []byte("GET /items HTTP/1.1")) {
		s.n = s.next(s.n)
	}
	s.want = append(strconv.AppendInt(append(s.want[:0], "GET /items/item-"...), int64(s.n), 10), ' ')
	if len(line) > len("GET /items HTTP/1.1") && !bytes.HasPrefix(line, s.want) {
		s.bad = string(line)
	}
	s.body = append(strconv.AppendInt(s.body, int64(s.n), 10), `","open":true,"price":12345,"list":[1,2,3]}`...)
	dst = append(dst, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "...)
	dst = append(strconv.AppendInt(dst, int64(len(s.body)), 10), "\r\n\r\n"...)
	return append(dst, s.body...)
}

func scenario(steps string) string {
	return "http: { base_url: 'http://shop.invalid' }\nscenarios:\n  s:\n    executor: { type: constant-vus, vus: 1, duration: 1s }\n    steps:\n" + steps
}

const browse = `
      - get: /items
        check:
          ok: status == 200
          open: json("open") == true
        capture:
          id: json("id")
          price: json("price")
      - get: /items/${id}
        check:
          ok: status == 200
          quick: duration < 5s
          same: json("id") == id
          price: json("price") == price
`

func TestASteadyIterationAllocatesNothing(t *testing.T) {
	if underRace {
		t.Skip("the race detector makes pools forget at random, and what is made anew counts as an allocation")
	}
	for _, c := range []struct {
		why   string
		steps string
		next  func(int) int
		most  float64
	}{
		{"a request and nothing else", "      - get: /items\n", func(int) int { return 1 }, 0},
		{"a status check", "      - get: /items\n        check: [status == 200]\n", func(int) int { return 1 }, 0},
		{"a token that is the same for the whole run", "      - get: /items\n        auth: { bearer: abc }\n", func(int) int { return 1 }, 0},
		{"a name and a password that are", "      - get: /items\n        auth: { basic: { username: a, password: b } }\n", func(int) int { return 1 }, 0},
		{"checks and captures of values that come again", browse, func(n int) int { return (n + 1) % 4 }, 0},
		{"a captured text that was never seen: its bytes, and the value that holds them", browse, func(n int) int { return n + 1 }, 2},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := &shop{next: c.next}
			w := inMemory(t, scenario(c.steps), s.answer)
			v := w.VU(t, 1)
			n := int64(0)
			iterate := func() {
				v.Iterate(vu.Iteration{N: n})
				n++
			}
			for range 2000 { // buffers of VU, client and recorder reach their size
				iterate()
			}
			w.Recorder.Drain()
			if got := testing.AllocsPerRun(2000, iterate); got > c.most {
				t.Errorf("%v allocations an iteration, want at most %v", got, c.most)
			}
			cut := w.Cut()
			if s.bad != "" || w.Value(cut, "checks", "", "", "fails") > 0 || w.Value(cut, "iterations_failed", "", "", "passes") > 0 {
				t.Errorf("the iterations did not do what they were to: %q, errors %v", s.bad, w.Lines())
			}
		})
	}
}

// BenchmarkSteadyIteration is an iteration whose values come again; make bench reads its allocations.
func BenchmarkSteadyIteration(b *testing.B) {
	s := &shop{next: func(n int) int { return (n + 1) % 4 }}
	iterations(b, s, browse)
}

func BenchmarkIteration(b *testing.B) {
	s := &shop{next: func(n int) int { return n + 1 }}
	for name, steps := range map[string]string{"plain": "      - get: /items\n", "checks": browse} {
		b.Run(name, func(b *testing.B) { iterations(b, s, steps) })
	}
}

func iterations(b *testing.B, s *shop, steps string) {
	w := inMemory(b, scenario(steps), s.answer)
	v := w.VU(b, 1)
	b.ReportAllocs()
	n := int64(0)
	for b.Loop() {
		v.Iterate(vu.Iteration{N: n})
		if n++; n%100 == 0 {
			w.Recorder.Drain()
		}
	}
}

package draft

import (
	"fmt"
	"slices"
	"strings"
)

// The language's limits on a file, with room for what the author adds. See spec.
const (
	mostBytes = 200 << 10
	mostNodes = 8000
	mostLost  = 60
	mostSteps = 1500 // none has fewer than five values
)

// fit makes a plan small enough to be one: its last steps go first, and the author is told how many.
func (p *Plan) fit() {
	if len(p.Lost) > mostLost {
		more := len(p.Lost) - mostLost
		p.Lost = append(p.Lost[:mostLost:mostLost], Loss{What: fmt.Sprintf("and %d more things like these", more)})
	}
	gone := 0
	for p.tooLarge() {
		n := p.cut()
		if n == 0 {
			break
		}
		gone += n
	}
	if gone > 0 {
		p.dropUnread()
		p.lose(0, fmt.Sprintf("the last %d steps: a plan has at most 256 KiB and 10,000 values; choose a part of the source", gone))
	}
}

func (p *Plan) tooLarge() bool {
	nodes := 0
	for _, w := range p.words() {
		nodes += 1 + w.Value.nodes()
	}
	return nodes > mostNodes || len(p.Text()) > mostBytes
}

// cut drops an eighth of the longest list of steps, from its end, and says how many that were.
func (p *Plan) cut() int {
	longest := p.longest()
	if longest == nil || len(*longest) < 2 {
		return 0
	}
	n := max(1, len(*longest)/8)
	*longest = (*longest)[:len(*longest)-n]
	return n
}

// longest is the longest list of steps of scenarios, flows and groups.
func (p *Plan) longest() *[]Step {
	var best *[]Step
	var look func(list *[]Step)
	look = func(list *[]Step) {
		if best == nil || len(*list) > len(*best) {
			best = list
		}
		for i := range *list {
			look(&(*list)[i].Inside)
		}
	}
	for i := range p.Scenarios {
		look(&p.Scenarios[i].Steps)
	}
	for i := range p.Flows {
		look(&p.Flows[i].Steps)
	}
	return best
}

// dropUnread takes away the captures that only steps which are gone have read.
func (p *Plan) dropUnread() {
	text := p.Text()
	unread := func(c Pair) bool {
		return !strings.Contains(text, "${"+c.Key+"}") && !strings.Contains(text, "("+c.Key+")")
	}
	for i := range p.Scenarios {
		for _, s := range requests(p.Scenarios[i].Steps, nil) {
			s.Words = slices.DeleteFunc(s.Words, func(w Pair) bool {
				return w.Key == "capture" && !slices.ContainsFunc(w.Value.pairs, func(c Pair) bool { return !unread(c) })
			})
			for j, w := range s.Words {
				if w.Key == "capture" {
					s.Words[j].Value.pairs = slices.DeleteFunc(slices.Clone(w.Value.pairs), unread)
				}
			}
		}
	}
}

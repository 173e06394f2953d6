package draft

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// accessLog is what has been read of a log.
type accessLog struct {
	plan        *Plan
	routes      map[string]*route
	kept        int
	static      int
	unread      int
	firstUnread int
	first, last time.Time
}

// line counts one line.
func (l *accessLog) line(text string, number int, o Options) {
	r, ok := parseLine(text)
	path, _, _ := strings.Cut(r.path, "?")
	switch {
	case !ok:
		if l.unread++; l.unread == 1 {
			l.firstUnread = number
		}
		return
	case !o.Static && isStatic(path):
		l.static++
		return
	}
	l.kept++
	if !r.at.IsZero() && (l.first.IsZero() || r.at.Before(l.first)) {
		l.first = r.at
	}
	if r.at.After(l.last) {
		l.last = r.at
	}
	key := r.method + " " + templated(path)
	of := l.routes[key]
	if of == nil {
		if len(l.routes) >= 100_000 {
			return
		}
		of = &route{method: r.method, path: templated(path), statuses: map[int]int{}, samples: map[int][]string{}}
		l.routes[key] = of
	}
	of.count++
	of.statuses[r.status]++
	if have := of.samples[r.status]; len(have) < 20 && !slices.Contains(have, r.path) {
		of.samples[r.status] = append(have, r.path)
	}
}

var idSegment = pattern(`(?i)^(\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|[0-9A-HJKMNP-TV-Z]{26}|.*\d.*\d.*\d.*\d.*)$`)

// templated is a path whose ids are all {id}.
func templated(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if s != "" && idSegment().MatchString(s) {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

// frequent are the most frequent routes; the others are listed.
func (l *accessLog) frequent() []*route {
	var all []*route
	for _, r := range l.routes {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *route) int {
		if a.count != b.count {
			return b.count - a.count
		}
		return strings.Compare(a.method+a.path, b.method+b.path)
	})
	if len(all) > maxRoutes {
		rest := 0
		for _, r := range all[maxRoutes:] {
			rest += r.count
		}
		l.plan.lose(0, fmt.Sprintf("%d requests of %d rarer paths: the %d most frequent ones are in the mix", rest, len(all)-maxRoutes, maxRoutes))
		all = all[:maxRoutes]
	}
	return all
}

func (l *accessLog) tell() {
	if l.static > 0 {
		l.plan.lose(0, fmt.Sprintf("%d × pictures, scripts, styles and fonts (--static takes them in)", l.static))
	}
	if l.unread > 0 {
		l.plan.lose(l.firstUnread, fmt.Sprintf("%d lines that are no request, this the first of them", l.unread))
	}
}

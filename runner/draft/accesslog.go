package draft

import (
	"bytes"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
)

// commonLine is a line of the common log format and of the combined one, which begins like it. See
// https://httpd.apache.org/docs/current/logs.html.
var commonLine = pattern(`^(?:\S+:\d+ )?\S+ \S+ (?:\S+|".*?") \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) (?:\d+|-)`)

// logLine is one request of a log.
type logLine struct {
	method, path string
	status       int
	at           time.Time
}

func isAccessLog(in Input) bool {
	good, all := 0, 0
	for line := range bytes.Lines(in.Text[:min(len(in.Text), 64<<10)]) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if _, ok := parseLine(string(line)); ok {
			good++
		}
		if all++; all == 20 {
			break
		}
	}
	return good > 0 && good*2 >= all
}

// parseLine reads a line of either format, or of JSON as nginx and others write it.
func parseLine(line string) (logLine, bool) {
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, "{") {
		return jsonLine(line)
	}
	m := commonLine().FindStringSubmatch(line)
	if m == nil {
		return logLine{}, false
	}
	l, ok := requestLine(m[2])
	l.at, _ = time.Parse("02/Jan/2006:15:04:05 -0700", m[1])
	l.status = atoi(m[3])
	return l, ok
}

// requestLine is GET /path HTTP/1.1.
func requestLine(s string) (logLine, bool) {
	method, rest, ok := strings.Cut(s, " ")
	path, _, _ := strings.Cut(rest, " ")
	return logLine{method: method, path: path}, ok && methodText().MatchString(method) && strings.HasPrefix(path, "/") && isText(path)
}

// jsonLine takes the names that nginx's variables and the usual collectors use.
func jsonLine(line string) (logLine, bool) {
	t, err := parseJSON("", []byte(line))
	if err != nil {
		return logLine{}, false
	}
	first := func(keys ...string) string {
		for _, k := range keys {
			if v := t.at(strings.Split(k, ".")...).string(); v != "" {
				return v
			}
		}
		return ""
	}
	l := logLine{method: first("request_method", "method", "http.request.method", "verb", "request.method"), path: first("request_uri", "uri", "path", "url.original", "url", "request.uri")}
	if whole := first("request"); l.path == "" && whole != "" {
		l, _ = requestLine(whole)
	}
	if u, err := url.Parse(l.path); err == nil && u.IsAbs() {
		l.path = u.RequestURI()
	}
	l.status = atoi(first("status", "http.response.status_code", "code", "status_code"))
	l.at = logTime(first("time_iso8601", "@timestamp", "timestamp", "time", "time_local", "msec", "ts"))
	return l, methodText().MatchString(l.method) && strings.HasPrefix(l.path, "/") && isText(l.path) && l.status > 0
}

func logTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "02/Jan/2006:15:04:05 -0700", "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at
		}
	}
	if f := (&tree{kind: number, text: s}).number(); f > 1e8 && f < 1e11 {
		return time.UnixMilli(int64(f * 1000))
	}
	return time.Time{}
}

func atoi(s string) int { return int((&tree{kind: number, text: s}).number()) }

// route is a kind of request: a method and a path in which ids are alike.
type route struct {
	method, path string
	count        int
	statuses     map[int]int
	samples      map[int][]string // by status: paths with their queries, as they came
}

// maxRoutes is how many kinds of requests a plan gets: the most frequent ones.
const maxRoutes = 50

// fromAccessLog makes a weighted mix of what was requested, at the rate at which it was.
func fromAccessLog(in Input, o Options) (*Plan, error) {
	p := &Plan{Name: "access-log"}
	log := &accessLog{plan: p, routes: map[string]*route{}}
	number := 0
	for line := range bytes.Lines(in.Text) {
		if number++; len(bytes.TrimSpace(line)) > 0 {
			log.line(string(line), number, o)
		}
	}
	log.tell()
	routes := log.frequent()
	if len(routes) == 0 {
		return p, nil
	}
	p.BaseURL = "http://127.0.0.1:8080"
	p.say("a log doesn't name its server: BASE_URL is http://127.0.0.1:8080; bodies and headers of requests are in no log")
	var mix []Share
	d := newDesk(p)
	for _, r := range routes {
		s, ok := d.step(r.exchange(p))
		if !ok {
			continue
		}
		r.vary(&s, d)
		name := strings.TrimSuffix(strings.ReplaceAll(kebab(strings.ToLower(r.method)+r.path), "--", "-"), "-")
		for slices.ContainsFunc(mix, func(m Share) bool { return m.Flow == name }) {
			name += "-2"
		}
		p.Flows = append(p.Flows, Flow{Name: name, Steps: []Step{s}})
		mix = append(mix, Share{Weight: r.count, Flow: name})
	}
	if len(mix) == 0 {
		return p, nil
	}
	p.Scenarios = []Scenario{{Name: "visitors", Mix: mix, Executor: log.executor(), Comment: log.comment()}}
	p.Thresholds = limits()
	return p, nil
}

// exchange is a route as a request: with its id as the log's first one.
func (r *route) exchange(p *Plan) exchange {
	x := exchange{method: r.method, url: r.usual()[0], name: r.method + " " + r.path}
	if len(r.usual()) > 1 {
		p.say("of paths with ids, one of the ids in the log is requested, drawn for each request")
	}
	best := r.status()
	x.status = best
	if best == 304 {
		x.status = 0
	}
	if best >= 300 && best < 400 {
		x.words = []Pair{{Key: "redirects", Value: Word("0")}}
	}
	return x
}

// status is the most frequent one.
func (r *route) status() int {
	best := 0
	for status, n := range r.statuses {
		if n > r.statuses[best] || n == r.statuses[best] && status < best {
			best = status
		}
	}
	return best
}

// usual are the paths that were answered as most were.
func (r *route) usual() []string { return r.samples[r.status()] }

// vary draws one of the paths that the log has, where ids differ.
func (r *route) vary(s *Step, d *desk) {
	if len(r.usual()) < 2 {
		return
	}
	var texts []string
	for _, sample := range r.usual() {
		path, _, _ := strings.Cut(sample, "#")
		if len(d.weave.parts(path)) > 1 {
			return // it has a secret in it
		}
		texts = append(texts, exprText(strings.TrimPrefix(cleanURL(path), "/")))
	}
	s.Words[0].Value = Template("/${pick([" + strings.Join(texts, ", ") + "])}")
	s.Words = slices.DeleteFunc(s.Words, func(w Pair) bool { return w.Key == "query" })
}

// executor is the rate of the log, in whole requests.
func (l *accessLog) executor() []Pair {
	e := modest()
	seconds := l.last.Sub(l.first).Seconds()
	if l.first.IsZero() || seconds < 1 {
		l.plan.say("the log's times don't tell a rate: it is 1/s")
		return e
	}
	perSecond := float64(l.kept) / (seconds + 1)
	switch {
	case perSecond >= 1:
		e[1].Value = Word(fraction(math.Round(perSecond*100)/100) + "/s")
	case perSecond*60 >= 1:
		e[1].Value = Word(fraction(math.Round(perSecond*600)/10) + "/m")
	default:
		e[1].Value = Word(fraction(max(1, math.Round(perSecond*3600))) + "/h")
	}
	vus := int(min(max(5, math.Ceil(perSecond)), 500))
	e[3].Value, e[4].Value = Word(fmt.Sprint(vus)), Word(fmt.Sprint(vus*10))
	return e
}

func (l *accessLog) comment() string {
	if l.first.IsZero() {
		return modestComment
	}
	return fmt.Sprintf("The mean rate of the log: %d requests from %s to %s.", l.kept, l.first.UTC().Format("2006-01-02 15:04:05"), l.last.UTC().Format("2006-01-02 15:04:05 UTC"))
}

package draft

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

func isHAR(in Input) bool {
	head := in.Text[:min(len(in.Text), 64<<10)]
	return startsLikeJSON(head) && bytes.Contains(head, []byte(`"log"`)) && bytes.Contains(head, []byte(`"entries"`))
}

func startsLikeJSON(text []byte) bool {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	return len(text) > 0 && text[0] == '{'
}

// entry is one entry of a recording: HTTP Archive 1.2, as browsers and proxies write it.
type entry struct {
	exchange
	page    string
	reply   *tree    // the reply's body, if it is JSON
	cookies []string // headers Cookie
	set     []string // cookies that the reply sets
	begin   time.Time
	end     time.Time
}

// fromHAR reads a recording: its requests one after the other, with the pauses between them.
func fromHAR(in Input, o Options) (*Plan, error) {
	doc, err := parseJSON(in.Name, in.Text)
	if err != nil {
		return nil, err
	}
	log := doc.at("log")
	if !log.at("entries").is(list) {
		return nil, fmt.Errorf("%s: not a HAR file: it has no list log.entries", in.Name)
	}
	p := &Plan{}
	d := newDesk(p)
	sieve := newSieve(p, o, log)
	var kept []entry
	for _, e := range log.at("entries").entries() {
		if sieve.keeps(e) {
			kept = append(kept, readEntry(e))
		}
	}
	slices.SortStableFunc(kept, func(a, b entry) int { return a.begin.Compare(b.begin) })
	sieve.tell()
	if len(kept) > mostSteps {
		p.lose(0, fmt.Sprintf("the last %d requests: a plan holds no more; record a shorter session", len(kept)-mostSteps))
		kept = kept[:mostSteps]
	}
	d.hostsFirst(kept)
	d.presetCookies(kept)
	d.correlate(kept)
	for _, x := range kept {
		d.findSecrets(x.exchange)
	}
	p.single("visitors", d.recorded(kept, pages(log)))
	if len(p.Scenarios) > 0 {
		p.Scenarios[0].Comment = "Each iteration is the whole recording. " + modestComment
	}
	p.Name = curlName(p)
	p.lift()
	if len(kept) > 1 {
		p.say("requests that the browser sent at the same time are sent one after the other: put them under parallel: where that matters")
	}
	return p, nil
}

func readEntry(e *tree) entry {
	req, resp := e.at("request"), e.at("response")
	x := entry{page: e.at("pageref").string()}
	x.line, x.method, x.url = req.where(), req.at("method").string(), req.at("url").string()
	x.headers = withoutBrowser(pairsOf(req.at("headers")))
	x.headers = slices.DeleteFunc(x.headers, func(h field) bool { return strings.EqualFold(h.name, "cookie") })
	x.status = int(resp.at("status").number())
	x.body = readPostData(req.at("postData"))
	if strings.Contains(strings.ToLower(resp.at("content", "mimeType").string()), "json") {
		x.reply, _ = parseJSON("", []byte(replyText(resp.at("content"))))
	}
	for _, h := range pairsOf(req.at("headers")) {
		if strings.EqualFold(h.name, "cookie") {
			x.cookies = append(x.cookies, h.value)
		}
	}
	x.set = setCookies(resp)
	x.begin, _ = time.Parse(time.RFC3339Nano, e.at("startedDateTime").string())
	x.end = x.begin.Add(time.Duration(min(max(0, e.at("time").number()), 3.6e6) * float64(time.Millisecond)))
	x.redirect()
	return x
}

// redirect keeps a recorded redirect from being followed: the request that followed is an entry of its own.
func (x *entry) redirect() {
	if x.status == 304 {
		x.status = 0 // without the headers of a cache, the answer will be another
	}
	if x.status >= 300 && x.status < 400 {
		x.words = append(x.words, Pair{Key: "redirects", Value: Word("0")})
	}
}

// pairsOf are the name-value records of a list.
func pairsOf(t *tree) []field {
	var all []field
	for _, h := range t.elements() {
		all = append(all, field{h.at("name").string(), h.at("value").string()})
	}
	return all
}

// readPostData is a recorded body: its text, or else its params.
func readPostData(t *tree) payload {
	mime, text := t.at("mimeType").string(), t.at("text").string()
	params := t.at("params").elements()
	kind := strings.ToLower(mime)
	if strings.HasPrefix(kind, "multipart/form-data") {
		if p, ok := parseMultipart(mime, text); ok && len(params) == 0 {
			return p
		}
		p := payload{form: multipart}
		for _, f := range params {
			if name := f.at("fileName").string(); name != "" {
				p.files = append(p.files, file{name: f.at("name").string(), filename: name, mime: f.at("contentType").string()})
			} else {
				p.fields = append(p.fields, field{f.at("name").string(), f.at("value").string()})
			}
		}
		return p
	}
	if text == "" && len(params) > 0 {
		var pairs []string
		for _, f := range params {
			pairs = append(pairs, url.QueryEscape(unescaped(f.at("name").string()))+"="+url.QueryEscape(unescaped(f.at("value").string())))
		}
		text = strings.Join(pairs, "&")
	}
	return newPayload(mime, text)
}

// unescaped is a param as it was before encoding: Chrome writes them encoded, Firefox doesn't.
func unescaped(s string) string {
	if u, err := url.QueryUnescape(s); err == nil && strings.Contains(s, "%") {
		return u
	}
	return s
}

// pages are the titles of a recording's pages, by id.
func pages(log *tree) map[string]string {
	titles := map[string]string{}
	for _, p := range log.at("pages").elements() {
		title := p.at("title").string()
		if u, err := url.Parse(title); err == nil && u.Host != "" {
			title = u.Path
		}
		titles[p.at("id").string()] = label(title, p.at("id").string())
	}
	return titles
}

// hostsFirst makes the host of most requests the plan's base URL.
func (d *desk) hostsFirst(all []entry) {
	counts, best := map[string]int{}, ""
	for _, x := range all {
		if u, err := url.Parse(x.url); err == nil {
			if o, ok := origin(strings.ToLower(u.Scheme) + "://" + u.Host); ok {
				if counts[o]++; counts[o] > counts[best] {
					best = o
				}
			}
		}
	}
	if best != "" {
		d.base(best)
	}
}

package draft

import (
	"encoding/base64"
	"io"
	"mime"
	mimemultipart "mime/multipart"
	"strconv"
	"strings"
	"time"
)

// recorded are the steps of a recording: grouped by page where there are several, with pauses as they were.
func (d *desk) recorded(all []entry, titles map[string]string) []Step {
	var out, page []Step
	flush := func(id string) {
		switch {
		case len(titles) > 1 && id != "" && len(page) > 0:
			out = append(out, group(titles[id], page))
		default:
			out = append(out, page...)
		}
		page = nil
	}
	for i, x := range all {
		if i > 0 && x.page != all[i-1].page {
			flush(all[i-1].page)
		}
		if pause := d.pause(all, i); pause != "" && len(out)+len(page) > 0 {
			if len(page) == 0 {
				out = append(out, think(pause))
			} else {
				page = append(page, think(pause))
			}
		}
		if s, ok := d.step(x.exchange); ok {
			page = append(page, s)
		}
	}
	if len(all) > 0 {
		flush(all[len(all)-1].page)
	}
	return out
}

// The pauses that become think times: shorter ones are the browser's work, longer ones somebody's lunch.
const (
	leastPause = 500 * time.Millisecond
	mostPause  = time.Minute
)

// pause is the time between all that came before an entry and the entry, rounded, "" for none.
func (d *desk) pause(all []entry, i int) string {
	var last time.Time
	for _, x := range all[:i] {
		if x.end.After(last) {
			last = x.end
		}
	}
	if i == 0 || all[i].begin.IsZero() || last.IsZero() {
		return ""
	}
	gap := all[i].begin.Sub(last)
	switch {
	case gap < leastPause:
		return ""
	case gap > mostPause:
		d.plan.say("pauses of more than a minute are cut to a minute")
		gap = mostPause
	case gap < 10*time.Second:
		gap = gap.Round(100 * time.Millisecond)
	default:
		gap = gap.Round(time.Second)
	}
	return shortDuration(gap)
}

// shortDuration is a time as the plan writes it: 1.2s, 90s.
func shortDuration(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"
}

// replyText is a recorded reply's body.
func replyText(content *tree) string {
	text := content.at("text").string()
	if content.at("encoding").string() == "base64" {
		if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
			return string(raw)
		}
	}
	return text
}

// parseMultipart reads the text of a form with files.
func parseMultipart(kind, text string) (payload, bool) {
	_, params, err := mime.ParseMediaType(kind)
	if err != nil || params["boundary"] == "" {
		return payload{}, false
	}
	p := payload{form: multipart}
	for r := mimemultipart.NewReader(strings.NewReader(text), params["boundary"]); len(p.fields)+len(p.files) < 1000; {
		part, err := r.NextPart()
		if err != nil {
			break
		}
		if name := part.FileName(); name != "" {
			p.files = append(p.files, file{name: part.FormName(), filename: name, mime: part.Header.Get("Content-Type")})
			continue
		}
		value, _ := io.ReadAll(io.LimitReader(part, maxBody))
		p.fields = append(p.fields, field{part.FormName(), string(value)})
	}
	return p, len(p.fields)+len(p.files) > 0
}

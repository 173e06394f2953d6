package trial

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"runner/runner/vu"
)

// Archive keeps what was sent and received, for an HTTP archive (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/).
// Secrets are masked before anything is kept.
type Archive struct {
	Version string // of this program
	now     func() time.Time

	mu      sync.Mutex
	pages   []harPage
	entries []harEntry
}

// NewArchive makes an empty archive.
func NewArchive(version string) *Archive { return &Archive{Version: version, now: time.Now} }

// page begins a part of the plan: what viewers show as a page.
func (a *Archive) page(title string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pages = append(a.pages, harPage{Started: stamp(a.now()), ID: fmt.Sprintf("part_%d", len(a.pages)+1), Title: title})
}

// add keeps an exchange that has just ended.
func (a *Archive) add(x *vu.Exchange, mask func(string) string) {
	h := &harMaker{mask: mask}
	entry := h.entry(x, a.now())
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.pages); n > 0 {
		entry.Page = a.pages[n-1].ID
	}
	a.entries = append(a.entries, entry)
}

// Write writes the archive.
func (a *Archive) Write(w io.Writer) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := harFile{harLog{Version: "1.2", Creator: harCreator{"runner", a.Version}, Pages: a.pages, Entries: a.entries}}
	if all.Log.Entries == nil {
		all.Log.Entries = []harEntry{}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(all)
}

func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z07:00") }

// The shapes of HAR 1.2. What we don't know is -1, as it says.
type (
	harFile struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Pages   []harPage  `json:"pages,omitempty"`
		Entries []harEntry `json:"entries"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harPage struct {
		Started string   `json:"startedDateTime"`
		ID      string   `json:"id"`
		Title   string   `json:"title"`
		Timings struct{} `json:"pageTimings"`
	}
	harEntry struct {
		Page     string      `json:"pageref,omitempty"`
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"` // ms
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Comment  string      `json:"comment,omitempty"` // the step
		Error    string      `json:"_error,omitempty"`  // as browsers write it
	}
	harRequest struct {
		Method      string      `json:"method"`
		URL         string      `json:"url"`
		HTTPVersion string      `json:"httpVersion"`
		Cookies     []harCookie `json:"cookies"`
		Headers     []harPair   `json:"headers"`
		Query       []harPair   `json:"queryString"`
		Post        *harPost    `json:"postData,omitempty"`
		HeadersSize int64       `json:"headersSize"`
		BodySize    int64       `json:"bodySize"`
	}
	harResponse struct {
		Status      int         `json:"status"`
		StatusText  string      `json:"statusText"`
		HTTPVersion string      `json:"httpVersion"`
		Cookies     []harCookie `json:"cookies"`
		Headers     []harPair   `json:"headers"`
		Content     harContent  `json:"content"`
		RedirectURL string      `json:"redirectURL"`
		HeadersSize int64       `json:"headersSize"`
		BodySize    int64       `json:"bodySize"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harCookie struct {
		Name     string `json:"name"`
		Value    string `json:"value"`
		Path     string `json:"path,omitempty"`
		Domain   string `json:"domain,omitempty"`
		Expires  string `json:"expires,omitempty"`
		HTTPOnly bool   `json:"httpOnly,omitempty"`
		Secure   bool   `json:"secure,omitempty"`
	}
	harPost struct {
		MimeType string    `json:"mimeType"`
		Params   []harPair `json:"params"`
		Text     string    `json:"text"`
		Comment  string    `json:"comment,omitempty"`
	}
	harContent struct {
		Size        int64  `json:"size"`
		Compression int64  `json:"compression,omitempty"`
		MimeType    string `json:"mimeType"`
		Text        string `json:"text,omitempty"`
		Encoding    string `json:"encoding,omitempty"`
	}
	harTimings struct {
		Blocked float64 `json:"blocked"`
		DNS     float64 `json:"dns"`
		Connect float64 `json:"connect"`
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
		SSL     float64 `json:"ssl"`
	}
)

package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"runner/runner/metrics"
)

// HTML is the result as a page in one file: it loads nothing, and its policy lets no other script or style into it than
// its own. Charts are drawn by uPlot from the result's timeline; every number is in a table, too.
func HTML(r *metrics.Result) ([]byte, error) {
	page, err := template.ParseFS(Assets, "assets/report.html")
	if err != nil {
		return nil, err
	}
	v, err := newHTMLPage(presentable(r))
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := page.Execute(&text, v); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// htmlPage is what the template shows. Every text is cleaned; the template escapes it.
type htmlPage struct {
	Policy   template.HTMLAttr
	Styles   []template.CSS
	Scripts  []template.JS
	Status   string // of the verdict: pass, fail …
	Word     string
	Sentence string
	Reasons  []string
	Title    string
	Facts    []htmlFact
	Tiles    []htmlTile
	Sections []htmlSection
	Notes    []string // on setup, teardown, the generator, outputs
	Env      []htmlFact
	Plan     string
	Charts   bool
	Data     *metrics.Timeline
	Seconds  float64
}

type htmlFact struct{ Name, Value string }

type htmlTile struct{ Name, Value, Note, Class string }

type htmlSection struct {
	ID, Title string
	Head      []htmlCell
	Rows      [][]htmlCell
	Notes     []string
}

type htmlCell struct {
	Text, Class string
	Number      bool
}

func newHTMLPage(r *metrics.Result) (*htmlPage, error) {
	v := &htmlPage{
		Status: "error", Word: verdictWord(r.Verdict.Status).text, Title: Clean(r.Plan.Name), Facts: htmlFacts(r), Tiles: htmlTiles(r),
		Plan: cleanLines(r.Plan.Text), Data: &r.Timeline, Seconds: r.Run.DurationS,
	}
	if _, ok := verdictWords[r.Verdict.Status]; ok {
		v.Status = r.Verdict.Status
	}
	v.Sentence = strings.TrimPrefix(Sentence(r), v.Word+" – ")
	for _, reason := range r.Verdict.Reasons {
		v.Reasons = append(v.Reasons, Clean(reason))
	}
	for i, s := range sectionsOf(r) {
		v.Sections = append(v.Sections, htmlTable(i, s))
	}
	if r.Baseline != nil {
		v.Sections = slices.Insert(v.Sections, min(1, len(v.Sections)), baselineTable(r.Baseline))
	}
	notes := []section{{}}
	p := newPage(Options{})
	p.tables = &notes
	p.footer(r)
	v.Notes = notes[0].notes
	for _, k := range sortedKeys(r.Plan.Env) {
		v.Env = append(v.Env, htmlFact{Clean(k), Clean(r.Plan.Env[k])})
	}
	for _, s := range r.Timeline.Series {
		v.Charts = v.Charts || len(s.Values) > 0
	}
	if _, err := json.Marshal(v.Data); err != nil { // the template would write a comment in its place
		return nil, err
	}
	return v, v.assets()
}

// assets puts the scripts and styles in, and the policy that lets nothing else run.
func (v *htmlPage) assets() error {
	styles, scripts := "", ""
	for _, name := range []string{"uPlot.min.css", "report.css", "uPlot.iife.min.js", "report.js"} {
		text, err := Assets.ReadFile("assets/" + name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(text)
		hash := " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if strings.HasSuffix(name, ".css") {
			styles += hash
			v.Styles = append(v.Styles, template.CSS(text))
			continue
		}
		scripts += hash
		v.Scripts = append(v.Scripts, template.JS(text))
	}
	v.Policy = template.HTMLAttr(`content="default-src 'none'; script-src` + scripts + `; style-src` + styles + `; base-uri 'none'; form-action 'none'"`)
	return nil
}

// cleanLines cleans each line of a text.
func cleanLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(Clean(strings.TrimRight(line, "\n")) + "\n")
	}
	return b.String()
}

// htmlFacts say what was run, where and when.
func htmlFacts(r *metrics.Result) []htmlFact {
	facts := []htmlFact{
		{"Plan", Clean(r.Plan.File)}, {"Profile", Clean(r.Plan.Profile)}, {"Started", ""}, {"Took", seconds(r.Run.DurationS)}, {"Seed", fmt.Sprint(r.Plan.Seed)},
		{"Machine", Clean(fmt.Sprintf("%s/%s, %s", r.Run.Host.OS, r.Run.Host.Arch, plural(int64(r.Run.Host.CPUs), "core")))},
		{"Tool", Clean(r.Tool.Name + " " + r.Tool.Version)}, {"Run", Clean(r.Run.ID)}, {"Plan digest", Clean(r.Plan.Digest)},
	}
	if !r.Run.Start.IsZero() {
		facts[2].Value = r.Run.Start.UTC().Format(time.DateTime) + " UTC"
	}
	return slices.DeleteFunc(facts, func(f htmlFact) bool { return f.Value == "" })
}

// htmlTiles are the headline numbers.
func htmlTiles(r *metrics.Result) []htmlTile {
	c := newCatalog(r)
	made, failed := c.requests(nil)
	latency := c.total("http_req_latency")
	tiles := []htmlTile{{Name: "Requests", Value: count(made)}}
	if v, ok := c.total("http_reqs").Values["rate"]; ok {
		tiles[0].Note = quantity(v, "/s", digits)
	}
	fails := htmlTile{Name: "Failed", Value: count(failed)}
	if failed > 0 {
		fails.Class, fails.Note = "bad", percent(c.total("http_req_failed").Values["rate"], digits)
	}
	tiles = append(tiles, fails)
	for _, p := range []struct{ name, value string }{{"p50 latency", "med"}, {"p95 latency", "p95"}, {"p99 latency", "p99"}} {
		tile := htmlTile{Name: p.name, Value: percentile(latency, p.value).text}
		if strings.HasPrefix(tile.Value, "~") {
			tile.Note = "few samples"
		}
		tiles = append(tiles, tile)
	}
	if v, ok := c.total("vus").Values["max"]; ok {
		tiles = append(tiles, htmlTile{Name: "VUs at most", Value: count(whole(v))})
	}
	dropped := whole(c.total("dropped_iterations").Values["count"])
	if dropped > 0 {
		tiles = append(tiles, htmlTile{Name: "Dropped iterations", Value: count(dropped), Class: "bad"})
	}
	if v, ok := c.total("data_received").Values["count"]; ok {
		tiles = append(tiles, htmlTile{Name: "Received", Value: size(v, digits), Note: size(c.total("data_received").Values["rate"], digits) + "/s"})
	}
	return tiles
}

var htmlClasses = map[style]string{red: "bad", green: "good", yellow: "warn", dim: "dim"}

// htmlTable is a table without the columns in which nothing stands.
func htmlTable(i int, s section) htmlSection {
	out := htmlSection{ID: fmt.Sprint("table-", i), Title: s.title, Notes: s.notes}
	used := make([]bool, len(s.grid.columns))
	for _, row := range s.grid.rows {
		for i, c := range row {
			used[i] = used[i] || c.text != ""
		}
	}
	for i, c := range s.grid.columns {
		if used[i] {
			out.Head = append(out.Head, htmlCell{Text: c.title, Number: c.right})
		}
	}
	for _, row := range s.grid.rows {
		var cells []htmlCell
		for i, c := range row {
			if used[i] {
				class := htmlClasses[c.style]
				if width(c.text) > 40 {
					class = strings.TrimSpace(class + " long") // may be broken anywhere
				}
				cells = append(cells, htmlCell{c.text, class, s.grid.columns[i].right})
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// baselineTable is the headline numbers then and now.
func baselineTable(b *metrics.BaselineResult) htmlSection {
	number := func(title string) htmlCell { return htmlCell{Text: title, Number: true} }
	out := htmlSection{
		ID: "baseline", Title: "Against the baseline", Head: []htmlCell{{Text: "series"}, number("before"), number("now"), number("change")},
		Notes: []string{Clean(fmt.Sprintf("%s of %s", b.File, b.Start.UTC().Format(time.DateTime)))},
	}
	if !b.SamePlan {
		out.Notes = append(out.Notes, "the plan, its data or the tool have changed since")
	}
	for _, k := range b.Changes {
		unit := changeUnit(&k)
		out.Rows = append(out.Rows, []htmlCell{{Text: Clean(seriesName(k.Metric, k.Tags) + ": " + k.Aggregate)}, number(quantity(k.Base, unit, digits)),
			number(quantity(k.Head, unit, digits)), number(change(k.Base, k.Head))})
	}
	return out
}

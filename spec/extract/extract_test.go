package extract_test

import (
	"strings"
	"sync"
	"testing"

	"runner/spec/extract"
)

// A query is shared by all VUs; XPath's own compiled expressions are not made for that.
func TestAQueryIsForManyAtOnce(t *testing.T) {
	queries := map[string]extract.Query{}
	var err error
	if queries["2"], err = extract.XPath("string(count(//b[@x]))"); err != nil {
		t.Fatal(err)
	}
	if queries["one"], err = extract.CSS("b[x]", ""); err != nil {
		t.Fatal(err)
	}
	if queries["two"], err = extract.Regex("<b x='2'>([a-z]+)", nil); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			var d extract.Document
			for range 50 {
				d.Reset([]byte("<a><b x='1'>one</b><b x='2'>two</b><b/></a>"))
				for want, q := range queries {
					if got, err := q.Find(&d, 1); err != nil || len(got) != 1 || got[0] != want {
						t.Errorf("%v, %v; want %s", got, err, want)
						return
					}
				}
			}
		})
	}
	all.Wait()
}

func TestADocumentThatIsTooLongIsNotParsed(t *testing.T) {
	var d extract.Document
	d.Reset([]byte(strings.Repeat("x", 17<<20)))
	css, _ := extract.CSS("a", "")
	path, _ := extract.XPath("//a")
	for _, q := range []extract.Query{css, path} {
		if _, err := q.Find(&d, 1); err == nil || !strings.Contains(err.Error(), "longer than 16 MiB") {
			t.Errorf("%v", err)
		}
	}
}

// Whatever a target answers, and whatever an author writes, nothing panics.
func FuzzExtract(f *testing.F) {
	f.Add("<a><b x='1'>t</b></a>", "a > b", "//b/@x", "x='(.)'")
	f.Add("<a", "a[", "//a[last()]", "(?P<n>.)")
	f.Add("<?xml version='1.0' encoding='latin1'?><a>\xff</a>", "*", "sum(//a) div 0", "")
	f.Fuzz(func(t *testing.T, body, css, path, pattern string) {
		var d extract.Document
		d.Reset([]byte(body))
		var queries []extract.Query
		if q, err := extract.CSS(css, "x"); err == nil {
			queries = append(queries, q)
		}
		if q, err := extract.XPath(path); err == nil {
			queries = append(queries, q)
		}
		if q, err := extract.Regex(pattern, nil); err == nil {
			queries = append(queries, q)
		}
		for _, q := range queries {
			if got, err := q.Find(&d, 3); err == nil && len(got) > 3 {
				t.Errorf("%d values, want 3 at most", len(got))
			}
		}
	})
}

package export

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// An InfluxDB gets line protocol with a point a series and interval.
func TestInfluxDB(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	var where, token string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		where, token = r.URL.String(), r.Header.Get("Authorization")
		lines = append(lines, strings.Split(strings.TrimSpace(string(text)), "\n")...)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer s.Close()
	t.Setenv("INFLUX_TOKEN", "t0ken")
	x, err := openInflux(s.URL + "?org=o&bucket=b")
	if err != nil {
		t.Fatal(err)
	}
	l := shop()
	l.Steps[0].Name = "GET /a,b=c d\nx value=1i\\"
	list, _ := intervals(t, l, 2)
	if r := feed(t, x, infoOf(l), list); r.Delivered != 2 || r.Error != "" {
		t.Fatalf("%+v", r)
	}
	if !strings.HasPrefix(where, "/api/v2/write?bucket=b&org=o&precision=ms") || token != "Token t0ken" {
		t.Errorf("sent to %s with %s", where, token)
	}
	slices.Sort(lines)
	golden(t, "influxdb.txt", []byte(strings.Join(lines, "\n")+"\n"))
}

func TestInfluxDBRefused(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code":"unauthorized","message":"unauthorized access"}`)
	}))
	defer s.Close()
	x, err := openInflux(s.URL + "?org=o&bucket=b")
	if err != nil {
		t.Fatal(err)
	}
	list, _ := intervals(t, shop(), 1)
	if r := feed(t, x, infoOf(shop()), list); r.Missed != 1 || !strings.Contains(r.Error, "unauthorized access") {
		t.Errorf("%+v", r)
	}
}

// What is sent interval by interval adds up to the run.
func TestIntervalsAddUp(t *testing.T) {
	list, totals := intervals(t, shop(), 5)
	x := &influx{layout: shop()}
	sums := map[string]float64{}
	for _, s := range list {
		for _, p := range x.points(s) {
			for _, f := range p.FieldList() {
				if f.Key == "count" {
					sums[p.Name()] += f.Value.(float64)
				}
			}
		}
	}
	for _, name := range []string{"http_reqs", "http_req_duration", "iterations", "data_sent"} {
		if want := of(t, totals, name, "", "", "count"); sums[name] != want {
			t.Errorf("%s: %v, want %v", name, sums[name], want)
		}
	}
}

var _ sink = (*influx)(nil)

// A step's name ends no packet and opens no tag.
func TestStatsDText(t *testing.T) {
	for in, want := range map[string]string{"GET /users/{id}": "GET /users/{id}", "a|c\n#x:1,y@0.1": "a_c__x_1_y_0.1", "\xff": "_"} {
		if got := statsdText(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

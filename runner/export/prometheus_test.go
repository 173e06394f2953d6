package export

import (
	"bufio"
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	prompb "buf.build/gen/go/prometheus/prometheus/protocolbuffers/go"

	"runner/runner/metrics"
)

func TestPrometheusSpans(t *testing.T) {
	for _, c := range []struct {
		counts []int64
		spans  [][2]int // offset, length
		deltas []int64
		why    string
	}{
		{nil, nil, nil, "empty"},
		{[]int64{3}, [][2]int{{11, 1}}, []int64{3}, "named by its upper bound"},
		{[]int64{3, 5, 4}, [][2]int{{11, 3}}, []int64{3, 2, -1}, "neighbours"},
		{[]int64{3, 0, 4}, [][2]int{{11, 3}}, []int64{3, -3, 4}, "a small gap is filled"},
		{[]int64{3, 0, 0, 0, 4}, [][2]int{{11, 1}, {3, 1}}, []int64{3, 1}, "a larger one is left out"},
	} {
		list, deltas := spans(metrics.Buckets{Offset: 10, Counts: c.counts})
		if !slices.Equal(deltas, c.deltas) || len(list) != len(c.spans) {
			t.Errorf("%s: %v %v", c.why, list, deltas)
			continue
		}
		for i, s := range list {
			if int(s.Offset) != c.spans[i][0] || int(s.Length) != c.spans[i][1] {
				t.Errorf("%s: span %d is %v", c.why, i, s)
			}
		}
	}
}

func TestPrometheusLabels(t *testing.T) {
	p := &prometheus{common: []*prompb.Label{{Name: "testid", Value: "r1"}}}
	var got []string
	for _, l := range p.labels("k6_x-y", map[string]string{"step": "a\xffb", "expected": "true", "testid": "mine", "9": "z"}) {
		got = append(got, l.Name+"="+l.Value)
	}
	if want := []string{"_9=z", "__name__=k6_x_y", "expected_response=true", "name=a�b", "testid=mine"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// startPrometheus runs Debian's Prometheus, which takes remote writes with native histograms.
func startPrometheus(t *testing.T) string {
	t.Helper()
	binary, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("there is no prometheus here (Debian's package is called so): ", err)
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "prometheus.yml")
	if err := os.WriteFile(config, []byte("global: { scrape_interval: 1h }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(folder, "data"), "--web.listen-address=127.0.0.1:0",
		"--web.enable-remote-write-receiver", "--enable-feature=native-histograms")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address, ready := "", false
	lines := bufio.NewScanner(log)
	for (address == "" || !ready) && lines.Scan() {
		if m := regexp.MustCompile(`msg="Listening on".* address=(\S+)`).FindStringSubmatch(lines.Text()); m != nil {
			address = m[1]
		}
		ready = ready || strings.Contains(lines.Text(), "Server is ready")
	}
	if address == "" || !ready {
		t.Fatalf("prometheus did not start: %v", lines.Err())
	}
	go func() {
		for lines.Scan() { // it must not block on its log
			continue
		}
	}()
	return "http://" + address
}

// query is what Prometheus answers to an expression that has one value.
func query(t *testing.T, base, expression string) float64 {
	t.Helper()
	resp, err := http.Get(base + "/api/v1/query?query=" + url.QueryEscape(expression))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		Error string
		Data  struct{ Result []struct{ Value [2]any } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.Error != "" || len(answer.Data.Result) != 1 {
		t.Errorf("%s: %v %+v", expression, err, answer)
		return math.NaN()
	}
	v, _ := strconv.ParseFloat(answer.Data.Result[0].Value[1].(string), 64)
	return v
}

// A real Prometheus has the result's numbers, under the names that k6's dashboards ask for.
func TestPrometheusServerHasTheNumbers(t *testing.T) {
	base := startPrometheus(t)
	list, totals := intervals(t, shop(), 8)
	s, err := openPrometheus(base + "/api/v1/write")
	if err != nil {
		t.Fatal(err)
	}
	info := infoOf(shop())
	info.Begin = time.Now().Add(-8 * time.Second)
	if r := feed(t, s, info, list); r.Delivered != 8 || r.Missed != 0 || r.Error != "" {
		t.Fatalf("%+v", r)
	}
	p95 := of(t, totals, "http_req_duration", "step", `GET /"a",b`, "p95")
	for _, c := range []struct {
		expression string
		want, near float64
	}{
		{`sum(k6_http_reqs_total{testid="r1"})`, of(t, totals, "http_reqs", "", "", "count"), 0},
		{`sum(k6_http_reqs_total{name="GET /\"a\",b", status="200", method="GET", scenario="buy", group="checkout", expected_response="true"})`, 36, 0},
		{`sum(k6_request_errors_total{class="timeout"})`, 8, 0},
		{`k6_vus`, 3, 0}, {`k6_vus_max`, 5, 0},
		{`k6_checks_rate{check="ok"}`, of(t, totals, "checks", "", "", "rate"), 1e-9},
		{`sum(k6_data_received_total)`, of(t, totals, "data_received", "", "", "count"), 0},
		{`sum(k6_iterations_total)`, 8, 0},
		{`k6_http_req_duration_p95{expected_response="true"} * 1000`, p95, 1e-9},
		{`histogram_count(k6_http_req_duration_seconds{expected_response="true"})`, 36, 0},
		{`histogram_sum(k6_http_req_duration_seconds{expected_response="true"}) * 1000`, of(t, totals, "http_req_duration", "step", `GET /"a",b`, "avg") * 36, 0.001},
		{`histogram_quantile(0.95, k6_http_req_duration_seconds{expected_response="true"}) * 1000`, p95, 0.025},
		{`histogram_quantile(0.5, sum(k6_http_req_latency_seconds)) * 1000`, of(t, totals, "http_req_latency", "", "", "med"), 0.025},
	} {
		if got := query(t, base, c.expression); !(math.Abs(got-c.want) <= c.near*c.want) {
			t.Errorf("%s is %v, want %v", c.expression, got, c.want)
		}
	}
}

// A receiver that refuses is reported with what it said.
func TestPrometheusRefused(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "out of bounds", http.StatusBadRequest) }))
	defer s.Close()
	p, err := openPrometheus(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	list, _ := intervals(t, shop(), 2)
	if r := feed(t, p, infoOf(shop()), list); r.Missed != 2 || !strings.Contains(r.Error, "out of bounds") {
		t.Errorf("%+v", r)
	}
	http.DefaultClient.CloseIdleConnections()
}

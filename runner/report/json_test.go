package report

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"unicode"

	"runner/runner/metrics"
)

func jsonFile(path string, stdout io.Writer) Output {
	return &document{kind: Kinds()[0], path: path, stdout: stdout}
}

func TestJSONIsTheResult(t *testing.T) {
	path := filepath.Join(t.TempDir(), "result.json")
	if err := jsonFile(path, nil).Finish(shop()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "result.json", text)
	var back metrics.Result
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&back); err != nil {
		t.Fatal(err)
	}
	if want := shop(); !reflect.DeepEqual(back.Thresholds[0].Observed, want.Thresholds[0].Observed) || len(back.Metrics) != len(want.Metrics) {
		t.Errorf("read back %+v", back)
	}
}

func TestJSONHasNoNullWhereListsAre(t *testing.T) {
	r := &metrics.Result{Metrics: make([]metrics.MetricResult, 1), Thresholds: make([]metrics.ThresholdResult, 1), Errors: make([]metrics.ErrorResult, 1),
		Timeline: metrics.Timeline{Series: make([]metrics.TimelineSeries, 1)}}
	text, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("null")); n != 1 {
		t.Errorf("%d times null, want one, the baseline:\n%s", n, text)
	}
}

func TestJSONWritesWhatItCanAndChangesNoResult(t *testing.T) {
	r := shop()
	r.Metrics[0].Values = map[string]float64{"count": 1, "rate": math.NaN(), "max": math.Inf(1)}
	r.Thresholds[0].Observed = map[string]float64{"p95": math.Inf(-1)}
	r.Errors[0].Samples[0].Message = hostile + "\U000e0041"
	text, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(r.Metrics[0].Values["rate"]) {
		t.Error("the result itself was changed")
	}
	var back metrics.Result
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Metrics[0].Values) != 1 || len(back.Thresholds[0].Observed) != 0 {
		t.Errorf("values: %v, observed: %v", back.Metrics[0].Values, back.Thresholds[0].Observed)
	}
	if got, want := back.Errors[0].Samples[0].Message, strings.ToValidUTF8(hostile, "\ufffd")+"\U000e0041"; strings.ReplaceAll(got, "\ufffd", "") != strings.ReplaceAll(want, "\ufffd", "") {
		t.Errorf("message %q, want %q", got, want)
	}
	for _, c := range string(text) {
		if c != '\n' && !unicode.IsPrint(c) {
			t.Fatalf("%U is in the text as it is", c)
		}
	}
}

// leftovers are the files of a folder but for those expected.
func leftovers(t *testing.T, folder string, expected ...string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !strings.Contains(" "+strings.Join(expected, " ")+" ", " "+e.Name()+" ") {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestAFailedWriteLeavesTheOldFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "result.json")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := passing()
	r.Timeline.Series = []metrics.TimelineSeries{{Name: "x", Values: []float64{math.NaN()}}}
	if err := jsonFile(path, nil).Finish(r); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a result that cannot be encoded: %v", err)
	}
	f, err := create(folder, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close() // as a disk that fails in the middle would
	if err := install(f, path, []byte("new"), 0o644, true); err == nil {
		t.Error("no error of a file that cannot be written")
	}
	if text, _ := os.ReadFile(path); string(text) != "old" {
		t.Errorf("the old file is now %q", text)
	}
	if rest := leftovers(t, folder, "result.json"); len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
}

func TestAReaderSeesOneResultOrTheOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "result.json")
	small, large := []byte("small"), bytes.Repeat([]byte("large"), 100_000)
	if err := writeFile(path, small); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		var err error
		for i := 0; i < 50 && err == nil; i++ {
			err = writeFile(path, [][]byte{large, small}[i%2])
		}
		done <- err
	}()
	for {
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(text, small) && !bytes.Equal(text, large) {
			t.Errorf("read %d bytes, %v", len(text), err)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			return
		default:
		}
	}
}

func TestPermissionsAndLinksStay(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has neither")
	}
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target.json"), filepath.Join(folder, "link.json")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(target, 0o622); err != nil { // bits that a umask would take
		t.Fatal(err)
	}
	if err := os.Symlink("target.json", link); err != nil {
		t.Fatal(err)
	}
	if err := CheckWritable(link); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(target)
	if err != nil || info.Mode().Perm() != 0o622 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if info, err = os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is now %v, %v", info.Mode(), err)
	}
	if text, _ := os.ReadFile(target); string(text) != "new" {
		t.Errorf("the target holds %q", text)
	}
}

func TestCheckWritable(t *testing.T) {
	folder := t.TempDir()
	old, locked := filepath.Join(folder, "old.json"), filepath.Join(folder, "locked.json")
	for path, mode := range map[string]os.FileMode{old: 0o644, locked: 0o444} {
		if err := os.WriteFile(path, []byte("old"), mode); err != nil {
			t.Fatal(err)
		}
	}
	dangling := filepath.Join(folder, "dangling.json")
	if err := os.Symlink("nowhere.json", dangling); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want, why string }{
		{filepath.Join(folder, "new.json"), "", "a new file"},
		{old, "", "an old one is replaced"},
		{"-", "", "stdout"},
		{"", "the file's name is empty: name a file, or - for stdout", "no name"},
		{folder, folder + " is a folder: name a file in it, such as " + filepath.Join(folder, "result.json"), "a folder"},
		{filepath.Join(folder, "new") + "/", filepath.Join(folder, "new") + "/ ends like a folder: name a file", "a folder to be"},
		{filepath.Join(folder, "no", "such", "r.json"), "create it first (mkdir -p)", "no folder"},
		{filepath.Join(old, "r.json"), "name another file", "a file as folder"},
		{filepath.Join(folder, strings.Repeat("x", 300)), "name another file", "too long"},
		{locked, locked + " is read-only: make it writable (chmod u+w), or name another file", "read-only"},
		{dangling, dangling + " is a link to a file that does not exist: remove the link, or name its target", "a dead link"},
		{filepath.Join(folder, "no\x1b[2J", "r.json"), `no\x1b[2J`, "hostile names are shown, not obeyed"},
	} {
		err := CheckWritable(c.path)
		switch {
		case c.want == "" && err != nil, c.want != "" && err == nil:
			t.Errorf("%s: %v", c.why, err)
		case err != nil && !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %q, want %q", c.why, err, c.want)
		}
	}
	if rest := leftovers(t, folder, "old.json", "locked.json", "dangling.json"); len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
	if text, _ := os.ReadFile(old); string(text) != "old" {
		t.Errorf("the old result is now %q", text)
	}
}

func TestJSONToStdout(t *testing.T) {
	var out bytes.Buffer
	if err := jsonFile("-", &out).Finish(passing()); err != nil || !json.Valid(out.Bytes()) {
		t.Errorf("stdout: %v, %s", err, out.Bytes())
	}
	if err := jsonFile("-", broken{}).Finish(passing()); err == nil || !strings.Contains(err.Error(), "pipe closed") {
		t.Errorf("a broken stdout: %v", err)
	}
}

func TestOpen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a=b.json")
	out, err := Kinds()[0].Open(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("opening has made the file")
	}
	if err := out.Finish(passing()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	if _, err := Kinds()[0].Open("/no/r/", nil); err == nil || !strings.Contains(err.Error(), "ends like a folder") {
		t.Error(err)
	}
}

func TestJSONKeepsNumbersOnOneLine(t *testing.T) {
	r := &metrics.Result{Verdict: metrics.Verdict{Reasons: []string{"1,", "[", "]"}}, Timeline: metrics.Timeline{
		Series:    []metrics.TimelineSeries{{Name: "[", Values: []float64{1, -2.5, 3e21}}, {Name: "none"}},
		Latencies: metrics.LatencyBands{BoundsMs: []float64{1}, Maps: []metrics.LatencyMap{{Counts: [][]int64{{}, {0, 1}, {2, 3}}}}}}}
	text, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"values": [1, -2.5, 3e+21]`, `"values": []`, `"bounds_ms": [1]`, "[0, 1],\n", "[2, 3]\n"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	var back metrics.Result
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back.Verdict.Reasons, r.Verdict.Reasons) {
		t.Errorf("read back %v, %v", back.Verdict.Reasons, err)
	}
}

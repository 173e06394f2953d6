package runner_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the golden files")

// wrongFiles are what the wrong plans name, and what they nearly name.
var wrongFiles = map[string]string{
	"runner.yaml": "", "users.csv": "name\nanna\nbob\n", "t.json": `{"tickets":[{"id":1}]}`, "empty.csv": "", "shared.yaml": "x-a: 1\n",
	"schemas/order.json": "{}", "photo.jpg": "x", "cert.pem": "x",
}

// TestWrongPlans: of hundreds of plans with one mistake, each gets one message, which says where the mistake is, shows the
// line, and is the one that wrong.golden keeps.
func TestWrongPlans(t *testing.T) {
	plans, err := txtar.ParseFile("testdata/wrong.txtar")
	if err != nil {
		t.Fatal(err)
	}
	golden, err := filepath.Abs("testdata/wrong.golden")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range wrongFiles {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	var said strings.Builder
	for _, plan := range plans.Files {
		if err := os.WriteFile("plan.yaml", plan.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, problems := tryCompile("plan.yaml", nil)
		if len(problems) != 1 {
			t.Errorf("%s: %d problems, want 1:\n%v", plan.Name, len(problems), problems)
			continue
		}
		if p := problems[0]; p.Pos.IsZero() || !strings.Contains(p.Error(), "^") {
			t.Errorf("%s: no place: %v", plan.Name, p)
		}
		said.WriteString("== " + plan.Name + "\n" + problems.Error() + "\n")
	}
	if *update {
		if err := os.WriteFile(golden, []byte(said.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := said.String(); got != string(want) {
		t.Errorf("another message than in %s (-update writes it):\n%s", filepath.Base(golden), firstDifference(got, string(want)))
	}
}

// firstDifference is the first plan that gets another message.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n== "), strings.Split(want, "\n== ")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return a[i] + "\nwant\n" + strings.Join(b[min(i, len(b)):min(i+1, len(b))], "")
		}
	}
	return "some are missing"
}

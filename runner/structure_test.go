package runner_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors says how high each package stands: imports point down only, never sideways or up.
var floors = map[string]int{
	"runner/spec": 0, "runner/schemas": 0,
	"runner/spec/sigv4": 0, "runner/spec/extract": 0, "runner/spec/shape": 0,
	"runner/spec/expr":       1,
	"runner/runner/schedule": 0, "runner/runner/protocol": 0, "runner/runner/mask": 0, "runner/runner/service": 0,
	"runner/runner/body": 1, "runner/runner/graphql": 1,
	"runner/runner/draft":         2,
	"runner/runner/metrics":       2,
	"runner/runner/compare":       3,
	"runner/runner/data":          3,
	"runner/runner/protocol/dial": 3, "runner/runner/protocol/content": 3,
	"runner/runner/protocol/http1": 4, "runner/runner/protocol/http2": 4, "runner/runner/protocol/peer": 5, "runner/runner/auth": 4,
	"runner/runner/vu":        5,
	"runner/runner/vu/vutest": 6, "runner/runner/monitor/bystander": 3,
	"runner/runner/request": 6, "runner/runner/executor": 6, "runner/runner/report": 6, "runner/runner/monitor": 6,
	"runner/runner/export": 7, "runner/runner/ui": 7, "runner/runner/trial": 7, "runner/runner/advise": 7, "runner/runner/lsp": 7,
	"runner/runner":     8,
	"runner/cmd/runner": 9, "runner/cmd/boxoffice": 9, "runner/cmd/bench": 9,
}

// rooms says what a package may know of the project, where the floor alone would allow more.
var rooms = map[string][]string{
	"runner/runner/schedule":          {}, // pure arithmetic
	"runner/runner/protocol":          {},
	"runner/runner/mask":              {},
	"runner/runner/service":           {}, // a process is a process
	"runner/runner/report":            {"runner/runner/metrics", "runner/runner/compare"},
	"runner/runner/compare":           {"runner/runner/metrics"},
	"runner/runner/monitor/bystander": {"runner/runner/metrics"},                         // the monitor is among what it testifies about
	"runner/runner/export":            {"runner/runner/metrics", "runner/runner/report"}, // it has no plan to look into
	"runner/runner/ui":                {"runner/runner/metrics", "runner/runner/report"}, // it changes a run through report.Control only
	"runner/runner/executor":          {"runner/runner/schedule", "runner/spec"},         // it never learns what an iteration does
	"runner/runner/protocol/http1":    {"runner/runner/protocol", "runner/runner/protocol/dial"},
	"runner/runner/protocol/http2":    {"runner/runner/protocol", "runner/runner/protocol/dial"},
	"runner/runner/advise":            {"runner/spec", "runner/runner/executor"},
	"runner/runner/draft":             {"runner/spec", "runner/spec/expr"},                                                                      // it sends nothing and runs nothing
	"runner/runner/lsp":               {"runner/spec", "runner/spec/expr", "runner/schemas", "runner/runner/metrics", "runner/runner/protocol"}, // what is right is decided elsewhere
	"runner/cmd/boxoffice":            {},                                                                                                       // the target knows nothing of those who test it
	"runner/cmd/bench":                {},                                                                                                       // it sees runner as its users do
}

// doors names the one package that may import a third-party module.
var doors = map[string]string{
	"gopkg.in/yaml.v3":                      "runner/spec",
	"github.com/expr-lang/expr":             "runner/spec/expr",
	"github.com/brianvoe/gofakeit":          "runner/spec/expr",
	"github.com/tidwall/gjson":              "runner/runner/body",
	"github.com/vektah/gqlparser":           "runner/runner/graphql",
	"github.com/olekukonko/tablewriter":     "runner/runner/report",
	"github.com/spf13/cobra":                "runner/cmd/runner",
	"golang.org/x/net/http2":                "runner/runner/protocol/http2",
	"golang.org/x/net/proxy":                "runner/runner/protocol/dial",
	"software.sslmate.com/src/go-pkcs12":    "runner/runner/protocol/dial",
	"modernc.org/sqlite":                    "runner/cmd/boxoffice",
	"github.com/stripe/stripe-go":           "runner/cmd/boxoffice",
	"github.com/golang-jwt/jwt":             "runner/spec/expr",
	"github.com/andybalholm/cascadia":       "runner/spec/extract",
	"golang.org/x/net/html":                 "runner/spec/extract",
	"github.com/antchfx":                    "runner/spec/extract",
	"github.com/santhosh-tekuri/jsonschema": "runner/spec/shape",
	"github.com/prometheus/client_golang":   "runner/runner/export",
	"buf.build/gen/go/prometheus":           "runner/runner/export",
	"go.opentelemetry.io/otel":              "runner/runner/export",
	"github.com/influxdata":                 "runner/runner/export",
	"github.com/creachadair/jrpc2":          "runner/runner/lsp",
	"github.com/DataDog/datadog-go":         "runner/runner/export",
	"mvdan.cc/sh":                           "runner/runner/draft",
	"github.com/getkin/kin-openapi":         "runner/runner/draft",
	"github.com/tdewolff/parse":             "runner/runner/draft",
}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		floor, ok := floors[p.ImportPath]
		if !ok {
			if !strings.HasSuffix(p.ImportPath, "/generate") && !strings.HasSuffix(p.ImportPath, "/schemagen") {
				t.Errorf("%s stands on no floor: give it one here", p.ImportPath)
			}
			continue
		}
		room, narrow := rooms[p.ImportPath]
		for _, i := range p.Imports {
			if !strings.HasPrefix(i, "runner/") {
				continue
			}
			if below, ok := floors[i]; !ok || below >= floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", p.ImportPath, floor, i, below)
			}
			if narrow && !slices.Contains(room, i) {
				t.Errorf("%s may not know %s", p.ImportPath, i)
			}
		}
	}
}

func TestThirdPartiesHaveOneDoor(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			for module, door := range doors {
				if (i == module || strings.HasPrefix(i, module+"/")) && p.ImportPath != door {
					t.Errorf("%s imports %s: that is the job of %s", p.ImportPath, i, door)
				}
			}
		}
	}
}

// packages lists the project's packages with what their code, without tests, imports.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "runner/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

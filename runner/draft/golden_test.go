package draft_test

import (
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"runner/runner"
	"runner/runner/draft"
	"runner/runner/vu"
	"runner/spec"
)

var update = flag.Bool("update", false, "write the golden plans anew")

// TestGoldenPlans makes the plans of small sources in the style of well-known ones, and runs each against a server.
func TestGoldenPlans(t *testing.T) {
	for _, c := range []struct {
		why     string
		file    string
		want    draft.Options
		serve   http.HandlerFunc
		secrets []string // of the source, which must not be in the plan
	}{
		{why: "commands of a shell", file: "login.curl", serve: answer(200, `{}`), secrets: []string{"wonderland-7", "s3cret-word"}},
		{why: "what Chrome records: a login, a cart, a redirect", file: "checkout.har", serve: shop, secrets: []string{"wonderland", "eyJhbGci", "north-west-7"}},
		{why: "references, allOf, oneOf, enums, all sorts of security", file: "petstore.openapi.yaml", serve: pets},
		{why: "3.1: types with null, const, bounds that are numbers, a server without a host", file: "tickets.openapi.json", serve: museum},
		{why: "folders, variables, dynamic ones, tests, auth that is inherited", file: "echo.postman_collection.json", serve: echo, secrets: []string{"pm-secret-token", "echo-password"}},
		{why: "every executor, thresholds, requests with plain addresses, and what takes more than reading", file: "shop.k6.js", serve: answer(200, `{}`), secrets: []string{"k6-secret-key"}},
		{why: "options alone", file: "options.k6.json", serve: answer(200, `{}`)},
		{why: "a log with ids, a redirect, and noise", file: "combined.access.log", serve: logged},
		{why: "a log in JSON, slower than one a second", file: "nginx.json.log", serve: answer(200, `{}`)},
		{why: "phases, a payload, captures, a loop, expectations, two flows", file: "shop.artillery.yml", serve: asciiArt, secrets: []string{"art-secret-key"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			plan, text := drafted(t, c.file, c.want)
			golden(t, c.file+".yaml", text)
			for _, s := range c.secrets {
				if strings.Contains(text, s) {
					t.Errorf("the secret %q is in the plan", s)
				}
			}
			target := httptest.NewServer(c.serve)
			defer target.Close()
			once(t, plan, text, target.URL)
		})
	}
}

// drafted makes a plan of a file in testdata.
func drafted(t *testing.T, file string, want draft.Options) (*draft.Plan, string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	files := func(name string) ([]byte, error) {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			err = errors.New("there is no such file")
		}
		return text, err
	}
	plan, err := draft.From(draft.Input{Name: file, Text: source, Files: files}, "", want)
	if err != nil {
		t.Fatal(err)
	}
	return plan, plan.Text()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is another plan now (go test -update writes it):\n%s", path, got)
	}
}

// compiled loads and compiles a plan's text with every variable that it needs. Addresses of hosts become that of target.
func compiled(t testing.TB, plan *draft.Plan, text, target string) *runner.Program {
	t.Helper()
	env := map[string]string{"BASE_URL": target}
	for _, v := range plan.Env {
		switch {
		case strings.HasSuffix(v.Name, "_URL"), v.Name == "GATEWAY":
			env[v.Name] = target
		case v.Secret || v.Required:
			env[v.Name] = "set-by-the-test"
		}
	}
	loaded, problems := load(t, text)
	program, problems := runner.Compile(loaded, problems, runner.Options{Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }})
	if len(problems) > 0 {
		t.Fatalf("the plan is wrong:\n%v\n%s", problems, text)
	}
	return program
}

// load loads a plan's text from a file beside the sources, because it may name files there.
func load(t testing.TB, text string) (*spec.Plan, spec.Problems) {
	t.Helper()
	f, err := os.CreateTemp("testdata", ".plan-*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	return spec.Load(f.Name(), spec.Options{})
}

// once runs one iteration of every scenario, in which everything must hold.
func once(t *testing.T, plan *draft.Plan, text, target string) {
	t.Helper()
	var said []string
	log := trace{said: &said}
	ok, err := compiled(t, plan, text, target).Once(context.Background(), runner.OnceOptions{
		Trace: func(string) vu.Trace { return log }, Log: func(line string) { said = append(said, line) },
		Ended: func(part string, err error) { log.add("%s: %v", part, err) },
	}, func(func(string) string) {})
	if err != nil || !ok {
		t.Errorf("the plan does not hold: %v\n%s\n%s", err, strings.Join(said, "\n"), text)
	}
}

// answer is a target that always says the same.
func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		reply(w, status, body)
	}
}

// shop is the shop of the recording, with other ids and another token than those that were recorded.
func shop(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	authorized := r.Header.Get("Authorization") == "Bearer a-new-token"
	switch {
	case r.URL.Path == "/login":
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "fresh", Path: "/"})
	case r.URL.Path == "/api/login":
		reply(w, 200, `{"token":"a-new-token","user":{"id":99}}`)
	case r.URL.Path == "/carts" && authorized && r.URL.Query().Get("user") == "99" && string(body) == `{"owner":99,"items":[]}`:
		reply(w, 201, `{"data":{"cart":{"id":"c-other","e.tag":"W-other"}}}`)
	case r.URL.Path == "/carts/c-other/items/9" && authorized && r.Header.Get("If-Match") == "W-other" && string(body) == "qty=2&note=f%C3%BCr+%24%7Bdich%7D+%23":
		w.Header().Set("Location", "/orders/5")
		w.WriteHeader(http.StatusFound)
	case r.URL.Path == "/orders/c-other" && authorized:
		reply(w, 404, `{"error":"gone"}`)
	default:
		reply(w, 500, "the plan asks for "+r.URL.String()+" with "+string(body))
	}
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// pets is the pet store; it looks at the parts of requests that were made up.
func pets(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch r.Method + " " + r.URL.Path {
	case "POST /pet":
		if !regexp.MustCompile(`"name":"[A-Za-z0-9]{8}"`).Match(body) || !regexp.MustCompile(`"photoUrls":\["http`).Match(body) || strings.Contains(string(body), `"id":1,"name"`) {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	case "POST /":
		reply(w, 200, `{"access_token":"t","expires_in":3600}`)
	case "GET /pet/findByStatus":
		if r.URL.RawQuery != "status=available&status=sold&limit=20" {
			w.WriteHeader(http.StatusBadRequest)
		}
	case "POST /store/order":
		if !strings.Contains(string(body), "petId=10") || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			w.WriteHeader(http.StatusBadRequest)
		} else {
			w.WriteHeader(http.StatusCreated)
		}
	default:
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
		} else if r.Header.Get("api_key") != "set-by-the-test" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
}

func museum(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	switch {
	case r.Method == http.MethodPost && (user != "user" || password != "set-by-the-test" || r.Header.Get("Content-Type") != "application/vnd.museum+json"):
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method == http.MethodPost && !strings.HasPrefix(r.URL.Path, "/events/3be6453c-03eb-4357-ae5a-984a0e574a54"):
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodPost:
		w.WriteHeader(http.StatusCreated)
	case user != "":
		w.WriteHeader(http.StatusBadRequest)
	}
}

// echo is a target with the replies that the collection's tests expect.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	user, _, _ := r.BasicAuth()
	switch {
	case r.URL.Path == "/get" && r.URL.Query().Get("foo1") == "blue # ${x}" && r.Header.Get("Authorization") == "Bearer set-by-the-test":
		reply(w, 200, `{"args":{"foo1":"blue"},"order":{"id":77}}`)
	case r.URL.Path == "/orders/77" && user == "postman" && strings.Contains(string(body), `"id":"77"`):
		reply(w, 201, `{}`)
	case r.URL.Path == "/users/7/form" && string(body) == "strange=blue+%23+%24%7Bx%7D+%26+more" && r.Header.Get("Authorization") == "":
	case r.URL.Path == "/upload" && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data"):
	case r.URL.Path == "/graphql":
		reply(w, 200, `{"data":{}}`)
	default:
		reply(w, 500, "the plan asks for "+r.URL.String()+" with "+string(body))
	}
}

// logged answers as the log says.
func logged(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/orders":
		w.WriteHeader(http.StatusCreated)
	case "/old/${x}":
		w.WriteHeader(http.StatusMovedPermanently)
	case "/products/78":
		w.WriteHeader(http.StatusNotFound)
	}
}

// asciiArt is the target of the Artillery script.
func asciiArt(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch {
	case r.Header.Get("X-Api-Key") != "set-by-the-test":
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path == "/session":
		reply(w, 200, `{"session":{"token":"from-setup"}}`)
	case r.URL.Path == "/search" && regexp.MustCompile(`^\{"kw":"(dinosaur|armadillo)","n":"\d+"\}$`).Match(body):
		reply(w, 200, `{"results":[{"id":9,"name":"x"}]}`)
	case r.URL.Path == "/product/9/details" && r.URL.Query().Get("t") == "from-setup":
		reply(w, 200, `{"id":9}`)
	case r.URL.Path == "/cart" && string(body) == "productId=9":
		w.WriteHeader(http.StatusCreated)
	case r.URL.Path == "/colors/red", r.URL.Path == "/colors/blue":
	default:
		reply(w, 500, "the plan asks for "+r.URL.String()+" with "+string(body))
	}
}

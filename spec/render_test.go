package spec

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// same compares two plans in all but their places.
func same(a, b *Plan) bool {
	return reflect.DeepEqual(placeless(a), placeless(b))
}

// placeless is what a plan says, without positions and files.
func placeless(p *Plan) string {
	c := *p
	c.File, c.Root, c.Sources, c.tree, c.whole, c.fence, c.deferred = "", "", nil, nil, nil, fence{}, nil
	c.Profile, c.Profiles, c.Filtered = "", nil, nil
	open := ""
	for _, d := range p.deferred {
		open += d.owner + "/" + d.key + "=" + d.text.Value + ";"
	}
	return describe(reflect.ValueOf(c)) + open
}

func describe(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "nil"
		}
		return describe(v.Elem())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Pos]() {
			return ""
		}
		s := v.Type().Name() + "{"
		for i := range v.NumField() {
			s += v.Type().Field(i).Name + ":" + describe(v.Field(i)) + " "
		}
		return s + "}"
	case reflect.Slice:
		s := "["
		for i := range v.Len() {
			s += describe(v.Index(i)) + ","
		}
		return s + "]"
	case reflect.Map, reflect.Func:
		return v.Kind().String()
	}
	switch v.Kind() {
	case reflect.String:
		return fmt.Sprintf("%q", v.String())
	case reflect.Bool:
		return fmt.Sprint(v.Bool())
	}
	if v.CanUint() {
		return fmt.Sprint(v.Uint())
	}
	return fmt.Sprint(v.Int())
}

const everything = `version: 1
name: "all: of it"
description: |
    first
      second # not a comment

x-plain: first
  paragraph

  second
env: { A: {}, B: { default: "", description: x } }
vars: &v { a: 1, b: "1", c: [1, [2, "${x}"], {}, []], d: null, e: { "k: k": 1.10 }, f: "\u2028\t\"\\" }
generators: { g: *v }
x-note: [anything]
http: { base_url: "http://127.0.0.1:1", headers: { A: 'it''s' } }
setup:
  - get: /a
scenarios:
  s:
    tags: { t: yes }
    vars: { <<: *v, z: 1 }
    executor:
      type: ramping-arrival-rate
      stages:
        - { duration: 1s, target: 5/s, name: up }
        - duration: ${vars.d}
          target: 300/m
    steps:
      - post: /a?b=c#d
        body: >-
          folded
          text
        check:
          - status == 200
          - 'json("a #b") == 1'
        capture: { a: { from: status, default: [1] } }
        thresholds: [p95 < 1s, { that: [p99 < 2s] }]
      - parallel:
          - get: /
          - - nested
        limit: 2
`

func TestRenderReadsBack(t *testing.T) {
	text := strings.Replace(everything, "          - - nested\n", "          - if: x\n            then: [{ stop: }]\n", 1)
	plan := load(t, text, Options{})
	for _, origins := range []bool{false, true} {
		var shown strings.Builder
		if err := plan.Render(&shown, origins); err != nil {
			t.Fatal(err)
		}
		again := load(t, shown.String(), Options{})
		if !same(plan, again) {
			t.Errorf("got\n%s\nwant\n%s\nfrom\n%s", placeless(again), placeless(plan), shown.String())
		}
	}
}

func TestRenderShowsOrigins(t *testing.T) {
	path := writeFiles(t, map[string]string{
		"plan.yaml": "include: a.yaml\n" + base,
		"a.yaml":    "vars: { v: 1 }\nname: shared\n",
	})
	t.Chdir(filepath.Dir(path))
	plan, problems := Load("plan.yaml", Options{Overrides: Overrides{VUs: ptr(int64(9))}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var shown strings.Builder
	if err := plan.Render(&shown, true); err != nil {
		t.Fatal(err)
	}
	want := `version: 1 # plan.yaml:2
name: shared # a.yaml:2
vars: # a.yaml:1
  v: 1 # a.yaml:1
http: # plan.yaml:3
  base_url: "http://127.0.0.1:1" # plan.yaml:3
scenarios: # plan.yaml:4
  s: # plan.yaml:5
    executor: # plan.yaml:6
      type: constant-vus # plan.yaml:6
      vus: 9 # flag
      duration: 1s # plan.yaml:6
    steps: # plan.yaml:7
      - get: / # plan.yaml:8
`
	if shown.String() != want {
		t.Errorf("got\n%s\nwant\n%s", shown.String(), want)
	}
}

// leaf draws a scalar as an author may write it, with the YAML for it in block form.
func leaf() *rapid.Generator[string] {
	text := rapid.StringMatching(`[ -~äß€😀\t]{0,12}`)
	return rapid.OneOf(
		rapid.StringMatching(`[a-z][a-z0-9 _.-]{0,8}[a-z]`),
		rapid.Custom(func(t *rapid.T) string { return DoubleQuoted(text.Draw(t, "quoted")) }),
		rapid.Custom(func(t *rapid.T) string {
			return "'" + strings.ReplaceAll(text.Draw(t, "single"), "'", "''") + "'"
		}),
		rapid.SampledFrom([]string{"1", "1.10", "-5", "true", "null", "~", "{}", "[]", "${vars.x}", "a#b", "a:b", "1e3", ".5"}),
	)
}

// tree draws a document of values in YAML.
func tree(depth int, indent string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		kind := rapid.IntRange(0, 4).Draw(t, "kind")
		n := rapid.IntRange(1, 3).Draw(t, "n")
		switch {
		case depth == 0 || kind > 2:
			return " " + leaf().Draw(t, "leaf") + "\n"
		case kind == 2:
			s := rapid.SampledFrom([]string{"|", "|-", "|+"}).Draw(t, "chomp")
			s = " " + s + "\n"
			for range n {
				s += indent + "  " + rapid.StringMatching(`[a-z#:"' ]{0,9}[a-z]`).Draw(t, "line")[0:] + "\n"
			}
			return strings.Replace(s, "|", "|2", 1)
		}
		s := "\n"
		for i := range n {
			if kind == 0 {
				s += fmt.Sprintf("%sk%d:", indent+"  ", i)
			} else {
				s += indent + "  -"
			}
			s += tree(depth-1, indent+"  ").Draw(t, "child")
		}
		return s
	})
}

// Whatever is merged: what is shown loads to the same plan.
func TestRenderProperty(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		vars := func(label string) string {
			s := ""
			for i := range rapid.IntRange(1, 3).Draw(rt, label) {
				s += fmt.Sprintf("  v%d:%s", i, tree(2, "  ").Draw(rt, label))
			}
			return "vars:\n" + s
		}
		replace(rt, dir, "a.yaml", vars("included"))
		replace(rt, dir, "plan.yaml", "include: a.yaml\n"+base+vars("own"))
		plan, problems := Load(filepath.Join(dir, "plan.yaml"), Options{})
		if len(problems) > 0 {
			rt.Fatal(problems)
		}
		var shown strings.Builder
		if err := plan.Render(&shown, rapid.Bool().Draw(rt, "origins")); err != nil {
			rt.Fatal(err)
		}
		replace(rt, dir, "shown.yaml", shown.String())
		again, problems := Load(filepath.Join(dir, "shown.yaml"), Options{})
		if len(problems) > 0 {
			rt.Fatal(problems, "\n", shown.String())
		}
		if !same(plan, again) {
			rt.Fatalf("got\n%s\nwant\n%s\nfrom\n%s", placeless(again), placeless(plan), shown.String())
		}
	})
}

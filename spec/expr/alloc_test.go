package expr

import (
	"testing"

	"runner/spec"
)

// What runs for every request allocates nothing.
func TestAllocations(t *testing.T) {
	for _, source := range []string{
		`status == 200 && duration < 500ms`, `status != 404 || waiting > 1s`, `json("received") == true`, `json("state") == "done"`, `json("id") == 7`,
		`json("count") > 10`, `status in [200, 201, 204]`, `status in 200..299`, `200 <= status < 300`, `has("id") && !has("missing")`, `json("id")`, `token`, `vars.base`, `token == "tok"`,
		`json("state") in ["done", "open"]`, `json("state") startsWith "do"`, `json("state") matches "^d"`, `json("none") ?? true`,
		`status == 200 ? json("received") : false`, `json("id") + 1 < 10`,
	} {
		vm, p := machine(t), mustCompile(t, source, Any)
		if n := testing.AllocsPerRun(200, func() { _, _ = p.Eval(vm) }); n != 0 {
			t.Errorf("%s: %v allocations", source, n)
		}
	}
}

func TestTemplateAllocations(t *testing.T) {
	vm := machine(t)
	template, _ := CompileText(spec.Text{Value: "/users/${token}/${json('id')}?x=${vars.base}"}, everything(t))
	tree := mustTree(t, object("id", plainText("${json('id')}"), "name", quotedText("${token}"), "text", quotedText("a ${token} b"), "n", plainText("1.5"), "fixed", object("a", plainText("x"))))
	buf := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(200, func() { buf, _ = template.Append(buf[:0], vm) }); n != 0 {
		t.Errorf("a text: %v allocations", n)
	}
	if n := testing.AllocsPerRun(200, func() { buf, _ = tree.AppendJSON(buf[:0], vm) }); n != 0 {
		t.Errorf("JSON: %v allocations", n)
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, source := range []string{`status == 200 && duration < 500ms`, `json("received") == true`, `len(filter(json("items"), .price > 5)) == 1`} {
		b.Run(source, func(b *testing.B) {
			vm, p := machine(b), mustCompile(b, source, Bool)
			b.ReportAllocs()
			for b.Loop() {
				_, _ = p.Bool(vm)
			}
		})
	}
}

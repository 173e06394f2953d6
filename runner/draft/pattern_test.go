package draft

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// TestPatterns compiles every pattern of the package: most are first asked for in the midst of a user's file.
func TestPatterns(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files, seen := token.NewFileSet(), 0
	for _, name := range names {
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "pattern" {
				seen++
				if _, err := regexp.Compile(constant(t, call.Args[0])); err != nil {
					t.Errorf("%s: %v", files.Position(call.Pos()), err)
				}
			}
			return true
		})
	}
	if seen < 50 {
		t.Errorf("saw only %d patterns", seen)
	}
}

// constant is the value of a text written as literals and sums of them.
func constant(t *testing.T, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return constant(t, e.X) + constant(t, e.Y)
	}
	t.Fatalf("a pattern is no constant text: %T", e)
	return ""
}

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// docs are the doc comments of package spec: by type name, and by type and field as Type.Field.
type docs map[string]string

// readDocs reads the doc comments of a folder's Go files.
func readDocs(dir string) (docs, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	d := docs{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		d.file(file)
	}
	return d, nil
}

func (d docs) file(file *ast.File) {
	for _, decl := range file.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, s := range g.Specs {
			t := s.(*ast.TypeSpec)
			doc := t.Doc
			if doc == nil && len(g.Specs) == 1 {
				doc = g.Doc
			}
			d[t.Name.Name] = oneLine(doc)
			if st, ok := t.Type.(*ast.StructType); ok {
				for _, f := range st.Fields.List {
					for _, name := range f.Names {
						d[t.Name.Name+"."+name.Name] = oneLine(f.Doc)
					}
				}
			}
		}
	}
}

// oneLine joins a comment's lines.
func oneLine(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	return strings.Join(strings.Fields(c.Text()), " ")
}

// of is a type's doc without its own name in front: "Barrier holds …" becomes "Holds …".
func (d docs) of(name string) string {
	text := strings.TrimPrefix(d[name], name+" ")
	text = strings.TrimPrefix(text, "is ")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
)

// schema is the part of JSON Schema 2020-12 that is needed. Its fields are in the order in which they are written.
type schema struct {
	Schema      string     `json:"$schema,omitempty"`
	ID          string     `json:"$id,omitempty"`
	Title       string     `json:"title,omitempty"`
	Ref         string     `json:"$ref,omitempty"`
	Description string     `json:"description,omitempty"`
	Type        string     `json:"type,omitempty"`
	AnyOf       []schema   `json:"anyOf,omitempty"`
	Format      string     `json:"format,omitempty"`
	Const       string     `json:"const,omitempty"`
	Minimum     *int       `json:"minimum,omitempty"`
	Items       *schema    `json:"items,omitempty"`
	Values      *schema    `json:"additionalProperties,omitempty"`
	Properties  properties `json:"properties,omitempty"`
	Required    []string   `json:"required,omitempty"`
	Defs        properties `json:"$defs,omitempty"`
}

// properties keep the order of the source.
type properties []property

type property struct {
	name string
	schema
}

// MarshalJSON writes an object.
func (p properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, field := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(field.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(field.schema)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// generate is the schema of the type Result in a Go source, as indented JSON.
func generate(source []byte) ([]byte, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "result.go", source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var root schema
	for _, decl := range file.Decls {
		types, ok := decl.(*ast.GenDecl)
		if !ok || types.Tok != token.TYPE {
			continue
		}
		s, err := object(types)
		if err != nil {
			return nil, err
		}
		name := types.Specs[0].(*ast.TypeSpec).Name.Name
		if name == "Result" {
			s.Defs, root = root.Defs, s
			continue
		}
		root.Defs = append(root.Defs, property{name, s})
	}
	if len(root.Properties) == 0 {
		return nil, fmt.Errorf("no type Result")
	}
	root.Schema, root.ID, root.Title = "https://json-schema.org/draft/2020-12/schema", "result.schema.json", "Result of a run"
	out, err := json.MarshalIndent(root, "", "  ")
	return append(out, '\n'), err
}

// object is the schema of a struct. Every field without omitempty is required. Objects are open: later versions of
// result/v1 may add fields.
func object(decl *ast.GenDecl) (schema, error) {
	spec := decl.Specs[0].(*ast.TypeSpec)
	out := schema{Type: "object", Description: sentence(decl.Doc)}
	fields, ok := spec.Type.(*ast.StructType)
	if !ok {
		return out, fmt.Errorf("%s is not a struct", spec.Name)
	}
	for _, f := range fields.Fields.List {
		if !f.Names[0].IsExported() {
			continue
		}
		s, err := typeSchema(f.Type)
		if err != nil {
			return out, fmt.Errorf("%s.%s: %w", spec.Name, f.Names[0], err)
		}
		name, options, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
		if s.Description = join(sentence(f.Doc), sentence(f.Comment)); name == "schema" {
			s.Const, s.Description = "result/v1", "version of this form"
		}
		out.Properties = append(out.Properties, property{name, s})
		if options != "omitempty" {
			out.Required = append(out.Required, name)
		}
	}
	return out, nil
}

func typeSchema(t ast.Expr) (schema, error) {
	switch t := t.(type) {
	case *ast.Ident:
		return named(t.Name)
	case *ast.StarExpr: // nil is null
		one, err := typeSchema(t.X)
		return schema{AnyOf: []schema{one, {Type: "null"}}}, err
	case *ast.ArrayType:
		items, err := typeSchema(t.Elt)
		return schema{Type: "array", Items: &items}, err
	case *ast.MapType:
		values, err := typeSchema(t.Value)
		return schema{Type: "object", Values: &values}, err
	case *ast.SelectorExpr:
		if t.Sel.Name == "Time" {
			return schema{Type: "string", Format: "date-time"}, nil
		}
	}
	return schema{}, fmt.Errorf("no schema for %T", t)
}

func named(name string) (schema, error) {
	switch name {
	case "string":
		return schema{Type: "string"}, nil
	case "bool":
		return schema{Type: "boolean"}, nil
	case "float64":
		return schema{Type: "number"}, nil
	case "int", "int64":
		return schema{Type: "integer"}, nil
	case "uint64":
		return schema{Type: "integer", Minimum: new(int)}, nil
	case "any":
		return schema{}, nil
	}
	if !ast.IsExported(name) {
		return schema{}, fmt.Errorf("unknown type %s", name)
	}
	return schema{Ref: "#/$defs/" + name}, nil
}

// sentence is a comment on one line.
func sentence(c *ast.CommentGroup) string {
	return strings.Join(strings.Fields(c.Text()), " ")
}

func join(a, b string) string { return strings.TrimSpace(a + " " + b) }

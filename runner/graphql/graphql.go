// Package graphql reads GraphQL documents before a run: their operations and variables. It is the one place that knows the
// parser. It does not know schemas of targets, requests or plans.
package graphql

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// Error is a mistake in a document. Line and Col count from 1.
type Error struct {
	Line, Col int
	Message   string
}

// Error is the message without its place.
func (e *Error) Error() string { return e.Message }

// Operation is one operation of a document.
type Operation struct {
	Name      string // "" for one without
	Variables []Variable
}

// Variable is one variable of an operation.
type Variable struct {
	Name, Type string
	Required   bool // not null, and without a default
}

// Parse reads a document and finds the operation to run; name is "" where the document has only one. The error is an *Error.
func Parse(document, name string) (Operation, error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return Operation{}, explain(err)
	}
	var names []string
	for _, o := range doc.Operations {
		names = append(names, o.Name)
		if o.Name == name && name != "" || name == "" && len(doc.Operations) == 1 {
			return operation(o), nil
		}
	}
	switch {
	case len(names) == 0:
		return Operation{}, &Error{1, 1, "the document has no operation"}
	case name == "":
		return Operation{}, &Error{1, 1, fmt.Sprintf("the document has %d operations (%s): say which one with operation", len(names), strings.Join(names, ", "))}
	}
	return Operation{}, &Error{1, 1, fmt.Sprintf("the document has no operation %q (it has %s)", name, strings.Join(names, ", "))}
}

func operation(o *ast.OperationDefinition) Operation {
	found := Operation{Name: o.Name}
	for _, v := range o.VariableDefinitions {
		found.Variables = append(found.Variables, Variable{Name: v.Variable, Type: v.Type.String(), Required: v.Type.NonNull && v.DefaultValue == nil})
	}
	return found
}

// explain is a parser's error with its place.
func explain(err error) *Error {
	e := &Error{1, 1, err.Error()}
	if one, ok := errors.AsType[*gqlerror.Error](err); ok {
		e.Message = one.Message
		if len(one.Locations) > 0 {
			e.Line, e.Col = one.Locations[0].Line, one.Locations[0].Column
		}
	}
	return e
}

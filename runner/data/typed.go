package data

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"runner/spec"
)

// convert makes a value of a field's text.
type convert func(text string) (any, error)

// typed is the index of the words of a column's type.
var typed = map[string]convert{
	"string": nil,
	"int": func(text string) (any, error) {
		n, err := strconv.ParseInt(text, 10, 64)
		return n, wrong(err, text, "a whole number")
	},
	"float": func(text string) (any, error) {
		f, err := strconv.ParseFloat(text, 64)
		if err == nil && f-f != 0 {
			err = strconv.ErrSyntax
		}
		return f, wrong(err, text, "a number")
	},
	"bool": func(text string) (any, error) {
		if text != "true" && text != "false" {
			return nil, wrong(strconv.ErrSyntax, text, "true or false")
		}
		return text == "true", nil
	},
}

func wrong(err error, text, want string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("%q is too large", text)
	}
	return fmt.Errorf("%q is not %s", text, want)
}

// converters lists the conversion of each column. A type for a column that there is not is a mistake of the plan.
func converters(types spec.Map[spec.Word], columns []string) ([]convert, error) {
	if len(types) == 0 {
		return nil, nil
	}
	list := make([]convert, len(columns))
	for _, t := range types {
		i := slices.Index(columns, t.Key)
		if i < 0 {
			return nil, &fault{column: t.Key, text: fmt.Sprintf("the file has no column %q", t.Key), hint: "have: " + strings.Join(columns, ", ")}
		}
		list[i] = typed[t.Value.Value]
	}
	return list, nil
}

package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// postgrest is the shape of PostgREST's errors.
type postgrest struct {
	Code    string  `json:"code"`
	Details *string `json:"details"`
	Hint    *string `json:"hint"`
	Message string  `json:"message"`
}

func postgrestError(status int, code, message, hint string) reply {
	e := postgrest{Code: code, Message: message}
	if hint != "" {
		e.Hint = &hint
	}
	return reply{status: status, body: e}
}

func unparsable(key, value, details string) *reply {
	message := fmt.Sprintf("\"failed to parse %s (%s)\" (line 1, column 1)", key, value)
	return &reply{status: http.StatusBadRequest, body: postgrest{Code: "PGRST100", Details: &details, Message: message}}
}

func noColumn(table, name string) *reply {
	r := postgrestError(http.StatusBadRequest, "42703", fmt.Sprintf("column %s.%s does not exist", table, name), "")
	return &r
}

// operand is the text of a filter as a value of the column's type, in the form in which the database holds it.
func operand(c column, value string) (any, *reply) {
	code, kind := "22P02", ""
	switch c.kind {
	case text:
		return value, nil
	case integer:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return n, nil
		}
		kind = "integer"
	case uuid:
		if uuidShape.MatchString(value) {
			return strings.ToLower(value), nil
		}
		kind = "uuid"
	case timestamp:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
			if at, err := time.Parse(layout, value); err == nil {
				return stamp(at), nil
			}
		}
		code, kind = "22007", "timestamp with time zone"
	}
	r := postgrestError(http.StatusBadRequest, code, fmt.Sprintf("invalid input syntax for type %s: %q", kind, value), "")
	return nil, &r
}

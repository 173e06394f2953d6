package main

import (
	"fmt"
	"net/http"
	"strings"
)

// comparisons are the operators that take one value.
var comparisons = map[string]string{
	"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=",
	"like":  "GLOB", // SQLite's LIKE ignores case, which is ilike
	"ilike": "LIKE",
}

// filter translates column=operator.value, with an optional "not." before the operator.
func (q *query) filter(t table, key, value string) *reply {
	c, ok := t.column(key)
	if !ok {
		return noColumn(q.table, key)
	}
	rest, negated := strings.CutPrefix(value, "not.")
	op, argument, ok := strings.Cut(rest, ".")
	if !ok {
		return unparsable("filter", value, "expecting operator.value, as in eq.5")
	}
	condition, args, refusal := condition(c, op, argument)
	if refusal != nil {
		return refusal
	}
	if negated {
		condition = "NOT (" + condition + ")"
	}
	q.where, q.args = append(q.where, condition), append(q.args, args...)
	return nil
}

func condition(c column, op, argument string) (string, []any, *reply) {
	switch op {
	case "is":
		test, refusal := isCondition(c, argument)
		return test, nil, refusal
	case "in":
		return inCondition(c, argument)
	}
	sign, ok := comparisons[op]
	if !ok {
		return "", nil, unparsable("filter", op+"."+argument, fmt.Sprintf("unexpected %q expecting not, eq, neq, gt, gte, lt, lte, like, ilike, is or in", op))
	}
	if sign == "GLOB" || sign == "LIKE" {
		if c.kind != text {
			refusal := postgrestError(http.StatusNotFound, "42883", "operator does not exist: "+c.name+" ~~ unknown", "No operator matches the given name and argument types.")
			return "", nil, &refusal
		}
		return quote(c.name) + " " + sign + " ?", []any{pattern(sign, argument)}, nil
	}
	value, refusal := operand(c, argument)
	return quote(c.name) + " " + sign + " ?", []any{value}, refusal
}

func isCondition(c column, argument string) (string, *reply) {
	switch strings.ToLower(argument) {
	case "null":
		return quote(c.name) + " IS NULL", nil
	case "not_null":
		return quote(c.name) + " IS NOT NULL", nil
	case "true", "false", "unknown":
		refusal := postgrestError(http.StatusBadRequest, "42804", "argument of IS "+strings.ToUpper(argument)+" must be type boolean", "")
		return "", &refusal
	}
	return "", unparsable("filter", "is."+argument, "expecting null, not_null, true, false or unknown")
}

func inCondition(c column, argument string) (string, []any, *reply) {
	items, ok := list(argument)
	if !ok {
		return "", nil, unparsable("filter", "in."+argument, `expecting a list, as in (1,2) or ("a,b",c)`)
	}
	if len(items) == 0 {
		return "0", nil, nil
	}
	args := make([]any, len(items))
	for i, item := range items {
		value, refusal := operand(c, item)
		if refusal != nil {
			return "", nil, refusal
		}
		args[i] = value
	}
	return quote(c.name) + " IN (?" + strings.Repeat(", ?", len(items)-1) + ")", args, nil
}

// list splits PostgREST's (a,"b,c",d). Inside quotes a backslash takes the next character as it is.
func list(s string) (items []string, ok bool) {
	s, open := strings.CutPrefix(s, "(")
	s, closed := strings.CutSuffix(s, ")")
	if !open || !closed {
		return nil, false
	}
	if s == "" {
		return nil, true
	}
	var item strings.Builder
	quoted, escaped := false, false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
			item.WriteRune(r)
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case r == ',' && !quoted:
			items = append(items, item.String())
			item.Reset()
		default:
			item.WriteRune(r)
		}
	}
	return append(items, item.String()), !quoted && !escaped
}

// pattern makes a like pattern, in which * and % are any text and _ is any character, one of GLOB's or LIKE's.
func pattern(sign, like string) string {
	if sign == "LIKE" {
		return strings.ReplaceAll(like, "*", "%")
	}
	return strings.NewReplacer("%", "*", "_", "?", "?", "[?]", "[", "[[]").Replace(like)
}

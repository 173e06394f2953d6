package main

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// How the clients say how many requests they made.
var (
	runnerCount = regexp.MustCompile(`([\d,]+) requests?, 0 failed`)
	wrkCount    = regexp.MustCompile(`(\d+) requests in`)
	heyCount    = regexp.MustCompile(`\[200\]\s+(\d+) responses`)
	k6Count     = regexp.MustCompile(`http_reqs\.*: (\d+)`)
	h2loadCount = regexp.MustCompile(`requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded`)
)

// found is the number in what a client printed. A client that had failures is not compared.
func found(how *regexp.Regexp, printed string) (float64, error) {
	m := how.FindStringSubmatch(printed)
	if m == nil {
		return 0, errors.New("it did not say how many requests went well: " + lastLine(printed))
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
	if err == nil && n == 0 {
		err = errors.New("it made no request")
	}
	return n, err
}

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"runner/runner/draft"
	"runner/runner/report"
)

// asked is the plan of flags and, in a terminal, of answers. Without a terminal the flags have to say it.
func (s *streams) asked(f *newFlags) (*draft.Plan, error) {
	if f.basics.URL != "" {
		return draft.Begin(f.basics)
	}
	if !s.interactive() {
		return nil, errors.New("there is no terminal to ask questions in: say --from SOURCE, or --url https://… (with --rate, --vus, --duration, --p95)")
	}
	in := bufio.NewReader(s.in)
	for _, q := range f.basics.Questions() {
		if *q.Answer != "" || q.Skip != nil && q.Skip() {
			continue
		}
		if err := s.ask(in, q); err != nil {
			return nil, err
		}
		if *q.Answer == "-" {
			*q.Answer = ""
		}
	}
	if f.out == "" {
		if err := s.ask(in, whereTo(f)); err != nil {
			return nil, err
		}
	}
	return draft.Begin(f.basics)
}

// whereTo asks for the file.
func whereTo(f *newFlags) draft.Question {
	return draft.Question{Ask: "Which file shall hold the plan? (- for none: it is printed)", Usual: "plan.yaml", Answer: &f.out,
		Problem: func(path string) error { return free(path, f.force) }}
}

// ask asks until there is an answer that can be used. Nothing is the usual answer.
func (s *streams) ask(in *bufio.Reader, q draft.Question) error {
	for {
		fmt.Fprintf(s.err, "%s [%s] ", q.Ask, q.Usual)
		line, err := in.ReadString('\n')
		if err != nil {
			fmt.Fprintln(s.err)
			if errors.Is(err, io.EOF) {
				return errors.New("the answers ended too early: nothing was written")
			}
			return err
		}
		answer := strings.TrimSpace(line)
		if answer == "" {
			answer = q.Usual
		}
		if err := q.Problem(answer); err != nil {
			fmt.Fprintf(s.err, "  %s\n", report.Clean(err.Error()))
			continue
		}
		*q.Answer = answer
		return nil
	}
}

// interactive tells whether somebody sits in front of stdin.
func (s *streams) interactive() bool {
	f, ok := s.in.(*os.File)
	return ok && report.TerminalSize(f) != nil
}

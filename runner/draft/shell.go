package draft

import (
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// command is one simple command of a shell's text, its words without their quotes.
type command struct {
	line  int
	words []string
}

// shellMark stands in a word for a variable of the shell; it can't be typed.
const shellMark = "\ue000"

// shellCommands reads the text of a shell: quotes of every sort, continued lines, comments. The error has the place.
func shellCommands(file, text string, p *Plan) ([]command, error) {
	parsed, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), file)
	if err != nil {
		return nil, shellProblem(file, text, err)
	}
	var all []command
	syntax.Walk(parsed, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CmdSubst, *syntax.ProcSubst:
			return false
		case *syntax.CallExpr:
			if c := shellWords(n, p); len(c.words) > 0 {
				all = append(all, c)
			}
		}
		return true
	})
	return all, nil
}

func shellWords(n *syntax.CallExpr, p *Plan) command {
	c := command{line: int(n.Pos().Line())}
	for _, w := range n.Args {
		c.words = append(c.words, shellWord(w.Parts, p, false))
	}
	return c
}

// shellWord is a word's text; a variable is its name between marks.
func shellWord(parts []syntax.WordPart, p *Plan, quoted bool) string {
	var b strings.Builder
	for _, part := range parts {
		switch part := part.(type) {
		case *syntax.Lit:
			b.WriteString(unescapeLit(part.Value, quoted))
		case *syntax.SglQuoted:
			b.WriteString(ansiC(part))
		case *syntax.DblQuoted:
			b.WriteString(shellWord(part.Parts, p, true))
		case *syntax.ParamExp:
			b.WriteString(shellMark + part.Param.Value + shellMark)
		default:
			p.lose(int(part.Pos().Line()), "what a command of the shell writes here ($(…)): a variable SHELL stands in its place")
			b.WriteString(shellMark + "SHELL" + shellMark)
		}
	}
	return b.String()
}

// unescapeLit takes backslashes away as a shell does: all of them, or in double quotes those before what is special there.
func unescapeLit(s string, quoted bool) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) || quoted && !strings.ContainsRune("$`\"\\\n", rune(s[i+1])) {
			b.WriteByte(s[i])
			continue
		}
		if i++; s[i] != '\n' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// ansiC is the text of single quotes; those with a dollar have escapes, as browsers write them.
func ansiC(q *syntax.SglQuoted) string {
	if !q.Dollar {
		return q.Value
	}
	text, _, err := expand.Format(nil, strings.ReplaceAll(q.Value, "%", "%%"), nil)
	if err != nil {
		return q.Value
	}
	return text
}

// shellProblem puts an error of the shell's parser at its place.
func shellProblem(file, text string, err error) error {
	parse, ok := errors.AsType[syntax.ParseError](err)
	if !ok {
		return fmt.Errorf("%s: not a command of a shell: %w", file, err)
	}
	return problemAt(file, []byte(text), int(parse.Pos.Offset()), "not a command of a shell: "+parse.Text, "copy the whole command, with the quotes that belong to it")
}

var caret = pattern(`\^(\r?\n|.)`)

// fromCmd turns the quoting of Windows' cmd, as browsers copy it, into that of other shells.
func fromCmd(text string) string {
	if !strings.Contains(text, "^\n") && !strings.Contains(text, "^\r\n") && !strings.Contains(text, `^"`) {
		return text
	}
	text = strings.NewReplacer("$", "\\$", "`", "\\`").Replace(text)
	return caret().ReplaceAllStringFunc(text, func(m string) string {
		if strings.HasSuffix(m, "\n") {
			return "\\\n"
		}
		return m[1:]
	})
}

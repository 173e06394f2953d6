package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"runner/runner/draft"
	"runner/runner/report"
)

// newFlags are those of runner new.
type newFlags struct {
	from, kind, out string
	force           bool
	want            draft.Options
	basics          draft.Basics
}

func newNew(s *streams) *cobra.Command {
	f := &newFlags{}
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Write a first plan: out of questions, or of what you have (curl, HAR, OpenAPI, Postman, k6, Artillery, access log)",
		Long: "Write a plan to begin with. In a terminal it asks what to test; --url and the like answer beforehand. --from makes it\n" +
			"out of a file, of a curl command, or of what stands on stdin (-): what can't be carried over is listed at the top\n" +
			"of the plan and on stderr. Secrets become variables of the environment and are never written down.\n\n" +
			"  runner new\n" +
			"  runner new --url https://shop.example/api/articles --rate 10/s --duration 1m -o plan.yaml\n" +
			"  runner new --from curl='curl https://shop.example/api -H \"Authorization: Bearer …\"' -o plan.yaml\n" +
			"  runner new --from checkout.har -o plan.yaml\n" +
			"  runner new --from openapi.yaml --tag pets -o plan.yaml",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.newPlan(cmd, f) },
	}
	fs := cmd.Flags()
	fs.StringVar(&f.from, "from", "", "make the plan of this `SOURCE`: a file, - for stdin, or a curl command")
	fs.StringVar(&f.kind, "kind", "", "what the source is, if its content doesn't tell: "+strings.Join(draft.Kinds(), ", "))
	fs.StringVarP(&f.out, "out", "o", "", "write the plan to this `FILE` instead of stdout")
	fs.BoolVar(&f.force, "force", false, "overwrite the file if it is there")
	fs.StringVar(&f.want.Name, "name", "", "name of the plan")
	fs.StringArrayVar(&f.want.Tags, "tag", nil, "OpenAPI: only operations with this tag (repeatable)")
	fs.StringArrayVar(&f.want.Operations, "operation", nil, "OpenAPI: only this operation, by its id or as \"GET /path\" (repeatable)")
	fs.StringArrayVar(&f.want.Hosts, "host", nil, "HAR: requests to this host, too (repeatable)")
	fs.BoolVar(&f.want.Static, "static", false, "HAR and logs: pictures, scripts, styles and fonts, too")
	fs.StringVar(&f.basics.URL, "url", "", "without --from: what to request, as in https://shop.example/api/articles")
	fs.StringVar(&f.basics.Method, "method", "", "without --from: GET, POST, … (GET)")
	fs.StringVar(&f.basics.Rate, "rate", "", "without --from: how many requests arrive, as in 10/s")
	fs.StringVar(&f.basics.VUs, "vus", "", "without --from: how many users request one after the other, instead of a rate")
	fs.StringVar(&f.basics.Duration, "duration", "", "without --from: how long (30s)")
	fs.StringVar(&f.basics.P95, "p95", "", "without --from: how long 95 % of the requests may take (1s)")
	_ = cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(draft.Kinds(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	cmd.MarkFlagsMutuallyExclusive("from", "url")
	return cmd
}

// newPlan makes the plan, proves it, and writes it.
func (s *streams) newPlan(cmd *cobra.Command, f *newFlags) error {
	if err := free(f.out, f.force); err != nil {
		return err
	}
	plan, err := s.drafted(cmd, f)
	if err != nil {
		return err
	}
	text := plan.Text()
	if err := s.prove(plan, text, f.out); err != nil {
		return err
	}
	if f.out == "" || f.out == "-" {
		_, err = io.WriteString(s.out, text)
	} else {
		err = os.WriteFile(f.out, []byte(text), 0o644)
	}
	if err != nil {
		return fmt.Errorf("--out %s: %w", f.out, err)
	}
	s.tell(plan, f.out)
	return nil
}

// free tells whether a file may be written.
func free(out string, force bool) error {
	if out == "" || out == "-" || force {
		return nil
	}
	if _, err := os.Lstat(out); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("--out %s: the file is there already (--force overwrites it)", out)
	}
	return nil
}

// drafted is the plan of a source, or of answers.
func (s *streams) drafted(cmd *cobra.Command, f *newFlags) (*draft.Plan, error) {
	if f.from == "" {
		if cmd.Flags().Changed("from") {
			return nil, errors.New("--from is empty: name a file, or give a curl command")
		}
		f.basics.Name = f.want.Name
		return s.asked(f)
	}
	in, kind, err := s.source(f.from, f.kind)
	if err != nil {
		return nil, err
	}
	return draft.From(in, kind, f.want)
}

// tell says on stderr what the author has to know.
func (s *streams) tell(p *draft.Plan, out string) {
	for _, said := range p.Said {
		fmt.Fprintf(s.err, "note: %s\n", report.Clean(said))
	}
	for _, l := range p.Lost {
		fmt.Fprintf(s.err, "not carried over: %s\n", report.Clean(l.String()))
	}
	for _, v := range p.Env {
		if v.Secret || v.Required {
			fmt.Fprintf(s.err, "set before a run: %s\n", report.Clean(v.Need()))
		}
	}
	if out != "" && out != "-" {
		fmt.Fprintf(s.err, "wrote %s: look through it, then: runner once %s\n", out, out)
	}
}

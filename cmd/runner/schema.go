package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"runner/schemas"
)

func newSchema(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:       "schema [plan|result]",
		Short:     "Print the JSON Schema of plans (for editors) or of result files",
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"plan", "result"},
		RunE: func(_ *cobra.Command, args []string) error {
			text := schemas.Plan
			if len(args) == 1 && args[0] == "result" {
				text = schemas.Result
			}
			_, err := fmt.Fprintln(s.out, string(text))
			return err
		},
	}
}

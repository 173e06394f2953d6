package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newValidate(s *streams) *cobra.Command {
	flags := &planFlags{}
	cmd := &cobra.Command{
		Use:               "validate plan.yaml…",
		Short:             "Say everything that is wrong with plans, and run nothing",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completePlans,
		RunE: func(_ *cobra.Command, args []string) error {
			programs, err := s.load(flags, args)
			if err != nil {
				return err
			}
			for i, p := range programs {
				fmt.Fprintf(s.out, "%s: valid: %s\n", args[i], summary(p))
				s.warn(p)
			}
			return nil
		},
	}
	flags.register(cmd.Flags())
	return cmd
}

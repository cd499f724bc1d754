package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

func demoCommand(o *options) *cobra.Command {
	city := false
	cmd := &cobra.Command{
		Use: "demo", Short: "填入演示数据,不提供网页;--city 填一个全市那么大的 / fill in a demonstration without serving; --city one as large as a city",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			books := demo.Fill
			if city {
				books = func(l *journal.Ledger, clock *demo.Clock) error {
					return demo.FillCity(l, clock, demo.WholeCity, func(at string) { fmt.Fprintln(out, at) })
				}
			}
			if err := fill(o, books); err != nil {
				return err
			}
			fmt.Fprintf(out, "sanbian serve --data %s\n", o.data)
			return nil
		},
	}
	suiteFlag(cmd, &o.suite)
	cmd.Flags().BoolVar(&city, "city", false,
		"全市:1,102 个村、1,093 个经营主体、563,988 份持股、十年的账和合同 / a whole city: villages, entities, holdings, ten years of books and contracts")
	return cmd
}

package main

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/store"
)

func demoCommand(o *options) *cobra.Command {
	city := false
	cmd := &cobra.Command{
		Use: "demo", Short: "填入演示数据,不提供网页;--city 填一个全市那么大的 / fill in a demonstration without serving; --city one as large as a city",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			if !city {
				if err := fillDemo(o); err != nil {
					return err
				}
			} else if err := fillCity(o, func(at string) { fmt.Fprintln(out, at) }); err != nil {
				return err
			}
			fmt.Fprintf(out, "sanbian serve --data %s\n", o.data)
			return nil
		},
	}
	cmd.Flags().BoolVar(&city, "city", false,
		"全市:1,102 个村、1,093 个经营主体、563,988 份持股、十年的账和合同 / a whole city: villages, entities, holdings, ten years of books and contracts")
	return cmd
}

// fillCity fills a made-up city into an empty ledger, on a clock of its own.
func fillCity(o *options, say func(string)) error {
	clock := &demo.Clock{}
	b, err := o.open(true, clock.Now)
	if err != nil {
		return err
	}
	err = errors.Join(store.InOneGo(b.store, func() error { return demo.FillCity(b.Ledger, clock, demo.WholeCity, say) }), b.close())
	debug.FreeOSMemory()
	return err
}

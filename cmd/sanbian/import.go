package main

import (
	"bytes"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/region"
)

func importCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "从 CSV 文件导入 / import from CSV files", Args: cobra.NoArgs, RunE: unknownCommand}
	c.AddCommand(importDivisions(o), importShareholders(o))
	return c
}

func importDivisions(o *options) *cobra.Command {
	var p posting
	var city string
	c := &cobra.Command{
		Use: "divisions FILE", Short: "导入区划代码表 / import a table of division codes", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := readInput(cmd, args[0])
			if err != nil {
				return err
			}
			return o.post(cmd, p, append([]byte("divisions "+city+"\n"), text...), func(*ledger.View) (*exchange.Upload, error) {
				return exchange.ReadDivisions(bytes.NewReader(text), city)
			}, false)
		},
	}
	p.flags(c)
	c.Flags().StringVar(&city, "city", "", "市名,文件里没有时用 / name of the city, where the file leaves it out")
	return c
}

func importShareholders(o *options) *cobra.Command {
	var p posting
	var village, resolution string
	var f exchange.ShareholderFile
	c := &cobra.Command{
		Use: "shareholders FILE", Short: "导入股东,并按股份列配股 / import shareholders, and issue shares by class columns", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := readInput(cmd, args[0])
			if err != nil {
				return err
			}
			if f.Village, err = region.Parse(village); err != nil {
				return tell("村代码 %s 不对", village)
			}
			f.Resolution = resolution
			return o.post(cmd, p, append([]byte("shareholders "+village+f.Entity+f.Date+"\n"), text...), func(v *ledger.View) (*exchange.Upload, error) {
				if f.Date == "" {
					f.Date = string(v.Today())
				}
				if f.Entity != "" {
					if f.Classes, err = v.ShareClasses(f.Entity); err != nil {
						return nil, err
					}
				}
				return exchange.ReadShareholders(bytes.NewReader(text), f)
			}, false)
		},
	}
	p.flags(c)
	c.Flags().StringVar(&village, "village", "", "村的 12 位区划代码 / 12-digit code of the village")
	c.Flags().StringVar(&f.Entity, "entity", "", "经营主体编号,按它的股份名称配股 / entity whose class names head columns of shares")
	c.Flags().StringVar(&f.Date, "date", "", "配股日期,默认今天 / date of the issues, today by default")
	c.Flags().StringVar(&resolution, "resolution", "", "决议编号 / resolution")
	c.Flags().BoolVar(&f.Known, "known", false, "股东已登记,只配股 / the shareholders are registered, only issue shares")
	_ = c.MarkFlagRequired("village")
	_ = c.MarkFlagRequired("account")
	return c
}

package main

import (
	"bytes"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

func importCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "从 CSV 或 XLSX 文件导入 / import from CSV or XLSX files", Args: cobra.NoArgs, RunE: unknownCommand}
	c.AddCommand(importDivisions(o), importResults(o))
	for kind, short := range map[exchange.Kind]string{
		exchange.Shareholders:  "登记股东,并按股份列配股 / register shareholders, and issue shares by class columns",
		exchange.Holdings:      "给已登记的股东配股 / issue shares to registered shareholders",
		exchange.Trade:         "记成员交易 / record members' trade",
		exchange.Contributions: "记入股 / record contributions", exchange.Income: "记收支 / record income and expense",
	} {
		c.AddCommand(importRows(o, kind, short))
	}
	return c
}

// laid are the flags that say what a file does not say itself.
type laid struct {
	sheets         []string
	hidden         string
	columns, words map[string]string
}

func (l *laid) flags(c *cobra.Command) {
	c.Flags().StringArrayVar(&l.sheets, "sheet", nil,
		"读工作簿里的哪张表,可写几次;* 是每一张 / sheet of the workbook to read, may be given several times; * for all")
	c.Flags().StringVar(&l.hidden, "hidden", "", "藏起来的行和列:read 照样读,skip 不读 / hidden rows and columns: read or skip")
	c.Flags().StringToStringVar(&l.columns, "column", nil, "表头=列,不认识的表头当作哪一列;- 是略过 / heading=column of an unknown heading; - leaves it out")
	c.Flags().StringToStringVar(&l.words, "word", nil, "词=意思,不认识的词当作什么 / word=meaning of an unknown word")
}

// read reads a file for a purpose as the flags say that it is laid out.
func (l *laid) read(text []byte, v *journal.View, p exchange.Purpose) (*exchange.Upload, error) {
	if l.hidden != "" && l.hidden != sheet.ReadHidden && l.hidden != sheet.SkipHidden {
		return nil, tell("--hidden 只能是 read 或 skip,不是 %s", l.hidden)
	}
	layout := sheet.Layout{Sheets: l.sheets, Hidden: l.hidden}
	u, err := exchange.Read(bytes.NewReader(text), v, p, layout)
	for _, said := range []struct{ columns, words map[string]string }{{l.columns, nil}, {nil, l.words}} { // words are those of columns
		if err != nil || len(said.columns)+len(said.words) == 0 {
			continue
		}
		if layout, err = u.With(layout, said.columns, said.words); err == nil {
			err = u.Arrange(v, layout)
		}
	}
	return u, err
}

// importFile reads a file and posts it for a purpose; the same rows for the same purpose are posted once.
func (o *options) importFile(cmd *cobra.Command, p posting, l laid, name string, purpose exchange.Purpose) error {
	text, err := o.readInput(name)
	if err != nil {
		return err
	}
	return o.post(cmd, p, func(b *books, who journal.Actor) (u *exchange.Upload, requests []string, err error) {
		err = b.Read(who, func(v *journal.View) error {
			if purpose.Date == "" {
				purpose.Date = string(v.Today())
			}
			if u, err = l.read(text, v, purpose); err != nil {
				return err
			}
			if requests = []string{p.request}; p.request == "" {
				requests = u.RequestKeys(b.Ledger)
			}
			return nil
		})
		return u, requests, err
	}, false)
}

func importDivisions(o *options) *cobra.Command {
	var p posting
	var l laid
	var city string
	c := &cobra.Command{
		Use: "divisions FILE", Short: "导入区划代码表 / import a table of division codes", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.importFile(cmd, p, l, args[0], exchange.Purpose{Kind: exchange.Divisions, City: city})
		},
	}
	p.flags(c)
	l.flags(c)
	c.Flags().StringVar(&city, "city", "", "市名,文件里没有时用 / name of the city, where the file leaves it out")
	return c
}

// importResults reads a bank's result file for a batch.
func importResults(o *options) *cobra.Command {
	var p posting
	var l laid
	purpose := exchange.Purpose{Kind: exchange.Results}
	c := &cobra.Command{
		Use: "results FILE", Short: "读回银行的结果文件 / read back a bank's result file", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			purpose.Village = journal.PlaceOf(purpose.Batch)
			return o.importFile(cmd, p, l, args[0], purpose)
		},
	}
	p.flags(c)
	l.flags(c)
	c.Flags().StringVar(&purpose.Batch, "batch", "", "批次编号 / batch")
	c.Flags().StringVar(&purpose.Date, "date", "", "付款日期,默认今天 / date of payment, today by default")
	_ = c.MarkFlagRequired("batch")
	_ = c.MarkFlagRequired("account")
	return c
}

func importRows(o *options, kind exchange.Kind, short string) *cobra.Command {
	var p posting
	var l laid
	var village string
	purpose := exchange.Purpose{Kind: kind}
	c := &cobra.Command{
		Use: string(kind) + " FILE", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if purpose.Village, err = region.Parse(village); err != nil {
				return tell("村代码 %s 不对", village)
			}
			return o.importFile(cmd, p, l, args[0], purpose)
		},
	}
	p.flags(c)
	l.flags(c)
	c.Flags().StringVar(&village, "village", "", "村的 12 位区划代码 / 12-digit code of the village")
	c.Flags().StringVar(&purpose.Entity, "entity", "", "经营主体编号:配股、入股按它的股份,收支记它的账 / entity whose classes or whose book the rows are about")
	c.Flags().StringVar(&purpose.Date, "date", "", "行里没有日期的用这一天,默认今天 / date of rows without one, today by default")
	c.Flags().StringVar(&purpose.Resolution, "resolution", "", "决议编号 / resolution")
	c.Flags().BoolVar(&purpose.Repeat, "repeat", false, "台账里已有一样的也照样再记一遍 / record again what the books have in the same words")
	_ = c.MarkFlagRequired("village")
	_ = c.MarkFlagRequired("account")
	return c
}

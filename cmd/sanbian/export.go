package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// exporting are the flags of an export.
type exporting struct {
	account, place, of, on, out, format, bank string
	year                                      int
	filter                                    map[string]string
}

// ofFlags are the flags that name the one thing a list is of.
var ofFlags = map[*journal.Form][2]string{
	journal.EntityID: {"entity", "经营主体 / entity"}, journal.ClassID: {"class", "股份编号 / share class"},
	journal.DistributionID: {"distribution", "分红方案 / distribution"}, journal.BatchID: {"batch", "批次编号 / batch"},
}

func exportCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "export", Short: "导出 CSV 或 XLSX 文件 / export CSV or XLSX files", Args: cobra.NoArgs, RunE: unknownCommand}
	for _, l := range exchange.Lists() {
		c.AddCommand(exportList(o, l))
	}
	c.AddCommand(exportBatch(o), exportFormulas(o))
	return c
}

// exporter is a subcommand of export, with the flags that all have and that of what it is of.
func exporter(o *options, e *exporting, use, short string, of *journal.Form, must bool, write func(*books, journal.Actor, region.Code,
	sheet.To) error) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.export(cmd, e, write) },
	}
	c.Flags().StringVar(&e.account, "account", "", "以哪个账号的名义;会计导出完整号码并留痕,其他人导出遮住的 / the account to read as")
	c.Flags().StringVar(&e.place, "place", "", "地区的区划代码,默认账号的地区 / division code, by default the account's region")
	c.Flags().StringVarP(&e.out, "out", "o", "-", "写到哪个文件;以 .xlsx 结尾即为 XLSX / file to write to; XLSX where its name says so")
	c.Flags().StringVar(&e.format, "format", "", "csv、gb18030、xlsx 或 raw(不加保护符的 CSV) / format")
	if flag := ofFlags[of]; of != nil {
		c.Flags().StringVar(&e.of, flag[0], "", flag[1])
		if must {
			_ = c.MarkFlagRequired(flag[0])
		}
	}
	return c
}

// exportList is the command that writes a list.
func exportList(o *options, l exchange.List) *cobra.Command {
	var e exporting
	c := exporter(o, &e, l.Name, l.Title+" / "+l.English, l.Of, !l.Region,
		func(b *books, who journal.Actor, place region.Code, to sheet.To) error {
			return e.list(b, who, place, l, to)
		})
	if l.Years != exchange.NoYear {
		usage := "年度,默认最近一年 / year, by default the latest"
		if l.Years == exchange.AnyYear {
			usage = "年度,默认全部 / year, by default all"
		}
		c.Flags().IntVar(&e.year, "year", 0, usage)
	}
	if len(l.Filters) > 0 {
		c.Flags().StringToStringVar(&e.filter, "filter", nil,
			"只要其中一部分,如网页上的筛选 / a part of it, as pages narrow theirs: "+strings.Join(l.Filters, "=… ")+"=…")
	}
	if l.Dated {
		c.Flags().StringVar(&e.on, "on", "", "截至哪一天,默认今天 / as of the end of a day, today by default")
	}
	return c
}

// list writes a list. An accountant's has whole numbers, and the journal notes that they were taken out; everyone else gets them masked.
func (e *exporting) list(b *books, who journal.Actor, place region.Code, l exchange.List, to sheet.To) error {
	q := exchange.Asked{Place: place, Of: e.of, Year: e.year, Leave: map[string]register.Revealed{}}
	for name := range e.filter {
		if !slices.Contains(l.Filters, name) {
			return tell("这张表不能按 %s 筛选;可以按 %s", name, strings.Join(l.Filters, "、"))
		}
	}
	l.Narrow(&q, func(name string) string { return e.filter[name] })
	if e.on != "" {
		var err error
		if q.On, err = journal.ParseDate(e.on); err != nil {
			return tell("“%s”不是日期;请写成 2025-12-09", e.on)
		}
	}
	var ids []string
	if err := b.Read(who, func(v *journal.View) (err error) {
		q.View = v
		if l.Complete(&q); l.Whole != nil && who.May("RevealNumbers") {
			ids, err = l.Whole(q)
		}
		return err
	}); err != nil {
		return err
	}
	for _, id := range ids { // of what comes to the list meanwhile numbers are masked
		leave, err := register.Reveal(b.Ledger, who, id, "sanbian export")
		if err != nil {
			return err
		}
		q.Leave[id] = leave
	}
	return b.Read(who, func(v *journal.View) error {
		q.View = v
		return l.Write(to, q)
	})
}

// exportBatch is the command that writes a bank's file.
func exportBatch(o *options) *cobra.Command {
	var e exporting
	c := exporter(o, &e, "batch", "给银行的文件 / a bank's file", journal.BatchID, true,
		func(b *books, who journal.Actor, _ region.Code, to sheet.To) error { return e.batch(b, who, to) })
	c.Flags().StringVar(&e.bank, "bank-format", "", "银行格式的名称,默认第一种 / name of the bank's format, by default the first")
	return c
}

// exportFormulas is the command that writes a plan's payouts as a workbook that works them out again.
func exportFormulas(o *options) *cobra.Command {
	var e exporting
	return exporter(o, &e, "formulas", "各户应付,带公式的 XLSX / payouts as a workbook that works them out again", journal.DistributionID, true,
		func(b *books, who journal.Actor, _ region.Code, to sheet.To) error {
			to.Format = sheet.XLSX
			return b.Read(who, func(v *journal.View) error { return exchange.WriteLive(to, v, e.of, (*journal.Error).Said) })
		})
}

func (e *exporting) batch(b *books, who journal.Actor, to sheet.To) error {
	banks, err := b.formats()
	if err != nil {
		return err
	}
	if err := b.Read(who, func(v *journal.View) (err error) {
		if _, err = dividend.BatchOf(v, e.of); err == nil {
			banks, err = exchange.FormatsFor(v, journal.PlaceOf(e.of), banks)
		}
		return err
	}); err != nil {
		return err
	}
	format := banks[0]
	if e.bank != "" {
		i := slices.IndexFunc(banks, func(f dividend.BankFormat) bool { return f.Name == e.bank })
		if i < 0 {
			return tell("没有名为“%s”的银行格式", e.bank)
		}
		format = banks[i]
	}
	var leave register.Revealed
	if who.May("RevealNumbers") {
		if leave, err = register.Reveal(b.Ledger, who, journal.DistributionID.In(e.of), "sanbian export"); err != nil {
			return err
		}
	}
	return b.Read(who, func(v *journal.View) error {
		file, err := exchange.MakeBankFile(v, e.of, format, leave)
		if err != nil {
			return err
		}
		if len(file.Names) > 1 && !strings.HasSuffix(e.out, ".zip") {
			return tell("这种格式要分成 %s 个文件;请用 -o 写到以 .zip 结尾的文件", fmt.Sprint(len(file.Names)))
		}
		return file.Send(to.W)
	})
}

// chosen is the format asked for: by name, or by the name of the file.
func (e *exporting) chosen() (sheet.Format, error) {
	switch f := sheet.Format(e.format); {
	case slices.Contains(sheet.Formats(), f):
		return f, nil
	case e.format != "":
		return "", tell("没有“%s”这种格式;可用 csv、gb18030、xlsx、raw", e.format)
	case strings.HasSuffix(e.out, ".xlsx"):
		return sheet.XLSX, nil
	}
	return sheet.CSV, nil
}

func (o *options) export(cmd *cobra.Command, e *exporting, write func(*books, journal.Actor, region.Code, sheet.To) error) error {
	format, err := e.chosen()
	if err != nil {
		return err
	}
	b, err := o.open(false, time.Now)
	if err != nil {
		return err
	}
	defer b.close()
	who, err := o.acting(cmd, b, e.account, "export")
	if err != nil {
		return err
	}
	place := who.Region
	if e.place != "" {
		if place, err = region.Parse(e.place); err != nil {
			return tell("地区代码 %s 不对", e.place)
		}
	}
	if e.out == "-" {
		return write(b, who, place, sheet.To{W: cmd.OutOrStdout(), Format: format})
	}
	f, err := o.desk.Create(e.out)
	if err != nil {
		return tell("不能写 %s:%s", e.out, err.Error())
	}
	if err := write(b, who, place, sheet.To{W: f, Format: format}); err != nil {
		return errors.Join(err, f.Drop())
	}
	return errors.Join(f.Keep(), f.Drop())
}

package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// exporting are the flags of an export.
type exporting struct {
	account, place, entity, distribution, class, on, out, format, batch, bank string
	year                                                                      int
}

func exportCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "export", Short: "导出 CSV 或 XLSX 文件 / export CSV or XLSX files", Args: cobra.NoArgs, RunE: unknownCommand}
	add := func(use, short string, write func(*exporting, *books, journal.Actor, region.Code, sheet.To) error) {
		var e exporting
		sub := &cobra.Command{
			Use: use, Short: short, Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return o.export(cmd, &e, write) },
		}
		sub.Flags().StringVar(&e.account, "account", "", "以哪个账号的名义;会计导出完整号码并留痕,其他人导出遮住的 / the account to read as")
		sub.Flags().StringVar(&e.place, "place", "", "地区的区划代码,默认账号的地区 / division code, by default the account's region")
		sub.Flags().StringVarP(&e.out, "out", "o", "-", "写到哪个文件;以 .xlsx 结尾即为 XLSX / file to write to; XLSX where its name says so")
		sub.Flags().StringVar(&e.format, "format", "", "csv、gb18030、xlsx 或 raw(不加保护符的 CSV) / format")
		switch use {
		case "payouts":
			sub.Flags().StringVar(&e.distribution, "distribution", "", "只要这一个方案 / only this distribution")
			fallthrough
		case "distributions", "income", "summary", "contributions", "transformation", "statement":
			sub.Flags().IntVar(&e.year, "year", 0, "年度,默认最近一年 / year, by default the latest")
		case "register":
			sub.Flags().StringVar(&e.class, "class", "", "股份编号 / share class")
			sub.Flags().StringVar(&e.on, "on", "", "截至哪一天,默认今天 / as of the end of a day, today by default")
			_ = sub.MarkFlagRequired("class")
		case "batch":
			sub.Flags().StringVar(&e.batch, "batch", "", "批次编号 / batch")
			sub.Flags().StringVar(&e.bank, "bank-format", "", "银行格式的名称,默认第一种 / name of the bank's format, by default the first")
			_ = sub.MarkFlagRequired("batch")
		case "members", "trade":
			sub.Flags().StringVar(&e.entity, "entity", "", "经营主体 / entity")
			sub.Flags().IntVar(&e.year, "year", 0, "年度,默认最近一年 / year, by default the latest")
			_ = sub.MarkFlagRequired("entity")
		case "holdings":
			sub.Flags().StringVar(&e.entity, "entity", "", "只要这一个经营主体 / only this entity")
		}
		c.AddCommand(sub)
	}
	add("payouts", "分红发放明细 / payouts", (*exporting).payouts)
	add("shareholders", "股东 / shareholders", (*exporting).shareholders)
	add("holdings", "持股 / holdings", (*exporting).holdings)
	add("register", "某一天的股权登记簿 / a register as of a day", (*exporting).register)
	add("batch", "给银行的文件 / a bank's file", func(e *exporting, b *books, who journal.Actor, _ region.Code, to sheet.To) error {
		banks, err := b.formats()
		if err != nil {
			return err
		}
		format := banks[0]
		if e.bank != "" {
			i := slices.IndexFunc(banks, func(f exchange.BankFormat) bool { return f.Name == e.bank })
			if i < 0 {
				return tell("没有名为“%s”的银行格式", e.bank)
			}
			format = banks[i]
		}
		leave, err := reveal(b, who, e.batch[:max(0, len(e.batch)-len("Tdd"))])
		if err != nil {
			return err
		}
		return b.Read(who, func(v *journal.View) error { return exchange.WriteBatch(to.W, v, e.batch, format, leave) })
	})
	for use, short := range map[string]string{"members": "成员账户 / member accounts", "trade": "成员交易 / members' trade"} {
		add(use, short, func(e *exporting, b *books, who journal.Actor, _ region.Code, to sheet.To) error {
			return b.Read(who, func(v *journal.View) error { return exchange.EntityLists[use](to, v, e.entity, e.year) })
		})
	}
	for use, short := range map[string]string{
		"statement": "收益及收益分配表 / statements of gains and their distribution",
		"entities":  "经营主体 / entities", "contributions": "入股 / contributions", "transformation": "三变情况 / the transformation view",
		"distributions": "分红方案 / distributions", "journal": "日志 / the journal", "income": "收支 / income and expense",
		"summary": "汇总,一村一行 / summary, a row a village",
	} {
		add(use, short, func(e *exporting, b *books, who journal.Actor, place region.Code, to sheet.To) error {
			return b.Read(who, func(v *journal.View) error { return exchange.Lists[use](to, v, place, e.year) })
		})
	}
	return c
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

func (o *options) export(cmd *cobra.Command, e *exporting, write func(*exporting, *books, journal.Actor, region.Code,
	sheet.To) error) error {
	format, err := e.chosen()
	if err != nil {
		return err
	}
	b, err := o.open(false, time.Now)
	if err != nil {
		return err
	}
	defer b.close()
	who, err := b.actor(e.account)
	if err != nil {
		return err
	}
	place := who.Region
	if e.place != "" {
		if place, err = region.Parse(e.place); err != nil {
			return tell("地区代码 %s 不对", e.place)
		}
	}
	if e.year == 0 && cmd.Name() != "distributions" { // of these all years where none is asked for
		if err := b.Read(who, func(v *journal.View) error { e.year = report.LatestYear(v, place); return nil }); err != nil {
			return err
		}
	}
	if e.out == "-" {
		return write(e, b, who, place, sheet.To{W: cmd.OutOrStdout(), Format: format})
	}
	f, err := os.CreateTemp(filepath.Dir(e.out), ".sanbian-*") // mode 0600: it may hold whole numbers
	if err != nil {
		return tell("不能写 %s:%s", e.out, err.Error())
	}
	if err := errors.Join(write(e, b, who, place, sheet.To{W: f, Format: format}), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), e.out)
}

func (e *exporting) payouts(b *books, who journal.Actor, place region.Code, to sheet.To) error {
	var list []plan.Distribution
	if err := b.Read(who, func(v *journal.View) (err error) {
		if e.distribution != "" {
			list = make([]plan.Distribution, 1)
			list[0], err = dividend.Distribution(v, e.distribution)
			return err
		}
		list, err = dividend.Distributions(v, place, e.year, plan.Distribution.InForce)
		return err
	}); err != nil {
		return err
	}
	// Nobody else has the folder open while a command does: the list stays as it is.
	leaves := map[string]register.Revealed{}
	for _, d := range list {
		leave, err := reveal(b, who, d.ID)
		if err != nil {
			return err
		}
		leaves[d.ID] = leave
	}
	return b.Read(who, func(v *journal.View) error {
		return exchange.WritePayouts(to, v, list, func(d plan.Distribution) register.Revealed { return leaves[d.ID] })
	})
}

// reveal journals that an accountant takes whole numbers out; everyone else gets them masked.
func reveal(b *books, who journal.Actor, of string) (register.Revealed, error) {
	if who.Role != journal.Accountant {
		return register.Revealed{}, nil
	}
	return register.Reveal(b.Ledger, who, of, "sanbian export")
}

func (e *exporting) shareholders(b *books, who journal.Actor, place region.Code, to sheet.To) error {
	var leave register.Revealed
	if place.Level() == region.Village {
		var err error
		if leave, err = reveal(b, who, string(place)); err != nil {
			return err
		}
	}
	return b.Read(who, func(v *journal.View) error { return exchange.WriteShareholders(to, v, place, leave) })
}

func (e *exporting) holdings(b *books, who journal.Actor, place region.Code, to sheet.To) error {
	return b.Read(who, func(v *journal.View) error {
		if e.entity != "" {
			entity, err := register.EntityOf(v, e.entity)
			if err != nil {
				return err
			}
			return exchange.WriteHoldings(to, v, []register.Entity{entity})
		}
		list, _, err := register.Entities(v, place, "", journal.MaxEntries)
		if err != nil {
			return err
		}
		return exchange.WriteHoldings(to, v, list)
	})
}

func (e *exporting) register(b *books, who journal.Actor, _ region.Code, to sheet.To) error {
	on := journal.DateOf(b.Now())
	if e.on != "" {
		var err error
		if on, err = journal.ParseDate(e.on); err != nil {
			return tell("“%s”不是日期;请写成 2025-12-09", e.on)
		}
		if today := journal.DateOf(b.Now()); on > today {
			return tell("日期 %s 还没有到;今天是 %s", string(on), string(today))
		}
	}
	return b.Read(who, func(v *journal.View) error { return exchange.WriteRegister(to, v, e.class, on) })
}

package exchange

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "trade", Title: "成员交易", English: "members' trade", Of: journal.EntityID, Years: OneYear,
	Headings: []string{"序号", "股东编号", "户主", "股权证号", "日期", "品名", "交易量", "交易额(元)", "冲减原因", "日志号", "单位"},
	Note:     "一笔交易一行,非成员的没有户主 / a row a line; trade with non-members has no name",
	Rows: func(q Asked, out *Rows) error {
		var volume money.Quantity
		var amount money.Yuan
		err := eachPage(func(after string) (string, error) {
			list, next, err := dividend.Trades(q.View, q.Of, q.Year, "", after, pageRows)
			for _, t := range list {
				var s register.Shareholder
				certificate := ""
				if t.Holder != "" {
					if s, err = register.MemberOf(q.View, q.Of, t.Holder); err != nil {
						return "", err
					}
					certificate = s.Certificate()
				}
				volume, amount = volume+t.Volume, amount+t.Amount
				out.Row(words(t.Holder), words(s.Name), words(certificate), day(t.Date), words(t.Product), quantity(t.Volume), yuan(t.Amount),
					words(t.Reason), serial(t.Entry), words(t.Unit))
			}
			return next, err
		})
		out.Sum(map[string]sheet.Cell{"交易量": quantity(volume), "交易额(元)": yuan(amount)})
		return err
	},
})

var _ = describe(List{
	Name: "members", Title: "成员账户", English: "member accounts", Of: journal.EntityID, Years: OneYear,
	Headings: []string{"序号", "股东编号", "户主", "股权证号", "出资额(元)", "公积金份额(元)", "补助份额(元)", "合计(元)", "年度", "交易量", "交易额(元)",
		"其中到户扶贫资产出资(元)", "其中盈余转出资(元)", "国家补助量化份额(元)", "捐赠量化份额(元)", "盈余返还(元)", "剩余盈余分配(元)"},
	Note: "年末的账户和这一年的交易 / the accounts at the year's end, and the year's trade",
	Rows: func(q Asked, out *Rows) error {
		accounts, err := dividend.MemberAccounts(q.View, q.Of, min(journal.YearEnd(q.Year), q.Today()))
		if err != nil {
			return err
		}
		volume, amount := map[string]money.Quantity{}, map[string]money.Yuan{}
		trade, _, err := dividend.Trades(q.View, q.Of, q.Year, "", "", journal.MaxEntries)
		if err != nil {
			return err
		}
		for _, t := range trade {
			volume[t.Holder], amount[t.Holder] = volume[t.Holder]+t.Volume, amount[t.Holder]+t.Amount
		}
		sums := map[string]dividend.SheetLine{}
		if err := dividend.EachAccount(q.View, q.Of, q.Year,
			func(a dividend.Account) error { sums[a.Holder] = a.Closing; return nil }); err != nil {
			return err
		}
		for _, m := range accounts {
			s, err := register.MemberOf(q.View, q.Of, m.Holder)
			if err != nil {
				return err
			}
			out.Row(words(s.ID), words(s.Name), words(s.Certificate()), yuan(m.Capital), yuan(m.Reserve), yuan(m.Subsidy), yuan(m.Balance()),
				whole(q.Year), quantity(volume[m.Holder]), yuan(amount[m.Holder]), yuan(sums[m.Holder].Relief), yuan(m.Turned),
				yuan(m.Subsidy-m.Donated), yuan(m.Donated), yuan(sums[m.Holder].Returned), yuan(sums[m.Holder].Rest))
		}
		return nil
	},
})

var _ = describe(List{
	Name: "equity", Title: "成员权益变动表", English: "changes of members' equity", Of: journal.EntityID, File: "成员权益变动表", Years: OneYear,
	Headings: []string{"项目", "股金", "专项基金", "资本公积", "盈余公积", "未分配盈余", "合计"},
	Note:     "会农社03表 / the form of the accounting rules",
	Above: func(q Asked) ([][]sheet.Cell, error) {
		return formHead(q, "成员权益变动表", dividend.EquityForm, preparedBy(q.View, q.Of)), nil
	},
	Rows: func(q Asked, out *Rows) error {
		x, err := dividend.EquityOf(q.View, q.Of, q.Year)
		if err != nil {
			return err
		}
		row := func(text string, e dividend.Equity) {
			out.Row(words(text), yuan(e.Capital), yuan(e.Special), yuan(e.Premium), yuan(e.Reserve), yuan(e.Undistributed), yuan(e.Sum()))
		}
		row("年初余额", x.Opening)
		for _, r := range x.Rows {
			side := "本年增加:"
			if r.Less {
				side = "本年减少:"
			}
			row(side+string(r.Label), r.Equity)
		}
		row("年末余额", x.Closing)
		signatures(out)
		return nil
	},
})

var _ = describe(List{
	Name: "accounts", Title: "成员账户(各笔)", English: "member accounts, line by line", Of: journal.EntityID, File: "成员账户", Years: OneYear,
	Headings: []string{"股东编号", "户主", "股权证号", "编号", "日期", "摘要", "成员出资(来源于到户类扶贫项目资产的)", "成员出资(其他来源的)", "公积金份额",
		"国家财政直接补助形成财产量化份额", "他人捐赠形成财产量化份额", "交易品种", "交易量", "交易额", "盈余返还金额", "剩余盈余分配金额", "日志号"},
	Note: "每个成员:年初余额、各笔、各品种合计、年末余额 / of each member the balance, the lines, the sums by product, the balance",
	Above: func(q Asked) ([][]sheet.Cell, error) {
		return formHead(q, "成员账户", "", preparedBy(q.View, q.Of)), nil
	},
	Rows: func(q Asked, out *Rows) error {
		err := dividend.EachAccount(q.View, q.Of, q.Year, func(a dividend.Account) error {
			s, err := register.MemberOf(q.View, q.Of, a.Holder)
			if err != nil { // somebody of another village who only traded
				s = register.Shareholder{ID: a.Holder}
			}
			for _, l := range slices.Concat([]dividend.SheetLine{a.Opening}, a.Lines, a.Products, []dividend.SheetLine{a.Closing}) {
				entry := words("")
				if l.Entry != 0 {
					entry = serial(l.Entry)
				}
				out.Row(words(s.ID), words(s.Name), words(s.Certificate()), some(l.N), day(l.Date), label(l.Text), yuan(l.Relief), yuan(l.Other),
					yuan(l.Reserve), yuan(l.State), yuan(l.Donated), words(l.Product), quantity(l.Volume), yuan(l.Trade), yuan(l.Returned),
					yuan(l.Rest), entry)
			}
			return nil
		})
		signatures(out)
		return err
	},
})

package server

import (
	"fmt"
	"net/http"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/money"
)

// paperLine is a payout on a printed list.
type paperLine struct {
	N       int
	Payout  ledger.Payout
	Holder  ledger.Shareholder
	Name    string // masked on the list that is put up in the village
	From    string // the name of whom it is inherited from
	Numbers ledger.Numbers
}

// paperPage is one sheet of a printed list, with its own sum.
type paperPage struct {
	N     int
	Lines []paperLine
	Sum   money.Yuan
}

// linesPerPage fit on a sheet of A4 across.
const linesPerPage = 22

// printed are the lists of a plan that go to paper: 发放明细表, 签名表 for cash, 公示表.
var printed = map[string]ledger.Label{"payouts": "分红发放明细表", "signature": "分红签名发放表", "notice": "分红公示表"}

// planPaper shows a plan's payouts for printing. Posted by an accountant the list of payouts has whole numbers, and the journal notes it; what is put up in
// the village never has.
func planPaper(r *request) error {
	id, kind := r.Param("id"), r.Param("kind")
	title, ok := printed[kind]
	if !ok {
		return &ledger.Error{Code: ledger.NotFound, Text: "没有这个页面"}
	}
	var leave ledger.Revealed
	var err error
	if r.Request.Method == http.MethodPost && kind == "payouts" {
		if leave, err = r.s.ledger.Reveal(r.who, id, r.say.T("打印发放明细")); err != nil {
			return err
		}
	}
	return r.show(http.StatusOK, "plan_paper", "distributions", placeOf(id), func(v *ledger.View, f *frame) (any, error) {
		d, err := v.Distribution(id)
		if err != nil {
			return nil, err
		}
		if d.Totals == nil {
			return nil, &ledger.Error{Code: ledger.Conflict, Text: "方案还没有提交,没有可打印的"}
		}
		e, err := v.Entity(d.Entity)
		if err != nil {
			return nil, err
		}
		at, err := v.Division(d.Village())
		if err != nil {
			return nil, err
		}
		parts, err := partsOf(v, d)
		if err != nil {
			return nil, err
		}
		list, _, err := v.Payouts(id, "", maxPrinted+1, func(p ledger.Payout) bool {
			switch kind {
			case "notice": // as it was approved; heirs are nobody's business
				return p.From == ""
			case "signature": // what is paid in cash, also to print again
				return p.State == ledger.Due || p.State == ledger.Failed || p.State == ledger.Paid && p.Batch == ""
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		if len(list) > maxPrinted {
			return nil, &ledger.Error{Code: ledger.TooLarge, Text: "名册有 %s 户,超过 %s 户的请导出 CSV 打印", Args: []any{fmt.Sprint(len(list)), fmt.Sprint(maxPrinted)}}
		}
		var pages []paperPage
		var sum money.Yuan
		perPage := linesPerPage
		if kind == "notice" { // the rules stand above the first lines
			perPage = max(linesPerPage-2-len(parts), linesPerPage/2)
		}
		for i, p := range list {
			if i%perPage == 0 {
				pages = append(pages, paperPage{N: len(pages) + 1})
			}
			s, err := v.ShareholderOf(d, p.Holder)
			if err != nil {
				return nil, err
			}
			if kind == "notice" {
				p.Due += p.Passed
			}
			line := paperLine{N: i + 1, Payout: p, Holder: s, Name: s.Name, Numbers: v.Full(s, leave)}
			if kind == "notice" {
				line.Name = s.MaskedName()
			}
			if p.From != "" {
				from, err := v.ShareholderOf(d, p.From)
				if err != nil {
					return nil, err
				}
				line.From = from.Name
			}
			page := &pages[len(pages)-1]
			page.Lines = append(page.Lines, line)
			page.Sum += p.Due
			sum += p.Due
		}
		f.Title = r.say.T(string(title))
		return map[string]any{
			"D": d, "E": e, "Place": at, "Parts": parts, "Pages": pages, "Sum": sum, "Count": len(list), "Kind": kind, "Heading": title, "Today": v.Today(), "Whole": leave != ledger.Revealed{},
			"Write": r.writes(d.Village()),
		}, nil
	})
}

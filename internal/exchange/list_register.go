package exchange

import (
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "shareholders", Title: "股东", English: "shareholders", Region: true,
	Filters: []string{"q"},
	Headings: []string{"序号", "股东编号", "村", "股东类型", "户主", "身份证号", "家庭人数", "家庭成员", "电话", "开户行", "银行卡号", "标记", "股权证号",
		"账户类别", "开户网点", "证件类型"},
	Note: "可以再读入 / can be read back",
	Whole: func(q Asked) ([]string, error) {
		if q.Place.Level() != region.Village {
			return nil, nil
		}
		return []string{string(q.Place)}, nil
	},
	Rows: func(q Asked, out *Rows) error {
		leave := q.Leave[string(q.Place)]
		return eachPage(func(after string) (string, error) {
			rows, next, err := register.FindShareholders(q.View, q.Place, q.Filter["q"], after, pageRows)
			for _, s := range rows {
				numbers := dividend.Full(q.View, s, leave)
				out.Row(words(s.ID), village(q.View, s.ID), label(s.Kind.Label()), words(s.Name), words(numbers.ID), whole(s.People),
					words(register.MembersInWords(register.MaskedMembers(q.View, s, leave))), words(numbers.Phone), words(s.Bank),
					words(numbers.Card), words(strings.Join(s.Marks, "、")), words(s.Certificate()),
					label(register.AccountLabel(s.AccountKind())), words(s.Branch), paperOf(s))
			}
			return next, err
		})
	},
})

// paperOf is what a person's number is of.
func paperOf(s register.Shareholder) sheet.Cell {
	if !s.Kind.Personal() && s.Paper == "" {
		return words("")
	}
	return label(register.PaperLabel(s.Paper))
}

var _ = describe(List{
	Name: "holdings", Title: "持股", English: "holdings", Region: true, Of: journal.EntityID,
	Headings: []string{"序号", "村", "经营主体编号", "经营主体", "股份编号", "股份", "股东编号", "户主", "股权证号", "数量", "单位"},
	Rows: func(q Asked, out *Rows) error {
		if q.Of != "" {
			e, err := register.EntityOf(q.View, q.Of)
			if err != nil {
				return err
			}
			return writeHoldings(q.View, e, out)
		}
		list, _, err := register.Entities(q.View, q.Place, "", journal.MaxEntries)
		for i := 0; err == nil && i < len(list); i++ {
			err = writeHoldings(q.View, list[i], out)
		}
		return err
	},
})

// writeHoldings writes what the holders of an entity's classes hold now.
func writeHoldings(v *journal.View, e register.Entity, out *Rows) error {
	classes, err := register.ShareClasses(v, e.ID)
	if err != nil {
		return err
	}
	for _, c := range classes {
		err := eachPage(func(after string) (string, error) {
			rows, next, err := register.Holders(v, c.ID, after, pageRows)
			for _, h := range rows {
				s, err := register.HolderOf(v, c, h.Holder)
				if err != nil {
					return "", err
				}
				out.Row(village(v, e.ID), words(e.ID), words(e.Name), words(c.ID), words(c.Name), words(s.ID), words(s.Name),
					words(s.Certificate()), quantity(h.Quantity), label(c.Unit.Label()))
			}
			return next, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var _ = describe(List{
	Name: "register", Title: "某一天的股权登记簿", English: "a register as of a day", Of: journal.ClassID, File: "股权登记簿", Dated: true,
	Headings: []string{"序号", "截至日", "经营主体", "股份", "股东编号", "户主", "身份证号", "家庭成员", "股权证号", "数量", "其中质押", "单位", "最近变动", "变动原因", "经办",
		"其中到期", "持有到"},
	Note: "那一天终了时的名册,身份证号遮住 / as it stood at the end of that day, ID numbers masked",
	Rows: func(q Asked, out *Rows) error {
		c, e, err := register.ClassAndEntity(q.View, q.Of)
		if err != nil {
			return err
		}
		held, err := register.RegisterOn(q.View, c.ID, q.On)
		if err != nil {
			return err
		}
		pledged, err := register.PledgedOn(q.View, c.ID, q.On)
		if err != nil {
			return err
		}
		for _, h := range held {
			s, err := register.HolderOf(q.View, c, h.Holder)
			if err != nil {
				return err
			}
			j, err := q.JournalEntry(e.Village().Chain(), h.Entry)
			if err != nil {
				return err
			}
			out.Row(day(q.On), words(e.Name), words(c.Name), words(s.ID), words(s.Name), words(register.Masked(q.View, s).ID),
				words(s.Relatives()), words(s.Certificate()), quantity(h.Quantity), quantity(pledged[h.Holder]), label(c.Unit.Label()),
				day(h.Since), label(h.CauseLabel()), words(q.View.Signed(j.By, j.Time())), someQuantity(h.End.Quantity), day(h.End.Until))
		}
		return nil
	},
})

var _ = describe(List{
	Name: "entities", Title: "经营主体", English: "entities", Region: true,
	Headings: []string{"序号", "村", "经营主体编号", "经营主体", "类型", "统一社会信用代码", "成立日期", "负责人", "公积公益金(%)", "注销日期"},
	Rows: func(q Asked, out *Rows) error {
		return eachPage(func(after string) (string, error) {
			rows, next, err := register.Entities(q.View, q.Place, after, pageRows)
			for _, e := range rows {
				out.Row(village(q.View, e.ID), words(e.ID), words(e.Name), label(e.Kind.Label()), words(e.CreditCode), day(e.Founded),
					words(e.Representative), sheet.Number(e.ReserveIn(q.Today().Year()).String()), day(e.Dissolved))
			}
			return next, err
		})
	},
})

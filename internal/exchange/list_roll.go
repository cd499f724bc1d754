package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
)

var _ = describe(List{
	Name: "roll", Title: "成员名册", English: "members of a collective", Of: journal.EntityID, File: "成员名册", Dated: true,
	Filters:  []string{"q"},
	Headings: []string{"序号", "集体", "成员编号", "姓名", "证件类型", "身份证号", "户主", "与户主关系", "确认日期", "确认方式", "确认决议", "丧失日期", "丧失原因", "权利保留到"},
	Note:     "那一天的成员;可以再读入 / members of that day; can be read back",
	Whole: func(q Asked) ([]string, error) {
		return []string{string(journal.PlaceOf(q.Of))}, nil
	},
	Rows: func(q Asked, out *Rows) error {
		e, err := register.EntityOf(q.View, q.Of)
		if err != nil {
			return err
		}
		leave := q.Leave[string(e.Village())]
		return eachPage(func(after string) (string, error) {
			list, next, err := register.Roll(q.View, q.Of, q.Filter["q"], q.On, after, pageRows)
			for _, m := range list {
				household := ""
				if m.Household != "" {
					s, err := register.ShareholderOf(q.View, m.Household)
					if err != nil {
						return "", err
					}
					household = s.Name
				}
				out.Row(words(e.Name), words(m.ID), words(m.Name), label(register.PaperLabel(m.Paper)), words(m.MaskedID(q.View, leave)),
					words(household), words(m.Relation), day(m.Confirmed), label(m.How.Label()), words(resolution.Said(q.View, m.Resolution)),
					day(m.Lost), label(m.LossLabel()), day(m.Until))
			}
			return next, err
		})
	},
})

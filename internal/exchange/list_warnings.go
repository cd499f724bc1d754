package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "warnings", Title: "需要过问", English: "warnings", Region: true, Filters: []string{"show"},
	Headings: []string{"序号", "种类", "村", "为什么", "关于", "搁置到", "搁置原因"},
	Note:     "按导出那天算 / as of the day of the export",
	Rows: func(q Asked, out *Rows) error {
		list, err := report.Warnings(q.View, q.Place, true)
		if err != nil {
			return err
		}
		show := q.Filter["show"]
		for _, w := range list {
			if (show == "aside") != w.Hidden || office.WarningNamed(show) != nil && w.Name != show {
				continue
			}
			until, reason := words(""), words("")
			if w.Aside != nil {
				until, reason = day(w.Aside.Until), words(w.Aside.Reason)
			}
			out.Row([]sheet.Cell{label(w.Label), village(q.View, string(w.Village)), words(w.Said.Said()), words(w.Of), until, reason}...)
		}
		return nil
	},
})

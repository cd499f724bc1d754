package exchange

import (
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/resolution"
)

var _ = describe(List{
	Name: "resolutions", Title: "决议", English: "resolutions", Region: true,
	Filters:  []string{"of"},
	Headings: []string{"序号", "村", "谁的决议", "编号", "会议记录编号", "会议", "会议日期", "通知日期", "公开自", "议题", "决议内容", "应到", "实到", "赞成", "反对", "全部票数", "日志号"},
	Rows: func(q Asked, out *Rows) error {
		list, err := resolution.In(q.View, q.Place, journal.MaxEntries)
		for _, r := range list {
			if of := q.Filter["of"]; of != "" && r.Of() != of {
				continue
			}
			var subjects []string
			for _, s := range r.Subjects {
				subjects = append(subjects, s.Called())
			}
			out.Row(village(q.View, r.ID), words(r.By(q.View)), words(resolution.NumberOf(r.ID)), words(r.Number), label(r.Body.Label()),
				day(r.Date),
				day(r.Notice), day(r.Opened), words(strings.Join(subjects, "、")), words(r.Title), some(r.Entitled), some(r.Present), some(r.For),
				some(r.Against), some(r.Votes), serial(r.Entry))
		}
		return err
	},
})

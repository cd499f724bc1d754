package exchange

import (
	"cmp"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

var _ = describe(List{
	Name: "journal", Title: "日志", English: "the journal", Region: true,
	Headings: []string{"日志", "号", "地区代码", "地区", "分录", "内容", "谁", "角色", "何时记入", "SHA-256", "本机代记"},
	Note:     "新的在前;内容长的截到 2000 字 / newest first; what an entry says is cut at 2,000 characters",
	Rows: func(q Asked, out *Rows) error {
		names := map[region.Code]string{}
		return eachPage(func(after string) (string, error) {
			rows, next, err := q.Journal(q.Place, after, pageRows)
			for _, j := range rows {
				if _, known := names[j.Place]; !known {
					d, _ := office.DivisionOf(q.View, j.Place)
					names[j.Place] = d.Short()
				}
				said := []rune(wordsOf(report.Particulars(q.View, j.Entry)))
				if len(said) > maxSaid {
					said = append(said[:maxSaid], '…')
				}
				console := ""
				if j.Console {
					console = "是"
				}
				out.Row(words(j.Chain), serial(j.Seq), words(string(j.Place)), words(names[j.Place]), label(journal.KindLabel(j.Kind)),
					words(string(said)), words(j.By), label(j.Role.Label()), words(j.Time().Format(time.DateTime)), words(j.Hash),
					words(console))
			}
			return next, err
		})
	},
})

// maxSaid is how many characters of an entry a cell takes: a list that is longer has a page and a file of its own.
const maxSaid = 2000

// wordsOf tells particulars in one line: 股份 人口股(…C01);日期 2025-12-09.
func wordsOf(list []report.Particular) string {
	var words []string
	for _, p := range list {
		text := cmp.Or(string(p.Word), p.Value)
		switch {
		case p.Box:
			text = "••••••"
		case p.Rows != nil:
			var rows []string
			for _, r := range p.Rows {
				rows = append(rows, wordsOf(r))
			}
			if p.More > 0 {
				rows = append(rows, "…")
			}
			text = "[" + strings.Join(rows, "][") + "]"
		case p.ID != "" && text != "":
			text += "(" + p.ID + ")"
		case p.ID != "":
			text = p.ID
		}
		words = append(words, strings.TrimSpace(string(p.Name)+" "+text))
	}
	return strings.Join(words, ";")
}

package income

import "github.com/sanbian/ledger/internal/ledger/journal"

// The words for fields that this room's entries are the first to have.
func init() {
	journal.Words(map[string]journal.Word{
		"BringForward.amount": {Label: "年初未分配收益(元)"},
		"Item":                {Label: "项目"},
		"Lines":               {Label: "各行"},
		"Party":               {Label: "对方"},
		"Years":               {Label: "分几年"},
		"amount":              {Label: "金额(元)"},
		"book":                {Label: "账"},
		"fund":                {Label: "用途"},
		"income":              {Label: "收支"},
		"item":                {Label: "项目"},
		"party":               {Label: "对方"},
		"voucher":             {Label: "凭证号"},
		"years":               {Label: "分几年"},
	})
}

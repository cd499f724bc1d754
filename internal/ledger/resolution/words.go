package resolution

import "github.com/sanbian/ledger/internal/ledger/journal"

// The words for fields that this room's entries are the first to have.
func init() {
	journal.Words(map[string]journal.Word{
		"RecordResolution.of":     {Label: "谁的决议"},
		"RecordResolution.date":   {Label: "会议日期"},
		"RecordResolution.number": {Label: "会议记录的编号"},
		"against":                 {Label: "反对"},
		"body":                    {Label: "会议"},
		"entitled":                {Label: "应到"},
		"for":                     {Label: "赞成"},
		"notice":                  {Label: "通知日期"},
		"opened":                  {Label: "公开自"},
		"present":                 {Label: "实到"},
		"subjects":                {Label: "议题"},
		"title":                   {Label: "决议内容"},
		"votes":                   {Label: "全部票数"},
	})
}

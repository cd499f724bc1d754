package office

import "github.com/sanbian/ledger/internal/ledger/journal"

// The words for fields that this room's entries are the first to have.
func init() {
	journal.Words(map[string]journal.Word{
		"Name":                  {Label: "名称"},
		"Sealed":                {Label: "密码"},
		"CloseYear.Forms":       {},
		"ChangeSetting.region":  {Label: "定给哪里"},
		"ChangeSetting.setting": {Label: "设置"},
		"ChangeSetting.value":   {Label: "定成"},
		"from_day":              {Label: "从哪天起"},
		"ChangeSetting.reason":  {Label: "依据"},
		"account":               {Label: "账号"},
		"code":                  {Label: "区划代码"},
		"home":                  {Label: "账号的地区"},
		"name":                  {Label: "名称"},
		"region":                {Label: "地区"},
		"role":                  {Label: "角色"},
		"village":               {Label: "村"},
		"year":                  {Label: "年度"},
	})
}

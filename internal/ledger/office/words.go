package office

import "github.com/sanbian/ledger/internal/ledger/journal"

// The words for fields that this room's entries are the first to have.
func init() {
	journal.Words(map[string]journal.Word{
		"Name":                   {Label: "名称"},
		"Sealed":                 {Label: "密码"},
		"CloseYear.Forms":        {},
		"SetSecondFactor.Hashes": {},
		"ChangeSetting.region":   {Label: "定给哪里"},
		"ChangeSetting.setting":  {Label: "设置"},
		"ChangeSetting.value":    {Label: "定成"},
		"warning":                {Label: "哪种提醒"},
		"SetWarningAside.Level":  {},
		"SetWarningAside.of":     {Label: "关于什么"},
		"SetWarningAside.until":  {Label: "搁置到"},
		"AddAccount.first":       {Label: "登录后要先改密码"},
		"SetPassword.first":      {Label: "登录后要先改密码"},
		"from_day":               {Label: "从哪天起"},
		"ChangeSetting.reason":   {Label: "依据"},
		"account":                {Label: "账号"},
		"code":                   {Label: "区划代码"},
		"file":                   {Label: "文件的种类"},
		"heading":                {Label: "表头"},
		"headings":               {Label: "表头各是哪一列"},
		"home":                   {Label: "账号的地区"},
		"layout":                 {Label: "表头的摘要"},
		"means":                  {Label: "意思"},
		"word":                   {Label: "词"},
		"words":                  {Label: "词各是什么意思"},
		"column":                 {Label: "列"},
		"later":                  {Label: "一起重开的以后各年"},
		"name":                   {Label: "名称"},
		"path":                   {Label: "各点"},
		"AddAccount.person":      {Label: "姓名"},
		"AddAccount.phone":       {Label: "电话"},
		"SetAccount.person":      {Label: "姓名"},
		"SetAccount.phone":       {Label: "电话"},
		"duties":                 {Label: "其他职责"},
		"region":                 {Label: "地区"},
		"rings":                  {Label: "各圈"},
		"role":                   {Label: "角色"},
		"roles":                  {Label: "哪些角色"},
		"village":                {Label: "村"},
		"year":                   {Label: "年度"},
	})
}

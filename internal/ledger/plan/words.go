package plan

import "github.com/sanbian/ledger/internal/ledger/journal"

// The words for fields that this room's entries are the first to have.
func init() {
	journal.Words(map[string]journal.Word{
		"Amount":            {Label: "金额(元)"},
		"Base":              {Label: "分保底以前(元)"},
		"Book":              {Label: "账"},
		"Component.members": {Label: "成员(百分数)"},
		"Date":              {Label: "日期"},
		"Days":              {Label: "公示天数"},
		"Due":               {Label: "应付(元)"},
		"Excess":            {Label: "超出保底(元)"},
		"Holders":           {Label: "户数"},
		"ID":                {Label: "编号"},
		"Odd":               {Label: "多出的分"},
		"Pool":              {Label: "总额(元)"},
		"Reason":            {Label: "原因"},
		"State":             {Label: "结果"},
		"Totals":            {Label: "各项合计"},
		"Units":             {Label: "股数"},
		"Until":             {Label: "公示到"},
		"Weight":            {Label: "权数"},
		"class":             {Label: "股份"},
		"collective":        {Label: "集体(百分数)"},
		"days":              {Label: "按持有天数"},
		"managers":          {Label: "管理人员(百分数)"},
		"mark":              {Label: "标记"},
		"measure":           {Label: "按什么"},
		"member_from":       {Label: "从哪天起是成员"},
		"member_to":         {Label: "到哪天还是成员"},
		"product":           {Label: "品名"},
		"product_unit":      {Label: "交易量的单位", Example: "斤"},
		"members":           {Label: "家庭成员"},
		"pool":              {Label: "总额(元)"},
		"rate":              {Label: "每单位(元)或百分数"},
		"recipients":        {Label: "给哪些户"},
		"rule":              {Label: "分法"},
		"to_collective":     {Label: "集体是哪个股东"},
		"to_managers":       {Label: "管理人员是哪些股东"},
	})
}

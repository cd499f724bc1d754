package dividend

import "github.com/sanbian/ledger/internal/ledger/journal"

// The words for fields that this room's entries are the first to have.
func init() {
	journal.Words(map[string]journal.Word{
		"ConfirmPayouts.Lines":      {Label: "村集体投资收益"},
		"DiscloseDistribution.from": {Label: "公示起始日"},
		"Extra":                     {Label: "其中集体或管理人员所得(元)"},
		"Figures":                   {Label: "各户应付"},
		"Line":                      {Label: "行"},
		"MakeBatch.Lines":           {Label: "各笔"},
		"Parts":                     {Label: "各户"},
		"RecordTrade.amount":        {Label: "交易额(元)"},
		"Ref":                       {Label: "哪一笔"},
		"ReversePayouts.Lines":      {Label: "村集体投资收益"},
		"SettleBatch.Lines":         {Label: "村集体投资收益"},
		"Taken":                     {Label: "冲销的日志号"},
		"Unnamed":                   {Label: "没写开户行"},
		"all":                       {Label: "全部待付"},
		"answer":                    {Label: "答复"},
		"batch":                     {Label: "银行批次"},
		"by":                        {Label: "提出人"},
		"carry_odd":                 {Label: "余数结转"},
		"components":                {Label: "分配项目"},
		"distribution":              {Label: "分红方案"},
		"heirs":                     {Label: "继承人"},
		"holders":                   {Label: "股东"},
		"interim":                   {Label: "初次分红"},
		"line":                      {Label: "行"},
		"objection":                 {Label: "第几条异议"},
		"product":                   {Label: "品名"},
		"quantified":                {Label: "量化的日志号"},
		"record_date":               {Label: "登记日"},
		"results":                   {Label: "银行结果"},
		"source":                    {Label: "来源"},
		"state":                     {Label: "结果"},
		"text":                      {Label: "内容"},
		"unnamed":                   {Label: "没写开户行"},
		"volume":                    {Label: "交易量"},
	})
}

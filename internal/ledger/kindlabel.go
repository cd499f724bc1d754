package ledger

// KindLabel names an entry kind in Chinese.
func KindLabel(kind string) Label {
	switch kind {
	case "NameDivision":
		return "登记区划"
	case "AddAccount":
		return "添加账号"
	case "SetPassword":
		return "设置密码"
	case "CloseAccount":
		return "停用账号"
	case "RegisterEntity":
		return "登记经营主体"
	case "OpenShareClass":
		return "设立股份"
	case "RegisterShareholder":
		return "登记股东"
	case "ChangeBankCard":
		return "更换银行卡"
	case "RevealNumbers":
		return "查看完整号码"
	case "CorrectShareholder":
		return "更正股东资料"
	case "IssueShares":
		return "配股"
	case "ReverseIssue":
		return "冲销配股"
	case "RecordIncome":
		return "记收支"
	case "ReverseIncome":
		return "冲销收支"
	case "CloseYear":
		return "年度结账"
	case "DraftDistribution":
		return "起草分红"
	case "ReviseDistribution":
		return "修改分红"
	case "SubmitDistribution":
		return "提交分红"
	case "ReturnDistribution":
		return "退回分红"
	case "ApproveDistribution":
		return "审核分红"
	case "VoidDistribution":
		return "作废分红"
	case "ConfirmPayouts":
		return "确认已付"
	case "FailPayouts":
		return "记为失败"
	case "ReversePayouts":
		return "冲销付款"
	}
	return Label(kind)
}

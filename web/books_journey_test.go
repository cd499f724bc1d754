package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A collective's and a cooperative's year, as the law has their books: land compensation kept apart, an old line moved, losses made good, a
// grant quantified, surplus turned into capital, and a form that the county puts right.
func TestBooksJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("yuxin")
	keepsCompensationApart(p)
	movesOldLine(p)
	makesLossGood(p)
	quantifiesDonation(p)
	turnsSurplusIntoCapital(p)
	putsFormRight(s)

	s.verified()
}

// keepsCompensationApart would book land compensation as income, is asked, and books it apart; then uses some of it.
func keepsCompensationApart(p *person) {
	p.visit("/income/210727102216?year=2025")
	p.fill("item", "investment") // what is handed up of a profit: since 2024 no form has 发包及上交收入
	p.fill("amount", "8000")
	p.press("记一笔")
	p.sees("已记账", "8,000.00")
	p.fill("item", "other_income")
	p.fill("amount", "120000")
	p.fill("note", "高铁占地补偿款")
	p.press("记一笔")
	p.sees("土地补偿费不是收益", "打上勾")
	p.shot("50-income-doubt")

	p.visit("/funds/210727102216?year=2025")
	p.sees("没有专项资金")
	p.fillIn("/receive", "source", "land_compensation")
	p.fillIn("/receive", "amount", "0")
	p.press("记专项资金")
	p.sees("请填写金额")
	p.fillIn("/receive", "amount", "120000")
	p.press("记专项资金")
	p.sees("已记账", "土地补偿费", "120,000.00", "公积公益金")
	use := func(amount, resolution string) {
		for name, value := range map[string]string{"source": "land_compensation", "account": "reserve", "amount": amount, "note": "安置补偿",
			"resolution": resolution} {
			p.fillIn("/use", name, value)
		}
		p.press("使用专项资金")
	}
	use("500", "")
	p.sees("请填写决议编号")
	use("120000.01", "2025-9")
	p.sees("只有 120,000.00 元")
	use("20000", "2025-9")
	p.sees("已记账", "100,000.00")
	p.shot("51-funds")
	p.fitsPhone()
	p.visit("/statement/210727102216?year=2025")
	p.sees("编制单位", "村会02表", "净收益")
	p.seesNot("120,000.00")
}

// movesOldLine books a donation as income after all, finds it among the suspects, and moves it out.
func movesOldLine(p *person) {
	p.visit("/income/210727102216?year=2025")
	p.fill("item", "other_income")
	p.fill("amount", "3000")
	p.fill("party", "爱心企业")
	p.fill("note", "修路捐款")
	p.press("记一笔")
	p.run(chromedp.Click(`//div[contains(@class,"doubts")]//input[@name="heard"]`))
	p.press("记一笔")
	p.sees("已记账")
	p.visit("/funds/210727102216?year=2025")
	p.sees("疑似不是收益", "可能是捐赠")
	p.press("更正")
	p.sees("移到专项资金", "修路捐款")
	p.fill("reason", "捐款不是收益")
	p.fill("source", "")
	p.press("更正")
	p.sees("两者选一")
	p.fill("source", "donation")
	p.press("更正")
	p.sees("已更正", "捐赠", "3,000.00", "更正自收支")
	p.seesNot("疑似不是收益")
	p.visit("/income/210727102216?year=2025")
	p.sees("更正移出", "-3,000.00")
}

// makesLossGood makes good what the reserve covers of the group's loss, and no more.
func makesLossGood(p *person) {
	p.visit("/statement/210727102216E002?year=2025")
	p.sees("公积弥补亏损", "没有弥补的亏损 1,400.00 元")
	cover := func(amount string) {
		p.fillIn("/cover", "amount", amount)
		p.fillIn("/cover", "resolution", "2026-3")
		p.press("弥补亏损")
	}
	cover("1400.01")
	p.sees("不能多转")
	cover("1400")
	p.sees("已记入", "6,400.00", "没有要弥补的亏损")
}

// quantifiesDonation books a donation of the cooperative into its special fund and the members' accounts.
func quantifiesDonation(p *person) {
	p.visit("/members/210727102216E001?year=2026")
	p.fillIn("/subsidy", "grant", "donation")
	p.fillIn("/subsidy", "source", "帮扶单位")
	p.fillIn("/subsidy", "amount", "12.80")
	p.press("记入专项基金,平均量化到成员账户")
	p.sees("已量化到成员账户")
	p.visit("/equity/210727102216E001?year=2026")
	p.sees("会农社03表", "他人捐赠", "6,412.80")
	p.shot("55-equity")
	p.fitsPhone()
}

// turnsSurplusIntoCapital makes capital of what a member is due instead of paying it.
func turnsSurplusIntoCapital(p *person) {
	p.visit("/distribution/210727102216E001D202501?show=due")
	p.run(chromedp.Click(`(//input[@name="holders"])[1]`))
	p.press("选中的转为成员出资")
	p.sees("已", "转为出资", "转为成员出资")
}

// putsFormRight changes a form as the county, wrongly at first.
func putsFormRight(s *site) {
	p := s.as("yixian")
	p.visit("/forms/210727000000")
	p.sees("报表格式", "尚未与原文核对")
	p.visit("/forms/210727000000/edit?body=collective&year=2024")
	p.fill("formula.12", "11+12")
	p.press("更改报表格式")
	p.sees("按这个公式", "所得税费用")
	p.shot("57-form-fault")
	p.fill("formula.12", "11-12")
	p.fill("text.12", "本年净收益")
	p.fill("source", "义县农发 5 号")
	p.fill("unchecked", "")
	p.press("更改报表格式")
	p.sees("本级定过的", "义县农发 5 号")
	p.visit("/statement/210727102216?year=2025")
	p.sees("本年净收益")
	p.seesNot("尚未与")
	p.visit("/suspects/210727000000")
	p.sees("占地补偿款")
}

package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// The orchard of the demonstration, the accountant of its township, and two other villages whose collectives hold shares of it.
const (
	orchardHome  = "210727102213"
	orchard      = orchardHome + "E003"
	orchardBooks = "kj-210727102"
)

// A year's surplus as the law and the villages give it out: five alternatives, one of which lies open before the meeting; the meeting's
// resolution, what is odd ticked off, review; two rounds, tax withheld; what falls to three villages' collectives becomes their income; and
// what nobody came for is paid a year later.
func TestDistributionJourney(t *testing.T) {
	s := newSite(t)
	others := s.holdsJointly()
	p := s.as(orchardBooks)
	comparesAlternatives(p)
	first := laysOpen(s, p)
	resolvesAndSubmits(s, p)
	s.approves(first)
	paysRound(s, s.as(orchardBooks), first, others)
	second := paysSecondRound(s, s.as(orchardBooks), first)
	comesALater(s, s.as(orchardBooks), second)

	s.verified()
}

// post posts entries as an account, and returns the ids of what they made.
func (s *site) post(account string, entries ...journal.Entry) []string {
	s.Helper()
	who, err := s.ledger.Actor(account)
	if err != nil {
		s.Fatal(err)
	}
	receipt, err := s.ledger.Post(who, journal.Posting{Entries: entries})
	if err != nil {
		s.Fatal(err)
	}
	return receipt.IDs
}

// holdsJointly gives three villages' collectives capital of the orchard, and its plan of the year before a resolution; and returns the
// other two
// villages.
func (s *site) holdsJointly() (others []string) {
	s.Helper()
	others = []string{"210727102216", "210727002205"} // of the same township, and of another
	class := orchard + "C01"
	for i, of := range append([]string{orchardHome}, others...) {
		h := s.post(orchardBooks, &register.RegisterShareholder{Village: region.Code(orchardHome), Kind: register.Collective,
			Name: fmt.Sprintf("旅程集体%d", i+1), CollectiveOf: of})[0]
		s.post(orchardBooks, &register.IssueShares{Class: class, Holder: h, Quantity: 10_000_0000, Date: "2023-01-01"})
	}
	list := []journal.Entry{&dividend.SubmitDistribution{Distribution: orchard + "D202501", Resolution: "2026-01"},
		&income.RecordIncome{Book: orchard, Item: "operating", Date: "2026-02-20", Amount: 38_000_00}}
	for n := range 8 {
		for _, of := range []struct{ product, unit string }{{"苹果", "斤"}, {"梨", "箱"}} {
			list = append(list, &dividend.RecordTrade{Entity: orchard, Holder: fmt.Sprintf("%sH%05d", orchardHome, n+1), Date: "2026-02-12",
				Product: of.product, Unit: of.unit, Volume: money.Quantity((1000 + 100*n) * 10_000), Amount: 3000_00})
		}
	}
	s.post(orchardBooks, list...)
	s.post("sh-210727102", &dividend.ApproveDistribution{Distribution: orchard + "D202501"})
	return others
}

// comparesAlternatives drafts five from last year's plan, after one that is no percentage, and looks at them side by side.
func comparesAlternatives(p *person) {
	p.visit("/alternatives/" + orchard + "?year=2026")
	p.sees("这一年还没有草稿", "照上一次起草几个")
	for i, percent := range []string{"80", "90", "百分之百", "110", "120"} {
		p.fill(fmt.Sprintf("percent.%d", i), percent)
	}
	p.press("起草")
	p.sees("“百分之百”不是 0 到 1000 之间的百分数")
	if p.value("percent.4") != "120" {
		p.Error("what was typed is gone")
	}
	p.fill("percent.2", "100")
	p.press("起草")
	p.sees("方案 1", "方案 5", "上一次", "中间的一户(元)", "农户", "8 户")
	p.seesNot("照上一次起草几个")
	p.shot("60-alternatives")
	p.fitsPhone()
}

// laysOpen makes the third alternative the year's first round, with tax withheld and a sum deducted, and lays it open before the meeting.
func laysOpen(s *site, p *person) string {
	p.visit("/alternatives/" + orchard + "?year=2026")
	p.press("方案 3")
	plan := strings.Split(p.address(), "?")[0]
	p.press("修改")
	p.fill("record_date", "2026-02-28")
	p.fill("member_to.0", "2026-03-15")
	p.fill("interim", "true")
	p.fill("class.2", orchard+"C01")
	p.fill("sum.2", "0.02")
	p.fill("sum.0", "0.3")
	p.fill("sum.1", "8000")
	p.fill("tax_rate", "200")
	p.press("保存草稿")
	p.sees("税率 200.00 不在 0 到 100 之间")
	p.fill("tax_rate", "20")
	p.press("保存草稿")
	p.sees("草稿已修改", "代扣税(元)", "实付(元)", "初次分红")
	p.run(chromedp.Click(`//summary[contains(., "记一笔扣款")]`))
	p.fillIn("/deduct", "who", orchardHome+"H00002")
	p.fillIn("/deduct", "amount", "5")
	p.fillIn("/deduct", "reason", "代收水费")
	p.press("记扣款")
	p.sees("扣款已记入", "代收水费")
	p.fillIn("/open", "from", "2026-02-01")
	p.press("开始会前公开")
	p.sees("早于方案起草或最后修改的 2026-03-01")
	p.fillIn("/open", "from", "2026-03-01")
	p.press("开始会前公开")
	p.sees("会前公开已记入", "会前要公开 15 天:2026-03-16 起可以开会", "与公开的每户金额相同")
	p.shot("61-laid-open")
	p.visit(plan + "/paper/open")
	p.sees("分红方案会前公开表", "2026-03-01 起公开")
	s.later(15)
	return plan
}

// resolvesAndSubmits records the meeting's resolution a day too early, is asked about it and what is odd, and submits the plan.
func resolvesAndSubmits(s *site, p *person) {
	p.visit("/resolutions/" + orchardHome)
	p.fill("of", orchard)
	p.fill("body", "assembly")
	p.fill("date", "2026-03-15")
	p.fill("notice", "2026-03-01")
	p.fill("number", "旅程 2026-1")
	for name, n := range map[string]string{"entitled": "11", "present": "11", "for": "10"} {
		p.fill(name, n)
	}
	p.run(chromedp.Click(`//label[contains(., "收益分配方案")]//input[@name="subjects"]`))
	p.press("登记决议")
	p.sees("没有写方案和账目从哪天起公开")
	p.ticks()
	p.press("登记决议")
	p.sees("决议已登记")
	p.visit("/distribution/" + orchard + "D202603")
	p.sees("要核对的")
	p.fillIn("/submit", "resolution", "没有这个")
	p.press("提交审核")
	p.sees("打上勾", "没有登记账号")
	p.fillIn("/submit", "resolution", "旅程 2026-1")
	p.ticks()
	p.press("提交审核")
	p.sees("2026-03-01 才公开,到 2026-03-15 开会不满 15 天")
	p.shot("62-oddities")
	p.ticks()
	p.press("提交审核")
	p.sees("已提交,等待审核", "决议 2026-001")
}

// approves lets the reviewer of the township approve a plan.
func (s *site) approves(plan string) {
	s.Helper()
	reviewer := s.as("sh-210727102")
	reviewer.visit(plan)
	reviewer.press("审核通过")
	reviewer.sees("已审核通过")
}

// displays puts an approved plan on display and lets its days pass.
func displays(s *site, p *person, plan, from string) {
	p.visit(plan)
	p.fill("from", from)
	p.press("开始公示")
	p.sees("公示已记入")
	s.later(8)
	p.visit(plan)
}

// paysRound pays the first round: the bank's account is not asked for, tax is withheld, and the other villages' collectives have their
// income.
func paysRound(s *site, p *person, plan string, others []string) {
	displays(s, p, plan, "2026-03-16")
	script[bool](p, `(window.confirm = () => true)()`)
	p.press("全部待付标记为已付")
	p.sees("已标记付款", "待付 0.00", "村集体的收入", "已记入外村集体的收入")
	p.press("代扣明细")
	p.sees("利息、股息、红利所得", "2026-04-15", "应交税费")
	p.shot("63-withholding")
	for _, village := range others {
		at := s.as("yixian")
		at.visit("/income/" + village + "?year=2026")
		at.sees("200.00", "义县果品专业合作社(演示)")
	}
}

// paysSecondRound gives out the final round like the first, less what that gave, and takes what one of them did not come for into the
// reserve, which needs a resolution.
func paysSecondRound(s *site, p *person, first string) string {
	p.visit("/entity/" + orchard + "/distribute?like=" + first[len("/distribution/"):])
	p.fill("year", "2026")
	p.fill("record_date", "2026-03-20")
	p.fill("interim", "")
	p.fill("sum.0", "0.6")
	p.fill("sum.1", "8000")
	p.fill("sum.2", "")
	p.fill("resolution", "旅程 2026-1")
	p.press("保存草稿")
	if strings.Contains(p.text(), "打上勾") { // about the resolution, which was asked about before
		p.ticks()
		p.press("保存草稿")
	}
	p.sees("草稿已保存")
	plan := strings.Split(p.address(), "?")[0]
	p.ticks()
	p.press("提交审核")
	p.sees("没有写方案和账目从哪天起公开") // this round did not lie open by itself
	p.ticks()
	p.press("提交审核")
	p.sees("已提交,等待审核")
	s.approves(plan)
	displays(s, p, plan, "2026-03-24")
	row := `//tr[contains(., "` + orchardHome + `00001")]`
	p.run(chromedp.Click(row+`//input[@type="checkbox"]`),
		chromedp.SetValue(`//div[contains(@class,"chosen")]//input[@name="date"]`, "2026-04-01"),
		chromedp.SetValue(`//div[contains(@class,"chosen")]//input[@name="reason"]`, "联系不上"))
	p.press("选中的标记为失败")
	p.sees("已记为失败")
	script[bool](p, `(window.confirm = () => true)()`)
	p.press("全部待付标记为已付")
	p.sees("已标记付款")
	s.later(31)
	p.visit("/unclaimed/" + orchardHome)
	p.sees("失败", "联系不上")
	p.shot("64-unclaimed")
	p.visit("/unclaimed/" + orchardHome + "/paper")
	p.sees("领款通知", "*", "权利不过期")
	p.visit(plan)
	p.run(chromedp.Click(row+`//input[@type="checkbox"]`),
		chromedp.SetValue(`//div[contains(@class,"chosen")]//input[@name="date"]`, "2026-05-02"))
	p.press("选中的转公积金")
	p.sees("未领的分红要按决议才能转公积金")
	p.run(chromedp.SetValue(`//div[contains(@class,"chosen")]//input[@name="resolution"]`, "旅程 2026-2"))
	p.press("选中的转公积金")
	p.sees("已转公积金,来领照付", "未领,在公积金")
	p.press("办结")
	p.sees("已办结")
	return plan
}

// comesALater pays what nobody had come for, a year after, of a plan that has long been put away.
func comesALater(s *site, p *person, plan string) {
	s.later(365)
	p.visit("/unclaimed/" + orchardHome + "?days=365")
	p.sees("未领,在公积金")
	p.visit(plan + "?show=reserved")
	p.run(chromedp.Click(`//tr[contains(., "`+orchardHome+`00001")]//input[@type="checkbox"]`),
		chromedp.SetValue(`//div[contains(@class,"chosen")]//input[@name="date"]`, "2027-05-02"))
	p.press("选中的标记为已付")
	p.sees("已标记付款")
	p.seesNot("未领,在公积金 1")
	p.visit("/funds/" + orchard + "?year=2027")
	p.sees("未领的分红")
	p.shot("65-paid-later")
	p.visit("/unclaimed/" + orchardHome + "?days=365")
	p.seesNot("未领,在公积金")
}

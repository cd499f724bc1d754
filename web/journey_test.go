package web_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sanbian/ledger/internal/ident"
)

// The main job, end to end: a village accountant enters, a reviewer approves, money is paid out and exported, a county official sees which
// villages are empty shells.
func TestMainJourney(t *testing.T) {
	s := newSite(t)
	accountant := s.as("yuxin")
	accountant.sees("演示数据", "育新村", "等您处理")
	accountant.shot("01-today")
	accountant.visit("/summary/210727102217")
	accountant.sees("403", "不能查阅")

	coop := registersCooperative(accountant)
	addsHouseholds(accountant, coop)
	recordsIncome(accountant)
	plan := draftsDistribution(accountant, coop)
	reviewerApproves(s, accountant, plan)
	paysOut(s, accountant, plan)
	printsPapers(accountant)
	officialReads(s)

	s.verified()
}

// Every page fits a phone of 360, in both languages, for whoever reads it.
func TestPagesFitAPhone(t *testing.T) {
	s := newSite(t)
	const village, coop = "210727102216", "210727102216E001"
	for account, paths := range map[string][]string{
		"yuxin": {"/", "/income/" + village, "/income/" + village + "/reverse/" + village + "Y2025N00001", "/entities/" + village,
			"/entities/" + village + "/new",
			"/entity/" + coop, "/class/" + coop + "C01", "/class/" + coop + "C01/register", "/shareholder/" + village + "H00001/certificate",
			"/entity/" + coop + "/issue", "/entity/" + coop + "/distribute", "/shareholders/" + village,
			"/shareholders/" + village + "/new", "/upload/" + village, "/statement/" + village, "/members/" + coop,
			"/statement/" + coop, "/funds/" + village, "/equity/" + coop, "/income/" + village + "/move/" + village + "Y2025N00001",
			"/members/" + coop + "/account/" + village + "H00001", "/distribution/" + coop + "D202501/paper/payouts",
			"/distribution/" + coop + "D202501/paper/signature", "/papers/" + coop, "/duplicates/" + village,
			"/shareholder/" + village + "H00001", "/shareholder/" + village + "H00001/move/inheritance",
			"/shareholder/" + village + "H00001/move/pledge", "/distributions/" + village,
			"/distribution/" + coop + "D202501?open=" + village + "H00002", "/journal/" + village, "/entry/210727/200", "/password",
			"/alternatives/" + coop, "/unclaimed/" + village + "?days=0", "/unclaimed/" + village + "/paper?days=0", "/withholding/" + village,
			"/distribution/" + coop + "D202501/oddities"},
		"yixian": {"/summary/210727", "/shells/210727?year=2020", "/transformation/210727", "/contributions/210727102216E001", "/income/210727",
			"/shareholders/210727", "/distributions/210727", "/unclaimed/210727", "/why/210727", "/questions/210727", "/given/210727",
			"/payees/210727", "/largest/210727", "/silent/210727?show=all", "/sheet/210727", "/statistics/210727", "/yearreport/210727",
			"/summary/210727?show=items", "/summary/210727?show=years", "/shells/210727?show=all",
			"/withholding/210727?year=2026", "/distribution/210727103215E001D202501", "/distribution/210727103215E001D202501/changes",
			"/distribution/210727102213E002D202501", "/suspects/210727", "/forms/210727", "/forms/210727/edit?body=collective&year=2024",
			"/nothing"},
		"admin": {"/accounts"},
	} {
		p := s.as(account)
		for _, lang := range []string{"zh", "en"} {
			p.run(chromedp.EmulateViewport(360, 740))
			for _, path := range paths {
				p.visit(path)
				p.isNarrow()
			}
			p.run(chromedp.EmulateViewport(1280, 900))
			if lang == "zh" {
				p.visit("/password")
				p.follow(`//header//button[normalize-space()="English"]`)
			}
		}
	}
}

// The register by way of a spreadsheet: a block of 200 households is pasted, two cells are mended, all is recorded; then shares are given,
// inherited, and the papers printed.
func TestRegisterJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("yuxin")
	coop := registersCooperative(p)
	id := coop[len("/entity/"):]
	p.visit("/upload/210727102216")
	var block strings.Builder
	block.WriteString("姓 名\t身份证号码\t家庭成员\t人口股\n")
	for i := range 200 {
		number, shares := ident.CompleteResidentID(fmt.Sprintf("210799198001%02d%03d", 1+i%28, i)), fmt.Sprint(1+i%5)
		if i == 17 {
			number = number[:17] + map[bool]string{true: "2", false: "1"}[number[17] == '1']
		}
		if i == 101 {
			shares = "三"
		}
		fmt.Fprintf(&block, "名册%03d户\t%s\t成员%03d(妻)\t%s\n", i, number, i, shares)
	}
	p.fill("entity", id)
	p.fill("date", "2024-03-01")
	p.fill("paste", block.String())
	p.press("上传,先核对")
	p.sees("表格有 2 处不对", "校验位不符", "“三”不是数量", "要记入的行\n198", "有错的行\n2")
	p.shot("30-paste-faults")
	p.fitsPhone()
	p.fill("c.17.1", ident.CompleteResidentID(fmt.Sprintf("210799198001%02d%03d", 1+17%28, 17)))
	p.fill("c.101.3", "3")
	p.press("改好了,再检查")
	p.sees("检查通过", "要记入的行\n200", "共 400 条分录")
	p.shot("31-paste-checked")
	p.press("全部记入")
	p.sees("全部记入了")
	p.visit("/")
	p.sees("上传过的", "粘贴的内容", "已记入") // to come back to

	p.visit("/shareholders/210727102216")
	p.seesNot("名册150户")
	p.run(chromedp.SendKeys(`//input[@name="q"]`, "名册150"), chromedp.WaitVisible(`//a[.="名册150户"]`)) // found as one types
	p.seesNot("名册151户")
	p.visit("/shareholders/210727102216?q=名册000户")
	p.press("名册000户")
	p.sees("成员000", "妻")
	from := strings.Split(p.address(), "?")[0]
	p.visit(from + "/move/transfer")
	p.fill("who.0", "名册001户")
	p.fill("quantity.0", "0.5")
	p.fill("date", "2024-05-01")
	p.press("记入")
	p.sees("0.5")
	p.visit(from + "/move/inheritance")
	p.fill("who.0", "名册002户")
	p.fill("quantity.0", "0.25")
	p.fill("who.1", "名册003户")
	p.fill("quantity.1", "0.25")
	p.fill("date", "2024-06-01")
	p.press("记入")
	p.sees("继承")
	p.visit("/class/" + id + "C01/register?on=2024-05-31")
	p.sees("股权登记簿", "名册199户")
	p.shot("32-register")
	p.visit("/class/" + id + "C01/register?on=2024-06-01")
	p.seesNot("名册000户")
	p.visit("/transformation/210727102216")
	p.sees("入股的人")
	p.shot("33-transformation")
}

// registersCooperative registers a stock cooperative with two classes and returns its page.
func registersCooperative(p *person) string {
	p.visit("/entities/210727102216")
	p.press("登记经营主体")
	p.fill("name", "育新村股份经济合作社")
	p.fill("credit_code", "91350100M000100Y44")
	p.press("登记")
	p.sees("校验位不符", "91350100M000100Y44")
	if p.value("name") != "育新村股份经济合作社" {
		p.Error("the name that was typed is gone")
	}
	p.shot("02-entity-fault")
	p.fill("credit_code", "")
	p.press("登记")
	p.sees("已登记", "村股份经济合作社")
	coop := strings.Split(p.address(), "?")[0]
	p.press("设立股份")
	p.fill("kind", "land")
	p.fill("unit", "mu")
	p.press("设立股份")
	p.sees("人口股", "土地股")
	p.shot("03-entity")
	return coop
}

// addsHouseholds adds one household by form, three by a file that is wrong at first, and issues shares to the first by the grid.
func addsHouseholds(p *person, coop string) {
	p.visit("/shareholders/210727102216/new")
	p.fill("name", "旅程一户")
	p.fill("id_no", "210799196001010011")
	p.fill("people", "3")
	p.press("登记,再登一户")
	p.sees("身份证号 210799196001010011 不对")
	p.shot("04-shareholder-fault")
	p.fill("id_no", "210799196001010013")
	p.press("登记,再登一户")
	p.sees("已登记")

	p.visit("/upload/210727102216")
	id := coop[len("/entity/"):]
	p.fill("entity", id)
	p.fill("date", "2020-01-01")
	const head = "户主,身份证号,家庭人数,银行卡号,人口股,土地股(亩)\n"
	const rows = "旅程二户,210799196002020029,4,6299990000000000012,4,3.25\n=旅程三户,210799196003030034,2,6299990000000000020,2,1.5\n"
	p.upload("file", head+rows+"旅程四户,21079919600404004X,5,6299990000000000030,5,9.999999\n")
	p.press("上传,先核对")
	p.sees("一行也没有记", "银行卡号 6299990000000000030 不对", "小数超过四位", "要记入的行\n2")
	p.shot("05-upload-fault")
	p.fill("c.2.3", "6299990000000000038")
	p.fill("c.2.5", "9.99")
	p.press("改好了,再检查")
	p.sees("检查通过", "要记入的行\n3", "共 9 条分录")
	p.press("全部记入")
	p.sees("全部记入了", "日志第")
	p.visit("/shareholders/210727102216")
	p.shot("06-shareholders")

	p.visit(coop + "/issue?q=旅程一户")
	p.run(chromedp.SetValue(`(//main//input[contains(@class,"cell")])[1]`, "3"))
	p.fill("date", "2020-01-01")
	p.shot("07-issue")
	p.press("记入配股")
	p.sees("已配股", "人口股\t14\t股")
}

// recordsIncome books the year's income and expense, and takes one back.
func recordsIncome(p *person) {
	p.visit("/income/210727102216?year=2026")
	for _, e := range []struct{ item, amount, party, want string }{
		{"operating", "36000.555", "大棚承包户", "小数超过两位"}, {"operating", "1e9", "大棚承包户", "不是金额"}, {"operating", "36000.55", "大棚承包户", "已记账"},
		{"operating", "3600", "大棚承包户", "已记账"}, {"subsidy", "80000", "县财政局", "已记账"}, {"management", "1284.60", "供电公司", "已记账"},
	} {
		p.fill("item", e.item)
		p.fill("date", "2026-02-01")
		p.fill("amount", e.amount)
		p.fill("party", e.party)
		p.press("记一笔")
		p.sees(e.want)
		if e.want != "已记账" && p.value("amount") != e.amount {
			p.Errorf("the amount %s that was typed is gone", e.amount)
		}
	}
	p.shot("08-income-fault")
	p.visit("/income/210727102216?year=2026")
	p.fill("item", "operating")
	p.fill("date", "2024-06-01")
	p.fill("amount", "10")
	p.press("记一笔")
	p.sees("2024 年已结账")
	p.visit("/income/210727102216?year=2026")
	p.follow(`//tr[contains(., "3,600.00")]//a[normalize-space()="冲销"]`)
	p.fill("reason", "金额录错")
	p.press("冲销")
	p.sees("已冲销", "-3,600.00", "金额录错", "36,000.55")
	p.shot("09-income")
}

// draftsDistribution drafts a plan that is too large, mends it, looks at every holder's amount and submits it.
func draftsDistribution(p *person, coop string) string {
	p.visit(coop + "/distribute")
	p.fill("year", "2026")
	p.fill("record_date", "2026-02-28")
	p.fill("resolution", "2026-03")
	p.fill("rule.0", "rate")
	p.fill("sum.0", "320")
	p.fill("rule.1", "pool")
	p.fill("sum.1", "99999999")
	p.press("保存草稿")
	p.sees("草稿已保存", "方案多出,不能提交")
	p.press("提交审核")
	p.sees("多出", "可分配")
	p.press("修改")
	p.fill("sum.1", "1000")
	p.press("保存草稿")
	p.sees("草稿已修改", "旅程一户", "旅程二户", "旅程四户", "960.00", "1,280.00", "220.49", "合计,与 4 户应付之和相符", "5,480.00")
	p.shot("10-draft")
	p.follow(`//tr[contains(., "旅程四户")]//a[@title]`)
	p.sees("这一笔怎么来的", "× 本户 9.99 ÷ 全体 14.74", "排第")
	p.shot("11-why")
	p.press("提交审核")
	p.sees("打上勾", "旅程一户应付 960.00 元,没有登记账号")
	p.ticks()
	p.press("提交审核")
	p.sees("已提交,等待审核")
	p.seesNot("审核通过后才能发放\n审核通过")
	plan := strings.Split(p.address(), "?")[0]
	return plan
}

func reviewerApproves(s *site, accountant *person, plan string) {
	reviewer := s.as("qilihe")
	reviewer.sees("请审核", "育新村股份经济合作社")
	reviewer.shot("12-reviewer")
	reviewer.follow(`//a[contains(., "育新村股份经济合作社")]`)
	accountant.visit(plan)
	if script[bool](accountant, `!!document.querySelector('form[action$="/approve"]')`) {
		s.Error("the accountant is offered to approve")
	}
	reviewer.press("审核通过")
	reviewer.sees("已审核通过", "待公示")
}

// paysOut takes an approved plan through its disclosure, an objection, two bank batches with two failures, a held payout that goes to
// heirs, and cash, until it is closed; then downloads the list.
func paysOut(s *site, p *person, plan string) {
	p.visit(plan)
	p.sees("待公示", "章程规定公示 7 天")
	p.fill("from", "2026-02-01")
	p.press("开始公示")
	p.sees("早于审核通过的 2026-03-01")
	p.fill("from", "2026-03-01")
	p.press("开始公示")
	p.sees("公示 2026-03-01 至 2026-03-07", "公示中,期满才能发放")
	p.run(chromedp.Click(`//summary[contains(., "记一条异议")]`))
	p.fill("by", "旅程四户")
	p.fill("text", "面积少算了")
	p.press("记入异议")
	p.sees("异议已记入", "面积少算了")
	s.later(8)
	p.visit(plan)
	p.shot("13-disclosed")
	p.fitsPhone()
	p.press("生成银行批次")
	p.sees("还有 1 条异议没有答复")
	p.fill("answer", "已到地里量过,面积无误")
	p.press("答复")
	p.sees("已答复")

	p.press("生成银行批次")
	p.sees("批次已生成", "3 笔等结果", "已报盘 3")
	p.visit("/batch/" + plan[len("/distribution/"):] + "T01")
	p.sees("旅程二户", "6299 **** 0012")
	p.shot("14-batch")
	p.fitsPhone()
	p.fill("paste", "序号\t户名\t金额\t结果\t原因\n1\t旅程二户\t1500.49\t成功\t\n2\t=旅程三户\t741.77\t失败\t户名不符\n")
	p.press("核对并记入")
	p.sees("金额 741.77 与报盘的 741.76 不符")
	p.shot("14-result")
	p.fitsPhone()
	p.press("不要了")
	p.visit("/batch/" + plan[len("/distribution/"):] + "T01")
	p.fill("paste", "序号\t户名\t金额\t结果\t原因\n1\t旅程二户\t1500.49\t成功\t\n2\t=旅程三户\t741.76\t失败\t户名不符\n3\t旅程四户\t2,277.75\t失败\t卡已注销\n")
	p.press("核对并记入")
	p.sees("银行结果已记入", "已付\n1,500.49", "失败\n3,019.51")
	p.visit(plan)
	p.sees("2 户付款失败,不再报盘:改正户名或换卡以后才报")
	for name, card := range map[string]string{"=旅程三户": "6299990000000000020", "旅程四户": "6299990000000000046"} {
		p.visit("/shareholders/210727102216?q=" + url.QueryEscape(name))
		p.press(name)
		p.fill("bank", "农商银行")
		p.fill("account", card)
		p.press("更换")
		p.sees("收款账号已更换")
	}

	p.visit(plan)
	p.run(chromedp.Click(`//tr[contains(., "旅程一户")]//input[@type="checkbox"]`),
		chromedp.SetValue(`//div[contains(@class,"chosen")]//input[@name="reason"]`, "户主去世"))
	p.press("选中的暂缓")
	p.sees("已暂缓发放", "暂缓 960.00")
	p.press("生成银行批次")
	p.sees("批次已生成", "2 笔等结果", "已付 1,500.49", "失败 0.00", "暂缓 960.00", "待付 3,019.51", "各项相加 = 应付 5,480.00")
	p.shot("15-paying")
	p.fitsPhone()
	p.visit("/batch/" + plan[len("/distribution/"):] + "T02")
	p.sees("6299 **** 0046")
	p.fill("paste", "账号,结果\n6299********0020,成功\n6299990000000000046,成功\n")
	p.press("核对并记入")
	p.sees("银行结果已记入", "已付\n3,019.51")

	p.visit(plan + "?show=held")
	p.press("解除暂缓")
	p.fill("reason", "(2026)义证字第 1 号")
	for name, value := range map[string]string{"who.0": "旅程二户", "amount.0": "500", "who.1": "旅程四户", "amount.1": "459.99"} {
		p.fill(name, value)
	}
	p.press("解除暂缓")
	p.sees("各继承人合计 959.99 元,应当等于 960.00 元")
	p.fill("amount.1", "460")
	p.press("解除暂缓")
	p.sees("已解除暂缓", "继承 旅程一户")
	script[bool](p, `(window.confirm = () => true)()`)
	p.press("全部待付标记为已付")
	p.sees("已标记付款", "已付 5,480.00", "待付 0.00", "各项相加 = 应付 5,480.00")
	p.press("办结")
	p.sees("已办结")
	p.shot("16-closed")
	p.fitsPhone()
	p.visit(plan + "/paper/notice")
	p.sees("分红公示表", "旅*户", "本页小计 5,480.00 元", "伍仟肆佰捌拾元整")
	p.shot("17-notice")
	p.visit("/statement/210727102216?year=2026")
	p.sees("收益及收益分配表", "年末未分配收益")
	p.shot("18-statement")
	p.fitsPhone()

	file := p.download(plan + "/payouts.csv")
	text, ok := strings.CutPrefix(file, "\ufeff")
	if !ok {
		p.Error("the file has no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 7 {
		p.Fatalf("%d rows, %v", len(rows), err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				p.Errorf("a spreadsheet would run the cell %q", cell)
			}
		}
		if row[at["付款方式"]] == "直接付" && row[at["银行卡号"]] != "" {
			p.Errorf("paid in cash, and yet to a card: %q", row)
		}
		if row[at["户主"]] == "旅程二户" && row[at["继承自"]] == "" && (row[at["银行卡号"]] != "6299990000000000012\t" ||
			row[at["身份证号"]] != "210799196002020029\t") {
			p.Errorf("numbers are not whole: %q", row)
		}
		if strings.Contains(row[at["户主"]], "旅程三户") && (row[at["状态"]] != "已付" || row[at["户主"]] != "'=旅程三户") {
			p.Errorf("the row that failed once: %q", row)
		}
	}
}

// printsPapers looks at a certificate and a register as they would be printed.
func printsPapers(p *person) {
	p.visit("/shareholder/210727102216H00001/certificate")
	p.sees("股权证", "校验码", "证号 21072710221600001")
	p.shot("20-certificate")
	p.visit("/class/210727102216E001C01/register")
	p.sees("股权登记簿", "最近变动", "入股")
	p.shot("21-register")
	p.visit("/contributions/210727102216E001")
	for name, value := range map[string]string{"who": "21072710221600001", "kind": "farmland", "area": "2.5", "value": "5000", "shares": "2.5",
		"date": "2026-02-01"} {
		p.fill(name, value)
	}
	p.press("记入并配股")
	p.sees("入股已记入,股份已配")
	p.visit("/transformation/210727102216")
	p.sees("资源变资产", "耕地", "农民变股东")
	p.shot("22-transformation")
	p.visit("/shareholder/210727102216H00001")
	p.sees("持有的股份", "更正资料", "质押")
	p.shot("23-shareholder")
	p.visit("/shareholder/210727102216H00001/move/inheritance")
	p.sees("有几个继承人就填几行")
	p.shot("24-inheritance")
}

// officialReads goes from the county's totals down to an entry, and finds no form that writes.
func officialReads(s *site) {
	p := s.as("yixian")
	p.sees("义县 2025 年汇总", "空壳村", "七里河镇")
	p.shot("14-county")
	p.fitsPhone()
	count := func() {
		s.Helper()
		if writes := script[int](p, `document.querySelectorAll('main form[method="post"]:not([action="/find"])').length`); writes != 0 {
			s.Errorf("the official is offered %d forms that write on %s", writes, p.address())
		}
	}
	count()
	p.visit("/shells/210727?year=2023")
	p.sees("还差", "不足 50,000.00 元")
	p.shot("15-shells")
	count()
	p.visit("/summary/210727?year=2026")
	p.press("七里河镇")
	count()
	p.press("育新村")
	p.sees("60,715.95", "进行中", "到 70,000.00 元还差 7,999.45 元")
	p.shot("16-village")
	p.fitsPhone()
	count()
	p.follow(`//main//a[contains(@href,"item=operating") and normalize-space()="经营收入"]`)
	p.sees("36,000.55", "-3,600.00", "笔,收入 62,000.55 元")
	count()
	p.follow(`//tr[contains(., "36,000.55")]//a`)
	p.sees("记收支", "SHA-256", "210727-", "36,000.55")
	p.shot("17-entry")
	count()
	p.visit("/shareholders/210727102216")
	count()
	p.visit("/distributions/210727?year=2025&show=failed")
	p.sees("失败")
	p.shot("18-distributions")
	p.follow(`//main//td/a[contains(@href,"/distribution/")]`)
	count()
	p.run(chromedp.Click(`//button[normalize-space()="English"]`))
	p.run(chromedp.WaitVisible(`//button[normalize-space()="换成中文"]`))
	p.visit("/summary/210727?year=2025")
	p.sees("Empty shells", "Demonstration")
	p.shot("19-english")
}

package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sanbian/ledger/internal/ident"
)

// The register as the law has it: a group's collective is founded by an assembly's resolution, its members are confirmed from a pasted
// list, one of them a member elsewhere; a householder dies and three heirs follow in two entities; a member leaves a cooperative by
// notice.
func TestMembersJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("yuxin")
	group := foundsGroup(p)
	confirmsMembers(p, group)
	recordsDeath(p, group)
	leavesCooperative(s, p)
	findsOnThePhone(p)

	s.verified()
}

func journeyID(n int) string { return ident.CompleteResidentID(fmt.Sprintf("21079919750401%03d", n)) }

// foundsGroup records the founding assembly and registers the collective that it founded.
func foundsGroup(p *person) string {
	p.visit("/resolutions/210727102216")
	p.fill("body", "assembly")
	p.fill("date", "2026-02-20")
	p.fill("notice", "2026-02-15")
	p.fill("number", "五组 2026-1")
	p.fill("title", "成立五组集体经济组织")
	for name, n := range map[string]string{"entitled": "30", "present": "28", "for": "27", "against": "1"} {
		p.fill(name, n)
	}
	p.run(chromedp.Click(`//label[contains(., "章程")]//input[@name="subjects"]`))
	p.press("登记决议")
	p.sees("不满十天") // five days of notice are asked about, not refused
	p.shot("40-resolution-doubt")
	p.run(chromedp.Click(`//div[contains(@class,"doubts")]//input[@name="heard"]`))
	p.press("登记决议")
	p.sees("决议已登记", "五组 2026-1")

	p.visit("/entities/210727102216")
	p.press("登记经营主体")
	p.fill("name", "义县七里河镇育新村五组集体经济组织")
	p.fill("kind", "group_collective")
	p.fill("founded", "2026-02-20")
	p.press("登记")
	p.sees("哪个组")
	p.fill("group", "五组")
	p.fill("resolution", "五组 2026-1")
	p.press("登记")
	if strings.Contains(p.text(), "打上勾") {
		p.ticks()
		p.press("登记")
	}
	p.sees("已登记", "五组集体经济组织")
	at := strings.Split(p.address(), "?")[0]
	p.press("设立股份")
	p.fill("kind", "population")
	p.fill("unit", "share")
	p.press("设立股份")
	p.sees("人口股")
	p.shot("41-group")
	return at[len("/entity/"):]
}

// confirmsMembers pastes the list of members; one is a member of another group already, one number is wrong at first.
func confirmsMembers(p *person, group string) {
	p.visit("/roll/210727102216E002")
	p.sees("三组")
	p.fill("name", "旅程两处")
	p.fill("id_no", journeyID(1))
	p.fill("date", "2026-02-18")
	p.press("确认")
	p.sees("成员已确认")

	p.visit("/upload/210727102216?kind=roll&entity=" + group)
	p.fill("date", "2026-02-20")
	p.fill("paste", "姓名\t身份证号\t与户主关系\n旅程两处\t"+journeyID(1)+"\t户主\n旅程成员甲\t"+journeyID(2)+"\t妻\n旅程成员乙\t"+journeyID(3)[:17]+"?\t子\n")
	p.press("上传,先核对")
	p.sees("表格有 1 处不对", "校验位不符")
	p.shot("42-roll-faults")
	p.fitsPhone()
	p.fill("c.2.1", journeyID(3))
	p.press("改好了,再检查")
	p.sees("检查通过", "要记入的行\n3", "有 1 处请先核对", "旅程两处在义县已是另一个集体的成员")
	p.seesNot("三组") // which one only the county's officials are told
	p.shot("42-roll-doubt")
	p.press("全部记入")
	p.sees("全部记入了")
	p.visit("/roll/" + group)
	p.sees("旅程两处", "旅程成员甲", "旅程成员乙", "有成员 3 人")
	p.shot("43-roll")
}

// recordsDeath registers a household and three heirs, gives the dead shares of two entities, enters the death and divides the estate.
func recordsDeath(p *person, group string) {
	ids := map[string]string{}
	for i, name := range []string{"旅程老户", "旅程长子", "旅程次子", "旅程女儿"} {
		p.visit("/shareholders/210727102216/new")
		p.fill("name", name)
		p.fill("id_no", journeyID(10+i))
		p.fill("people", "1")
		p.follow(`//main//button[normalize-space()="登记"]`)
		p.sees(name)
		ids[name] = strings.TrimPrefix(strings.Split(p.address(), "?")[0], "/shareholder/")
	}
	for entity, q := range map[string]string{group: "1", "210727102216E001": "10"} {
		p.visit("/entity/" + entity + "/issue?q=" + url.QueryEscape("旅程老户"))
		script[bool](p, `(() => {
			const all = document.querySelectorAll('main input.cell')
			all[all.length - 1].value = "`+q+`"
			return true
		})()`)
		p.fill("date", "2026-02-21")
		p.press("记入配股")
		p.sees("已配股")
	}
	dead := "/shareholder/" + ids["旅程老户"]
	p.visit(dead)
	p.press("死亡登记")
	p.fill("date", "2026-03-02")
	p.press("登记死亡")
	p.sees("还没有到")
	p.fill("date", "2026-02-24")
	p.fill("certificate", "2026-17")
	p.upload("file", "%PDF-1.4\n%%EOF\n")
	p.press("登记死亡")
	p.sees("已登记死亡", "账号不再付款", "2026-17")
	p.shot("44-death")
	p.fitsPhone()
	for i, name := range []string{"旅程长子", "旅程次子", "旅程女儿"} {
		p.fill(fmt.Sprintf("who.%d", i), name)
		p.fill(fmt.Sprintf("part.%d", i), "1/3")
	}
	p.fill("part.2", "1/4")
	p.fill("basis", "公证书 2026 第 17 号")
	p.fill("date", "2026-02-25")
	p.press("按份额继承")
	p.sees("各继承人的份额相加是 11/12,不是 1")
	p.shot("45-estate-fault")
	p.fill("part.2", "三分之一")
	p.press("按份额继承")
	p.sees("变动已记入", "继承", "旅程长子、旅程次子、旅程女儿", "公证书 2026 第 17 号", "-10")
	p.seesNot("公证书 2026 第 17 号 只有编号")
	p.shot("46-estate")
	p.visit("/shareholder/" + ids["旅程长子"])
	p.sees("0.3334", "3.3334", "五组集体经济组织")
	p.visit("/shareholder/" + ids["旅程女儿"])
	p.sees("0.3333", "3.3333")
	p.visit("/papers/" + ids["旅程老户"])
	p.sees("死亡证明2026-17")
}

// leavesCooperative gives notice for a member, closes the year, settles the account and pays it.
func leavesCooperative(s *site, p *person) {
	const at = "/members/210727102216E001/leave/210727102216H00001"
	p.visit("/members/210727102216E001/account/210727102216H00001")
	p.press("退社")
	p.fill("date", "2025-10-08")
	p.press("记退社申请")
	p.sees("来不及在 2025 年底退社:要到 2026 年底")
	p.shot("47-late-notice")
	p.fill("date", "2025-09-30")
	p.press("记退社申请")
	p.sees("退社申请已记入", "2025 年底")
	p.press("结算")
	p.sees("2025 年还没有结账")
	reviewer := s.as("qilihe")
	reviewer.visit("/summary/210727102216?year=2025")
	reviewer.press("2025 年结账")
	reviewer.sees("2025 年结账", "可分配(元)")
	reviewer.shot("48-closing")
	reviewer.fitsPhone()
	reviewer.run(chromedp.Click(`input[name="seen"]`))
	reviewer.press("2025 年结账")
	reviewer.sees("已结账")
	p.visit(at)
	p.fill("date", "2025-12-31")
	p.press("结算")
	p.sees("结算日期要在那以后")
	p.fill("date", "2026-03-01")
	p.press("结算")
	p.sees("已结算", "出资额(元)", "应退(元)", "退出的股份", "其中土地入股,退还土地(元)")
	p.shot("48-settled")
	p.fitsPhone()
	p.press("标记为已付")
	p.sees("已标记付款", "2026-03-01")
	p.visit("/members/210727102216E001?year=2026")
	p.sees("退社", "2025 年底")
}

// findsOnThePhone opens the rest of the menu at phone width and reaches what stands there.
func findsOnThePhone(p *person) {
	p.visit("/shareholders/210727102216")
	p.run(chromedp.EmulateViewport(360, 740))
	p.sees("育新村")
	p.run(chromedp.Click(`//nav//details/summary`))
	for _, text := range []string{"汇总", "三变情况", "日志", "经营主体", "我的账号"} {
		p.run(chromedp.WaitVisible(`//nav//details//a[.="` + text + `"]`))
	}
	p.shot("50-phone-menu")
	p.run(chromedp.EmulateViewport(360, 740))
	p.follow(`//nav//details//a[.="三变情况"]`)
	p.sees("三变情况", "入股的人")
	p.run(chromedp.EmulateViewport(1280, 900))
}

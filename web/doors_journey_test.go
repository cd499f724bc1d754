package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// stranger opens a browser with no history, which has not signed in; without scripts where an old phone has none.
func (s *site) stranger() *person {
	s.Helper()
	ctx, stop := chromedp.NewContext(s.browser, chromedp.WithNewBrowserContext())
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	s.Cleanup(func() { cancel(); stop() })
	return &person{s, ctx}
}

// Somebody sets a second step, signs out, and comes in again by the code of the phone; a wrong one does not.
func TestSecondFactorJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("yixian")
	p.visit("/second")
	secret := script[string](p, `document.querySelector("main code").innerText.replace(/\s/g, "")`)
	code := func() string {
		c, err := totp.GenerateCode(secret, time.Unix(s.now.Load(), 0))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	p.fill("code", code())
	p.press("设好第二步验证")
	p.sees("恢复码", "抄下")
	p.shot("70-recovery-codes")
	p.press("抄好了")
	p.follow(`//header//button[normalize-space()="退出"]`)
	s.now.Add(60) // a code is good once
	p.visit("/login?next=%2Fshells%2F210727")
	p.fill("account", "yixian")
	p.fill("password", demo.Password)
	p.press("登录")
	p.sees("验证码")
	p.seesNot("空壳村")
	p.visit("/shells/210727")
	p.sees("登录")
	p.fill("account", "yixian")
	p.fill("password", demo.Password)
	p.press("登录")
	p.fill("code", "000000")
	p.follow(`//main//form//button`)
	p.sees("验证码")
	p.fill("code", code())
	p.follow(`//main//form//button`)
	p.sees("空壳村", "李冬梅")
}

// A township accountant's morning: the board, a village's day, a line in its book, and over to another village on the same page.
func TestTownshipAccountantJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("daiguan")
	p.sees("各村", "育新村", "石桥子村", "赵守田")
	p.shot("71-board")
	p.fitsPhone()
	p.follow(`//main//a[normalize-space()="育新村"]`)
	p.sees("等您处理", "育新村")
	p.follow(`//nav//a[normalize-space()="录入收支"]`)
	p.fill("amount", "1860.50")
	p.fill("date", "2026-02-27")
	p.fill("party", "代管记的一笔")
	p.press("记一笔")
	p.sees("已记账", "代管记的一笔", "1,860.50")
	p.run(chromedp.Click(`//header//summary[normalize-space()="换村"]`, chromedp.NodeVisible))
	p.follow(`//header//div/a[normalize-space()="开州村"]`)
	if at := p.address(); at != "/income/210727102215" { // the same page of the other
		t.Errorf("the other village's books are at %s", at)
	}
	p.sees("开州村")
	p.seesNot("代管记的一笔")
	p.follow(`//nav//a[normalize-space()="各村"]`)
	p.sees("27,860.50")
	s.verified()
}

// A reviewer decides with the evidence; what was returned is beside what comes again.
func TestReviewJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("qilihe")
	p.visit("/today/210727102000")
	p.press("石桥子村股份经济合作社")
	p.sees("逐条核对", "✓ 合规", "农村集体经济组织法第四十二条", "! 请看", "放在一起看", "上年")
	p.shot("72-review")
	p.fitsPhone()
	p.fill("reason", "人口股偏高,请核")
	p.press("退回")
	p.sees("已退回", "王秋实")
	a := s.as("daiguan")
	a.visit("/distribution/210727102213E001D202501/revise")
	a.fill("sum.1", "280")
	a.press("保存")
	a.press("提交审核")
	a.ticks()
	if strings.Contains(a.text(), "请先核对") {
		a.press("提交审核")
	}
	a.sees("已提交")
	p.visit("/distribution/210727102213E001D202501")
	p.sees("与退回的那一版比", "人口股偏高,请核", "户的金额不同")
	p.press("审核通过")
	p.sees("已审核通过")
	s.verified()
}

// The county wants registers reviewed: a change waits for the township, which asks; the village answers; the change is found right.
func TestRegisterReviewJourney(t *testing.T) {
	s := newSite(t)
	s.post("yixian", &office.ChangeSetting{Region: "210727000000", Setting: "register_review", Value: "on", From: "2026-03-01", Reason: "规定"})
	village := s.as("yuxin")
	village.visit("/shareholder/210727102216H00001")
	village.fillIn("/shareholder/210727102216H00001/correct", "phone", "13800138001")
	village.fillIn("/shareholder/210727102216H00001/correct", "reason", "换了手机")
	village.press("更正")
	village.sees("已更正")
	township := s.as("qilihe")
	township.sees("登记待复核", "育新村")
	township.follow(`//main//a[contains(normalize-space(),"育新村")]`)
	township.sees("更正股东资料", "换了手机")
	township.seesNot("13800138001")
	township.shot("75-registered")
	township.fitsPhone()
	township.run(chromedp.Click(`//main//summary[contains(.,"问村里")]`, chromedp.NodeVisible))
	township.fill("question", "是本人来办的吗")
	township.press("交村里答复")
	village.visit("/")
	village.sees("镇里有疑问")
	village.visit("/registered/210727102216")
	village.fill("answer", "本人来的")
	village.press("答复")
	village.sees("已答复", "本人来的")
	township.visit("/registered/210727102216")
	township.press("以上 1 笔都对")
	township.sees("已复核", "都复核过了")
	s.verified()
}

// A villager, on a phone of 360 pixels, comes by the certificate's code to the village's public page, finds the own line and leaves an
// objection; the accountant answers it, and the answer is there to read.
func TestVillagerJourney(t *testing.T) {
	s := newSite(t)
	const holder, village = "210727102216H00003", "210727102216"
	var number, end, code string
	who, err := s.ledger.Actor("yuxin")
	if err == nil {
		err = s.ledger.Read(who, func(v *journal.View) error {
			h, err := register.ShareholderOf(v, holder)
			id := register.Masked(v, h).ID
			number, end, code = h.Certificate(), id[len(id)-4:], register.CheckCode(v, h)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	p := s.stranger()
	p.run(chromedp.EmulateViewport(360, 740))
	p.visit("/check?no=" + number + "&code=" + code)
	p.isNarrow()
	p.press("看村里公开的分红")
	p.isNarrow()
	p.sees("育新村", "年度收支")
	p.press("育新果蔬专业合作社 2025 年分红")
	p.isNarrow()
	p.sees("谢*永", "姓名遮住")
	p.seesNot("谢成永")
	p.fillIn("/mine", "end", "0000")
	p.press("查")
	p.sees("不相符")
	p.fillIn("/mine", "end", end)
	p.press("查")
	p.isNarrow()
	p.sees("您这一户:谢*永", "2,159.26")
	p.shot("73-own-line")
	p.fillIn("/object", "by", "谢家")
	p.fillIn("/object", "text", "土地股少算了半亩")
	p.fillIn("/object", "no", number)
	p.fillIn("/object", "end", end)
	p.press("留下异议")
	p.sees("已收到,是第 1 条", "等答复")
	p.isNarrow()
	a := s.as("yuxin")
	a.sees("有异议没有答复")
	a.visit("/distribution/" + village + "E001D202501#objections")
	a.sees("网上,已凭证核对", "土地股少算了半亩", "谢家")
	a.fillIn("/answer", "answer", "丈量表可以到村部看,没有少")
	a.follow(`//main//form[contains(@action,"/answer")]//button`)
	p.visit("/public/" + village + "/plan/" + village + "E001D202501")
	p.sees("答复:丈量表可以到村部看")
	s.verified()
}

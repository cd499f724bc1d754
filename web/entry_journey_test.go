package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// An accountant's hour at the keyboard: twenty vouchers one after the other, one of them taken back and booked again, one that is there
// already, found again by its party. The keys are counted.
func TestEntryJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("yuxin")
	p.visit("/income/210727102216")
	p.sees("记一笔", "2026 年收支")
	keys := 0
	types := func(list ...string) {
		t.Helper()
		for _, text := range list {
			if keys++; utf8.RuneCountInString(text) > 1 {
				keys += utf8.RuneCountInString(text) - 1
			}
			p.run(chromedp.KeyEvent(text))
		}
	}
	recorded := func() { // Enter sends the form: the page comes back with its cursor on the amount
		t.Helper()
		keys++
		script[bool](p, `(document.body.dataset.old = "1") === "1"`)
		p.run(chromedp.KeyEvent(kb.Enter))
		for begun := time.Now(); script[bool](p, `!document.body || document.body.dataset.old === "1" || document.readyState !== "complete"`); {
			if time.Since(begun) > 15*time.Second {
				t.Fatalf("the page does not come back:\n%s", p.text())
			}
		}
	}
	p.run(chromedp.Focus(`main [name="date"]`))
	script[bool](p, `document.querySelector('main [name="date"]').select() ?? true`)
	types("2-3", kb.Tab, kb.Tab)
	const vouchers = 20
	for i := range vouchers {
		at := ""
		for begun := time.Now(); at == "" && time.Since(begun) < 15*time.Second; { // the browser sets it after the page has come
			at = script[string](p, `document.activeElement.name ?? ""`)
		}
		if at != "amount" {
			t.Fatalf("voucher %d: the cursor is on %q", i+1, at)
		}
		types([]string{"1200+350", "3万", "86.5", "12*400"}[i%4], kb.Tab, []string{"承包户甲", "供销社", "县财政局", "承包户乙"}[i%4])
		if i == 0 {
			types(kb.Tab, "9-101")
		}
		recorded()
	}
	p.sees("已记账", "今天记的", fmt.Sprintf("%d 笔,收入 %s 元", vouchers, "182,182.50"))
	if per := (keys + vouchers - 1) / vouchers; per > 16 {
		t.Errorf("%d keys a voucher", per)
	} else {
		t.Logf("%d keys for %d vouchers", keys, vouchers)
	}
	if got := p.value("voucher"); got != "9-121" {
		t.Errorf("the next voucher is %s", got)
	}
	p.shot("entry-1-today")
	p.fitsPhone()

	p.fill("amount", "1550")
	p.fill("party", "承包户甲")
	p.fill("voucher", "9-101")
	p.press("记一笔")
	p.sees("日期、金额、对方和凭证都一样")
	p.shot("entry-2-same")

	p.visit("/income/210727102216?year=2026&q=" + "承包户甲")
	p.sees("5 笔,收入 7,750.00 元")
	p.follow(`(//div[@id="found"]//a[normalize-space()="冲销"])[1]`)
	p.fillIn("/rebook/", "reason", "金额录错")
	p.fillIn("/rebook/", "new.amount", "1500")
	p.shot("entry-3-rebook")
	p.press("冲销并重记")
	p.sees("已冲销并重记", "-1,550.00", "1,500.00")
	p.visit("/income/210727102216?year=2026&q=" + "承包户甲")
	p.sees("7 笔,收入 7,700.00 元")
	contracts := recordsContracts(p, &keys)
	linksReceipts(p, contracts)
	s.verified()
}

// recordsContracts records three contracts at the keyboard, and says where they are.
func recordsContracts(p *person, keys *int) (at []string) {
	p.Helper()
	before := *keys
	building := strings.Repeat(kb.ArrowDown, 5)
	for _, c := range []struct{ party, thing, asset, from, to, area, rent, pay string }{
		{"承包户甲", "村南机动地", "", "2025-01-01", "2029-12-31", "20", "1200*8", ""},
		{"承包户乙", "老磨坊", building, "2025-07-01", "2026-12-31", "", "3.6万", kb.ArrowDown},
		{"供销社", "村口门市", building, "2025-01-01", "2026-12-31", "", "1.2万", ""},
	} {
		p.visit("/contracts/210727102216/new")
		p.run(chromedp.Focus(`main [name="party"]`)) // where the cursor is by itself
		for _, text := range []string{c.party, kb.Tab, c.thing, kb.Tab, kb.Tab, c.asset, kb.Tab, c.from, kb.Tab, c.to, kb.Tab, c.area, kb.Tab,
			c.rent,
			kb.Tab, c.pay} {
			if text != "" {
				*keys += utf8.RuneCountInString(text)
				p.run(chromedp.KeyEvent(text))
			}
		}
		*keys++
		p.run(chromedp.Focus(`main [name="deposit"]`))
		if _, err := chromedp.RunResponse(p.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
			p.Fatal(err)
		}
		p.sees("合同已登记", c.party+" · "+c.thing)
		at = append(at, p.address())
	}
	p.Logf("%d keys for %d contracts", *keys-before, len(at))
	return at
}

// linksReceipts links what is booked already to two of the contracts, and books what comes by the third from the list, a click each: a
// dozen.
func linksReceipts(p *person, contracts []string) {
	p.Helper()
	receipts := 0
	for i, lines := range []int{5, 5} {
		p.visit(contracts[i])
		for range lines {
			p.run(chromedp.Click(`//summary[contains(., "账上已经记了的")]`))
			p.follow(`(//button[normalize-space()="是这份合同的"])[1]`)
			p.sees("已对上合同")
			receipts++
		}
	}
	p.visit(contracts[0])
	p.sees("已收 7,700.00 元")
	p.visit(contracts[1])
	p.sees("已收 24,000.00 元")
	p.shot("entry-4-contract")
	p.fitsPhone()
	for range 2 { // of 2025, and of 2026
		p.visit("/contracts/210727102216?q=村口门市")
		p.press("收到,记账")
		receipts++
		if receipts == 11 {
			p.sees("已记账,并对上合同")
			continue
		}
		p.sees("日期、金额、对方和凭证都一样") // both years' on one day: asked about
		p.ticks()
		p.press("收到,记账")
		p.sees("已记账,并对上合同", "未收 0.00 元")
	}
	if receipts != 12 {
		p.Errorf("%d receipts", receipts)
	}
	p.visit("/contracts/210727102216")
	p.sees("2026 年的日历", "村南机动地", "村口门市 12,000 已收")
	p.shot("entry-5-contracts")
	p.fitsPhone()
}

package web_test

import (
	"fmt"
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
		if at := script[string](p, `document.activeElement.name`); at != "amount" {
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
	s.verified()
}

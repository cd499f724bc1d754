package register_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
)

// register is a class's register as plain Go keeps it: what each of four holders got or gave on each of twenty days, and what is pledged.
type registerModel struct {
	moved   [4][20]money.Quantity
	pledges []modelPledge
	done    []modelMovement
}

// modelMovement is one entry that moved shares: what each holder got or gave.
type modelMovement struct {
	entry, day int
	by         map[int]money.Quantity
	reversed   bool
}

func (r *registerModel) move(entry, day int, by map[int]money.Quantity) {
	for holder, q := range by {
		r.moved[holder][day] += q
	}
	r.done = append(r.done, modelMovement{entry: entry, day: day, by: by})
}

type modelPledge struct {
	holder, from, until int // until 20 while it is not released
	quantity            money.Quantity
	entry               int
}

func (r *registerModel) held(holder, day int) (sum money.Quantity) {
	for d := range day + 1 {
		sum += r.moved[holder][d]
	}
	return sum
}

// free is the fewest unpledged shares of a holder on any day from a day on.
func (r *registerModel) free(holder, from int) money.Quantity {
	lowest := money.Quantity(1 << 60)
	for d := from; d < 20; d++ {
		free := r.held(holder, d)
		for _, p := range r.pledges {
			if p.holder == holder && p.from <= d && d < p.until {
				free -= p.quantity
			}
		}
		lowest = min(lowest, free)
	}
	return lowest
}

func dayOf(n int) journal.Date { return journal.Date(fmt.Sprintf("2025-03-%02d", n+1)) }

// Random histories of events, backdated ones among them: the ledger takes and refuses what the model does, nobody holds less than nothing
// or less than is pledged on any day, transfers conserve, and the register of every day is the model's.
func TestRandomRegister(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := booktest.New(t)
		entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "合作社", Kind: register.SpecialisedCooperative})[0]
		class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit})[0]
		holders := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 0), booktest.Household(booktest.Yuxin, 1),
			booktest.Household(booktest.Yuxin, 2), booktest.Household(booktest.Yuxin, 3))
		m := &registerModel{}
		post := func(want bool, e journal.Entry) (seq int, ok bool) {
			r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
			if (err == nil) != want {
				rt.Fatalf("%T %+v: %v; the model says %v", e, e, err, want)
			}
			if err != nil {
				return 0, false
			}
			return int(r.Ranges[0].First), true
		}
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			h, day := rapid.IntRange(0, 3).Draw(rt, "holder"), rapid.IntRange(0, 19).Draw(rt, "day")
			q := money.Quantity(rapid.IntRange(1, 8).Draw(rt, "quantity")) * 5000
			switch rapid.SampledFrom([]string{"issue", "issue", "transfer", "transfer", "inherit", "adjust", "pledge", "release",
				"reverse", "term"}).Draw(rt, "what") {
			case "issue":
				if seq, ok := post(true, &register.IssueShares{Class: class, Holder: holders[h], Quantity: q, Date: dayOf(day)}); ok {
					m.move(seq, day, map[int]money.Quantity{h: q})
				}
			case "transfer":
				to := (h + 1) % 4
				if seq, ok := post(q <= m.free(h, day), &register.TransferShares{Class: class, From: holders[h],
					To: []register.Lot{{Holder: holders[to], Quantity: q}}, Date: dayOf(day), Cause: register.Sale}); ok {
					m.move(seq, day, map[int]money.Quantity{h: -q, to: q})
				}
			case "inherit":
				var lots []register.Lot
				for i := 1; i < 4; i++ {
					lots = append(lots, register.Lot{Holder: holders[(h+i)%4], Quantity: q})
				}
				if seq, ok := post(3*q <= m.free(h, day), &register.TransferShares{Class: class, From: holders[h], To: lots, Date: dayOf(day),
					Cause: register.Inheritance}); ok {
					m.move(seq, day, map[int]money.Quantity{h: -3 * q, (h + 1) % 4: q, (h + 2) % 4: q, (h + 3) % 4: q})
				}
			case "adjust":
				if seq, ok := post(q <= m.free(h, day), &register.AdjustShares{Class: class,
					Changes: []register.Lot{{Holder: holders[h], Quantity: -q}, {Holder: holders[(h+2)%4], Quantity: 2 * q}}, Date: dayOf(day),
					Resolution: "1"}); ok {
					m.move(seq, day, map[int]money.Quantity{h: -q, (h + 2) % 4: 2 * q})
				}
			case "term":
				day = min(day, 18)
				if seq, ok := post(q <= m.free(h, day+1), &register.EndHolding{Class: class, Holder: holders[h], Quantity: q, Until: dayOf(day),
					Resolution: "1"}); ok {
					m.move(seq, day+1, map[int]money.Quantity{h: -q})
				}
			case "reverse":
				if len(m.done) == 0 {
					continue
				}
				d := &m.done[rapid.IntRange(0, len(m.done)-1).Draw(rt, "movement")]
				want, one := !d.reversed, 0
				for i, by := range d.by {
					want, one = want && by <= m.free(i, d.day), i // what it gave must still be there
				}
				if _, ok := post(want, &register.ReverseMovement{Class: class, Holder: holders[one], Movement: d.entry, Reason: "记错"}); ok {
					d.reversed = true
					for i, by := range d.by {
						m.moved[i][d.day] -= by
					}
				}
			case "pledge":
				if seq, ok := post(q <= m.free(h, day), &register.PledgeShares{Class: class, Holder: holders[h], Quantity: q, Date: dayOf(day),
					Pledgee: "银行"}); ok {
					m.pledges = append(m.pledges, modelPledge{h, day, 20, q, seq})
				}
			case "release":
				if len(m.pledges) == 0 {
					continue
				}
				p := &m.pledges[rapid.IntRange(0, len(m.pledges)-1).Draw(rt, "pledge")]
				if _, ok := post(p.until == 20 && day >= p.from, &register.ReleasePledge{Class: class, Holder: holders[p.holder], Pledge: p.entry,
					Date: dayOf(day)}); ok {
					p.until = day
				}
			}
		}
		compareDays(rt, b, m, class, holders)
		if _, err := booktest.Verify(b); err != nil {
			rt.Fatal(err)
		}
	})
}

func compareDays(t *rapid.T, b *booktest.Books, m *registerModel, class string, holders []string) {
	b.See("yixian", func(v *journal.View) {
		for day := range 20 {
			got := map[string]money.Quantity{}
			list, err := register.RegisterOn(v, class, dayOf(day))
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range list {
				got[h.Holder] = h.Quantity
			}
			for i, h := range holders {
				if want := m.held(i, day); got[h] != want || want < 0 {
					t.Fatalf("on day %d holder %d has %s, the model %s", day, i, got[h], want)
				}
			}
		}
		var all money.Quantity
		for i, h := range holders {
			hold, _ := register.HoldingsOf(v, h)
			for _, x := range hold {
				if x.Quantity != m.held(i, 19) {
					t.Fatalf("holder %d holds %s now, the model %s", i, x.Quantity, m.held(i, 19))
				}
				all += x.Quantity
			}
		}
		if c, _ := register.ShareClassOf(v, class); c.Issued != all {
			t.Fatalf("%s issued, %s held", c.Issued, all)
		}
	})
}

// What events refuse, and the setting of the charter they name.
func TestRegisterRules(t *testing.T) {
	b := booktest.New(t)
	entity, population, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3) // population 1, 2, 3
	neighbour := b.Record("kj-kaizhou", booktest.Household(booktest.Kaizhou, 60))[0]
	give := func(change func(*register.TransferShares)) journal.Entry {
		e := &register.TransferShares{Class: population, From: holders[2],
			To:   []register.Lot{{Holder: holders[0], Quantity: booktest.Units("1")}},
			Date: "2025-01-01", Cause: register.Gift}
		change(e)
		return e
	}
	withdraw := func(q, date string) journal.Entry {
		return &register.WithdrawShares{Class: population, Holder: holders[2], Quantity: booktest.Units(q), Paid: booktest.Yuan("10"),
			Date: journal.Date(date)}
	}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "class", withdraw("1", "2025-01-01")); !booktest.HasText(e, "没有允许有偿退出") {
		t.Errorf("withdrawal without leave of the charter: %v", e)
	}
	b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, FrozenFrom: "2024-01-01", WithdrawalCap: booktest.Rate("20"),
		Resolution: "2023-09"})
	for _, c := range []struct {
		name  string
		code  journal.Code
		field string
		says  string
		entry journal.Entry
	}{
		{"more than there is", journal.Conflict, "to.0.quantity", "能动的只有 3",
			give(func(e *register.TransferShares) { e.To[0].Quantity = booktest.Units("3.5") })},
		{"before there were any", journal.Conflict, "to.0.quantity", "能动的只有 0", give(func(e *register.TransferShares) { e.Date = "2018-12-31" })},
		{"to oneself", journal.Invalid, "to.0.holder", "写了两次", give(func(e *register.TransferShares) { e.To[0].Holder = e.From })},
		{"to nobody", journal.NotFound, "to.0.holder", "没有编号",
			give(func(e *register.TransferShares) { e.To[0].Holder = booktest.Yuxin + "H00099" })},
		{"to another village's household", journal.Conflict, "to.0.holder", "外来投资者",
			give(func(e *register.TransferShares) { e.To[0].Holder = neighbour })},
		{"less than nothing", journal.Invalid, "to.0.quantity", "大于 0",
			give(func(e *register.TransferShares) { e.To[0].Quantity = booktest.Units("-1") })},
		{"to no one at all", journal.Invalid, "to", "接收人", give(func(e *register.TransferShares) { e.To = nil })},
		{"for a reason that is none", journal.Invalid, "cause", "没有", give(func(e *register.TransferShares) { e.Cause = "theft" })},
		{"shares of no class", journal.NotFound, "class", "没有编号", give(func(e *register.TransferShares) { e.Class = entity + "C09" })},
		{"an issue into a frozen register", journal.Conflict, "date", "股权固化",
			&register.IssueShares{Class: land, Holder: holders[0], Quantity: booktest.Units("1"), Date: "2024-01-01"}},
		{"an adjustment of a frozen register", journal.Conflict, "date", "自 2024-01-01 起",
			&register.AdjustShares{Class: land, Changes: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("1")}}, Date: "2025-01-01",
				Resolution: "1"}},
		{"an adjustment without a resolution", journal.Invalid, "resolution", "决议",
			&register.AdjustShares{Class: land, Changes: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("1")}}, Date: "2020-01-01"}},
		{"an adjustment below nothing", journal.Conflict, "changes.0.quantity", "能动的只有",
			&register.AdjustShares{Class: population, Changes: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("-2")}},
				Date:       "2020-01-01",
				Resolution: "1"}},
		{"more than a fifth withdrawn in a year", journal.Conflict, "quantity", "2025 年最多 1.2", withdraw("1.5", "2025-01-01")},
		{"a pledge of more than there is", journal.Conflict, "quantity", "能动的只有",
			&register.PledgeShares{Class: population, Holder: holders[0], Quantity: booktest.Units("2"), Date: "2025-01-01", Pledgee: "银行"}},
		{"a pledge to nobody", journal.Invalid, "pledgee", "质权人", &register.PledgeShares{Class: population, Holder: holders[0],
			Quantity: booktest.Units("1"), Date: "2025-01-01"}},
		{"a release of no pledge", journal.NotFound, "pledge", "没有第 3 号", &register.ReleasePledge{Class: population, Holder: holders[0],
			Pledge: 3, Date: "2025-01-01"}},
		{"a charter without a resolution", journal.Invalid, "resolution", "决议", &register.ChangeCharter{Entity: entity}},
		{"a new certificate for no reason", journal.Invalid, "reason", "补发",
			&register.ReissueCertificate{Holder: holders[0], Date: "2025-01-01"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if e := b.Refuses("kj-yuxin", c.code, c.field, c.entry); !booktest.HasText(e, c.says) {
				t.Errorf("it says %v", e)
			}
		})
	}
	// A movement tomorrow binds today: what has gone later cannot go earlier.
	b.Record("kj-yuxin", give(func(e *register.TransferShares) { e.To[0].Quantity, e.Date = booktest.Units("2"), "2025-06-01" }))
	b.Refuses("kj-yuxin", journal.Conflict, "to.0.quantity",
		give(func(e *register.TransferShares) { e.To[0].Quantity = booktest.Units("1.5") }))
	// Pledged shares stay put until the day they are released.
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&register.PledgeShares{Class: population,
		Holder: holders[2], Quantity: booktest.Units("1"), Date: "2025-07-01", Pledgee: "县农商银行", Contract: "2025-88"}}})
	if err != nil {
		t.Fatal(err)
	}
	rest := give(func(e *register.TransferShares) { e.Date = "2025-08-01" })
	b.Refuses("kj-yuxin", journal.Conflict, "to.0.quantity", rest)
	b.Record("kj-yuxin", &register.ReleasePledge{Class: population, Holder: holders[2], Pledge: int(r.Ranges[0].First), Date: "2025-08-01"})
	b.Refuses("kj-yuxin", journal.Conflict, "pledge", &register.ReleasePledge{Class: population, Holder: holders[2],
		Pledge: int(r.Ranges[0].First), Date: "2025-08-02"})
	b.Refuses("kj-yuxin", journal.Conflict, "to.0.quantity", give(func(e *register.TransferShares) { e.Date = "2025-07-31" }))
	b.Record("kj-yuxin", rest)
	b.Record("kj-yuxin", &register.ReissueCertificate{Holder: holders[2], Date: "2025-09-01", Reason: "遗失"})
	b.See("kj-yuxin", func(v *journal.View) {
		s, _ := register.ShareholderOf(v, holders[2])
		if s.Certificate() != "21072710221600003-1" || s.Held != 1 {
			t.Errorf("certificate %s, %d classes held", s.Certificate(), s.Held)
		}
		if list, _ := register.PledgesOf(v, holders[2]); len(list) != 1 || list[0].Until != "2025-08-01" {
			t.Errorf("pledges %+v", list)
		}
	})
	// A distribution that has been submitted holds its record date still.
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("5000")})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: booktest.Rate("10")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	back := &register.TransferShares{Class: population, From: holders[0],
		To:   []register.Lot{{Holder: holders[1], Quantity: booktest.Units("1")}},
		Date: "2025-11-30", Cause: register.Sale}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "date", back); !booktest.HasText(e, id) {
		t.Errorf("the refusal does not name the distribution: %v", e)
	}
	back.Date = "2025-12-01"
	b.Record("kj-yuxin", back)
	b.Verified()
}

// A class that is bound, one that is closed and an entity that is dissolved keep what they have, and take no more.
func TestClosing(t *testing.T) {
	b := booktest.New(t)
	entity, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	bound := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Name: "基本股", Kind: register.PopulationShare,
		Unit: register.ShareUnit, Price: booktest.Rate("100"), Bound: true})[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: bound, Holder: holders[0], Quantity: booktest.Units("5"), Date: "2024-01-01"})
	move := func(class string, cause register.TransferCause) journal.Entry {
		return &register.TransferShares{Class: class, From: holders[0], To: []register.Lot{{Holder: holders[1], Quantity: booktest.Units("1")}},
			Date: "2025-01-01", Cause: cause}
	}
	for _, cause := range []register.TransferCause{register.Sale, register.Gift} {
		if e := b.Refuses("kj-yuxin", journal.Conflict, "class", move(bound, cause)); !booktest.HasText(e, "只能继承") {
			t.Errorf("%s of a bound share: %v", cause, e)
		}
	}
	b.Record("kj-yuxin", move(bound, register.Inheritance))
	issue := func(date string) journal.Entry {
		return &register.IssueShares{Class: population, Holder: holders[0], Quantity: booktest.Units("1"), Date: journal.Date(date)}
	}
	b.Refuses("kj-yuxin", journal.Invalid, "date", &register.CloseShareClass{Class: population, Date: "2018-12-31", Resolution: "2025-01"})
	b.Record("kj-yuxin", &register.CloseShareClass{Class: population, Date: "2025-01-01", Resolution: "2025-01"})
	b.Refuses("kj-yuxin", journal.Conflict, "class", &register.CloseShareClass{Class: population, Date: "2025-01-02", Resolution: "2025-02"})
	b.Refuses("kj-yuxin", journal.Conflict, "class", issue("2025-01-01"))
	b.Record("kj-yuxin", issue("2024-12-31"), move(population, register.Sale))
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("5000")})
	draft := func() journal.Entry {
		return &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
			Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: booktest.Rate("1")}}}
	}
	id := b.Record("kj-yuxin", draft())[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	gone := &register.DissolveEntity{Entity: entity, Date: "2026-02-01", Resolution: "2026-01"}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "entity", gone); !booktest.HasText(e, id) {
		t.Errorf("dissolved with a distribution under way: %v", e)
	}
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	b.Refuses("kj-yuxin", journal.Invalid, "date", &register.DissolveEntity{Entity: entity, Date: "2020-01-01", Resolution: "2026-01"})
	b.Record("kj-yuxin", gone)
	b.Refuses("kj-yuxin", journal.Conflict, "entity", &register.ChangeCharter{Entity: entity, Resolution: "2026-02"})
	b.Refuses("kj-yuxin", journal.Conflict, "entity", draft())
	b.Refuses("kj-yuxin", journal.Conflict, "entity", &register.OpenShareClass{Entity: entity, Name: "新股", Kind: register.CashShare,
		Unit: register.ShareUnit})
	b.Refuses("kj-yuxin", journal.Conflict, "entity", &register.IssueShares{Class: bound, Holder: holders[0], Quantity: booktest.Units("1"),
		Date: "2026-02-01"})
	late := &register.TransferShares{Class: population, From: holders[0], Date: "2026-02-01", Cause: register.Sale,
		To: []register.Lot{{Holder: holders[1], Quantity: booktest.Units("0.01")}}}
	b.Refuses("kj-yuxin", journal.Conflict, "entity", late)
	b.Refuses("kj-yuxin", journal.Invalid, "reason", &register.ReverseDissolution{Entity: entity})
	b.Record("kj-yuxin", &register.ReverseDissolution{Entity: entity, Reason: "记错了"})
	b.Refuses("kj-yuxin", journal.Conflict, "entity", &register.ReverseDissolution{Entity: entity, Reason: "记错了"})
	b.Record("kj-yuxin", late)
	b.Verified()
}

// An entity that was dissolved counts nowhere from that day on, nothing of it may be pledged still, and none holds shares of its own.
func TestWhatADissolvedEntityLeaves(t *testing.T) {
	b := booktest.New(t)
	entity, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	code := ident.CompleteCreditCode("91210727MA0000001")
	company := b.Record("kj-yuxin", &register.CorrectEntity{Entity: entity, CreditCode: code, Reason: "补登"},
		&register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Company, Name: "育新村股份经济合作社", IDNo: code})[1]
	if e := b.Refuses("kj-yuxin", journal.Conflict, "holder",
		&register.IssueShares{Class: population, Holder: company, Quantity: booktest.Units("1"),
			Date: "2025-01-01"}); !booktest.HasText(e, "自己") {
		t.Errorf("its own shares: %v", e)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "to.0.holder", &register.TransferShares{Class: population, From: holders[1], Date: "2025-01-01",
		Cause: register.Sale, To: []register.Lot{{Holder: company, Quantity: booktest.Units("1")}}})
	b.Refuses("kj-yuxin", journal.Conflict, "changes.0.holder", &register.AdjustShares{Class: population, Date: "2025-01-01",
		Resolution: "2025-2", Changes: []register.Lot{{Holder: company, Quantity: booktest.Units("1")}}})
	unnamed := &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Outside, Name: "外来公司"}
	b.Record("kj-yuxin", unnamed)
	b.Refuses("kj-yuxin", journal.Conflict, "name", &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Outside,
		Name: "外来 公司"})

	give := &register.TransferShares{Class: population, From: holders[1], Date: "2025-01-01", Cause: register.Gift, Resolution: "2025-3",
		To: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("1")}}}
	b.Record("kj-yuxin", give, &register.PledgeShares{Class: population, Holder: holders[0], Quantity: booktest.Units("1"), Date: "2025-02-01",
		Pledgee: "县农商银行"})
	b.See("kj-yuxin", func(v *journal.View) {
		events, _ := register.HoldingEvents(v, population, holders[0])
		names, basis, err := register.With(v, events[len(events)-1], holders[0])
		if s, _ := register.ShareholderOf(v, holders[1]); err != nil || len(names) != 1 || names[0] != s.Name || basis != "2025-3" {
			t.Errorf("the gift came from %v on %q, %v", names, basis, err)
		}
	})
	gone := &register.DissolveEntity{Entity: entity, Date: "2025-12-01", Resolution: "2025-9"}
	b.Refuses("kj-yuxin", journal.Conflict, "entity", gone)
	var pledge int
	b.See("kj-yuxin", func(v *journal.View) {
		list, _ := register.PledgesOf(v, holders[0])
		pledge = int(list[0].Entry)
	})
	b.Record("kj-yuxin", &register.ReleasePledge{Class: population, Holder: holders[0], Pledge: pledge, Date: "2025-11-30"}, gone)
	b.Refuses("kj-yuxin", journal.Conflict, "entity", &register.PledgeShares{Class: population, Holder: holders[0],
		Quantity: booktest.Units("1"),
		Date:     "2025-12-01", Pledgee: "县农商银行"})
	b.See("kj-yuxin", func(v *journal.View) {
		for year, want := range map[int]report.Counted{2024: {Now: 2, Before: 2}, 2025: {Now: 0, Before: 2}, 2026: {}} {
			if got, _ := report.TransformationOf(v, booktest.Yuxin, year); got.Shareholders != want {
				t.Errorf("%d: %+v shareholders, want %+v", year, got.Shareholders, want)
			}
		}
		if list, _ := register.StandingOf(v, holders[0]); len(list) != 0 {
			t.Errorf("the certificate says %+v", list)
		}
	})
	b.Verified()
}

// The cap on withdrawals is of what was out at the year's beginning, or at most before the year's first withdrawal: a class that was
// issued in
// January can be withdrawn from in December, and what is issued after a withdrawal does not widen the cap.
func TestCapOnWithdrawals(t *testing.T) {
	b := booktest.New(t)
	entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "合作社", Kind: register.Enterprise})[0]
	b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, WithdrawalCap: booktest.Rate("10"), Resolution: "1"})
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.PopulationShare, Unit: register.ShareUnit})[0]
	holder := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 1))[0]
	issue := func(quantity, date string) {
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: holder, Quantity: booktest.Units(quantity), Date: journal.Date(date)})
	}
	withdraw := func(quantity, date string) *register.WithdrawShares {
		return &register.WithdrawShares{Class: class, Holder: holder, Quantity: booktest.Units(quantity), Date: journal.Date(date), Paid: 1}
	}
	issue("1000", "2025-01-10")
	b.Refuses("kj-yuxin", journal.Conflict, "quantity", withdraw("101", "2025-12-01"))
	b.Record("kj-yuxin", withdraw("60", "2025-12-01"))
	issue("5000", "2025-12-05")
	b.Refuses("kj-yuxin", journal.Conflict, "quantity", withdraw("41", "2025-12-10"))
	b.Record("kj-yuxin", withdraw("40", "2025-12-10"))
	b.Record("kj-yuxin", withdraw("590", "2026-01-05")) // 5,900 are out at the year's beginning
	b.Refuses("kj-yuxin", journal.Conflict, "quantity", withdraw("1", "2026-01-06"))
}

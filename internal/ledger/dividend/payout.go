package dividend

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// PayoutState is how far a payout has come.
type PayoutState string

// The states.
const (
	Due    PayoutState = ""
	Sent   PayoutState = "sent" // in a batch that lies with a bank
	Paid   PayoutState = "paid"
	Failed PayoutState = "failed"
	Held   PayoutState = "held"   // in dispute, or its holder has died
	Passed PayoutState = "passed" // gone over to heirs, whose payouts stand beside it
	// Reserved is what nobody came for, and lies in the reserve until somebody does.
	Reserved PayoutState = "reserved"
	// Nothing is what queries call a payout of 0.00 that nobody has settled: it is settled by being nothing. No payout is stored so.
	Nothing PayoutState = "nothing"
)

// Label names the state in Chinese.
func (s PayoutState) Label() journal.Label {
	switch s {
	case Paid:
		return "已付"
	case Failed:
		return "失败"
	case Sent:
		return "已报盘"
	case Held:
		return "暂缓"
	case Passed:
		return "已转继承人"
	case Nothing:
		return "无应付"
	case Reserved:
		return "未领,在公积金"
	}
	return "待付"
}

// Tone is the colour of the state, whose word says the same.
func (s PayoutState) Tone() string {
	switch s {
	case Paid, Nothing:
		return "good"
	case Failed:
		return "bad"
	}
	return "wait"
}

// Payout is what one holder gets of one distribution.
type Payout struct {
	Holder string       `cbor:"1,keyasint"`
	Parts  []Part       `cbor:"2,keyasint"`
	Due    money.Yuan   `cbor:"3,keyasint"`
	State  PayoutState  `cbor:"4,keyasint,omitempty"`
	Date   journal.Date `cbor:"5,keyasint,omitempty"`  // when it was paid or failed
	Reason string       `cbor:"6,keyasint,omitempty"`  // why it failed
	Entry  uint64       `cbor:"7,keyasint,omitempty"`  // the entry that last changed it
	From   string       `cbor:"8,keyasint,omitempty"`  // ref of the payout that this one is a part of, by inheritance
	Batch  string       `cbor:"9,keyasint,omitempty"`  // the bank batch that it lies in, that paid it, or by which it failed
	Income string       `cbor:"10,keyasint,omitempty"` // the line that a dividend on collective shares became, in whichever book
	Passed money.Yuan   `cbor:"11,keyasint,omitempty"` // what has gone over to heirs
	Line   int          `cbor:"12,keyasint,omitempty"` // of the batch, from 1
	Adjust money.Yuan   `cbor:"13,keyasint,omitempty"` // of Due, what was deducted or added for earlier plans
	// Capital tells that it was not paid but became the member's capital (农民专业合作社法 art. 44).
	Capital bool `cbor:"14,keyasint,omitempty"`
	// Kept is what of the parts stays in the book: the holder is the collective itself, whose book it is. It is no part of Due.
	Kept money.Yuan `cbor:"15,keyasint,omitempty"`
	// Tax is withheld of Due, and Deducted is deducted because of something: what is paid is less by them.
	Tax      money.Yuan `cbor:"16,keyasint,omitempty"`
	Deducted money.Yuan `cbor:"17,keyasint,omitempty"`
	Because  string     `cbor:"18,keyasint,omitempty"`
	Payees   []Payee    `cbor:"19,keyasint,omitempty"` // the persons of a household who are taxed alone
	// PassedOff is what of Passed tax and deductions took off.
	PassedOff money.Yuan `cbor:"20,keyasint,omitempty"`
	// Of and Marks are what the holder was when the plan was approved, from when on it counts among payouts; "" of a plan that pays no
	// dividend. Heirs take them over.
	Of    register.HolderKind `cbor:"21,keyasint,omitempty"`
	Marks []string            `cbor:"22,keyasint,omitempty"`
	late  bool                // of what settle makes of it: taken back in another year, it corrects the income of the one it was paid in
}

// Net is what is paid.
func (p Payout) Net() money.Yuan { return p.Due - p.Tax - p.Deducted }

// Part is what a component gives, nothing for a payout that is inherited.
func (p Payout) Part(i int) Part {
	if i >= len(p.Parts) {
		return Part{}
	}
	return p.Parts[i]
}

// isNothing tells whether there is nothing to pay, and never was anything.
func (p Payout) isNothing() bool { return p.State == Due && p.Due == 0 }

// told is the payout as queries tell of it.
func (p Payout) told() Payout {
	if p.isNothing() {
		p.State = Nothing
	}
	return p
}

// IsPaid tells whether it has been paid.
func (p Payout) IsPaid() bool { return p.State == Paid }

// IsPassed tells whether it has gone over to heirs, whose payouts stand beside it.
func (p Payout) IsPassed() bool { return p.State == Passed }

// InCash tells whether somebody signs for it: what is still to be paid, and with done what was paid without a bank, too.
func (p Payout) InCash(done bool) bool {
	return p.State == Due || p.State == Failed || done && p.State == Paid && p.Batch == "" && !p.Capital
}

// OnHold tells whether it is held back.
func (p Payout) OnHold() bool { return p.State == Held }

// Left is the holder whom a payout is inherited from, "" of one that is not.
func (p Payout) Left() string {
	holder, _, _ := strings.Cut(p.From, "/")
	return holder
}

// PayoutPage is the address of the page that shows a payout, named as its table does: the distribution's id and the payout's ref.
func PayoutPage(key string) string {
	id, ref := journal.DistributionID.Cut(key)
	return journal.DistributionID.Page(id) + "?open=" + refHolder(ref) + "#" + ref
}

// refHolder is the holder whom a payout is due to, by its ref.
func refHolder(ref string) string {
	holder, _, _ := strings.Cut(ref, "/")
	return holder
}

// Ref names the payout in its distribution: the holder's id, and behind a stroke whom it is inherited from, and whom that one inherited it
// from.
func (p Payout) Ref() string {
	if p.From == "" {
		return p.Holder
	}
	return p.Holder + "/" + p.From
}

var payouts = sums.Folded("payout", func(_ store.Reader, key string, p Payout, to *sums.Adding) { p.addTo(key, to) })

// maxHolders is the most holders one entry may name, and one distribution may pay.
const maxHolders = 200_000

// ConfirmPayouts notes that payouts of an approved distribution were paid: chosen holders', or all that are due. A failed one is paid by
// naming its holder.
type ConfirmPayouts struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	Date         journal.Date `cbor:"2,keyasint" json:"date"`
	Holders      []string     `cbor:"3,keyasint" json:"holders"`
	All          bool         `cbor:"-" json:"all"`
	// Lines are the village's investment income from dividends on its collective shares.
	Lines []DividendLine `cbor:"4,keyasint,omitempty" json:"-"`
	// Capital says that the sums become the members' capital instead of being paid: in a specialised cooperative, by resolution.
	Capital    bool   `cbor:"5,keyasint,omitempty" json:"capital,omitempty"`
	Resolution string `cbor:"6,keyasint,omitempty" json:"resolution,omitempty"` // that of the plan where it is empty
	// Elsewhere is the income of other villages' collectives.
	Elsewhere []Elsewhere `cbor:"7,keyasint,omitempty" json:"-"`
	// Out is what is paid out of the reserve, where it lay.
	Out *fromReserve `cbor:"8,keyasint,omitempty" json:"-"`
	// SeenDue is what was due, in yuan, when whoever pays all of it looked; absent where nobody said, as in older entries.
	SeenDue money.Yuan `cbor:"9,keyasint,omitempty" json:"seen_due,omitempty"`
}

var _ = journal.Register(&ConfirmPayouts{}, journal.Kind{
	Label: "确认已付", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"holders":    "股东编号的列",
		"all":        "true 则全部待付",
		"capital":    "true 则不付钱,转为成员出资(农民专业合作社,按决议)",
		"resolution": "转为出资的决议;留空按方案的决议",
	},
})

// Place is the entity's village.
func (e *ConfirmPayouts) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ConfirmPayouts) Subject() string { return e.Distribution }

func (e *ConfirmPayouts) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved, plan.Closed)
	if err == nil && d.State == plan.Closed && d.ReservedCount == 0 {
		d, err = inState(c, e.Distribution, plan.Approved)
	}
	if err != nil {
		return err
	}
	var f journal.Faults
	checkPayoutDate(c, &f, d, e.Date)
	if d.State == plan.Closed { // what lies in the reserve is covered by it
		checkClosed(c, &f, d, e.Holders)
	} else {
		checkCovered(c, &f, d)
	}
	if e.All && len(e.Holders) > 0 {
		f.Invalid("holders", "", "要么列出股东,要么写 all,不能两样都写")
	} else if e.All {
		var due money.Yuan
		for _, p := range payouts.Scan(c, d.ID) {
			if p.State == Due && !p.isNothing() {
				e.Holders, due = append(e.Holders, p.Ref()), due+p.Due
			}
		}
		if e.SeenDue != 0 && e.SeenDue != due {
			f.Add(journal.Conflict, "seen_due", due, "您打开时待付 %s 元,现在是 %s 元:其间有付过、失败、暂缓或退回的;请看过再付", e.SeenDue.Grouped(),
				due.Grouped())
		}
		if len(e.Holders) == 0 {
			f.Add(journal.Conflict, "holders", "", "没有待付的款项")
		}
	} else {
		states := []PayoutState{Due, Failed}
		if !e.Capital {
			states = append(states, Reserved)
		}
		checkPayouts(c, &f, d, e.Holders, states...)
	}
	checkLate(c, &f, d, e.Holders, e.Date)
	if e.Capital {
		e.checkCapital(c, &f, d)
	} else if e.Resolution != "" {
		f.Invalid("resolution", e.Resolution, "只有转为成员出资的才写决议")
	}
	if len(f) > 0 {
		return f
	}
	if e.Capital { // nothing was paid: no income of the village's own shares
		return nil
	}
	if e.Out, err = outOfReserve(c, d, e.Holders, e.Date); err != nil {
		return err
	}
	if e.Lines, err = dividends(c, d, e.Holders, e.Date, false); err != nil {
		return err
	}
	e.Elsewhere, err = elsewhere(c, d, e.Holders, e.Date, false)
	return err
}

// Follow is the income of other villages' collectives.
func (e *ConfirmPayouts) Follow(chain string, seq uint64) []journal.Entry {
	return follow(e.Distribution, e.Elsewhere, "", chain, seq)
}

// checkPayoutDate refuses a date before the plan may be paid, in the future or in a closed year.
func checkPayoutDate(c *journal.Checking, f *journal.Faults, d plan.Distribution, on journal.Date) {
	income.CheckBookDate(c, f, d.Village(), "date", on)
	if on != "" {
		checkPayable(c, f, d, on)
	}
}

// checkCovered refuses to pay what the books no longer cover: income was reversed, or expense booked, after the plan was approved.
func checkCovered(c *journal.Checking, f *journal.Faults, d plan.Distribution) {
	if short := short(c, d); short > 0 && d.Fund != "" {
		f.Add(journal.Conflict, "distribution", d.ID, "土地补偿费比方案少 %s 元,不能再付;请先核对专项资金,或作废没有付过的方案", short.Grouped())
	} else if short > 0 {
		f.Add(journal.Conflict, "distribution", d.ID, "%s 年的分红比可分配收益多出 %s 元:方案提交以后又冲销了收入或补记了支出,不能再付;请先核对收支,或作废没有付过的方案", strconv.Itoa(d.Year),
			short.Grouped())
	}
}

// checkPayouts refuses holders who are named twice, get nothing of the distribution, or whose payout is in none of the states.
func checkPayouts(c *journal.Checking, f *journal.Faults, d plan.Distribution, holders []string, states ...PayoutState) {
	if len(holders) == 0 {
		f.Invalid("holders", "", "请至少选一户")
	}
	if len(holders) > maxHolders {
		f.Invalid("holders", len(holders), "一次最多 %s 户", strconv.Itoa(maxHolders))
		return
	}
	seen := make(map[string]bool, len(holders))
	for i, h := range holders {
		at := "holders." + strconv.Itoa(i)
		p, ok := payouts.Get(c, d.ID+h)
		switch {
		case !ok:
			f.Add(journal.NotFound, at, h, "这次分红没有股东 %s", h)
		case seen[h]:
			s, _ := register.ShareholderTable.Get(c, p.Holder)
			f.Invalid(at, h, "%s写了两次", s.Name)
		case p.isNothing() && slices.Contains(states, Due):
			s, _ := register.ShareholderTable.Get(c, p.Holder)
			f.Add(journal.Conflict, at, h, "%s 应付 0.00 元,没有要付的", s.Name)
		case !slices.Contains(states, p.State):
			s, _ := register.ShareholderTable.Get(c, p.Holder)
			f.Add(journal.Conflict, at, h, "%s 的款是“%s”,不能这样做", s.Name, p.State.Label())
		}
		seen[h] = true
	}
}

func (e *ConfirmPayouts) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	e.Out.apply(a, e.Distribution)
	settle(a, e.Distribution, e.Holders, Payout{State: Paid, Date: e.Date, Capital: e.Capital}, e.Lines)
	link(a, e.Distribution, e.Elsewhere)
}

// FailPayouts notes that the bank could not pay some payouts, and why.
type FailPayouts struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	Date         journal.Date `cbor:"2,keyasint" json:"date"`
	Holders      []string     `cbor:"3,keyasint" json:"holders"`
	Reason       string       `cbor:"4,keyasint" json:"reason"`
}

var _ = journal.Register(&FailPayouts{}, journal.Kind{
	Label: "记为失败", Roles: []journal.Role{journal.Accountant},
})

// Place is the entity's village.
func (e *FailPayouts) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *FailPayouts) Subject() string { return e.Distribution }

func (e *FailPayouts) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved)
	if err != nil {
		return err
	}
	var f journal.Faults
	checkPayoutDate(c, &f, d, e.Date)
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明失败的原因,例如 户名不符")
	}
	checkPayouts(c, &f, d, e.Holders, Due)
	return f.Err()
}

func (e *FailPayouts) Apply(a *journal.Applying) {
	settle(a, e.Distribution, e.Holders, Payout{State: Failed, Date: e.Date, Reason: e.Reason}, nil)
}

// ReversePayouts takes back that payouts were paid or failed: they are due again. It names the payouts by their holders, and the entries
// that it takes back.
type ReversePayouts struct {
	Distribution string   `cbor:"1,keyasint" json:"distribution"`
	Holders      []string `cbor:"2,keyasint" json:"holders"`
	Reason       string   `cbor:"3,keyasint" json:"reason"`
	// Lines take back the village's investment income from dividends on its collective shares.
	Lines []DividendLine `cbor:"4,keyasint,omitempty" json:"-"`
	Taken []uint64       `cbor:"5,keyasint" json:"-"` // by holder: the entry that paid, or noted the failure
	// Date is when the money came back, as in a year after the one it was paid in; absent, the day of the payment itself.
	Date journal.Date `cbor:"6,keyasint,omitempty" json:"date,omitempty"`
	Late bool         `cbor:"7,keyasint,omitempty" json:"-"` // income taken back corrects the year it was of; older entries do not say it
	// Elsewhere takes back the income of other villages' collectives.
	Elsewhere []Elsewhere `cbor:"8,keyasint,omitempty" json:"-"`
	// Out is what leaves the reserve: it is due again.
	Out *fromReserve `cbor:"9,keyasint,omitempty" json:"-"`
}

var _ = journal.Register(&ReversePayouts{}, journal.Kind{
	Label: "冲销付款", Roles: []journal.Role{journal.Accountant},
	Note: "已付或失败的又成待付,已办结的方案又成发放中 / paid or failed payouts are due again",
	Hints: map[string]string{
		"date": "钱退回的日期;留空算付款那天。付款的年度已结账的必填",
	},
})

// Place is the entity's village.
func (e *ReversePayouts) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ReversePayouts) Subject() string { return e.Distribution }

func (e *ReversePayouts) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved, plan.Closed)
	if err != nil {
		return err
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明冲销的原因")
	}
	checkPayouts(c, &f, d, e.Holders, Paid, Failed, Reserved)
	e.Taken, e.Late = nil, e.Date != ""
	if e.Date != "" {
		journal.CheckDate(c, &f, "date", e.Date)
	}
	for i, h := range e.Holders {
		p, _ := payouts.Get(c, d.ID+h)
		e.Taken = append(e.Taken, p.Entry)
		switch {
		case p.Capital:
			checkTurnedBack(c, &f, d, i, p, e.Date)
		case e.Date != "" && e.Date < p.Date:
			f.Invalid("date", e.Date, "日期 %s 早于付款的 %s", string(e.Date), string(p.Date))
		case p.Income == "", p.elsewhere(d): // elsewhere it is dated by that village's own years
		case e.Date != "":
			income.CheckBookDate(c, &f, d.Village(), "date", e.Date)
		default:
			income.CheckBookDate(c, &f, d.Village(), "holders."+strconv.Itoa(i), p.Date)
		}
	}
	if len(f) > 0 {
		return f
	}
	if e.Out, err = outOfReserve(c, d, e.Holders, e.Date); err != nil {
		return err
	}
	if e.Lines, err = dividends(c, d, e.Holders, e.Date, true); err != nil {
		return err
	}
	e.Elsewhere, err = elsewhere(c, d, e.Holders, e.Date, true)
	return err
}

// Follow takes back the income of other villages' collectives.
func (e *ReversePayouts) Follow(chain string, seq uint64) []journal.Entry {
	return follow(e.Distribution, e.Elsewhere, e.Reason, chain, seq)
}

func (e *ReversePayouts) Apply(a *journal.Applying) {
	e.Out.apply(a, e.Distribution)
	if d, _ := plan.DistributionTable.Get(a, e.Distribution); d.State == plan.Closed { // what was put away is taken up again
		d.State = plan.Approved
		d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.Reopened, Reason: e.Reason})
		plan.Keep(a, d)
	}
	for _, ref := range e.Holders {
		if p, _ := payouts.Get(a, e.Distribution+ref); p.State == Paid && p.Batch != "" {
			takeBack(a, p, e.Reason)
		}
	}
	settle(a, e.Distribution, e.Holders, Payout{State: Due, Reason: e.Reason, Date: e.Date, late: e.Late}, e.Lines)
	link(a, e.Distribution, e.Elsewhere)
}

// DividendLine is the line of income that the payment of a dividend on the village's own collective shares becomes.
type DividendLine struct {
	_   struct{} `cbor:",toarray"`
	Ref string
	ID  string // of the line
}

// dividendItem is the item that a paid dividend becomes in the village's book: what falls to the collective as an heir is no income of its
// own shares.
func (p Payout) dividendItem() string {
	if p.From != "" {
		return "other_income"
	}
	return "investment"
}

// dividends gives numbers to the lines that payments become, or that take such lines back. A dividend on collective shares of the paying
// village is its investment income, unless what pays is the village's own book: that would earn what it gives out.
func dividends(c *journal.Checking, d plan.Distribution, refs []string, on journal.Date, back bool) (list []DividendLine, err error) {
	if d.Book == string(d.Village()) || d.Fund != "" {
		return nil, nil
	}
	last, all := map[int]int{}, register.CollectivesOf(c, c.Open)
	for _, ref := range refs {
		p, _ := payouts.Get(c, d.ID+ref)
		year := on.Year()
		if back {
			if p.Income == "" || p.elsewhere(d) {
				continue
			}
			if on == "" {
				year = income.LineYear(p.Income)
			}
		} else if s, _ := register.ShareholderTable.Get(c, p.Holder); p.Due == 0 || all.BookOf(s) != string(d.Village()) {
			continue
		}
		if _, ok := last[year]; !ok {
			t, _ := income.TotalTable.Get(c, journal.YearID.Dated(string(d.Village()), year))
			last[year] = t.Last
		}
		if last[year]++; last[year] > income.MaxLinesOfYear {
			return nil, journal.Clash("holders", ref, "这本账 %s 年已满 99999 笔", strconv.Itoa(year))
		}
		list = append(list, DividendLine{Ref: ref, ID: income.LineOf(string(d.Village()), year, last[year])})
	}
	return list, nil
}

// settle moves payouts to another state and keeps the distribution's sums with them; lines are the income that goes with it.
func settle(a *journal.Applying, id string, refs []string, to Payout, lines []DividendLine) {
	d, _ := plan.DistributionTable.Get(a, id)
	for _, ref := range refs {
		p, _ := payouts.Get(a, id+ref)
		count(&d, p, -1)
		if answered := p.State == Sent && (to.State == Paid || to.State == Failed ||
			to.State == Held); !answered { // what a bank answered goes on naming its batch
			p.Batch, p.Line = to.Batch, 0
		}
		if p.Capital {
			turn(a, &d, p, -1, cmp.Or(to.Date, p.Date))
		}
		p.State, p.Date, p.Reason, p.Entry, p.Capital = to.State, to.Date, to.Reason, a.Seq, to.Capital
		if p.Capital {
			turn(a, &d, p, 1, p.Date)
		}
		if len(lines) > 0 && lines[0].Ref == ref {
			if to.State == Paid {
				p.Income = bookDividend(a, d, p, lines[0].ID)
			} else {
				income.TakeBack(a, p.Income, lines[0].ID, to.Reason, to.Date, "", to.late)
				p.Income = ""
			}
			lines = lines[1:]
		}
		if to.State == Due {
			p.Date = ""
		}
		count(&d, p, 1)
		payouts.Put(a, id+ref, p)
	}
	plan.Keep(a, d)
}

// count adds a payout to the sums of its state, or with -1 takes it away.
func count(d *plan.Distribution, p Payout, sign int) {
	sum := money.Yuan(sign) * p.Due
	switch p.State {
	case Sent:
		d.Sent, d.SentCount = d.Sent+sum, d.SentCount+sign
	case Paid:
		d.Paid, d.PaidCount = d.Paid+sum, d.PaidCount+sign
	case Failed:
		d.Failed, d.FailCount = d.Failed+sum, d.FailCount+sign
	case Reserved:
		d.Held, d.HeldCount = d.Held+sum, d.HeldCount+sign
		d.Reserved, d.ReservedCount = d.Reserved+sum, d.ReservedCount+sign
	case Held:
		d.Held, d.HeldCount = d.Held+sum, d.HeldCount+sign
	}
}

// bookDividend books a paid dividend on collective shares as the village's investment income, and returns the line.
func bookDividend(a *journal.Applying, d plan.Distribution, p Payout, id string) string {
	entity, _ := register.EntityTable.Get(a, d.Entity)
	income.Book(a, income.Income{ID: id, Item: p.dividendItem(), Date: p.Date, Amount: p.Due, Party: entity.Name, Note: d.ID, By: a.By,
		Entry: a.Seq, Payout: d.ID + p.Ref()})
	return id
}

// Payouts lists a distribution's payouts that fit, in order of the holders' ids, up to limit, from after on.
func Payouts(v *journal.View, distribution, after string, limit int, fits func(Payout) bool) (list []Payout, next string, err error) {
	books, err := v.At(journal.PlaceOf(distribution))
	if err != nil {
		return nil, "", err
	}
	if after != "" {
		after = distribution + after
	}
	list, next, err = store.Page(books, payouts.Table, distribution, after, limit, func(p Payout) bool { return fits(p.told()) })
	for i := range list {
		list[i] = list[i].told()
	}
	return list, strings.TrimPrefix(next, distribution), err
}

// EachPayout goes through all payouts of a distribution, in order of the holders' ids, and counts them.
func EachPayout(v *journal.View, distribution string, f func(Payout)) (n int, err error) {
	books, err := v.At(journal.PlaceOf(distribution))
	if err != nil {
		return 0, err
	}
	for _, p := range payouts.Scan(books, distribution) {
		f(p.told())
		n++
	}
	return n, nil
}

// PayoutOf returns one payout of a distribution.
func PayoutOf(v *journal.View, distribution, ref string) (Payout, error) {
	p, err := journal.Find(v, payouts.Readable(), distribution+ref, journal.Missing("holder", ref, "这次分红没有股东 %s", ref))
	return p.told(), err
}

// ReceivedPayout is a payout with the distribution it belongs to.
type ReceivedPayout struct {
	Distribution plan.Distribution
	Payout
}

// PaidElse lists what a holder gets of the other distributions of the same entity and year that are in force: a second round knows the
// first.
func PaidElse(v *journal.View, d plan.Distribution, holder string) (list []ReceivedPayout, err error) {
	books, err := v.At(d.Village())
	if err != nil {
		return nil, err
	}
	for _, other := range plan.DistributionTable.Scan(books, journal.DistributionID.Dated(d.Entity, d.Year)) {
		if other.ID == d.ID || !other.InForce() {
			continue
		}
		for _, p := range payouts.Scan(books, other.ID+holder) {
			list = append(list, ReceivedPayout{other, p.told()})
		}
	}
	return list, nil
}

func init() { register.OwedBy(owes) }

// owes tells whether anything of any plan of the county is still to be paid to a holder, or may be: one that has no payouts yet pays
// whoever held shares on its record date.
func owes(r store.Reader, holder string) bool {
	for _, d := range plan.DistributionTable.Scan(r, journal.PlaceOf(holder).Cut(region.County).Prefix()) {
		if !d.Committed() && d.State != plan.Voided && register.EverHeld(r, d.Entity, holder) {
			return true
		}
		for _, p := range payouts.Scan(r, d.ID+holder) {
			if d.State != plan.Voided && (p.unpaid() || p.State == Sent) {
				return true
			}
		}
	}
	return false
}

// Received lists a shareholder's payouts: of the distributions of the home village, and of the entities elsewhere that the shareholder
// holds shares of.
func Received(v *journal.View, holder string) (list []ReceivedPayout, err error) {
	books, err := v.At(journal.PlaceOf(holder))
	if err != nil {
		return nil, err
	}
	hold, err := register.HoldingsOf(v, holder)
	if err != nil {
		return nil, err
	}
	home := journal.PlaceOf(holder)
	from := []string{string(home)}
	for _, h := range hold {
		if entity := h.Class.Entity(); journal.PlaceOf(entity) != home && !slices.Contains(from, entity) {
			from = append(from, entity)
		}
	}
	for _, place := range from {
		for _, d := range plan.DistributionTable.Scan(books, place) {
			if d.State == plan.Voided {
				continue
			}
			for _, p := range payouts.Scan(books, d.ID+holder) {
				list = append(list, ReceivedPayout{d, p.told()})
			}
		}
	}
	return list, nil
}

// Shown tells whether a list of payouts that shows some has the payout: due, or what state it is in; all where nothing is said.
func (p Payout) Shown(show string) bool {
	switch show {
	case "paid", "failed", "sent", "held", "reserved":
		return string(p.State) == show
	case "due":
		return p.State == Due
	}
	return true
}

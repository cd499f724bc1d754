package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// allot divides a sum by weights, by largest remainder.
func allot(sum money.Yuan, weights []money.Weight) (list []Allotment, err error) {
	parts, err := money.Apportion(sum, weights)
	for i, p := range parts {
		if p.Amount != 0 {
			list = append(list, Allotment{Holder: weights[i].Key, Amount: p.Amount})
		}
	}
	return list, err
}

// QuantifyReserve divides a closed year's reserve among the members' accounts: by their trade of the year; by their capital where nobody
// traded; equally where none was paid in.
type QuantifyReserve struct {
	Entity     string       `cbor:"1,keyasint" json:"entity"`
	Year       int          `cbor:"2,keyasint" json:"year"`
	Resolution string       `cbor:"3,keyasint" json:"resolution"`
	Date       journal.Date `cbor:"4,keyasint" json:"date"`
	Parts      []Allotment  `cbor:"5,keyasint" json:"-"`
}

var _ = journal.Register(&QuantifyReserve{}, journal.Kind{
	Label: "量化公积金", Roles: []journal.Role{journal.Accountant},
	Note: "当年公积金按交易额分到成员账户 / by trade into the members' accounts",
	Page: func(e journal.Entry) string { return "/members/" + e.Subject() },
})

// Place is the village of the entity.
func (e *QuantifyReserve) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *QuantifyReserve) Subject() string { return e.Entity }

func (e *QuantifyReserve) Check(c *journal.Checking) error {
	entity, err := register.EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	if e.Resolution == "" {
		f.Invalid("resolution", "", "请填写决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, e.Entity, resolution.Fund)
	if e.Year < 1949 || e.Year > c.Today().Year() {
		f.Invalid("year", e.Year, "年度 %s 不对", strconv.Itoa(e.Year))
	}
	if len(f) > 0 {
		return f
	}
	if _, closed := office.ClosedFrom(c, e.Place(), e.Year); !closed {
		return journal.Clash("year", e.Year, "%s 年还没有结账,公积金还会变;请结账以后再量化", strconv.Itoa(e.Year))
	}
	checkSettled(c, &f, e.Entity, e.Date)
	if plan.Guard(c, &f, "date", e.Date, plan.Accounts, e.Entity, e.Date); len(f) > 0 {
		return f
	}
	var done money.Yuan
	for _, l := range accountLines.Scan(c, e.Entity) {
		if !l.Subsidy && l.Quantified() && l.Year == e.Year {
			done += l.Amount
		}
	}
	if done != 0 {
		return journal.Clash("year", e.Year, "%s 年的公积金已经量化到成员账户", strconv.Itoa(e.Year))
	}
	sum := income.StatementIn(c, entity.Book(), e.Year).Reserve
	if sum <= 0 {
		return journal.Clash("year", e.Year, "%s 年没有提取公积金,没有可量化的", strconv.Itoa(e.Year))
	}
	if left := unquantified(c, entity); left < sum { // what made good losses since is nobody's part
		if sum = left; sum <= 0 {
			return journal.Clash("year", e.Year, "%s 年的公积金已经用来弥补亏损,没有可量化的", strconv.Itoa(e.Year))
		}
	}
	var weights []money.Weight
	var traded money.Yuan
	end := journal.YearEnd(e.Year) // who has left by then has no account to hold it
	for _, t := range tradeOf(c, e.Entity, plan.Component{}, end, end, end) {
		if l, ok := leavingOf(c, e.Entity, t.Holder); ok && l.Settled != nil { // with the account settled
			continue
		}
		weights = append(weights, money.Weight{Key: t.Holder, Amount: money.Quantity(t.Amount)})
		traded += t.Amount
	}
	if traded == 0 {
		weights = nil
		var capital money.Yuan
		for _, m := range memberAccounts(c, e.Entity, e.Date) {
			weights = append(weights, money.Weight{Key: m.Holder, Amount: money.Quantity(m.Capital)})
			capital += m.Capital
		}
		for i := range weights {
			if capital == 0 {
				weights[i].Amount = 1
			}
		}
	}
	if e.Parts, err = allot(sum, weights); err != nil {
		return journal.Clash("entity", e.Entity, "还没有成员,没有可量化的账户")
	}
	return nil
}

// checkSettled refuses to quantify on a day before a member's account was settled: the settlement would not have had it.
func checkSettled(c *journal.Checking, f *journal.Faults, entity string, on journal.Date) {
	for _, l := range leavings.Scan(c, entity) {
		if l.Open() && l.Settled != nil && l.Settled.Date >= on {
			f.Add(journal.Conflict, "date", on, "%s已于 %s 退社结算;请用那以后的日期,或先冲销那次结算", nameOf(c, l.Holder), string(l.Settled.Date))
			return
		}
	}
}

// coveredSince is the entry of the last cover since another entry that took of the members' reserve shares, 0 where there is none.
func coveredSince(c *journal.Checking, entity string, entry uint64) (last uint64) {
	back := map[uint64]bool{}
	for _, l := range accountLines.Scan(c, entity) {
		back[l.Reverses] = true
	}
	for _, l := range accountLines.Scan(c, entity) {
		if l.Cover && l.Reverses == 0 && l.Entry > entry && !back[l.Entry] {
			last = max(last, l.Entry)
		}
	}
	return last
}

// unquantified is what of a cooperative's reserve no member has a part of yet.
func unquantified(c *journal.Checking, entity register.Entity) money.Yuan {
	left := income.StatementIn(c, entity.Book(), c.Today().Year()).Held - leftWith(c, entity.ID)
	for _, m := range everyAccount(c, entity.ID, c.Today()) {
		left -= m.Reserve
	}
	return left
}

func (e *QuantifyReserve) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	for _, p := range e.Parts {
		accountLines.Put(a.Tx, e.Entity+p.Holder+journal.SeqKey(a.Seq), AccountLine{Year: e.Year, Date: e.Date, Amount: p.Amount,
			Source: e.Resolution, Entry: a.Seq})
	}
}

// Grant is what a specialised cooperative was given that is no income: it goes into the special fund, and equally to its members' accounts.
type Grant string

// The grants.
const (
	StateGrant    Grant = "state"    // 国家财政直接补助形成的财产
	DonationGrant Grant = "donation" // 他人捐赠形成的财产
)

// Label names the grant in Chinese.
func (g Grant) Label() journal.Label {
	if g == DonationGrant {
		return "他人捐赠"
	}
	return "国家财政直接补助"
}

// source is what money the fund of the book calls it.
func (g Grant) source() income.Source {
	if g == DonationGrant {
		return income.Donated
	}
	return income.StateFunds
}

// QuantifySubsidy divides a state subsidy or donation equally among the accounts of those who are members on a day. What says which of the
// two it is, is booked into the special fund of the cooperative with it (财会〔2021〕37号, account 311); older entries do not say it, and
// booked nothing.
type QuantifySubsidy struct {
	Entity     string       `cbor:"1,keyasint" json:"entity"`
	Date       journal.Date `cbor:"2,keyasint" json:"date"`
	Amount     money.Yuan   `cbor:"3,keyasint" json:"amount"`
	Source     string       `cbor:"4,keyasint" json:"source"`
	Resolution string       `cbor:"5,keyasint,omitempty" json:"resolution"`
	Parts      []Allotment  `cbor:"6,keyasint" json:"-"`
	Grant      Grant        `cbor:"7,keyasint,omitempty" json:"grant,omitempty"`
	Payable    bool         `cbor:"8,keyasint,omitempty" json:"payable,omitempty"` // it stood in 专项应付款, and has become an asset
	Voucher    string       `cbor:"9,keyasint,omitempty" json:"voucher,omitempty"`
	Fund       string       `cbor:"10,keyasint,omitempty" json:"-"` // of the line in the special fund
}

var _ = journal.Register(&QuantifySubsidy{}, journal.Kind{
	Label: "量化补助", Roles: []journal.Role{journal.Accountant},
	Note: "记入专项基金,平均分到成员账户 / into the special fund, and equally into the members' accounts",
	Page: func(e journal.Entry) string { return "/members/" + e.Subject() },
	Hints: map[string]string{
		"grant": "state 国家财政直接补助/donation 他人捐赠", "payable": "true 为已记在专项应付款、现在形成了资产的",
	},
})

// Place is the village of the entity.
func (e *QuantifySubsidy) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *QuantifySubsidy) Subject() string { return e.Entity }

func (e *QuantifySubsidy) Check(c *journal.Checking) error {
	entity, err := register.EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	e.checkGrant(c, &f, entity)
	if e.Amount <= 0 {
		f.Invalid("amount", e.Amount, "请填写金额,例如 36000.56")
	}
	if e.Source == "" {
		f.Invalid("source", "", "请写明补助或捐赠的来源")
	}
	checkSettled(c, &f, e.Entity, e.Date)
	plan.Guard(c, &f, "date", e.Date, plan.Accounts, e.Entity, e.Date)
	if len(f) > 0 {
		return f
	}
	var weights []money.Weight
	for _, m := range memberAccounts(c, e.Entity, e.Date) {
		weights = append(weights, money.Weight{Key: m.Holder, Amount: 1})
	}
	if e.Parts, err = allot(e.Amount, weights); err != nil {
		return journal.Clash("entity", e.Entity, "还没有成员,没有可量化的账户")
	}
	if e.Fund = ""; e.Grant != "" {
		e.Fund, err = income.NextFund(c, entity.Book(), e.Date.Year(), 2)
	}
	return err
}

// checkGrant refuses what does not say what was given to a cooperative, or takes out of 专项应付款 what does not stand there.
func (e *QuantifySubsidy) checkGrant(c *journal.Checking, f *journal.Faults, entity register.Entity) {
	cooperative := entity.Kind == register.SpecialisedCooperative
	if cooperative && e.Grant == "" {
		e.Grant = StateGrant
		c.Doubt("grant", "", "没有写明是国家补助还是捐赠,按国家财政直接补助记入专项基金")
	}
	switch {
	case cooperative && e.Grant != StateGrant && e.Grant != DonationGrant:
		f.Invalid("grant", e.Grant, "请写明是国家财政直接补助(state)还是他人捐赠(donation)")
		return
	case !cooperative && e.Grant != "":
		f.Invalid("grant", e.Grant, "专项基金只有农民专业合作社有,%s是%s", entity.Name, entity.Kind.Label())
		return
	case e.Grant != "":
		income.CheckBookDate(c, f, e.Place(), "date", e.Date)
	}
	if !e.Payable {
		return
	}
	income.CheckStands(c, f, "amount", entity.Book(), e.Grant.source(), income.PayableAccount, e.Date, e.Amount)
}

// funds are the lines that the entry books into the cooperative's funds.
func (e *QuantifySubsidy) funds() (list []income.FundLine) {
	if e.Fund == "" {
		return nil
	}
	line := income.FundLine{ID: e.Fund, Source: e.Grant.source(), Account: income.SpecialAccount, Date: e.Date, Amount: e.Amount,
		Party: e.Source, Voucher: e.Voucher, Resolution: e.Resolution, Quantified: true}
	if !e.Payable {
		return []income.FundLine{line}
	}
	out := line
	out.ID, out.Account, out.Amount = income.NextOf(e.Fund), income.PayableAccount, -e.Amount
	line.Pair, out.Pair = out.ID, line.ID
	return []income.FundLine{line, out}
}

func (e *QuantifySubsidy) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	for _, p := range e.Parts {
		accountLines.Put(a.Tx, e.Entity+p.Holder+journal.SeqKey(a.Seq), AccountLine{
			Subsidy: true, Year: e.Date.Year(), Date: e.Date, Amount: p.Amount, Source: e.Source, Entry: a.Seq,
			Donation: e.Grant == DonationGrant,
		})
	}
	for _, l := range e.funds() {
		income.BookFund(a, l)
	}
}

// ReverseQuantified takes back what one entry divided among the members' accounts, named by its number in the journal.
type ReverseQuantified struct {
	Entity     string `cbor:"1,keyasint" json:"entity"`
	Quantified int    `cbor:"2,keyasint" json:"quantified"`
	Reason     string `cbor:"3,keyasint" json:"reason"`
	Fund       string `cbor:"4,keyasint,omitempty" json:"-"` // of the line that takes back what was booked into the special fund
}

var _ = journal.Register(&ReverseQuantified{}, journal.Kind{
	Label: "冲销量化", Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string { return "/members/" + e.Subject() },
	Hints: map[string]string{
		"quantified": "那次量化的日志号",
	},
})

// Place is the village of the entity.
func (e *ReverseQuantified) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *ReverseQuantified) Subject() string { return e.Entity }

func (e *ReverseQuantified) Check(c *journal.Checking) error {
	entity, err := register.EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	if e.Reason == "" {
		return journal.Wrong("reason", "", "请写明冲销的原因")
	}
	found, on := false, journal.Date("")
	for _, l := range accountLines.Scan(c, e.Entity) {
		if l.Reverses == uint64(e.Quantified) && e.Quantified > 0 {
			return journal.Clash("quantified", e.Quantified, "第 %s 号已经冲销", strconv.Itoa(e.Quantified))
		}
		if l.Entry == uint64(e.Quantified) && l.Reverses == 0 && l.Quantified() {
			found, on = true, l.Date
		}
	}
	if name := leftSince(c, e.Entity, uint64(e.Quantified)); found && name != "" {
		return journal.Clash("quantified", e.Quantified, "第 %s 号量化以后%s已经退社结算;请先冲销那次结算", strconv.Itoa(e.Quantified), name)
	}
	if cover := coveredSince(c, e.Entity, uint64(e.Quantified)); found && cover != 0 {
		return journal.Clash("quantified", e.Quantified, "第 %s 号量化以后用公积弥补过亏损(第 %s 号),各成员的份额已经减少;请先冲销那次弥补", strconv.Itoa(e.Quantified),
			strconv.FormatUint(cover, 10))
	}
	if e.Quantified == 0 {
		return journal.Wrong("quantified", "", "请填写那次量化的日志号")
	}
	if !found {
		return journal.Missing("quantified", e.Quantified, "没有第 %s 号量化", strconv.Itoa(e.Quantified))
	}
	var f journal.Faults
	plan.Guard(c, &f, "quantified", e.Quantified, plan.Accounts, e.Entity, on)
	if e.Fund = ""; len(income.FundsOf(c, entity.Book(), uint64(e.Quantified))) > 0 {
		if income.CheckBookDate(c, &f, e.Place(), "quantified", on); len(f) == 0 {
			e.Fund, err = income.NextFund(c, entity.Book(), on.Year(), 2)
		}
	}
	if len(f) > 0 {
		return f
	}
	return err
}

func (e *ReverseQuantified) Apply(a *journal.Applying) {
	takeBackLines(a, e.Entity, uint64(e.Quantified), e.Reason)
	if e.Fund != "" {
		lines := income.FundsOf(a, income.BookOfFund(e.Fund), uint64(e.Quantified))
		income.TakeBackFunds(a, lines, e.Fund, e.Reason, lines[0].Date)
	}
}

// takeBackLines writes into the members' accounts what takes back the lines of an entry.
func takeBackLines(a *journal.Applying, entity string, entry uint64, reason string) {
	var keys []string
	var back []AccountLine
	for k, l := range accountLines.Scan(a, entity) {
		if l.Entry == entry {
			l.Amount, l.Source, l.Entry, l.Reverses = -l.Amount, reason, a.Seq, l.Entry
			front, _ := journal.CutSeq(k)
			keys, back = append(keys, front+journal.SeqKey(a.Seq)), append(back, l)
		}
	}
	for i, k := range keys {
		accountLines.Put(a.Tx, k, back[i])
	}
}

package dividend

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Batch is a file of payouts that goes to one bank. Its lines are frozen when it is made: what the bank is sent does not change with the
// register.
type Batch struct {
	ID       string       `cbor:"1,keyasint"`
	Bank     string       `cbor:"2,keyasint,omitempty"` // "" for all banks
	Date     journal.Date `cbor:"3,keyasint"`
	Count    int          `cbor:"4,keyasint"`
	Sum      money.Yuan   `cbor:"5,keyasint"`
	Paid     money.Yuan   `cbor:"6,keyasint,omitempty"`
	PaidCnt  int          `cbor:"7,keyasint,omitempty"`
	Failed   money.Yuan   `cbor:"8,keyasint,omitempty"`
	FailCnt  int          `cbor:"9,keyasint,omitempty"`
	Entry    uint64       `cbor:"10,keyasint"`
	Recalled string       `cbor:"11,keyasint,omitempty"` // why what had not been settled was taken back
	Back     money.Yuan   `cbor:"12,keyasint,omitempty"` // paid by it once, and reversed since
	BackCnt  int          `cbor:"13,keyasint,omitempty"`
	Unnamed  bool         `cbor:"14,keyasint,omitempty"` // for those whose bank is not on the register
}

// Distribution is the id of what the batch pays.
func (b Batch) Distribution() string { return journal.DistributionID.In(b.ID) }

// Answered is how many lines the bank has answered.
func (b Batch) Answered() int { return b.PaidCnt + b.FailCnt + b.BackCnt }

// Open is how many lines the bank has not answered.
func (b Batch) Open() int {
	if b.Recalled != "" {
		return 0
	}
	return b.Count - b.PaidCnt - b.FailCnt - b.BackCnt
}

// BatchLine is one line of a batch.
type BatchLine struct {
	Ref    string      `cbor:"1,keyasint"` // of the payout
	Name   string      `cbor:"2,keyasint"`
	Bank   string      `cbor:"3,keyasint,omitempty"`
	Card   seal.Box    `cbor:"4,keyasint"`
	Amount money.Yuan  `cbor:"5,keyasint"`
	State  PayoutState `cbor:"6,keyasint,omitempty"` // Due where it was taken back
	Reason string      `cbor:"7,keyasint,omitempty"`
}

// HolderID is who the payout of a line is due to, and whose account it goes to.
func (l BatchLine) HolderID() string { return refHolder(l.Ref) }

// takeBack notes in a batch that a payout it paid has been reversed.
func takeBack(a *journal.Applying, p Payout, reason string) {
	key := lineKey(p.Batch, p.Line)
	l, _ := batchLines.Get(a, key)
	l.State, l.Reason = Due, reason
	batchLines.Put(a.Tx, key, l)
	b, _ := batches.Get(a, p.Batch)
	b.Paid, b.PaidCnt, b.Back, b.BackCnt = b.Paid-l.Amount, b.PaidCnt-1, b.Back+l.Amount, b.BackCnt+1
	batches.Put(a.Tx, b.ID, b)
}

var (
	batches    = journal.Folded[Batch]("batch")
	batchLines = journal.Folded[BatchLine]("batch_line") // batch and number of the line
)

func lineKey(batch string, n int) string { return batch + journal.Number(n, 6) }

// MakeBatch gathers the outstanding payouts whose holders have a card of a bank into a file for it. Failed ones go along when what made
// them fail can have changed: the holder's name or card has been put right since.
type MakeBatch struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	Bank         string       `cbor:"2,keyasint,omitempty" json:"bank"`    // "" for all who have a card
	Unnamed      bool         `cbor:"6,keyasint,omitempty" json:"unnamed"` // those alone whose bank is not on the register
	Date         journal.Date `cbor:"3,keyasint" json:"date"`
	ID           string       `cbor:"4,keyasint" json:"-"`
	Lines        []BatchLine  `cbor:"5,keyasint" json:"-"`
}

var _ = journal.Register(&MakeBatch{}, journal.Kind{
	Label: "银行报盘", Roles: []journal.Role{journal.Accountant},
	Note: "失败的要先改正户名或换卡才再报 / failed ones go again once name or card has been put right",
	Hints: map[string]string{
		"bank":    "留空为各银行合成一批",
		"unnamed": "true 则只是没写开户行的户",
	},
})

// Boxes tells of the accounts: each is of whoever its payout is due to.
func (e *MakeBatch) Boxes(each func(journal.Boxed)) {
	for i, l := range e.Lines {
		each(journal.Boxed{Purpose: seal.BankCard, Owner: l.HolderID(), Box: &e.Lines[i].Card})
	}
}

// Place is the entity's village.
func (e *MakeBatch) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the batch's id.
func (e *MakeBatch) Subject() string { return e.ID }

func (e *MakeBatch) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved)
	if err != nil {
		return err
	}
	var f journal.Faults
	checkPayoutDate(c, &f, d, e.Date)
	checkCovered(c, &f, d)
	if d.Batches >= 99 {
		f.Add(journal.Conflict, "distribution", d.ID, "一个方案最多 99 批")
	}
	if len(f) > 0 {
		return f
	}
	if e.Bank != "" && e.Unnamed {
		return journal.Wrong("unnamed", e.Bank, "写了开户行,就不能再写 unnamed")
	}
	e.Lines = nil
	for _, p := range payouts.Scan(c, d.ID) {
		s, _ := register.ShareholderTable.Get(c, p.Holder)
		open, card, mended := sendable(c, p, s)
		if open {
			doubtLate(c, s, p.Net())
		}
		if open && card && mended && (e.Bank == "" && !e.Unnamed || s.Bank == e.Bank) {
			e.Lines = append(e.Lines, BatchLine{Ref: p.Ref(), Name: s.Name, Bank: s.Bank, Card: s.Card, Amount: p.Net()})
		}
	}
	if len(e.Lines) == 0 {
		return journal.Clash("bank", e.Bank, "没有可以报给“%s”的款:要待付、登记了这家银行的卡;失败的要先改正户名或换卡,银行自己的原因请先冲销失败", e.Bank)
	}
	e.ID = journal.BatchID.ID(journal.BatchID.Front(d.ID), d.Batches+1)
	return nil
}

func (e *MakeBatch) Apply(a *journal.Applying) {
	b := Batch{ID: e.ID, Bank: e.Bank, Unnamed: e.Unnamed, Date: e.Date, Count: len(e.Lines), Entry: a.Seq}
	var refs []string
	for i, l := range e.Lines {
		b.Sum += l.Amount
		l.State = Sent
		batchLines.Put(a.Tx, lineKey(b.ID, i+1), l)
		refs = append(refs, l.Ref)
	}
	batches.Put(a.Tx, b.ID, b)
	settle(a, e.Distribution, refs, Payout{State: Sent, Date: e.Date, Batch: b.ID}, nil)
	for i, ref := range refs {
		p, _ := payouts.Get(a, e.Distribution+ref)
		p.Line = i + 1
		payouts.Put(a, e.Distribution+ref, p)
	}
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	d.Batches = journal.BatchID.Number(b.ID)
	plan.Keep(a, d)
}

// BatchResult is what a bank says of one line of a batch.
type BatchResult struct {
	Line   int         `cbor:"1,keyasint" json:"line"`
	State  PayoutState `cbor:"2,keyasint" json:"state"` // paid or failed
	Reason string      `cbor:"3,keyasint,omitempty" json:"reason"`
}

// SettleBatch records what a bank's result file says of the lines of a batch. A line is settled once.
type SettleBatch struct {
	Batch   string        `cbor:"1,keyasint" json:"batch"`
	Date    journal.Date  `cbor:"2,keyasint" json:"date"`
	Results []BatchResult `cbor:"3,keyasint" json:"results"`
	// Lines are the village's investment income from dividends on its collective shares.
	Lines []DividendLine `cbor:"4,keyasint,omitempty" json:"-"`
	// Elsewhere is the income of other villages' collectives.
	Elsewhere []Elsewhere `cbor:"5,keyasint,omitempty" json:"-"`
}

var _ = journal.Register(&SettleBatch{}, journal.Kind{
	Label: "银行结果", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"results.state": "paid/failed",
	},
})

// Place is the entity's village.
func (e *SettleBatch) Place() region.Code { return journal.PlaceOf(e.Batch) }

// Subject is the batch's id.
func (e *SettleBatch) Subject() string { return e.Batch }

// batchOf finds a batch that the bank has not fully answered.
func batchOf(c *journal.Checking, id string) (Batch, error) {
	b, ok := batches.Get(c, id)
	switch {
	case !ok:
		return b, journal.Missing("batch", id, "没有编号为 %s 的批次", id)
	case b.Recalled != "":
		return b, journal.Clash("batch", id, "批次 %s 已经撤回,其中没有结果的款又是待付;银行如已付了,请在方案里把那几户标记为已付", id)
	case b.Open() == 0:
		return b, journal.Clash("batch", id, "批次 %s 已经全部有结果;银行后来退回的,请在方案里冲销那几户的付款", id)
	}
	_, err := inState(c, b.Distribution(), plan.Approved)
	return b, err
}

func (e *SettleBatch) Check(c *journal.Checking) error {
	b, err := batchOf(c, e.Batch)
	if err != nil {
		return err
	}
	var f journal.Faults
	income.CheckBookDate(c, &f, e.Place(), "date", e.Date)
	if e.Date != "" && e.Date < b.Date {
		f.Invalid("date", e.Date, "日期 %s 早于报盘的 %s", string(e.Date), string(b.Date))
	}
	if len(e.Results) == 0 {
		f.Invalid("results", "", "没有结果")
	}
	seen := map[int]bool{}
	var paid []string
	for i, r := range e.Results {
		at := "results." + strconv.Itoa(i) + "."
		l, ok := batchLines.Get(c, lineKey(b.ID, r.Line))
		switch {
		case !ok || r.Line < 1:
			f.Add(journal.NotFound, at+"line", r.Line, "批次 %s 没有第 %s 行", b.ID, strconv.Itoa(r.Line))
		case seen[r.Line]:
			f.Invalid(at+"line", r.Line, "第 %s 行写了两次", strconv.Itoa(r.Line))
		case l.State != Sent:
			f.Add(journal.Conflict, at+"line", r.Line, "第 %s 行已经是“%s”;银行后来退回的,请在方案里冲销那一户的付款", strconv.Itoa(r.Line), l.State.Label())
		case r.State != Paid && r.State != Failed:
			f.Invalid(at+"state", r.State, "结果写 paid(成功)或 failed(失败)")
		case r.State == Failed && r.Reason == "":
			f.Invalid(at+"reason", "", "请写明失败的原因,例如 户名不符")
		}
		seen[r.Line] = true
		if p, _ := payouts.Get(c, b.Distribution()+l.Ref); isLate(c, p.Holder) {
			s, _ := register.ShareholderTable.Get(c, p.Holder)
			c.Doubt(at+"line", r.Line, "%s已于 %s 死亡,%s 元还在银行批次里:付成的照记,没有付成的暂缓给继承人", s.Late.Name, string(s.Late.Date), l.Amount.Grouped())
		}
		if r.State == Paid {
			paid = append(paid, l.Ref)
		}
	}
	if len(f) > 0 {
		return f
	}
	d, _ := plan.DistributionTable.Get(c, b.Distribution())
	if e.Lines, err = dividends(c, d, paid, e.Date, false); err != nil {
		return err
	}
	e.Elsewhere, err = elsewhere(c, d, paid, e.Date, false)
	return err
}

// Follow is the income of other villages' collectives.
func (e *SettleBatch) Follow(chain string, seq uint64) []journal.Entry {
	return follow(journal.DistributionID.In(e.Batch), e.Elsewhere, "", chain, seq)
}

func (e *SettleBatch) Apply(a *journal.Applying) {
	b, _ := batches.Get(a, e.Batch)
	var paid []string
	for _, r := range e.Results {
		key := lineKey(b.ID, r.Line)
		l, _ := batchLines.Get(a, key)
		l.State, l.Reason = r.State, r.Reason
		batchLines.Put(a.Tx, key, l)
		if r.State == Paid {
			b.Paid, b.PaidCnt = b.Paid+l.Amount, b.PaidCnt+1
			paid = append(paid, l.Ref)
			continue
		}
		b.Failed, b.FailCnt = b.Failed+l.Amount, b.FailCnt+1
		to := Payout{State: Failed, Date: e.Date, Reason: r.Reason}
		if p, _ := payouts.Get(a, b.Distribution()+l.Ref); isLate(a, p.Holder) {
			to.State = Held // for the heirs
		}
		settle(a, b.Distribution(), []string{l.Ref}, to, nil)
	}
	settle(a, b.Distribution(), paid, Payout{State: Paid, Date: e.Date}, e.Lines)
	link(a, b.Distribution(), e.Elsewhere)
	batches.Put(a.Tx, b.ID, b)
}

// RecallBatch takes back what of a batch the bank has not answered: the payouts are outstanding again.
type RecallBatch struct {
	Batch  string `cbor:"1,keyasint" json:"batch"`
	Reason string `cbor:"2,keyasint" json:"reason"`
}

var _ = journal.Register(&RecallBatch{}, journal.Kind{
	Label: "撤回报盘", Roles: []journal.Role{journal.Accountant},
})

// Place is the entity's village.
func (e *RecallBatch) Place() region.Code { return journal.PlaceOf(e.Batch) }

// Subject is the batch's id.
func (e *RecallBatch) Subject() string { return e.Batch }

func (e *RecallBatch) Check(c *journal.Checking) error {
	if _, err := batchOf(c, e.Batch); err != nil {
		return err
	}
	if e.Reason == "" {
		return journal.Wrong("reason", "", "请写明撤回的原因")
	}
	return nil
}

func (e *RecallBatch) Apply(a *journal.Applying) {
	b, _ := batches.Get(a, e.Batch)
	b.Recalled = e.Reason
	batches.Put(a.Tx, b.ID, b)
	var keys, refs []string
	var open []BatchLine
	for k, l := range batchLines.Scan(a, b.ID) {
		if l.State == Sent {
			keys, refs, open = append(keys, k), append(refs, l.Ref), append(open, l)
		}
	}
	for i, l := range open {
		l.State, l.Reason = Due, e.Reason
		batchLines.Put(a.Tx, keys[i], l)
	}
	settle(a, b.Distribution(), refs, Payout{State: Due, Reason: e.Reason}, nil)
}

// BatchOf returns a batch by its id.
func BatchOf(v *journal.View, id string) (Batch, error) {
	return journal.Find(v, batches.Readable(), id, journal.Missing("batch", id, "没有编号为 %s 的批次", id))
}

// Batches lists the batches of a distribution.
func Batches(v *journal.View, distribution string) (list []Batch, err error) {
	books, err := v.At(journal.PlaceOf(distribution))
	if err != nil {
		return nil, err
	}
	for _, b := range batches.Scan(books, journal.BatchID.Front(distribution)) {
		list = append(list, b)
	}
	return list, nil
}

// NumberedLine is a line of a batch with its number, and the card as the reader may see it.
type NumberedLine struct {
	BatchLine
	Number int
	CardNo string
	Holder register.Shareholder // who is paid, as the register has them now
	Late   *register.Late       // the holder who has died, and whose account it is; nil where not
}

// EachBatchLine goes through the lines of a batch; card numbers are whole where the leave covers the distribution.
func EachBatchLine(v *journal.View, id string, leave register.Revealed, f func(NumberedLine) error) error {
	b, err := BatchOf(v, id)
	if err != nil {
		return err
	}
	books, err := v.At(journal.PlaceOf(id))
	if err != nil {
		return err
	}
	for k, l := range batchLines.Scan(books, id) {
		card, err := v.Open(seal.BankCard, l.HolderID(), l.Card)
		if err != nil {
			card = "?"
		}
		p, _ := payouts.Get(books, b.Distribution()+l.Ref)
		s, _ := register.ShareholderTable.Get(books, p.Holder)
		if !leave.Covers(b.Distribution()) || s.Locked != 0 {
			card = ident.Mask(card)
		}
		if err := f(NumberedLine{l, lineNumber(k), card, s, s.Late}); err != nil {
			return err
		}
	}
	return nil
}

// MatchCard tells whether a card number that a bank wrote, whole or with its middle masked, can be that of a line.
func MatchCard(v *journal.View, l BatchLine, typed string) bool {
	card, err := v.Open(seal.BankCard, l.HolderID(), l.Card)
	if err != nil || typed == "" {
		return err == nil
	}
	card, typed = ident.Clean(card), ident.Clean(typed)
	if typed == card {
		return true
	}
	head, last := 0, 0 // a masked number shows its ends only
	for head < len(typed) && typed[head] >= '0' && typed[head] <= '9' {
		head++
	}
	for last < len(typed)-head && typed[len(typed)-1-last] >= '0' && typed[len(typed)-1-last] <= '9' {
		last++
	}
	const hidden = 4 // a mask that hides fewer digits would let somebody guess them one by one
	return head+last < len(typed) && last >= 4 && len(card) >= head+last+hidden && card[:head] == typed[:head] &&
		card[len(card)-last:] == typed[len(typed)-last:]
}

// Sendable is what of a distribution can be sent to banks now, and what is due but cannot.
type Sendable struct {
	Banks    []string       // of those whose payouts can be sent; "" where the register names none
	Count    map[string]int // payouts, by bank
	NoCard   int            // payouts whose holder has no card on the register
	Unmended int            // payouts that failed, and neither name nor card has changed since
	Late     []LatePayout   // what is not paid yet to holders who have died
}

// LatePayout is what is due to somebody who has died.
type LatePayout struct {
	Payout
	Shareholder register.Shareholder
}

// sendable tells whether a payout is open and can go to a bank: its holder has an account that is not a dead person's, and if it failed,
// name or account has changed since it was sent.
func sendable(r store.Reader, p Payout, s register.Shareholder) (open, card, mended bool) {
	open, card, mended = (p.State == Due || p.State == Failed) && p.Net() > 0, !s.Card.Empty() && s.Late == nil && s.Locked == 0, true
	if p.State == Failed {
		sent := p.Entry
		if p.Batch != "" {
			b, _ := batches.Get(r, p.Batch)
			sent = b.Entry
		}
		mended = s.Payee > sent
	}
	return open, card, mended
}

// SendableOf tells what of a distribution can be sent to which banks.
func SendableOf(v *journal.View, distribution string) (x Sendable, err error) {
	books, err := v.At(journal.PlaceOf(distribution))
	if err != nil {
		return x, err
	}
	x.Count = map[string]int{}
	for _, p := range payouts.Scan(books, distribution) {
		s, _ := register.ShareholderTable.Get(books, p.Holder)
		if s.Late != nil && p.State != Paid && p.Due > 0 {
			x.Late = append(x.Late, LatePayout{p, s})
		}
		switch open, card, mended := sendable(books, p, s); {
		case !open:
		case s.Late != nil:
		case !card:
			x.NoCard++
		case !mended:
			x.Unmended++
		default:
			if x.Count[s.Bank]++; x.Count[s.Bank] == 1 {
				x.Banks = append(x.Banks, s.Bank)
			}
		}
	}
	slices.Sort(x.Banks)
	return x, nil
}

// Way is how a payout was or is being paid: by a line of a bank batch, or directly.
type Way struct {
	Batch string // "" where it was paid directly, as in cash
	Line  int
	Bank  string
	Card  string // as the reader may see it
	// Direct tells that it was paid without a bank's file, as in cash.
	Direct bool
	// Capital tells that it was not paid, but became the member's capital.
	Capital bool
}

// WayOf tells how a payout was or is being paid: to the bank and card that it was sent to, whatever the register says today. What is still
// due shows the register's own.
func WayOf(v *journal.View, p Payout, s register.Shareholder, leave register.Revealed) (w Way) {
	switch {
	case p.Batch != "":
		books, err := v.At(journal.PlaceOf(p.Batch))
		if err != nil { // what another village's entity pays is shown where the shareholder is at home
			books, err = v.At(s.Village())
		}
		if err != nil {
			return Way{Batch: p.Batch, Line: p.Line, Card: "?"}
		}
		l, _ := batchLines.Get(books, lineKey(p.Batch, p.Line))
		w = Way{Batch: p.Batch, Line: p.Line, Bank: l.Bank}
		if w.Card, err = v.Open(seal.BankCard, l.HolderID(), l.Card); err != nil {
			w.Card = "?"
		}
		if !leave.Covers(journal.DistributionID.In(p.Batch)) || s.Locked != 0 {
			w.Card = ident.Mask(w.Card)
		}
	case p.State == Paid:
		w.Direct, w.Capital = !p.Capital, p.Capital
	default:
		w = Way{Bank: s.Bank, Card: Full(v, s, leave).Card}
	}
	return w
}

// lineNumber is the number of a line of a batch, given by its key.
func lineNumber(key string) int {
	_, n := journal.BatchID.Cut(key)
	number, _ := strconv.Atoi(n)
	return number
}

package income

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// Terms are the terms of a contract from a day on.
type Terms struct {
	From journal.Date   `cbor:"1,keyasint"`
	To   journal.Date   `cbor:"2,keyasint"`           // the last day
	Area money.Quantity `cbor:"3,keyasint,omitempty"` // 亩; 0 where it is not counted so
	Rent money.Yuan     `cbor:"4,keyasint,omitempty"` // yuan of a year, at first; 0 where only what is earned is shared
	// Every is after how many months it is due again, 0 for 12; Once says that all is due at once.
	Every int          `cbor:"5,keyasint,omitempty"`
	Once  bool         `cbor:"6,keyasint,omitempty"`
	First journal.Date `cbor:"7,keyasint,omitempty"` // when it is first due; From where it is ""
	// The rent rises every RiseYears years, by Rise per cent or by RiseBy yuan.
	RiseYears  int        `cbor:"8,keyasint,omitempty"`
	Rise       money.Rate `cbor:"9,keyasint,omitempty"`
	RiseBy     money.Yuan `cbor:"10,keyasint,omitempty"`
	Steps      []RentStep `cbor:"11,keyasint,omitempty"`
	InKind     string     `cbor:"12,keyasint,omitempty"` // what is paid in kind: 稻谷 500 斤; Rent is its worth then
	Deposit    money.Yuan `cbor:"13,keyasint,omitempty"`
	Dues       []FixedDue `cbor:"14,keyasint,omitempty"` // agreed one by one: then these alone are due
	Resolution string     `cbor:"15,keyasint,omitempty"`
	Reason     string     `cbor:"16,keyasint,omitempty"` // why it was changed
	Entry      uint64     `cbor:"17,keyasint"`
}

// Pays are the ways in which most contracts are paid: forms offer them, lists write them.
var Pays = []Pay{{12, false, "每年"}, {6, false, "每半年"}, {3, false, "每季"}, {1, false, "每月"}, {24, false, "每两年"}, {36, false, "每三年"},
	{60, false, "每五年"}, {0, true, "一次付清"}}

// Pay is a way in which a contract is paid: every so many months, or all at once.
type Pay struct {
	Every int
	Once  bool
	Label journal.Label
}

// RentStep is a year's rent from a day on.
type RentStep struct {
	From journal.Date `cbor:"1,keyasint" json:"from_day"`
	Rent money.Yuan   `cbor:"2,keyasint" json:"rent"`
}

// FixedDue is a sum that is due on a day.
type FixedDue struct {
	Date   journal.Date `cbor:"1,keyasint" json:"date"`
	Amount money.Yuan   `cbor:"2,keyasint" json:"amount"`
}

// check tells what is wrong with terms by themselves.
func (t Terms) check(f *journal.Faults, kind ContractKind, asset Asset) {
	switch {
	case t.From == "":
		f.Invalid("from_day", "", "请填写从哪天起")
	case t.From < "1949-10-01":
		f.Invalid("from_day", t.From, "日期 %s 太早", string(t.From))
	case t.From > "2099-12-31":
		f.Invalid("from_day", t.From, "日期 %s 太晚", string(t.From))
	}
	switch {
	case t.To == "":
		f.Invalid("to_day", "", "请填写到哪天为止")
	case t.To < t.From:
		f.Invalid("to_day", t.To, "到期日 %s 早于开始的 %s", string(t.To), string(t.From))
	case t.From != "" && t.To >= t.From.PlusYears(maxTerm):
		f.Invalid("to_day", t.To, "期限超过 %s 年", strconv.Itoa(maxTerm))
	}
	if t.Area < 0 {
		f.Invalid("area", t.Area, "面积不能小于 0")
	} else if t.Area > 0 && (asset == Equipment || asset == Shares) {
		f.Invalid("area", t.Area, "“%s”不按亩算;请写在说明里", asset.Label())
	}
	switch {
	case t.Rent < 0:
		f.Invalid("rent", t.Rent, "每年的金额不能小于 0")
	case t.Rent > 0 && len(t.Dues) > 0:
		f.Invalid("rent", t.Rent, "写了约定的各笔,就不再写每年的金额")
	case t.Rent == 0 && len(t.Dues) == 0 && t.InKind == "" && (kind == Letting || kind == Lease):
		f.Invalid("rent", "", "请填写每年多少元;%s要有约定的金额", kind.Label())
	}
	if t.Every < 0 || t.Every > maxTerm*12 {
		f.Invalid("every", t.Every, "隔 %s 个月付一次不对;例如 12、6、3、1", strconv.Itoa(t.Every))
	} else if t.Every > 0 && t.Once {
		f.Invalid("every", t.Every, "一次付清的不写隔几个月付")
	}
	if t.First != "" && (t.First < t.From.PlusYears(-2) || t.First > t.To.PlusYears(2)) {
		f.Invalid("first_due", t.First, "第一次付款 %s 离合同的期限太远", string(t.First))
	}
	if months := 12 * (t.To.Year() - t.From.Year() + 1); !t.Once && t.Every >= 0 && months/t.Months() > maxPayments {
		f.Invalid("every", t.Every, "要付的次数超过 %s 次;请隔久一点付一次", strconv.Itoa(maxPayments))
	}
	if t.Deposit < 0 {
		f.Invalid("deposit", t.Deposit, "押金不能小于 0")
	}
	t.checkSteps(f)
}

// maxPayments is the most times that a contract is paid: fifty years by the month.
const maxPayments = 600

// maxTerm is the most years that a contract may be written for: what law allows is a check of its own, and says more.
const maxTerm = 120

func (t Terms) checkSteps(f *journal.Faults) {
	rises := t.Rise != 0 || t.RiseBy != 0
	switch {
	case t.RiseYears < 0 || t.RiseYears > maxTerm:
		f.Invalid("rise_years", t.RiseYears, "每 %s 年涨一次不对", strconv.Itoa(t.RiseYears))
	case t.RiseYears > 0 && !rises:
		f.Invalid("rise", "", "请填写每 %s 年涨百分之几,或涨多少元", strconv.Itoa(t.RiseYears))
	case rises && t.RiseYears == 0:
		f.Invalid("rise_years", "", "请填写每几年涨一次")
	}
	if t.Rise != 0 && t.RiseBy != 0 {
		f.Invalid("rise_by", t.RiseBy, "涨百分之几和涨多少元只写一个")
	}
	switch {
	case t.Rise < 0 || t.Rise > 100_000_000:
		f.Invalid("rise", t.Rise, "涨幅 %s%% 不对;例如 5", t.Rise.String())
	case t.RiseBy < 0:
		f.Invalid("rise_by", t.RiseBy, "每次涨的金额不能小于 0;往下降的请写以后各时段")
	case t.RiseYears > 0 && t.RentOn(t.To) >= money.MaxYuan:
		f.Invalid("rise", t.Rise, "照这样涨,到 %s 每年要超过 %s 元", string(t.To), money.MaxYuan.Grouped())
	}
	if len(t.Steps) > 0 && rises {
		f.Invalid("steps", len(t.Steps), "写了每几年涨,就不再写各时段的金额")
	}
	for i, s := range t.Steps {
		at := "steps." + strconv.Itoa(i)
		switch {
		case s.From == "":
			f.Invalid(at+".from_day", "", "请填写从哪天起")
		case s.From <= t.From || s.From > t.To || i > 0 && s.From <= t.Steps[i-1].From:
			f.Invalid(at+".from_day", s.From, "日期 %s 要在合同期限之内,一个比一个晚", string(s.From))
		}
		if s.Rent <= 0 {
			f.Invalid(at+".rent", s.Rent, "请填写从这天起每年多少元")
		}
	}
	for i, d := range t.Dues {
		at := "dues." + strconv.Itoa(i)
		if d.Date == "" {
			f.Invalid(at+".date", "", "请填写应收的日期")
		} else if i > 0 && d.Date < t.Dues[i-1].Date || d.Date < t.From.PlusYears(-2) || d.Date > t.To.PlusYears(2) {
			f.Invalid(at+".date", d.Date, "应收日期“%s”不对;按先后写,不能离合同的期限太远", string(d.Date))
		}
		if d.Amount <= 0 {
			f.Invalid(at+".amount", d.Amount, "金额要大于 0")
		}
	}
	if len(t.Dues) > MaxDues || len(t.Steps) > MaxDues {
		f.Invalid("dues", len(t.Dues), "最多写 %s 笔", strconv.Itoa(MaxDues))
	}
}

// MaxDues is the most sums that a contract agrees one by one.
const MaxDues = 240

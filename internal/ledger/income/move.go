package income

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// MoveIncome moves a line that was booked in the wrong place to where it belongs: out of income altogether, into a fund; or under another
// item. It is dated in an open year, and where that is a later one, shown there as correction of the earlier: the closed year stays.
type MoveIncome struct {
	Income  string       `cbor:"1,keyasint" json:"income"`
	Date    journal.Date `cbor:"2,keyasint" json:"date"`
	Source  Source       `cbor:"3,keyasint,omitempty" json:"source"`  // to a fund: what money it is
	Account Account      `cbor:"4,keyasint,omitempty" json:"account"` // and where it stands
	Item    string       `cbor:"5,keyasint,omitempty" json:"item"`    // or to another item
	Reason  string       `cbor:"6,keyasint" json:"reason"`
	ID      string       `cbor:"7,keyasint" json:"-"`           // of the line that takes it away; the one under the other item is the next
	Fund    string       `cbor:"8,keyasint,omitempty" json:"-"` // of the fund line
	Was     string       `cbor:"9,keyasint" json:"-"`           // the item it was booked under
	Amount  money.Yuan   `cbor:"10,keyasint" json:"-"`
	Parts   []YearPart   `cbor:"11,keyasint" json:"-"` // of what takes it away
}

var _ = journal.Register(&MoveIncome{}, journal.Kind{
	Label: "更正收支", Roles: []journal.Role{journal.Accountant},
	Note: "记错地方的移到专项资金或另一个项目;结过账的年度不动,在开着的年度更正 / moves a line to a fund or another item",
	Hints: map[string]string{
		"source": "移到专项资金的来源:" + sourceHint, "item": "或移到另一个收支项目", "account": "reserve/payable;留空按来源",
		"date": "没有结账的年度里的一天",
	},
})

// Place is the village of the book.
func (e *MoveIncome) Place() region.Code { return journal.PlaceOf(e.Income) }

// Subject is the line that is moved.
func (e *MoveIncome) Subject() string { return e.Income }

func (e *MoveIncome) Check(c *journal.Checking) error {
	wrong, ok := incomes.Get(c, e.Income)
	switch {
	case !ok:
		return journal.Missing("income", e.Income, "没有编号为 %s 的收支", e.Income)
	case wrong.ReversedBy != "":
		return journal.Clash("income", e.Income, "这一笔已由 %s 冲销", wrong.ReversedBy)
	case wrong.Payout != "":
		return journal.Clash("income", e.Income, "这一笔是分红 %s 的集体股分红,不能移", plannedBy(wrong.Payout))
	case wrong.Reverses != "":
		return journal.Clash("income", e.Income, "这一笔本身是冲销,不能移")
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明更正的原因")
	}
	if e.Date != "" && e.Date < wrong.Date {
		f.Invalid("date", e.Date, "更正日期 %s 早于原来的 %s", string(e.Date), string(wrong.Date))
	}
	CheckBookDate(c, &f, e.Place(), "date", e.Date)
	e.checkTarget(c, &f, wrong)
	if len(f) > 0 {
		return f
	}
	e.Was, e.Amount, e.Parts = wrong.Item, wrong.Amount, wrong.undone(c, e.Date)
	as := RecordIncome{Book: wrong.Book(), Date: e.Date}
	if err := as.number(c); err != nil {
		return err
	}
	if e.ID = as.ID; e.Source != "" {
		var err error
		e.Fund, err = NextFund(c, wrong.Book(), e.Date.Year())
		return err
	}
	if journal.LineID.Number(e.ID) >= MaxLinesOfYear {
		return journal.Clash("income", e.Income, "这本账 %s 年已满 99999 笔", strconv.Itoa(e.Date.Year()))
	}
	return nil
}

// checkTarget refuses a move to nowhere, to where the line is, or to what the book does not have.
func (e *MoveIncome) checkTarget(c *journal.Checking, f *journal.Faults, wrong Income) {
	was, _ := ItemNamed(wrong.Item)
	if (e.Source == "") == (e.Item == "") {
		f.Invalid("source", "", "请选移到哪里:一种专项资金,或另一个收支项目,两者选一")
		return
	}
	if e.Source != "" {
		if was.Expense {
			f.Invalid("source", e.Source, "支出不能移到专项资金;用专项资金付的,请冲销后在专项资金页记使用")
		}
		if e.Source == OpeningReserve {
			f.Invalid("source", e.Source, "期初结存不是收进来的,请选别的来源")
		}
		e.Account = checkSource(c, f, wrong.Book(), e.Source, e.Account)
		return
	}
	item, ok := ItemNamed(e.Item)
	form := formIn(c, wrong.Book(), max(e.Date.Year(), wrong.Date.Year()))
	switch {
	case !ok || !form.Has(e.Item):
		f.Invalid("item", e.Item, "%s 年的报表没有“%s”这个项目;可用 %s", strconv.Itoa(e.Date.Year()), cmpLabel(item, e.Item), journal.Labels(form.Items()))
	case item.Expense != was.Expense:
		f.Invalid("item", e.Item, "收入不能移成支出,支出不能移成收入;请冲销后重新记")
	case e.Item == wrong.Item:
		f.Invalid("item", e.Item, "这一笔已经在“%s”", item.Label)
	}
	e.Account = ""
}

// cmpLabel is what an item is called, or the code of none.
func cmpLabel(item Item, code string) journal.Label {
	if item.Label == "" {
		return journal.Label(code)
	}
	return item.Label
}

func (e *MoveIncome) Apply(a *journal.Applying) {
	wrong := markReversed(a, e.Income, e.ID)
	Book(a, Income{
		ID: e.ID, Item: e.Parts[0].Item, Date: e.Date, Amount: -e.Amount, Party: wrong.Party, Note: e.Reason, Reverses: e.Income, By: a.By,
		Entry: a.Seq, Parts: e.Parts, Moved: true,
	})
	if e.Fund != "" {
		BookFund(a, FundLine{ID: e.Fund, Source: e.Source, Account: e.Account, Date: e.Date, Amount: e.Amount, Party: wrong.Party, Note: e.Reason,
			Income: e.Income})
		return
	}
	again := Income{ID: nextLine(a, wrong.Book(), e.Date.Year()), Item: e.Item, Date: e.Date, Amount: e.Amount, Party: wrong.Party,
		Voucher: wrong.Voucher, Note: e.Reason, By: a.By, Entry: a.Seq, Moved: true}
	for _, p := range e.Parts { // each year gets back what was taken from it, under the other item
		p.Amount, p.Item = -p.Amount, e.Item
		again.Parts = append(again.Parts, p)
	}
	Book(a, again)
}

// Suspect is a line of income that looks as if it were none.
type Suspect struct {
	Income
	Source Source // what it may be
	Word   string // by which word of its payer or note
	Shared bool   // whether plans of its year have given out something
}

// suspicious are the words in a payer's name or a note by which money is asked about, with what it may be; the first that is found counts.
var suspicious = []struct {
	source Source
	words  []string
}{
	{LandQuota, []string{"指标款", "指标收入", "指标交易", "指标收益", "增减挂钩", "占补平衡", "地票", "土地指标"}},
	{LandCompensation, []string{"土地补偿", "征地", "征收补偿", "征收款", "征用", "征占", "占地补偿", "占地款", "补偿安置", "安置补助", "拆迁", "青苗补偿", "地上附着物",
		"土地征收", "用地补偿", "失地", "补偿费", "补偿款"}},
	{RightsSale, []string{"四荒", "荒山拍卖", "荒地拍卖", "使用权拍卖", "使用权出让", "经营权出让", "使用权转让", "出让金", "出让款", "出让收入", "拍卖使用权", "入市"}},
	{AssetSale, []string{"变卖", "处置", "出售固定资产", "出售资产", "资产出售", "资产转让", "产权转让", "卖房", "卖车", "卖地", "房屋出售", "出售房", "出售车", "出售设备",
		"设备出售", "报废", "股权转让"}},
	{Donated, []string{"捐", "赠", "慈善", "善款", "基金会", "红十字"}},
	{StateFunds, []string{"财政专项", "专项资金", "专项补助", "专项拨款", "项目资金", "项目补助", "项目款", "衔接资金", "扶贫资金", "帮扶资金", "扶贫款", "乡村振兴资金", "壮大集体",
		"以奖代补", "一事一议", "高标准农田", "中央财政", "省级财政", "市级财政", "扶持资金", "移民资金", "移民后期", "建设资金", "基建"}},
}

// SuspectIn tells what money a line of income may be in truth, by its payer and note; false where nothing speaks for it.
func SuspectIn(item, party, note string) (s Source, word string, ok bool) {
	if it, known := ItemNamed(item); !known || it.Expense {
		return "", "", false
	}
	text := strings.ReplaceAll(note+"\x00"+party, " ", "")
	for _, x := range suspicious {
		for _, w := range x.words {
			if strings.Contains(text, w) {
				return x.source, w, true
			}
		}
	}
	return "", "", false
}

// doubtKind asks about a receipt that looks as if it were no income.
func doubtKind(c *journal.Checking, e *RecordIncome) {
	source, word, ok := SuspectIn(e.Item, e.Party, e.Note)
	if !ok {
		return
	}
	if body := BodyOf(c, e.Book); body == SpecialisedBody && (source == Donated || source == StateFunds) {
		c.Doubt("note", word, "写着“%s”:国家补助形成的财产和捐赠不是合作社的收入,应当在成员账户页量化,记入专项基金;确是收入的照记", word)
	} else if slices.Contains(SourcesOf(body), source) {
		c.Doubt("note", word, "写着“%s”:%s不是收益,不能分红,应当记在专项资金;确是收入的照记", word, source.Label())
	}
}

// Suspects lists the lines of a region that look as if they were no income and have not been taken back or moved, in the order of books.
func Suspects(v *journal.View, place region.Code) (list []Suspect, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	bodies := map[string][]Source{}
	shared := map[string]bool{}
	for _, d := range plan.DistributionTable.Scan(books, place.Prefix()) {
		if d.Committed() && d.Fund == "" {
			shared[journal.YearID.Dated(d.Book, d.Year)] = true
		}
	}
	for id, line := range incomes.Scan(books, place.Prefix()) {
		if line.Amount <= 0 || line.ReversedBy != "" || line.Reverses != "" || line.Payout != "" || line.Moved {
			continue
		}
		source, word, ok := SuspectIn(line.Item, line.Party, line.Note)
		if !ok {
			continue
		}
		book := line.Book()
		if bodies[book] == nil {
			bodies[book] = SourcesOf(BodyOf(books, book))
			if BodyOf(books, book) == SpecialisedBody {
				bodies[book] = append(bodies[book], Donated)
			}
		}
		if slices.Contains(bodies[book], source) {
			list = append(list, Suspect{line, source, word, shared[journal.LineID.Parent(id)]})
		}
	}
	return list, nil
}

package exchange_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

const village = "210727102216"

var clerk = journal.Actor{Account: "kj", Role: journal.Accountant, Region: village}

// begun is a ledger with a cooperative that has a population class.
func begun(t testing.TB) *journal.Ledger {
	l := open(t)
	if _, err := l.Post(clerk, journal.Posting{Entries: []journal.Entry{
		&register.RegisterEntity{Village: village, Name: "合作社", Kind: register.StockCooperative, Founded: "2019-01-01"},
		&register.OpenShareClass{Entity: village + "E001", Kind: register.PopulationShare, Unit: register.ShareUnit},
	}}); err != nil {
		t.Fatal(err)
	}
	return l
}

func read(t testing.TB, l *journal.Ledger, file string, p exchange.Purpose) (u *exchange.Upload, err error) {
	t.Helper()
	p.Village, p.Date = village, "2025-01-01"
	if e := l.Read(clerk, func(v *journal.View) error {
		u, err = exchange.Read(strings.NewReader(file), v, p, sheet.Layout{})
		return nil
	}); e != nil {
		t.Fatal(e)
	}
	return u, err
}

// A refused file comes back with its bad cells marked and a reason behind each row; mended there, it goes in.
func TestMarkedCopy(t *testing.T) {
	l := begun(t)
	p := exchange.Purpose{Kind: exchange.Shareholders, Entity: village + "E001"}
	u, err := read(t, l, "育新村名册\n姓名,身份证,人口股(股)\n甲,"+residentID(1)+",3\n乙,"+residentID(2)+",三\n丙,210799196001010011,1\n合计,,7\n", p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Post(l, clerk, []string{""}, true, nil); len(journal.All(err)) != 2 {
		t.Fatalf("faults %v", err)
	}
	if u.Count(exchange.New) != 1 || u.Count(exchange.Bad) != 2 || u.Count(exchange.Passed) != 1 {
		t.Errorf("states %v", u.States)
	}
	var marked bytes.Buffer
	if err := u.WriteMarked(sheet.To{W: &marked, Format: sheet.XLSX}, func(e *journal.Error) string { return e.Error() }); err != nil {
		t.Fatal(err)
	}
	again, err := read(t, l, marked.String(), p)
	if err != nil {
		t.Fatal(err)
	}
	again.Mend(1, 2, "3")
	again.Mend(2, 1, residentID(3))
	again.Mend(9, 9, "beyond")
	if err := l.Read(clerk, again.Plan); err != nil {
		t.Fatal(err)
	}
	key := again.RequestKeys(l)
	r, err := again.Post(l, clerk, key, false, nil)
	if err != nil || r.Count() != 6 {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err := again.Post(l, clerk, key, false, nil); err != nil || !r.Again || r.Count() != 6 {
		t.Errorf("a second time: %+v, %v", r, err)
	}
	if err := l.Read(clerk, again.Plan); err != nil || again.Entries != 0 || again.Count(exchange.Known) != 3 {
		t.Errorf("planned again it makes %d entries: %v, %v", again.Entries, again.States, err)
	}
}

// Formats of bank files that cannot be written are refused with the reason.
func TestBankFormats(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":                       `[`,
		"an unknown field":              `[{"name":"a","size":3}]`,
		"no columns":                    `[{"name":"a","encoding":"utf-8","separator":","}]`,
		"an unknown encoding":           `[{"name":"a","encoding":"ebcdic","separator":",","columns":[["a","name"]]}]`,
		"an unknown value":              `[{"name":"a","encoding":"utf-8","separator":",","columns":[["a","password"]]}]`,
		"a separator of two characters": `[{"name":"a","encoding":"utf-8","separator":"||","columns":[["a","name"]]}]`,
		"a header with a row's value":   `[{"name":"a","encoding":"utf-8","separator":"|","header":["name"],"columns":[["a","name"]]}]`,
		"a workbook with a trailer":     `[{"name":"a","encoding":"xlsx","trailer":["sum"],"columns":[["a","name"]]}]`,
	} {
		if _, err := exchange.ReadBankFormats([]byte(text)); journal.CodeOf(err) != journal.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(exchange.BankFormats()) < 3 {
		t.Error("the program's own formats are gone")
	}
}

// Whatever a file holds, reading it as any kind ends in an error that says why or in a plan that can be tried; nothing is written.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"户主,身份证号,人口股\n甲,210799196001010013,3\n", "姓名,种类,金额,股数\n甲,耕地,9000,4.5\n", "日期,项目,金额\n2025/1/1,经营收入,1\n", "成员,交易额\n,5\n", "序号,结果\n1,成功\n",
		"\"", "户主\t身份证号\n\t\n",
	} {
		f.Add(s)
	}
	l := begun(f)
	f.Fuzz(func(t *testing.T, file string) {
		for _, k := range append(exchange.VillageKinds(), exchange.Divisions) {
			u, err := read(t, l, file, exchange.Purpose{Kind: k, Entity: village + "E001"})
			if err != nil {
				if len(journal.All(err)) == 0 {
					t.Errorf("%s: %v is no refusal", k, err)
				}
				continue
			}
			if _, err := u.Post(l, clerk, []string{""}, true, nil); err != nil && len(journal.All(err)) == 0 {
				t.Errorf("%s: %v is no refusal", k, err)
			}
		}
	})
}

// Lists of the field come with columns of their own: what kind of paper and account, whose account it is, the codes of relations.
func TestAccountsAndPapersInLists(t *testing.T) {
	l := begun(t)
	for _, c := range []struct{ name, file, doubt, fault string }{
		{"a passbook under 银行账号", "户主,身份证号,家庭人数,开户行,银行账号\n存折户," + residentID(1) + ",2,农信社,210727100101012345\n", "记为存折", ""},
		{"a passbook under 银行卡号", "户主,身份证号,银行卡号\n存折户," + residentID(2) + ",210727100101012345\n", "", "校验位不符"},
		{"kinds of paper and names of accounts", "序号,户主姓名,证件类型,证件号码,家庭人口,银行账户名称,银行账号\n1,证件户,居民身份证," +
			residentID(3) + ",1,证件户,6228480090000065\n", "", ""},
		{"an account in another's name", "户主姓名,证件号码,银行账户名称\n丁," + residentID(4) + ",戊\n", "账户名称是戊", ""},
		{"a permanent resident", "户主,身份证号,家庭人数\n玛丽安娜,911840199002023048,1\n", "", ""},
		{"codes of relations", "户主,身份证号,与户主关系\n码户主," + residentID(5) + ",02\n码妻," + residentID(6) + ",10\n", "", ""},
		{"one card of two households", "户主,身份证号,银行卡号\n甲," + residentID(7) + ",6228480090000073\n乙," + residentID(8) +
			",6228480090000073\n", "一个账号付两户", ""},
		{"what nobody sees in names and numbers", "户主,身份证号,电话\n王\u200b强强," + residentID(9) + ",\u202d13800138000\u202c\n", "", ""},
		{"what keeps numbers text", "户主,身份证号,银行卡号\n等号户,\"=\"\"" + residentID(10) + "\"\"\",'6228480090000040\n", "", ""},
		{"a character as fonts for GBK had it", "户主,身份证号\n王\ue863," + residentID(11) + "\n", "", ""},
		{"a character of one's own", "户主,身份证号\n王\ue000," + residentID(12) + "\n", "", "自造的字"},
		{"lines in a cell", "户主,身份证号,开户行\n换行户," + residentID(13) + ",\"农业银行\n义县支行\"\n", "", ""},
		{"a unit account said in Chinese", "户主,身份证号,股东类型,开户行,账号,账户类别\n村集体,,村集体,农行义县支行,0709-06,对公账户\n", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := read(t, l, c.file, exchange.Purpose{Kind: exchange.Shareholders})
			if err != nil {
				t.Fatal(err)
			}
			goesIn(t, l, u, c.name, c.doubt, c.fault)
		})
	}
}

// goesIn posts a file, which is refused with a fault where there is one, and tells whether it went in; what is asked about has to be told.
func goesIn(t *testing.T, l *journal.Ledger, u *exchange.Upload, request, doubt, fault string) bool {
	t.Helper()
	_, err := u.Post(l, clerk, []string{request}, false, nil)
	if fault != "" {
		if err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%v, want %s", err, fault)
		}
		return false
	}
	if said := u.Doubts.Error(); err != nil || (doubt == "") != (said == "") || !strings.Contains(said, doubt) {
		t.Errorf("%v, doubts %q, want %q", err, said, doubt)
	}
	return err == nil
}

// A file of income and expense names items as people do, or by the account codes of the year's form, and says what is let out.
func TestItemsInFiles(t *testing.T) {
	l := begun(t)
	for _, c := range []struct{ name, row, item, doubt, fault string }{
		{"by its name", "2025-05-01,经营收入,10,,", "operating", "", ""},
		{"by its code in the year's form", "2025-05-01,502,10,,", "investment", "", ""},
		{"the same code in an older form", "2023-05-01,502,10,,", "operating_cost", "", ""},
		{"a code of another year's form", "2025-05-01,541,10,,", "", "", "没有“541”这个收支项目"},
		{"rent", "2025-05-04,发包及上交收入,10,租金,", "operating", "", ""},
		{"a profit handed up", "2025-05-05,发包及上交收入,10,上交利润,", "investment", "", ""},
		{"what is let out, without saying what", "2025-05-01,发包及上交收入,10,,", "", "", "请写明是租金"},
		{"land compensation", "2025-05-01,其他收入,10,,征地补偿款", "other_income", "土地补偿费不是收益", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := read(t, l, "日期,科目,金额,发包性质,摘要\n"+c.row+"\n", exchange.Purpose{Kind: exchange.Income})
			if err != nil {
				t.Fatal(err)
			}
			if !goesIn(t, l, u, c.name, c.doubt, c.fault) {
				return
			}
			if err := l.Read(clerk, func(v *journal.View) error {
				year, _ := strconv.Atoi(c.row[:4])
				lines, err := income.Incomes(v, village, year, "")
				if n := len(lines); n == 0 || lines[n-1].Item != c.item {
					t.Errorf("booked %+v, want the last under %s", lines, c.item)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A book with a column for what comes in and one for what goes out is read as it is; a row that says both, or the wrong one, is refused.
func TestCashBooks(t *testing.T) {
	for _, c := range []struct{ name, row, amount, fault string }{
		{"received", "2025-05-01,经营收入,1200,,1200", "1200.00", ""},
		{"spent", "2025-05-02,管理费用,,300.50,899.50", "300.50", ""},
		{"spent, and a nought", "2025-05-02,管理费用,0,300.50,899.50", "300.50", ""},
		{"both", "2025-05-02,管理费用,10,300.50,899.50", "", "不止一个金额"},
		{"income on the other side", "2025-05-02,经营收入,,300.50,899.50", "", "金额却写在支出一列"},
		{"an expense on the other side", "2025-05-02,管理费用,300.50,,899.50", "", "金额却写在收入一列"},
		{"nothing", "2025-05-02,管理费用,,,899.50", "", "金额"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := begun(t)
			u, err := read(t, l, "日期,项目,收入金额,支出金额,余额\n"+c.row+"\n", exchange.Purpose{Kind: exchange.Income})
			if err != nil {
				t.Fatal(err)
			}
			if !goesIn(t, l, u, c.name, "", c.fault) {
				return
			}
			if err := l.Read(clerk, func(v *journal.View) error {
				lines, err := income.Incomes(v, village, 2025, "")
				if len(lines) != 1 || lines[0].Amount.String() != c.amount {
					t.Errorf("booked %+v, want %s", lines, c.amount)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

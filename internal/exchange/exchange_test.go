package exchange_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/exchange"
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
		u, err = exchange.Read(strings.NewReader(file), v, p)
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
	if _, err := u.Post(l, clerk, "", true, nil); len(journal.All(err)) != 2 {
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
	key := again.RequestKey(l)
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
			if _, err := u.Post(l, clerk, "", true, nil); err != nil && len(journal.All(err)) == 0 {
				t.Errorf("%s: %v is no refusal", k, err)
			}
		}
	})
}

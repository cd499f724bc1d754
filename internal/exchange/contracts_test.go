package exchange_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/sheet"
)

// Lists of contracts as villages and programs write them are read as they are meant; what nobody can know is asked or refused.
func TestContractFiles(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       string // of the first contract; "" where none goes in
		doubt      string
		fault      string
	}{
		{"as a village writes it", "承包人,资源名称,资源类型,承包面积(亩),年承包费(元),合同起始日期,合同终止日期,缴费方式,备注\n" +
			"王长海,村东鱼塘,鱼塘,12.5,\"6,000\",2021.3.1,2026年2月28日,一年一付,塘埂自修\n",
			"letting water 村东鱼塘 王长海 2021-03-01 2026-02-28 12.5 6000.00 12 false", "", ""},
		{"a lease of a house, half-yearly", "承租方,资产名称,资产类别,年租金,开始日期,到期日期,付款方式\n门市租户,村口门市,门市房,12000,2025-01-01,2027-12-31,半年一付\n",
			"lease building 村口门市 门市租户 2025-01-01 2027-12-31 0 12000.00 6 false", "", ""},
		{"all at once", "承包方,标的名称,标的,面积,每年,从哪天起,到哪天为止,多久付一次\n甲,北山,荒山,100,400,2001-05-01,2051-04-30,一次性交清\n",
			"letting waste 北山 甲 2001-05-01 2051-04-30 100 400.00 0 true", "", ""},
		{"every eighteen months, rising", "承包方,标的名称,标的,每年,从哪天起,到哪天为止,多久付一次,递增\n甲,门市,厂房,400,2020-05-01,2030-04-30,每18个月,每3年涨5%\n",
			"lease building 门市 甲 2020-05-01 2030-04-30 0 400.00 18 false", "", ""},
		{"its time in one cell", "承包方,标的名称,标的,每年,承包期限\n甲,门市,厂房,400,2020.5.1-2030.4.30\n",
			"lease building 门市 甲 2020-05-01 2030-04-30 0 400.00 0 false", "", ""},
		{"its time in one cell, with years", "承包方,标的名称,标的,每年,合同期限\n甲,门市,厂房,400,2020年5月1日至2030年4月30日(10年)\n",
			"lease building 门市 甲 2020-05-01 2030-04-30 0 400.00 0 false", "", ""},
		{"months alone", "承包方,标的名称,标的,每年,合同起始日期,合同终止日期\n甲,门市,厂房,400,2020年5月,2030.4\n",
			"lease building 门市 甲 2020-05-01 2030-04-30 0 400.00 0 false", "", ""},
		{"months alone in one cell", "承包方,标的名称,标的,每年,承包期限\n甲,门市,厂房,400,2020.5-2030.4\n",
			"lease building 门市 甲 2020-05-01 2030-04-30 0 400.00 0 false", "", ""},
		{"what it is about told by its name", "承包方,标的名称,每年,承包期限\n甲,村东鱼塘,400,2020-05-01-2030-04-30\n",
			"letting water 村东鱼塘 甲 2020-05-01 2030-04-30 0 400.00 0 false", "", ""},
		{"what it is about told by nothing", "承包方,标的名称,每年,承包期限\n甲,老王家后面,400,2020-05-01-2030-04-30\n", "", "", "看不出"},
		{"a time of years only", "承包方,标的名称,标的,每年,承包期限\n甲,门市,厂房,400,10年\n", "", "", "看不出从哪天到哪天"},
		{"a word that nobody knows", "承包方,标的名称,标的,每年,从哪天起,到哪天为止\n甲,门市,飞地,400,2020-05-01,2030-04-30\n", "", "", "飞地"},
		{"a way to pay that nobody knows", "承包方,标的名称,标的,每年,从哪天起,到哪天为止,多久付一次\n甲,门市,厂房,400,2020-05-01,2030-04-30,看心情\n", "", "", "看心情"},
		{"a rise that nobody can read", "承包方,标的名称,标的,每年,从哪天起,到哪天为止,递增\n甲,门市,厂房,400,2020-05-01,2030-04-30,逐年递增\n", "", "", "看不懂"},
		{"twice the same", "承包方,标的名称,标的,每年,从哪天起,到哪天为止\n甲,门市,厂房,400,2020-05-01,2030-04-30\n甲,门市,厂房,400,2020-05-01,2030-04-30\n",
			"lease building 门市 甲 2020-05-01 2030-04-30 0 400.00 0 false", "一模一样", ""},
		{"an end before its beginning", "承包方,标的名称,标的,每年,从哪天起,到哪天为止\n甲,门市,厂房,400,2020-05-01,2020-04-30\n", "", "", "早于"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := begun(t)
			u, err := read(t, l, c.file, exchange.Purpose{Kind: exchange.Contracts})
			if err != nil {
				t.Fatal(err)
			}
			if !goesIn(t, l, u, "r", c.doubt, c.fault) {
				return
			}
			if err := l.Read(clerk, func(v *journal.View) error {
				k, err := income.ContractOf(v, village+"K0001")
				terms := k.Terms[0]
				got := strings.Join([]string{string(k.Kind), string(k.Asset), k.Thing, k.Party, string(terms.From), string(terms.To),
					terms.Area.String(),
					terms.Rent.String(), strconv.Itoa(terms.Every), map[bool]string{true: "true", false: "false"}[terms.Once]}, " ")
				if got != c.want {
					t.Errorf("it is recorded as %s, not as %s", got, c.want)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// The list that goes out comes in again, as XLSX and as CSV: in these books nothing is to be recorded, in others the same contracts are.
func TestContractsComeBack(t *testing.T) {
	l := begun(t)
	for _, e := range []*income.RecordContract{
		{Kind: income.Letting, Asset: income.Farmland, Thing: "机动地", Party: "甲", From: "2024-01-01", To: "2026-12-31", Area: 480000, Rent: 960000,
			RiseYears: 2, Rise: 5_000_000, Number: "1"},
		{Kind: income.Joint, Asset: income.Equipment, Thing: "冷库", Party: "乙", From: "2024-01-01", To: "2033-12-31", Rent: 100_00, RiseYears: 3,
			RiseBy: 200_00, Every: 18, Deposit: 5000_00},
		{Kind: income.Stake, Asset: income.Shares, Thing: "股权", Party: "丙", From: "2024-01-01", To: "2026-12-31"},
		{Kind: income.Lease, Asset: income.Building, Thing: "旧校舍", Party: "丁", From: "2024-01-01", To: "2043-12-31", Rent: 1_00, Once: true,
			InKind: "稻谷 500 斤", Note: "修缮归丁"},
	} {
		e.Book = village
		if _, err := l.Post(clerk, journal.Posting{Entries: []journal.Entry{e}}); err != nil {
			t.Fatal(err)
		}
	}
	list, _ := exchange.ListNamed("contracts")
	for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
		var out bytes.Buffer
		if err := l.Read(clerk, func(v *journal.View) error {
			return list.Write(sheet.To{W: &out, Format: format}, exchange.Asked{View: v, Place: village, Filter: map[string]string{"show": "all"}})
		}); err != nil {
			t.Fatal(err)
		}
		u, err := read(t, l, out.String(), exchange.Purpose{Kind: exchange.Contracts})
		if err != nil || u.Count(exchange.Known) != 4 || u.Entries != 0 {
			t.Errorf("back in these books: %v, %d to record, %v %v", u.States, u.Entries, u.Faults, err)
		}
		others := begun(t)
		u, err = read(t, others, out.String(), exchange.Purpose{Kind: exchange.Contracts})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.Post(others, clerk, []string{"r"}, false, nil); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"K0001", "K0002", "K0003", "K0004"} {
			var was, is income.Contract
			if err := l.Read(clerk, func(v *journal.View) (err error) { was, err = income.ContractOf(v, village+id); return err }); err != nil {
				t.Fatal(err)
			}
			if err := others.Read(clerk, func(v *journal.View) (err error) { is, err = income.ContractOf(v, village+id); return err }); err != nil {
				t.Fatal(err)
			}
			a, b := was.Dues(), is.Dues()
			if len(a) != len(b) || was.Kind != is.Kind || was.Party != is.Party || was.Number != is.Number || was.Note != is.Note {
				t.Errorf("%s comes back as %+v", id, is)
			}
			for i := range min(len(a), len(b)) {
				if a[i] != b[i] {
					t.Errorf("%s is due %+v, was %+v", id, b[i], a[i])
				}
			}
		}
	}
}

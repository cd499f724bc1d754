package demo

import (
	"math/rand/v2"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// tenant is who pays the villages of the demonstration for their greenhouses.
const tenant = "大棚承包户(演示)"

// contracts records those of every third village, links what was paid by them in the last two years, and books what came this year: half of
// them have paid.
func (f *filler) contracts() {
	rng := rand.New(rand.NewPCG(2107, 15))
	linked := map[region.Code][]string{}
	contracts := f.byTown(keeper, func(v region.Code) []journal.Entry {
		if v != yuxin && rng.IntN(3) > 0 {
			return nil
		}
		rents := f.paid(v, linked)
		if rents[0] == 0 || rents[1] == 0 {
			return nil
		}
		return []journal.Entry{&income.RecordContract{Book: string(v), Kind: income.Letting, Asset: income.Farmland, Thing: "机动地、大棚",
			Party:  tenant,
			Number: "演示-1", From: "2024-01-01", To: journal.YearEnd(2026 + rng.IntN(4)),
			Area: money.Quantity(int(rents[0])/(450+rng.IntN(400))) * 100,
			Rent: rents[0], Steps: []income.RentStep{{From: "2025-01-01", Rent: rents[1]}}, First: "2024-02-25"}}
	})
	f.byTown(keeper, func(v region.Code) (list []journal.Entry) {
		for _, line := range linked[v] {
			if len(contracts[v]) > 0 {
				list = append(list, &income.LinkIncome{Income: line, Contract: contracts[v][0]})
			}
		}
		return list
	})
	f.on(2, 26, func() {
		f.byTown(keeper, func(v region.Code) (list []journal.Entry) {
			if len(contracts[v]) == 0 || rng.IntN(2) == 0 && v != yuxin {
				return nil
			}
			rent := money.Yuan(0)
			f.see(func(view *journal.View) (err error) {
				k, err := income.ContractOf(view, contracts[v][0])
				rent = k.Last().RentOn("2026-02-25")
				return err
			})
			if v == yuxin { // has paid a part only
				rent = 20_000_00
			}
			return []journal.Entry{&income.RecordIncome{Book: string(v), Item: "operating", Date: "2026-02-26", Amount: rent, Party: tenant,
				Voucher: "0003", Contract: contracts[v][0]}}
		})
	})
	f.ofYuxin()
}

// paid is what the tenant paid a village in 2024 and in 2025, and adds the lines to those that are linked.
func (f *filler) paid(v region.Code, linked map[region.Code][]string) (rents [2]money.Yuan) {
	f.see(func(view *journal.View) error {
		for i := range rents {
			lines, err := income.Incomes(view, string(v), 2024+i, "")
			if err != nil {
				return err
			}
			for _, l := range lines {
				if l.Party == tenant {
					rents[i] += l.Amount
					linked[v] = append(linked[v], l.ID)
				}
			}
		}
		return nil
	})
	return rents
}

// see reads the books as the county's official.
func (f *filler) see(read func(*journal.View) error) {
	if f.err == nil {
		var who journal.Actor
		if who, f.err = f.Actor("yixian"); f.err == nil {
			f.err = f.Read(who, read)
		}
	}
}

// ofYuxin records the other contracts of the example village: one that is not paid, one that ends soon, one that rises, one that runs too
// long.
func (f *filler) ofYuxin() {
	book := string(yuxin)
	ids := f.post("yuxin",
		&income.RecordContract{Book: book, Kind: income.Letting, Asset: income.Farmland, Thing: "村西机动地", Party: "散户机动地承包户(演示)",
			From: "2026-01-01",
			To:   "2028-12-31", Area: 48_0000, Rent: 9_600_00, First: "2026-07-15", Resolution: "2025-03"},
		&income.RecordContract{Book: book, Kind: income.Letting, Asset: income.Water, Thing: "村东鱼塘", Party: "鱼塘承包户(演示)", From: "2026-01-01",
			To: "2026-12-31", Area: 12_5000, Rent: 6_000_00, Deposit: 1_000_00, Resolution: "2025-03"},
		&income.RecordContract{Book: book, Kind: income.Lease, Asset: income.Other, Thing: "荒坡(光伏用地)", Party: "光伏电站(演示)", Number: "演示-2025-3",
			From: "2025-03-01", To: "2045-02-28", Area: 54_0000, Rent: 32_400_00, First: "2026-12-20", RiseYears: 5, Rise: 5_000_000,
			Resolution: "2025-01"},
		&income.RecordContract{Book: book, Kind: income.Letting, Asset: income.Waste, Thing: "北沟荒山", Party: "荒山经营户(演示)", From: "2001-05-01",
			To: "2056-04-30", Area: 210_0000, Dues: []income.FixedDue{{Date: "2031-05-01", Amount: 210_000_00}},
			Note: "头三十年的 2001 年已一次付清,记在老账上"},
		&income.RecordContract{Book: book, Kind: income.Stake, Asset: income.Shares, Thing: "合作社股金", Party: "育新果蔬专业合作社", From: "2021-06-15",
			To: "2041-06-14", Resolution: "2021-02"})
	f.on(1, 12, func() {
		f.post("yuxin", &income.RecordIncome{Book: book, Item: "operating", Date: "2026-01-12", Amount: 6_000_00, Party: "鱼塘承包户(演示)",
			Voucher:  "0001",
			Contract: ids[1]})
	})
}

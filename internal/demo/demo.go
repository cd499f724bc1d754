// Package demo fills an empty ledger with a demonstration: the real divisions of Jinzhou, and in 义县 made-up books that look like real
// ones. Everything is drawn from a fixed seed, and posted through the same door as anything else.
package demo

import (
	"bytes"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

//go:embed jinzhou_divisions.csv
var divisionFile []byte

// City is the name that the file of divisions leaves out.
const City = "锦州市"

// Login is an account of the demonstration. All have the same password.
type Login struct {
	Name   string
	Role   journal.Role
	Region region.Code
	Person string // invented
}

// Password opens every account of the demonstration.
const Password = "sanbian-demo"

// Logins has one account a role, and the city's.
var Logins = []Login{
	{"yuxin", journal.Accountant, "210727102216", "周春燕"},
	{"daiguan", journal.Accountant, "210727102000", "赵守田"},
	{"qilihe", journal.Reviewer, "210727102000", "王秋实"},
	{"yixian", journal.Official, "210727000000", "李冬梅"},
	{"jinzhou", journal.Official, "210700000000", "孙立夏"},
	{"admin", journal.Administrator, "210700000000", "吴立新"},
	{"shenji", journal.Auditor, "210727000000", "郑明白"},
	{"jiandu", journal.Supervisor, "210727102216", "冯大公"},
}

const (
	county  region.Code = "210727000000"
	yuxin   region.Code = "210727102216"
	first               = 2019 // the first year of books
	last                = 2025 // the last
	bite                = 4000 // entries to a posting
	withReg             = 26   // villages whose register of households is filled in
)

// Clock is the time of the demonstration: every entry is posted about when it would have been.
type Clock struct{ now time.Time }

// Now is the time the demonstration stands at.
func (c *Clock) Now() time.Time { return c.now }

func (c *Clock) set(year, month, day int) { c.now = at(year, month, day) }

func at(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 10, 0, 0, 0, journal.Beijing)
}

// filler fills one ledger.
type filler struct {
	*journal.Ledger
	clock   *Clock
	rng     *rand.Rand
	err     error
	village []region.Code // with a collective
	stock   map[region.Code]string
	within  region.Code // where they lie
	houses  int         // households made so far
	ahead   []step
}

// step is something that is done on a day of its own. Books are filled in the order of time, village by village on each day.
type step struct {
	on time.Time
	do func()
}

// on plans a step for a day of 2026.
func (f *filler) on(month, day int, do func()) {
	f.ahead = append(f.ahead, step{at(last+1, month, day), do})
}

// go through what is planned, in the order of time.
func (f *filler) proceed() {
	slices.SortStableFunc(f.ahead, func(a, b step) int { return a.on.Compare(b.on) })
	for _, s := range f.ahead {
		f.clock.now = s.on
		s.do()
	}
}

// Fill fills an empty ledger that runs on clock. One that has entries already is left as it is.
func Fill(l *journal.Ledger, clock *Clock) error {
	return FillHashed(l, clock, func() (string, error) { return access.Hash(Password, access.Whose{}) })
}

// FillHashed is Fill with somebody's hash of Password: tests make one more cheaply than anybody should.
func FillHashed(l *journal.Ledger, clock *Clock, hashed func() (string, error)) error {
	if has, err := l.HasEntries(); err != nil || has {
		return err
	}
	hash, err := hashed()
	if err != nil {
		return err
	}
	f := &filler{Ledger: l, clock: clock, rng: rand.New(rand.NewPCG(2107, 27)), stock: map[region.Code]string{}}
	clock.set(first, 1, 2)
	f.within = county
	f.places()
	f.accounts(hash)
	f.entities()
	f.books()
	f.registers()
	f.yuxin()
	f.distributions()
	f.sharedOut()
	f.contracts()
	f.proceed()
	if f.err != nil {
		return fmt.Errorf("fill the demonstration: %w", f.err)
	}
	return l.MarkDemo()
}

// visitor posts what somebody leaves on the public page.
const visitor = "visitor"

// post posts entries as an account and returns their ids. After an error nothing more is posted.
func (f *filler) post(account string, entries ...journal.Entry) (ids []string) {
	who := journal.Console
	if account == visitor {
		who = journal.Visitor(county)
	} else if account != "" && f.err == nil {
		who, f.err = f.Actor(account)
	}
	for len(entries) > 0 && f.err == nil {
		n := min(bite, len(entries))
		var r journal.Receipt
		r, f.err = f.Post(who, journal.Posting{Entries: entries[:n]})
		ids, entries = append(ids, r.IDs...), entries[n:]
	}
	if f.err != nil { // callers pick ids by place
		return make([]string, len(entries)+len(ids)+16)
	}
	return ids
}

func (f *filler) places() {
	var u *exchange.Upload
	if f.err = f.Read(journal.Console, func(v *journal.View) (err error) {
		u, err = exchange.Read(bytes.NewReader(divisionFile), v, exchange.Purpose{Kind: exchange.Divisions, City: City}, sheet.Layout{})
		return err
	}); f.err != nil {
		return
	}
	if _, f.err = u.Post(f.Ledger, journal.Console, []string{""}, false, nil); f.err != nil {
		return
	}
	f.err = f.Read(journal.Console, func(v *journal.View) error {
		for _, d := range office.Divisions(v, f.within, region.Village) {
			if d.Code.HasCollective() {
				f.village = append(f.village, d.Code)
			}
		}
		return nil
	})
}

// keeper is the accountant of a village's books in the demonstration; checker the reviewer. Each township has one of both.
func keeper(village region.Code) string  { return "kj-" + village.Cut(region.Township).Prefix() }
func checker(village region.Code) string { return "sh-" + village.Cut(region.Township).Prefix() }

// accounts adds the accounts of the demonstration, and an accountant and a reviewer for each township, with one password.
func (f *filler) accounts(hash string) {
	if f.err != nil {
		return
	}
	var list []journal.Entry
	add := func(name string, role journal.Role, at region.Code, person string) {
		list = append(list, &office.AddAccount{Name: name, Role: role, Region: at, Hash: hash, Person: person})
	}
	for _, login := range Logins {
		add(login.Name, login.Role, login.Region, login.Person)
	}
	seen := map[region.Code]bool{}
	for _, v := range f.village {
		if town := v.Cut(region.Township); !seen[town] {
			seen[town] = true
			add(keeper(v), journal.Accountant, town, "")
			add(checker(v), journal.Reviewer, town, "")
		}
	}
	f.post("", list...)
}

// byTown posts entries made for villages, a posting for each township's accountant.
func (f *filler) byTown(who func(region.Code) string, entriesOf func(v region.Code) []journal.Entry) (ids map[region.Code][]string) {
	ids = map[region.Code][]string{}
	for i := 0; i < len(f.village) && f.err == nil; {
		town := f.village[i].Cut(region.Township)
		var batch []journal.Entry
		var owner []region.Code
		for ; i < len(f.village) && town.Contains(f.village[i]); i++ {
			for _, e := range entriesOf(f.village[i]) {
				batch, owner = append(batch, e), append(owner, f.village[i])
			}
		}
		if len(batch) == 0 {
			continue
		}
		for k, id := range f.post(who(town), batch...) {
			if k < len(owner) {
				ids[owner[k]] = append(ids[owner[k]], id)
			}
		}
	}
	return ids
}

// entities registers a stock cooperative in all but a few villages, and some of each other kind.
func (f *filler) entities() {
	f.clock.set(first, 1, 20)
	n := 0
	registered := f.byTown(keeper, func(v region.Code) []journal.Entry {
		n++
		if v == yuxin || n%47 == 0 {
			return nil
		}
		return []journal.Entry{&register.RegisterEntity{
			Village: v, Name: f.name(v) + "股份经济合作社", Kind: register.StockCooperative, CreditCode: creditCode("N2", n), Founded: "2018-06-01",
			Representative: f.person(), Reserve: 10_000_000,
		}}
	})
	for _, v := range f.village {
		if ids := registered[v]; len(ids) > 0 {
			f.stock[v] = ids[0]
		}
	}
	f.byTown(keeper, func(v region.Code) []journal.Entry {
		if f.stock[v] == "" {
			return nil
		}
		return []journal.Entry{
			&register.OpenShareClass{Entity: f.stock[v], Kind: register.PopulationShare, Unit: register.ShareUnit},
			&register.OpenShareClass{Entity: f.stock[v], Kind: register.LandShare, Unit: register.MuUnit},
		}
	})
	others := []struct {
		kind   register.EntityKind
		suffix string
		code   string
	}{
		{register.SpecialisedCooperative, "果蔬专业合作社", "93"}, {register.SpecialisedCooperative, "养殖专业合作社", "93"},
		{register.Enterprise, "农业发展有限公司", "91"}, {register.FamilyFarm, "家庭农场", "92"},
	}
	f.byTown(keeper, func(v region.Code) (list []journal.Entry) {
		if v == yuxin || f.rng.IntN(5) != 0 {
			return nil
		}
		n++
		o := others[f.rng.IntN(len(others))]
		return []journal.Entry{&register.RegisterEntity{
			Village: v, Name: f.name(v) + o.suffix, Kind: o.kind, CreditCode: creditCode(o.code, 5000+n), Founded: "2018-09-01",
			Representative: f.person(),
		}}
	})
}

// shells is how many villages of the county are empty shells in each year from the first on.
var shells = []int{58, 41, 27, 17, 9, 4, 0}

// books writes every village's income and expense year by year; fewer and fewer villages stay below the threshold.
func (f *filler) books() {
	order := f.rng.Perm(len(f.village)) // the later in this order, the longer a shell
	rank := map[region.Code]int{}
	size := map[region.Code]int{} // net operating income of the first year above the threshold, in yuan
	for i, at := range order {
		rank[f.village[at]] = i
		size[f.village[at]] = 60_000 + f.rng.IntN(60_000) + 250_000*f.rng.IntN(3)*f.rng.IntN(2) + 900_000*(f.rng.IntN(30)/29)
	}
	rank[yuxin], size[yuxin] = len(f.village)-30, 95_000
	for year := first; year <= last; year++ {
		f.clock.set(year, 12, 26)
		f.byTown(keeper, func(v region.Code) []journal.Entry {
			shell := rank[v] >= len(f.village)-shells[year-first]
			return f.year(v, year, shell, size[v])
		})
		if year < last {
			f.clock.set(year+1, 2, 20)
			f.byTown(checker, func(v region.Code) []journal.Entry {
				return []journal.Entry{&office.CloseYear{Village: v, Year: year}}
			})
		}
	}
}

// year makes one village's lines of one year: what comes in for operations less what they cost is below the threshold for a shell, above it
// otherwise; subsidies beside it change nothing.
func (f *filler) year(v region.Code, year int, shell bool, size int) (list []journal.Entry) {
	line := func(item string, month, yuan int, party, note string) {
		if yuan <= 0 {
			return
		}
		list = append(list, &income.RecordIncome{
			Book: string(v), Item: item, Date: journal.Date(fmt.Sprintf("%d-%02d-%02d", year, month, 3+f.rng.IntN(22))),
			Amount: money.Yuan(yuan*100 + f.rng.IntN(100)), Party: party, Voucher: fmt.Sprintf("%04d", len(list)+1), Note: note,
		})
	}
	cost := 4_000 + f.rng.IntN(9_000)
	gross := cost + f.rng.IntN(30_000) + 1
	if shell && f.rng.IntN(3) == 0 {
		gross = 0
	}
	if !shell {
		grown := size + size*(year-first)*(3+f.rng.IntN(5))/100
		gross = cost*2 + 8_000 + grown
	}
	rent := gross * (35 + f.rng.IntN(30)) / 100
	if year < 2024 {
		line("contracting", 3, rent, tenant, "机动地、大棚发包")
	} else {
		line("operating", 3, rent, tenant, "机动地、大棚发包")
	}
	invest := gross * f.rng.IntN(20) / 100
	line("investment", 11, invest, "参股主体(演示)", "")
	line("operating", 9, gross-rent-invest, "农产品经销商(演示)", "集体经营收入")
	line("subsidy", 6, 20_000+f.rng.IntN(80_000), "县财政局(演示)", "村级运转补助")
	line("management", 12, cost/2, "村委会日常(演示)", "")
	line("operating_cost", 10, cost/2, "农资供应商(演示)", "")
	if year >= 2024 && f.rng.IntN(3) == 0 {
		line("public_welfare", 8, 1_000+f.rng.IntN(3_000), "村内公益(演示)", "")
	}
	return list
}

// registers fills in the households of some villages, with shares of both classes.
func (f *filler) registers() {
	f.clock.set(2026, 1, 8)
	for i := range withReg {
		v := f.village[(i*9+4)%len(f.village)]
		if f.stock[v] == "" {
			continue
		}
		f.households(v, 70+f.rng.IntN(110), f.stock[v]+"C01", 0, f.stock[v]+"C02")
	}
}

// grounds are what households put in, farmland most of all.
var grounds = []register.ContributionKind{register.Farmland, register.Farmland, register.Farmland, register.Forest, register.Pond}

// households registers so many households of a village, issues them a share for each of their people, for perHead yuan or as their part of
// the collective's assets when it is 0, and shares of a land class for the land they put in, year by year; 2,000 yuan a 亩.
func (f *filler) households(v region.Code, n int, heads string, perHead money.Yuan, land string) {
	var households, list []journal.Entry
	var people []int
	for range n {
		h := &register.RegisterShareholder{
			Village: v, Kind: register.Household, Name: f.person(), IDNo: f.residentID(), People: 1 + f.rng.IntN(6),
			Bank: banks[f.rng.IntN(len(banks))], Card: f.card(),
		}
		if f.rng.IntN(12) == 0 {
			h.Marks = []string{marks[f.rng.IntN(len(marks))]}
		}
		households, people = append(households, h), append(people, h.People)
	}
	for i, id := range f.post(keeper(v), households...)[:n] {
		area := money.Quantity((80 + f.rng.IntN(900)) * 100)
		year := 2018 + i%8
		shares := money.Quantity(people[i] * 10_000)
		if perHead == 0 {
			list = append(list, &register.IssueShares{Class: heads, Holder: id, Quantity: shares, Date: "2018-10-01", Resolution: "2018-01"})
		} else {
			list = append(list, &register.RecordContribution{
				Class: heads, Holder: id, Kind: register.OwnFunds, Shares: shares, Value: perHead * money.Yuan(people[i]), Date: "2018-10-01",
				Resolution: "2018-01",
			})
		}
		put := &register.RecordContribution{
			Class: land, Holder: id, Kind: grounds[f.rng.IntN(len(grounds))], Area: area, Shares: area, Value: money.Yuan(int64(area) * 20),
			Date: journal.Date(fmt.Sprintf("%d-10-01", min(year, 2024))), Until: "2038-09-30", Resolution: "2018-01",
		}
		if put.Kind == register.Farmland && i%2 == 0 { // the first group's land, with its codes
			put.Certificate, put.Plot, put.Land = fmt.Sprintf("%s01%04dJ", v, i+1), fmt.Sprintf("%s01%05d", v, i+1), "0103"
		}
		list = append(list, put)
	}
	f.post(keeper(v), list...)
}

// yuxin fills the example village: a specialised cooperative with greenhouses and a book of its own. A stock cooperative is left for
// whoever tries the ledger to register.
func (f *filler) yuxin() {
	f.clock.set(2026, 1, 9)
	coop := f.post("yuxin", &register.RegisterEntity{
		Village: yuxin, Name: "育新果蔬专业合作社", Kind: register.SpecialisedCooperative, CreditCode: creditCode("93", 1), Founded: "2018-03-12",
		Representative: f.person(), Reserve: 10_000_000,
	})[0]
	ids := f.post("yuxin",
		&register.OpenShareClass{Entity: coop, Name: "土地股", Kind: register.LandShare, Unit: register.MuUnit},
		&register.OpenShareClass{Entity: coop, Name: "资金股", Kind: register.CashShare, Unit: register.ShareUnit})
	f.households(yuxin, 128, ids[1], 100_00, ids[0])
	collective := f.post("yuxin", &register.RegisterShareholder{Village: yuxin, Kind: register.Collective, Name: "育新村集体经济组织(演示)",
		Bank: "农业银行", Branch: "义县支行", Account: "0709-0601-0400-12345"})[0]
	const passbook = "210727100101012345" // of two households: the list of shared accounts shows them
	f.post("yuxin", &register.ChangeBankCard{Holder: string(yuxin) + "H00126", Bank: banks[0], Account: passbook, AccountKind: ident.Passbook},
		&register.ChangeBankCard{Holder: string(yuxin) + "H00127", Bank: banks[0], Account: passbook, AccountKind: ident.Passbook})
	f.post("yuxin",
		&register.RecordContribution{Class: ids[1], Holder: collective, Kind: register.ReliefFunds, Shares: 150_0000, Value: 15_000_00,
			Date: "2021-06-15", Resolution: "2021-02"},
		&register.RecordContribution{Class: ids[1], Holder: collective, Kind: register.VillageFunds, Shares: 50_0000, Value: 5_000_00,
			Date: "2025-03-10", Resolution: "2025-01"})
	town := f.post(keeper(yuxin), &register.RegisterEntity{
		Village: yuxin.Cut(region.Township), Name: "义县七里河镇集体经济组织(演示)", Kind: register.TownshipCollective, Founded: "2025-06-01",
	})[0]
	f.post(keeper(yuxin), &income.RecordIncome{Book: town, Item: "operating", Date: "2025-11-20", Amount: 96_000_00, Party: "镇冷库承租人(演示)"})
	group := f.post("yuxin", &register.RegisterEntity{
		Village: yuxin, Name: "义县七里河镇育新村三组集体经济组织(演示)", Kind: register.GroupCollective, Group: "三组", Founded: "2025-08-01", Reserve: 10_000_000,
	})[0]
	f.post("yuxin",
		&income.RecordIncome{Book: group, Item: "operating", Date: "2025-10-15", Amount: 18_600_00, Party: "机动地承包户(演示)", Note: "机动地租金"},
		&income.RecordIncome{Book: coop, Item: "operating", Date: "2025-05-20", Amount: 286_400_00, Party: "蔬菜批发市场(演示)", Note: "春茬黄瓜、番茄"},
		&income.RecordIncome{Book: coop, Item: "operating", Date: "2025-11-12", Amount: 318_750_50, Party: "蔬菜批发市场(演示)", Note: "秋茬"},
		&income.RecordIncome{Book: coop, Item: "operating_cost", Date: "2025-10-30", Amount: 221_300_00, Party: "农资供应商(演示)"},
		&income.RecordIncome{Book: coop, Item: "management", Date: "2025-12-10", Amount: 36_000_00, Party: "合作社日常(演示)"})
	var trade []journal.Entry
	for n := range 128 {
		trade = append(trade, &dividend.RecordTrade{
			Entity: coop, Holder: fmt.Sprintf("%sH%05d", yuxin, n+1), Date: "2025-11-20", Product: "黄瓜、番茄",
			Volume: money.Quantity((500 + f.rng.IntN(9000)) * 10_000),
			Amount: money.Yuan((1500 + f.rng.IntN(27_000)) * 100),
		})
	}
	f.post("yuxin", trade...)
	f.on(2, 20, func() { f.members(group) })
	f.on(2, 25, func() { f.lives(coop) })
	parts := []plan.Component{
		{Class: ids[0], Rule: plan.PoolOver, Pool: 70_000_00}, {Class: ids[1], Rule: plan.RatePerUnit, Rate: 60_000_000},
		{Rule: plan.Patronage, Pool: 190_000_00},
	}
	id := f.draft("yuxin", coop, 2025, parts...)
	f.post("yuxin", &resolution.RecordResolution{
		Of: coop, Body: resolution.Assembly, Date: "2026-01-08", Notice: "2025-12-22", Opened: "2025-12-22", Number: "2026-01",
		Subjects: []resolution.Subject{resolution.Distribution}, Title: "2025 年盈余分配方案(演示)", Entitled: 128, Present: 110, For: 98, Against: 7,
	}, &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-11-30", Resolution: "2026-01", Components: parts})
	f.post("yuxin", &dividend.SubmitDistribution{Distribution: id})
	f.on(2, 26, func() { f.apart(coop, group, id) })
	f.on(1, 12, func() {
		f.post("qilihe", &dividend.ApproveDistribution{Distribution: id})
		f.post("yuxin", &dividend.DiscloseDistribution{Distribution: id, From: "2026-01-12"})
	})
	f.on(2, 28, func() {
		f.post("yixian", &office.ChangeSetting{Region: county, Setting: "map_tiles", Value: tiles, From: "2026-02-28", Reason: "演示:大致方位"})
		f.post("jinzhou", &office.ChangeSetting{Region: "210700000000", Setting: "map_tiles", Value: cityTiles, From: "2026-02-28",
			Reason: "演示:大致方位"})
	})
	f.on(1, 12, func() {
		f.post("yixian", &office.ChangeSetting{Region: county, Setting: "public_page", Value: "on", From: "2026-01-12", Reason: "演示"})
	})
	f.on(1, 22, func() {
		f.pay("yuxin", id, 70, 2)
		batch := f.post("yuxin", &dividend.MakeBatch{Distribution: id, Bank: banks[0], Date: "2026-01-22"})[0]
		f.post("yuxin", &dividend.SettleBatch{Batch: batch, Date: "2026-01-22",
			Results: []dividend.BatchResult{{Line: 1, State: dividend.Failed, Reason: "账户止付"}, {Line: 2, State: dividend.Paid}}})
	})
}

// members confirms the members of a group's collective by its first assembly; one of them is a member in another village, too.
func (f *filler) members(group string) {
	f.post("yuxin", &resolution.RecordResolution{
		Of: group, Body: resolution.Assembly, Date: "2026-02-18", Notice: "2026-02-05", Number: "2026-01", Entitled: 12, Present: 11, For: 11,
		Subjects: []resolution.Subject{resolution.Membership}, Title: "确认三组集体成员(演示)",
	})
	var list []journal.Entry
	for range 12 {
		list = append(list, &register.ConfirmMember{Collective: group, Name: f.person(), IDNo: f.residentID(), Date: "2026-02-18",
			Resolution: "2026-01"})
	}
	f.post("yuxin", list...)
	twice := *list[0].(*register.ConfirmMember)
	for v, entity := range f.stock {
		if v != yuxin && entity != "" && (twice.Collective == group || entity < twice.Collective) { // always the same one
			twice.Collective = entity
		}
	}
	twice.Resolution = ""
	f.post(keeper(journal.PlaceOf(twice.Collective)), &twice)
}

// lives are what happens to members: one leaves a cooperative at the year's end, two have died, one of them without a household, one keeps
// rights for a term.
func (f *filler) lives(coop string) {
	holder := func(n int) string { return fmt.Sprintf("%sH%05d", yuxin, n) }
	f.post("yuxin", &dividend.ApplyToLeave{Entity: coop, Holder: holder(110), Date: "2025-09-22", Reason: "进城落户(演示)"},
		&register.RecordDeath{Holder: holder(120), Date: "2026-02-11", Certificate: "演示 2026-3", Head: f.person(), HeadIDNo: f.residentID()},
		&register.RecordDeath{Holder: holder(119), Date: "2026-02-14", Certificate: "演示 2026-5"},
		&register.DivideEstate{Holder: holder(119), Date: "2026-02-24", Basis: "继承公证书(演示)2026 第 8 号", Heirs: []register.HeirPart{
			{Holder: holder(116), Part: "1/3"}, {Holder: holder(117), Part: "1/3"}, {Holder: holder(118), Part: "1/3"}}})
	v := f.village[4]
	if stock := f.stock[v]; stock != "" {
		f.post(keeper(v), &register.EndHolding{Class: stock + "C01", Holder: string(v) + "H00001", Quantity: 10_000, Until: "2028-12-31",
			Resolution: "2026-02(演示)"})
	}
}

func (f *filler) draft(account, entity string, year int, components ...plan.Component) string {
	return f.post(account, &dividend.DraftDistribution{
		Entity: entity, Year: year, RecordDate: journal.Date(fmt.Sprintf("%d-11-30", year)),
		Resolution: fmt.Sprintf("%d-%02d", year, 1+f.rng.IntN(9)), Components: components,
	})[0]
}

// pay marks the first so many payouts of a distribution paid and the next few failed; all paid when n is negative.
func (f *filler) pay(account, id string, n, failed int) {
	day := journal.DateOf(f.clock.now)
	if n < 0 {
		f.post(account, &dividend.ConfirmPayouts{Distribution: id, Date: day, All: true})
		return
	}
	var holders []string
	if f.err == nil {
		f.err = f.Read(journal.Console, func(v *journal.View) error {
			list, _, err := dividend.Payouts(v, id, "", n+failed, func(dividend.Payout) bool { return true })
			for _, p := range list {
				holders = append(holders, p.Holder)
			}
			return err
		})
	}
	if f.err != nil {
		return
	}
	n = min(n, len(holders)-failed)
	f.post(account, &dividend.ConfirmPayouts{Distribution: id, Date: day, Holders: holders[:n]})
	for i, h := range holders[n:] {
		f.post(account, &dividend.FailPayouts{Distribution: id, Date: day, Holders: []string{h}, Reason: []string{"户名不符", "卡已注销", "账户止付"}[i%3]})
	}
}

// distributions leaves plans in every state: two years settled, and of the last year one of each.
func (f *filler) distributions() {
	stages := []string{"settled", "paying", "approved", "submitted", "returned", "draft", "voided"}
	k, shown := 0, map[string]bool{}
	for i := range withReg {
		v := f.village[(i*9+4)%len(f.village)]
		entity := f.stock[v]
		if entity == "" {
			continue
		}
		for year := 2023; year <= last; year++ {
			stage := "settled"
			if year == last {
				stage = stages[k%len(stages)]
				k++
			}
			day, id := 10+(year-2023)*4, ""
			f.on(1, day, func() {
				may := f.distributable(v, year)
				id = f.draft(keeper(v), entity, year, plan.Component{Class: entity + "C02", Rule: plan.PoolOver, Pool: may * 4 / 10},
					plan.Component{Class: entity + "C01", Rule: plan.RatePerUnit, Rate: f.rate(entity+"C01", may*3/10)})
				f.take(v, id, stage)
			})
			switch stage {
			case "settled":
				f.on(1, day+8, func() { f.pay(keeper(v), id, -1, 0) })
			case "paying":
				f.on(1, day+8, func() { f.pay(keeper(v), id, 40, 1+f.rng.IntN(3)) })
			}
			if year < last || shown[stage] { // one of each shows more
				continue
			}
			switch shown[stage] = true; stage {
			case "draft":
				f.on(2, 24, func() { f.alternatives(v, id) })
			case "paying":
				f.on(2, 27, func() { f.unclaimed(v, id) })
			}
		}
	}
}

// take takes a draft as far as its stage, up to the disclosure.
func (f *filler) take(v region.Code, id, stage string) {
	if stage == "voided" {
		f.post(keeper(v), &dividend.VoidDistribution{Distribution: id, Reason: "成员大会未通过"})
	}
	if stage == "voided" || stage == "draft" {
		return
	}
	f.post(keeper(v), &dividend.SubmitDistribution{Distribution: id})
	switch stage {
	case "submitted":
		return
	case "returned":
		f.post(checker(v), &dividend.ReturnDistribution{Distribution: id, Reason: "请附成员大会决议编号"})
		return
	}
	f.post(checker(v), &dividend.ApproveDistribution{Distribution: id})
	f.post(keeper(v), &dividend.DiscloseDistribution{Distribution: id, From: journal.DateOf(f.clock.now)})
}

// distributable is what a village may still give out of a year.
func (f *filler) distributable(v region.Code, year int) (may money.Yuan) {
	if f.err == nil {
		f.err = f.Read(journal.Console, func(view *journal.View) error {
			s, err := income.StatementOf(view, string(v), year)
			may = max(s.Distributable, 1000_00) / 3
			return err
		})
	}
	return may
}

// rate is a round sum per unit that comes to about so much over a class.
func (f *filler) rate(class string, sum money.Yuan) (r money.Rate) {
	if f.err == nil {
		f.err = f.Read(journal.Console, func(v *journal.View) error {
			c, err := register.ShareClassOf(v, class)
			if err == nil && c.Issued > 0 {
				r = max(1, money.Rate(int64(sum)/(int64(c.Issued)/10_000)/100)) * 1_000_000
			}
			return err
		})
	}
	return r
}

func (f *filler) name(v region.Code) (name string) {
	if f.err == nil {
		f.err = f.Read(journal.Console, func(view *journal.View) error {
			d, err := office.DivisionOf(view, v)
			name = d.Short()
			return err
		})
	}
	return name
}

// Roughly where the places lie, for the schematic maps.
const (
	tiles = "地藏寺满族乡 高台子镇 稍户营子镇 前杨镇 ./刘龙台镇 瓦子峪镇 城关街道 白庙子乡 大榆树堡镇/" +
		"留龙沟镇 头台镇 七里河镇 九道岭镇 ./张家堡镇 大定堡满族乡 聚粮屯镇 头道河镇 ."
	cityTiles = "义县 . 北镇市 黑山县/太和区 古塔区 凌河区 ./. 凌海市 . ."
)

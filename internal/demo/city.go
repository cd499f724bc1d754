package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// CitySize is how large a made-up city is filled in: of the real one's 1,102 villages, 1,093 have a cooperative.
type CitySize struct {
	Cooperatives int // villages with one
	Households   int // of each cooperative: one holding each
	FirstYear    int // of the books; they go on to 2025, with what came of 2026
}

// WholeCity is as large as the city that was reported: 1,093 cooperatives, 1,093 × 516 = 563,988 holdings, ten years of books.
var WholeCity = CitySize{Cooperatives: 1093, Households: 516, FirstYear: 2016}

const city region.Code = "210700000000"

// cityShells is how many villages of the city are empty shells by its policy, from the year on that it takes effect; none from the last on.
var cityShells = []int{214, 121, 38, 11, 3, 0}

// What the city's policy says: a village is none any more where 50,000 yuan came in for operations in the year, whenever they are for. It
// is said of the years from 2018 on; those before follow the program's own.
const (
	policyFrom = 2018
	cityBound  = 50_000
)

// cityFiller fills a city.
type cityFiller struct {
	*filler
	size  CitySize
	tell  func(string)
	rank  map[region.Code]int // the lower, the longer a shell
	coops map[region.Code]string
	lets  map[region.Code][]letting
}

// letting is a contract of a village of the city.
type letting struct {
	id, party string
	terms     income.Terms
}

// FillCity fills an empty ledger that runs on clock with a made-up city on the real map: the same city each time, but for what sealing
// draws. tell is told how far it has come.
func FillCity(l *journal.Ledger, clock *Clock, size CitySize, tell func(string)) error {
	if has, err := l.HasEntries(); err != nil || has {
		return err
	}
	c := &cityFiller{filler: &filler{Ledger: l, clock: clock, rng: rand.New(rand.NewPCG(2107, 1093)), stock: map[region.Code]string{}},
		size: size,
		tell: tell, rank: map[region.Code]int{}, coops: map[region.Code]string{}, lets: map[region.Code][]letting{}}
	clock.set(size.FirstYear, 1, 4)
	c.within = city
	c.places()
	c.village = slices.DeleteFunc(c.village, func(v region.Code) bool { return v[9] == '5' }) // farms and the like
	c.townships()
	for i, at := range c.rng.Perm(len(c.village)) {
		c.rank[c.village[at]] = i
	}
	c.cooperatives()
	c.post("jinzhou", &office.ChangeSetting{Region: city, Setting: "map_tiles", Value: cityTiles,
		From: journal.Date(strconv.Itoa(size.FirstYear) + "-01-04"), Reason: "演示:大致方位"})
	for year := size.FirstYear; year <= last+1; year++ {
		c.contractsOf(year)
		c.yearOf(year)
	}
	if c.err != nil {
		return fmt.Errorf("fill the city: %w", c.err)
	}
	return l.MarkDemo()
}

// townships adds an accountant and a reviewer for each township, an official for each county.
func (c *cityFiller) townships() {
	if c.err != nil {
		return
	}
	hash, err := access.Hash(Password, access.Whose{})
	if err != nil {
		c.err = err
		return
	}
	c.accounts(hash)
	var list []journal.Entry
	seen := map[region.Code]bool{county: true}
	for _, v := range c.village {
		if at := v.Cut(region.County); !seen[at] {
			seen[at] = true
			list = append(list, &office.AddAccount{Name: "xian-" + at.Prefix(), Role: journal.Official, Region: at, Hash: hash})
		}
	}
	c.post("", list...)
}

// cooperatives registers a stock cooperative in each village but the last few, and its households with a share each for their people.
func (c *cityFiller) cooperatives() {
	n := 0
	for id, ids := range c.byTown(keeper, func(v region.Code) []journal.Entry {
		if n++; c.rank[v] >= c.size.Cooperatives {
			return nil
		}
		return []journal.Entry{&register.RegisterEntity{Village: v, Name: c.name(v) + "股份经济合作社(演示)", Kind: register.StockCooperative,
			CreditCode: creditCode("N2", 10_000+n), Founded: journal.Date(strconv.Itoa(c.size.FirstYear) + "-01-01"), Representative: c.person()}}
	}) {
		c.coops[id] = ids[0]
	}
	class := c.byTown(keeper, func(v region.Code) []journal.Entry {
		if c.coops[v] == "" {
			return nil
		}
		return []journal.Entry{&register.OpenShareClass{Entity: c.coops[v], Kind: register.PopulationShare, Unit: register.ShareUnit}}
	})
	for i, v := range c.village {
		if c.coops[v] == "" || c.err != nil {
			continue
		}
		if i%100 == 0 {
			c.tell(fmt.Sprintf("%d/%d", i, len(c.village)))
		}
		c.shareholders(v, class[v][0])
	}
}

// shareholders registers a village's households and gives each its shares.
func (c *cityFiller) shareholders(v region.Code, class string) {
	households := make([]journal.Entry, c.size.Households)
	people := make([]int, c.size.Households)
	for i := range households {
		people[i] = 1 + c.rng.IntN(6)
		h := &register.RegisterShareholder{Village: v, Kind: register.Household, Name: c.person(), IDNo: c.uniqueID(), People: people[i],
			Bank: banks[c.rng.IntN(len(banks))], Card: c.card()}
		if c.rng.IntN(12) == 0 {
			h.Marks = []string{marks[c.rng.IntN(len(marks))]}
		}
		households[i] = h
	}
	issues := make([]journal.Entry, 0, len(households))
	for i, id := range c.post(keeper(v), households...)[:len(households)] {
		issues = append(issues, &register.IssueShares{Class: class, Holder: id, Quantity: money.Quantity(people[i] * 10_000),
			Date: journal.Date(strconv.Itoa(c.size.FirstYear) + "-01-02"), Resolution: "2016-01"})
	}
	c.post(keeper(v), issues...)
}

// uniqueID makes a resident's number as residentID does, each another one.
func (c *cityFiller) uniqueID() string {
	const days, births = 28 * 12 * 50, 1000
	c.houses++
	n := c.houses * 7919 % (days * births) // which has no factor in common with them: no number comes twice
	day := n / births
	return ident.CompleteResidentID(fmt.Sprintf("210799%04d%02d%02d%03d", 1945+day/28/12, 1+day/28%12, 1+day%28, n%births))
}

// contractsOf records the contracts that begin in a year: in the first a village's land, later on ponds, then land for solar power, paid
// five years at a time.
func (c *cityFiller) contractsOf(year int) {
	c.clock.set(year, 3, 10)
	var made []letting
	ids := c.byTown(keeper, func(v region.Code) (list []journal.Entry) {
		add := func(e *income.RecordContract) {
			e.Book, e.From = string(v), journal.Date(strconv.Itoa(year)+"-01-01")
			if c.rng.IntN(4) > 0 {
				e.Resolution = strconv.Itoa(year) + "-02"
			}
			list = append(list, e)
			made = append(made, letting{party: e.Party, terms: income.Terms{From: e.From, To: e.To, Rent: e.Rent, Every: e.Every, First: e.First,
				RiseYears: e.RiseYears, Rise: e.Rise}})
		}
		rank := c.rank[v]
		switch {
		case year == c.size.FirstYear:
			rent := money.Yuan(3_000+c.rng.IntN(9_000)) * 100
			add(&income.RecordContract{Kind: income.Letting, Asset: income.Farmland, Thing: "机动地", Party: "机动地承包户(演示)",
				To: journal.YearEnd(2025 + c.rng.IntN(6)), Area: money.Quantity(int(rent)/(200+c.rng.IntN(300))) * 100, Rent: rent, RiseYears: 5,
				Rise: 5_000_000, First: journal.Date(strconv.Itoa(year) + "-03-31")})
		case year == c.size.FirstYear+2 && rank%2 == 0:
			rent := money.Yuan(2_000+c.rng.IntN(6_000)) * 100
			add(&income.RecordContract{Kind: income.Letting, Asset: income.Water, Thing: "水面", Party: "水面承包户(演示)", To: journal.YearEnd(2027),
				Area: money.Quantity(int(rent)/(300+c.rng.IntN(300))) * 100, Rent: rent, Every: 6, First: journal.Date(strconv.Itoa(year) + "-06-30")})
		case year == 2021 && rank%3 == 1 && rank >= cityShells[1]:
			add(&income.RecordContract{Kind: income.Lease, Asset: income.Other, Thing: "光伏用地", Party: "光伏电站(演示)", To: journal.YearEnd(2040),
				Area: 40_0000, Rent: 24_000_00, Every: 60, First: journal.Date(strconv.Itoa(year) + "-04-30")})
		}
		return list
	})
	n := 0
	for _, v := range c.village { // in the order in which they were made
		for _, id := range ids[v] {
			made[n].id = id
			c.lets[v] = append(c.lets[v], made[n])
			n++
		}
	}
}

// yearOf books a year of every village: what its contracts bring, what else comes in and goes out, so that it is an empty shell by the
// city's policy or is not; in the year after, the books are closed. Of 2026 there is what came by autumn, and nothing of villages that are
// late.
func (c *cityFiller) yearOf(year int) {
	c.tell(strconv.Itoa(year))
	month := 12
	if year > last {
		month = 9
	}
	c.clock.set(year, month, 26)
	c.byTown(keeper, func(v region.Code) []journal.Entry {
		if year > last && c.rng.IntN(8) == 0 {
			return nil
		}
		return c.linesOf(v, year)
	})
	if year == policyFrom {
		c.clock.set(year+1, 1, 20)
		c.post("jinzhou", &income.SetPolicy{Region: city, From: policyFrom, Measure: income.Gross(), Bound: cityBound * 100, Received: true,
			Base: policyFrom, Basis: "演示:当年经营性收入收到 5 万元,含 5 万元", Reason: "从这一年起脱壳,以前没有定过"})
	}
	switch {
	case year == last:
		c.distribute(year, func(region.Code) bool { return true })
	case year == last-1:
		c.distribute(year, func(v region.Code) bool { return c.rank[v]%4 == 0 })
	}
	if year <= last {
		c.clock.set(year+1, 3, 5)
		c.byTown(checker, func(v region.Code) []journal.Entry {
			if year == last && c.rng.IntN(20) == 0 { // some are late
				return nil
			}
			return []journal.Entry{&office.CloseYear{Village: v, Year: year}}
		})
	}
}

// distribute gives out a twelfth of what villages may give out of a year, to all their households by their shares: approved, displayed and
// paid in January; of every twentieth village the bank returns two, and of every thirtieth nothing is paid yet.
func (c *cityFiller) distribute(year int, gives func(region.Code) bool) {
	c.clock.set(year+1, 1, 8)
	plans := c.byTown(keeper, func(v region.Code) []journal.Entry {
		if c.coops[v] == "" || !gives(v) {
			return nil
		}
		return []journal.Entry{&dividend.DraftDistribution{Entity: c.coops[v], Year: year,
			RecordDate: journal.Date(strconv.Itoa(year) + "-11-30"),
			Resolution: strconv.Itoa(year) + "-09", Components: []plan.Component{{Class: c.coops[v] + "C01", Rule: plan.PoolOver,
				Pool: c.distributable(v, year) / 4}}}}
	})
	step := func(who func(region.Code) string, entry func(v region.Code, id string) []journal.Entry) {
		c.byTown(who, func(v region.Code) []journal.Entry {
			if len(plans[v]) == 0 {
				return nil
			}
			return entry(v, plans[v][0])
		})
	}
	step(keeper, func(_ region.Code, id string) []journal.Entry {
		return []journal.Entry{&dividend.SubmitDistribution{Distribution: id}}
	})
	c.clock.set(year+1, 1, 12)
	step(checker, func(_ region.Code, id string) []journal.Entry {
		return []journal.Entry{&dividend.ApproveDistribution{Distribution: id}}
	})
	day := journal.DateOf(c.clock.now)
	step(keeper, func(_ region.Code, id string) []journal.Entry {
		return []journal.Entry{&dividend.DiscloseDistribution{Distribution: id, From: day}}
	})
	c.clock.set(year+1, 1, 26)
	day = journal.DateOf(c.clock.now)
	step(keeper, func(v region.Code, id string) (list []journal.Entry) {
		if c.rank[v]%30 == 7 {
			return nil
		}
		if c.rank[v]%20 == 3 {
			for i, reason := range []string{"户名不符", "卡已注销"}[:min(2, c.size.Households-1)] {
				list = append(list, &dividend.FailPayouts{Distribution: id, Date: day, Holders: []string{fmt.Sprintf("%sH%05d", v, i+1)},
					Reason: reason})
			}
		}
		return append(list, &dividend.ConfirmPayouts{Distribution: id, Date: day, All: true})
	})
}

// isShell tells whether a village is to be an empty shell in a year. Before the policy more were.
func (c *cityFiller) isShell(v region.Code, year int) bool {
	if year < policyFrom {
		return c.rank[v] < cityShells[0]+27*(policyFrom-year)
	}
	return c.rank[v] < cityShells[min(year-policyFrom, len(cityShells)-1)]
}

func (c *cityFiller) linesOf(v region.Code, year int) (list []journal.Entry) {
	line := func(e income.RecordIncome, month int) {
		e.Book, e.Date = string(v), journal.Date(fmt.Sprintf("%d-%02d-%02d", year, month, 3+c.rng.IntN(22)))
		e.Voucher = fmt.Sprintf("%04d", len(list)+1)
		list = append(list, &e)
	}
	let := "operating"
	nature := income.Nature("")
	if year < 2024 {
		let, nature = "contracting", income.Rent
	}
	var rents money.Yuan
	for _, k := range c.lets[v] {
		if year > last-1 && c.rng.IntN(16) == 0 { // not paid
			continue
		}
		for _, d := range k.terms.Sums() {
			if d.Date.Year() != year || year > last && d.Date > "2026-09-26" {
				continue
			}
			e := income.RecordIncome{Item: let, Nature: nature, Amount: d.Amount, Party: k.party, Contract: k.id}
			if d.Long() {
				e.From, e.To = d.From, d.To
			}
			rents += d.Amount
			line(e, d.Date.Month())
		}
	}
	gross := money.Yuan(cityBound+c.rng.IntN(60_000)+250_000*c.rng.IntN(3)*c.rng.IntN(2)) * 100
	if c.rng.IntN(60) == 0 {
		gross *= 9
	}
	if c.isShell(v, year) {
		gross = money.Yuan(c.rng.IntN(cityBound)) * 100
	}
	if year > last { // by autumn
		gross = gross * 6 / 10
	}
	if rest := gross - rents; rest > 0 {
		line(income.RecordIncome{Item: "operating", Amount: rest, Party: "农产品经销商(演示)", Note: "集体经营收入"}, 9)
	}
	cost := money.Yuan(4_000+c.rng.IntN(9_000)) * 100
	line(income.RecordIncome{Item: "subsidy", Amount: money.Yuan(20_000+c.rng.IntN(80_000)) * 100, Party: "县财政局(演示)", Note: "村级运转补助"}, 6)
	line(income.RecordIncome{Item: "management", Amount: cost / 2, Party: "村委会日常(演示)"}, 8)
	line(income.RecordIncome{Item: "operating_cost", Amount: cost / 2, Party: "农资供应商(演示)"}, 5)
	return list
}

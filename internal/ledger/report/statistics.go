package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Statistic is a line of the statistics of village collectives.
type Statistic struct {
	Line  string // 行次, as printed
	Text  journal.Label
	Unit  Unit
	N     int64
	Wan   int64         // of yuan, in hundredths of 万元, so that the lines' sums hold: see inWan
	Blank bool          // these books do not hold it
	Of    []string      // the lines that it is the sum of, with − before what is taken away
	Note  journal.Label // what stands on the line that its own text does not say
}

// Formula is what the line is the sum of, as printed; "" for what is no sum.
func (s Statistic) Formula() string {
	return strings.ReplaceAll(strings.Join(s.Of, "+"), "+−", "−")
}

// inWan rounds the lines in yuan to hundredths of 万元, half away from zero, as the form prints them; what is a sum is the sum of what is
// rounded, since whoever takes the form in adds it up again. It may differ from the sum in yuan by a hundredth or two, and line 21 from
// line 12 of the next year as much.
func inWan(lines []Statistic) {
	at := map[string]*Statistic{}
	for i := range lines {
		at[lines[i].Line] = &lines[i]
	}
	var of func(line string) int64
	of = func(line string) (n int64) {
		s := at[line]
		if len(s.Of) == 0 {
			return money.Yuan(s.N).Hundreds()
		}
		for _, part := range s.Of {
			if less, is := strings.CutPrefix(part, "−"); is {
				n -= of(less)
			} else {
				n += of(part)
			}
		}
		return n
	}
	for i := range lines {
		if lines[i].Unit == Yuan && !lines[i].Blank {
			lines[i].Wan = of(lines[i].Line)
		}
	}
}

// Statistics is the yearly table 村集体经济组织收益分配统计 of a place, by the line numbers of its edition of 2008 (农业部办公厅 2008,
// 国统制[2008]27号), in yuan and in 万元 as there: the books of villages and of the other collectives in them, not of townships' own. Bounds of
// groups are 含下不含上.
type Statistics struct {
	Place    office.Division
	Year     int
	Lines    []Statistic
	Missing  int // villages that have not begun to keep their books here: they are not in the table
	Villages int
}

// groups are the bounds of lines 26 to 28, and of what later editions add below the last.
var groups = []money.Yuan{0, 50_000_00, 100_000_00, 500_000_00, 1_000_000_00}

// statistics adds up what the lines hold.
type statistics struct {
	items                                                                       map[string]money.Yuan
	opening, released, reserve, welfare, outside, members, other, closing, land money.Yuan
	villages, gaining, operating                                                int
	group                                                                       [5]int
}

// StatisticsOf adds up a place's statements of a year, book by book.
func StatisticsOf(v *journal.View, place region.Code, year int) (*Statistics, error) {
	books, at, err := reportable(v, place, year)
	if err != nil {
		return nil, err
	}
	j := judgingOf(v, books)
	_, own := collectives(books, place)
	of := map[region.Code][]string{}
	for book := range own {
		of[journal.PlaceOf(book)] = append(of[journal.PlaceOf(book)], book)
	}
	x, s := &Statistics{Place: at, Year: year}, statistics{items: map[string]money.Yuan{}}
	for _, d := range office.Divisions(v, place, region.Village) {
		if !d.Code.HasCollective() {
			continue
		}
		if x.Villages++; !j.begun(d.Code, year, false) {
			x.Missing++
			continue
		}
		var gain, operating money.Yuan
		for _, book := range append([]string{string(d.Code)}, slices.Sorted(slices.Values(of[d.Code]))...) {
			state := income.StatementIn(books, book, year)
			gain, operating = gain+state.Gain, operating+state.Operating
			s.add(state)
			funds, err := income.Funds(v, book, year)
			if err != nil {
				return nil, err
			}
			for _, f := range funds {
				if f.Source == income.LandCompensation && f.Pair == "" && (f.Amount > 0 || f.Reverses != "") {
					s.land += f.Amount
				}
			}
		}
		s.count(gain, operating)
	}
	x.Lines = s.lines()
	inWan(x.Lines)
	return x, nil
}

func (s *statistics) add(x income.Statement) {
	for item, n := range x.Items {
		s.items[item] += n
	}
	s.opening, s.released, s.closing = s.opening+x.Opening, s.released+x.Released, s.closing+x.Closing
	s.reserve, s.welfare = s.reserve+x.Reserve, s.welfare+x.Welfare
	s.outside, s.members = s.outside+x.Uses.Outside, s.members+x.Uses.Members
	s.other += x.Uses.Other + x.Uses.Returned + x.Uses.Capital
}

// count puts a village into the groups of its gain.
func (s *statistics) count(gain, operating money.Yuan) {
	if s.villages++; gain > 0 {
		s.gaining++
	}
	if operating <= 0 {
		return
	}
	s.operating++
	for i, bound := range slices.Backward(groups) {
		if operating >= bound {
			s.group[i]++
			return
		}
	}
}

func (s *statistics) lines() (list []Statistic) {
	sum := func(items ...string) (n money.Yuan) {
		for _, item := range items {
			n += s.items[item]
		}
		return n
	}
	yuan := func(line string, text journal.Label, n money.Yuan, note journal.Label, of ...string) {
		list = append(list, Statistic{Line: line, Text: text, Unit: Yuan, N: int64(n), Of: of, Note: note})
	}
	count := func(line string, text journal.Label, n int, note journal.Label, of ...string) {
		list = append(list, Statistic{Line: line, Text: text, N: int64(n), Of: of, Note: note})
	}
	blank := func(line string, text journal.Label) {
		list = append(list, Statistic{Line: line, Text: text, Unit: Yuan, Blank: true, Note: "账里没有单记"})
	}
	operating := sum("operating") + sum("contracting") + sum("investment") - sum("operating_cost", "taxes", "finance_cost") - sum("management")
	gain := operating + sum("subsidy") + sum("other_income", "tax_refund") - sum("other_expense", "public_welfare", "income_tax")
	given := s.reserve + s.welfare + s.outside + s.members + s.other
	yuan("1", "经营收入", sum("operating"), "")
	yuan("2", "发包及上交收入", sum("contracting"), "2024 年起按实质记在 1 或 3")
	yuan("3", "投资收益", sum("investment"), "")
	yuan("4", "经营支出", sum("operating_cost", "taxes", "finance_cost"), "2024 年起含税金及附加")
	yuan("5", "管理费用", sum("management"), "")
	blank("6", "其中:干部报酬")
	yuan("7", "经营收益", operating, "", "1", "2", "3", "−4", "−5")
	yuan("8", "补助收入", sum("subsidy"), "")
	yuan("9", "其他收入", sum("other_income", "tax_refund"), "2023 年以前含农业税附加返还收入")
	yuan("10", "其他支出", sum("other_expense", "public_welfare", "income_tax"), "2024 年起含公益支出、所得税费用")
	yuan("11", "本年收益", gain, "", "7", "8", "9", "−10")
	yuan("12", "年初未分配收益", s.opening, "")
	yuan("13", "其他转入", s.released, "")
	yuan("14", "可分配收益", gain+s.opening+s.released, "", "11", "12", "13")
	yuan("15", "各项分配", given, "", "16", "17", "18", "19", "20")
	yuan("16", "提取公积金、公益金", s.reserve, "")
	yuan("17", "提取应付福利费", s.welfare, "")
	yuan("18", "外来投资分利", s.outside, "")
	yuan("19", "农户分配", s.members, "")
	yuan("20", "其他分配", s.other, "")
	yuan("21", "年末未分配收益", s.closing, "", "14", "−15")
	count("22", "汇总村数", s.villages, "在这里记账的村", "23", "24")
	count("23", "当年无收益的村", s.villages-s.gaining, "")
	count("24", "当年有收益的村", s.gaining, "")
	count("25", "有经营收益的村", s.operating, "", "26", "27", "28")
	count("26", "5 万元以下", s.group[0], "含下不含上,下同")
	count("27", "5 万–10 万元", s.group[1], "")
	count("28", "10 万元以上", s.group[2]+s.group[3]+s.group[4], "")
	for i, text := range []journal.Label{"10 万–50 万元", "50 万–100 万元", "100 万元以上"} {
		count("28."+strconv.Itoa(i+1), text, s.group[i+2], "以后各版增加的档")
	}
	blank("N1", "当年用于扩大再生产的支出")
	yuan("N2", "当年获得的土地补偿费", s.land, "不是收益")
	return list
}

// Collective is what a yearly count of collectives asks of one, as far as these books hold it: no assets, no balance sheet.
type Collective struct {
	Entity    register.Entity
	Members   int // at the year's end
	Book      string
	Statement income.Statement
	Contracts int            // that run at the year's end
	Let       money.Quantity // 亩 let out by them
	Funds     []income.Standing
}

// CollectivesOf are the collectives of a place that stood at the end of a year.
func CollectivesOf(v *journal.View, place region.Code, year int) (list []Collective, err error) {
	books, _, err := reportable(v, place, year)
	if err != nil {
		return nil, err
	}
	end := journal.YearEnd(year)
	members, contracts, let := map[string]int{}, map[string]int{}, map[string]money.Quantity{}
	for _, m := range register.MembershipTable.Scan(books, place.Prefix()) {
		if m.On(end) {
			members[m.Collective()]++
		}
	}
	if err = income.EachContract(v, string(place), func(k income.Contract) error {
		if k.Void == "" && k.Terms[0].From <= end && k.Until() >= end {
			contracts[k.Book()]++
			let[k.Book()] += k.On(end).Area
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for id, e := range register.EntityTable.Scan(books, place.Prefix()) {
		if !e.Kind.Collective() || e.Dissolved != "" && e.Dissolved <= end || e.Founded > end {
			continue
		}
		c := Collective{Entity: e, Members: members[id], Book: e.Book(), Statement: income.StatementIn(books, e.Book(), year),
			Contracts: contracts[e.Book()], Let: let[e.Book()]}
		if c.Funds, _, err = income.Standings(v, e.Book()); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

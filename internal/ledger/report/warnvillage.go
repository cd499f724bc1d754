package report

import (
	"maps"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

func partyKey(party string) string { return ident.Name(party) }

// villages warns of what a village's years come to, and of what is missing in its books: once it has begun to keep them, or its silence
// counts.
func (w *watch) villages() error {
	village := w.place
	if !village.HasCollective() || !w.judge.begun(village, w.judge.thisYear, false) && w.judge.verdict(village, w.year).Unknown {
		return nil
	}
	w.judged(village)
	if err := w.silent(village); err != nil {
		return err
	}
	if err := w.payers(village); err != nil {
		return err
	}
	return w.keeping(village, append([]string{string(village)}, w.own...))
}

// keeping warns of what is missing in books, and of what stands out in them.
func (w *watch) keeping(place region.Code, books []string) error {
	w.unclosed(place)
	for _, book := range books {
		if err := w.large(book); err != nil {
			return err
		}
	}
	clear(w.lines)
	return nil
}

// judged warns of a village that fell under its bound, or stays under it.
func (w *watch) judged(village region.Code) {
	v := w.judge.verdict(village, w.year)
	if !v.Shell {
		return
	}
	at := journal.YearID.Dated(string(village), w.year)
	before := w.judge.verdict(village, w.year-1)
	if !before.Unknown && !before.Shell && before.Recorded {
		if was := before.Policy.Of(w.judge.sumsOf(village, w.year, before.Policy)); before.Policy.Reached(was) {
			w.find(warnSlipped, at, "%s 年%s %s 元:没有比上年的标准低,是标准变了", strconv.Itoa(w.year), v.Policy.Named(), v.Measure.Grouped())
		} else {
			w.find(warnSlipped, at, "%s 年%s %s 元,上年 %s 元", strconv.Itoa(w.year), v.Policy.Named(), v.Measure.Grouped(), before.Measure.Grouped())
		}
		return
	}
	years := 1
	for y := w.year - 1; w.judge.verdict(village, y).Shell; y-- {
		years++
	}
	if years >= w.bound(warnSecond, village) {
		w.find(warnSecond, at, "连续 %s 年低于标准,%s 年%s %s 元", strconv.Itoa(years), strconv.Itoa(w.year), v.Policy.Named(), v.Measure.Grouped())
	}
}

// unclosed warns of a year that is over, has lines and should be closed by now.
func (w *watch) unclosed(village region.Code) {
	by := journal.Date(strconv.Itoa(w.year+1) + "-" + w.said(warnUnclosed, village))
	for _, year := range []int{w.year, w.year - 1} {
		if !w.judge.kept(village, year) || year == w.year && w.today <= by {
			continue
		}
		if _, closed := office.ClosedFrom(w.books, village, year); !closed {
			w.find(warnUnclosed, journal.YearID.Dated(string(village), year), "%s 年的账还没有结", strconv.Itoa(year))
			return
		}
	}
}

// quarterOf is a quarter of a chain.
type quarterOf struct {
	chain   string
	quarter sums.Period
}

// silent warns where nothing was posted about a village in the quarter that runs, or in the one before while that is young.
func (q *watch) silent(village region.Code) error {
	quarter := sums.QuarterOf(q.today)
	if q.today.DayNumber()-quarter.First().DayNumber() < q.bound(warnSilent, village) {
		quarter = quarter.Previous()
	}
	key := quarterOf{village.Chain(), quarter}
	seq, ok := q.quarters[key]
	if !ok {
		var err error
		if seq, err = q.FirstSince(village, quarter.First()); err != nil {
			return err
		}
		q.quarters[key] = seq
	}
	if !q.PostedSince(village, seq) {
		q.find(warnSilent, string(village), "%s 年第 %s 季度以来没有录入过任何内容", strconv.Itoa(quarter.Year()), strconv.Itoa(quarter.Quarter()))
	}
	return nil
}

// linesOf are a book's lines of a year, read once.
func (w *watch) linesOf(book string, year int) ([]income.Income, error) {
	key := journal.YearID.Dated(book, year)
	lines, ok := w.lines[key]
	if !ok {
		var err error
		if lines, err = income.Incomes(w.View, book, year, ""); err != nil {
			return nil, err
		}
		w.lines[key] = lines
	}
	return lines, nil
}

// payer is who paid a line: its party, or the one of its contract.
func (w *watch) payer(i income.Income) (key, name string) {
	if name = i.Party; name == "" {
		name = w.party[i.Contract]
	}
	return partyKey(name), name
}

// payers warns of a village whose gross operating income of the year came mostly from one, or from who paid nothing before.
func (w *watch) payers(village region.Code) error {
	sums, names, before := map[string]money.Yuan{}, map[string]string{}, map[string]bool{}
	contract := maps.Clone(w.parties)
	var all, once money.Yuan
	gross := income.Policy{Measure: income.Gross()}
	for _, book := range append([]string{string(village)}, w.own...) {
		lines, err := w.linesOf(book, w.year)
		if err != nil {
			return err
		}
		for _, i := range lines {
			key, name := w.payer(i)
			if part := i.In(w.year, gross); part != 0 {
				sums[key], names[key], all = sums[key]+part, name, all+part
			}
			if i.Contract != "" {
				contract[key] = true
			}
		}
		spread, err := income.Spread(w.View, book, w.year)
		if err != nil {
			return err
		}
		for _, i := range spread {
			if key, name := w.payer(i.Income); gross.Counts(i.Item) {
				sums[key], names[key], all = sums[key]+i.Part, name, all+i.Part
				before[key] = true // of a sum for several years
			}
		}
		if lines, err = w.linesOf(book, w.year-1); err != nil {
			return err
		}
		for _, i := range lines {
			if item, _ := income.ItemNamed(i.Item); !item.Expense && i.Stands() {
				key, _ := w.payer(i)
				before[key] = true
			}
		}
	}
	if all <= 0 {
		return nil
	}
	at := journal.YearID.Dated(string(village), w.year)
	percentOf := func(part money.Yuan) string {
		return money.FromDecimal(part.Decimal().Shift(2).DivRound(all.Decimal(), 4)).String()
	}
	over := func(part money.Yuan, sort *office.Warning) bool {
		rate, err := money.ParseRate(w.said(sort, village))
		return err == nil && part > all.Percent(rate)
	}
	largest := ""
	for key, sum := range sums {
		if key != "" && (largest == "" || sum > sums[largest] || sum == sums[largest] && key < largest) {
			largest = key
		}
		if key != "" && !before[key] && !contract[key] {
			once += sum
		}
	}
	if largest != "" && over(sums[largest], warnPayer) {
		w.find(warnPayer, at, "%s 年经营性收入 %s 元,%s%% 来自%s", strconv.Itoa(w.year), all.Grouped(), percentOf(sums[largest]), names[largest])
	}
	if len(before) > 0 && over(once, warnOnce) {
		w.find(warnOnce, at, "%s 年经营性收入 %s 元,%s%% 来自上年没有付过的对方", strconv.Itoa(w.year), all.Grouped(), percentOf(once))
	}
	return nil
}

// large warns of lines of this year that are far above what the book has known of their item.
func (w *watch) large(book string) error {
	this := w.today.Year()
	now, err := w.linesOf(book, this)
	if err != nil || len(now) == 0 {
		return err
	}
	known, times := map[string]money.Yuan{}, map[string]int{}
	for year := this - 2; year < this; year++ {
		lines, err := w.linesOf(book, year)
		if err != nil {
			return err
		}
		for _, i := range lines {
			if i.Stands() {
				known[i.Item], times[i.Item] = max(known[i.Item], i.Amount), times[i.Item]+1
			}
		}
	}
	bound := money.Yuan(w.bound(warnLarge, journal.PlaceOf(book)))
	for _, i := range now {
		item, _ := income.ItemNamed(i.Item)
		if i.Stands() && times[i.Item] >= knownLines && i.Amount > known[i.Item]*bound {
			w.find(warnLarge, i.ID, "%s %s 元,以前最大的一笔“%s”是 %s 元", string(i.Date), i.Amount.Grouped(), item.Label, known[i.Item].Grouped())
		}
	}
	return nil
}

// knownLines is how many lines of an item a book has to have before it knows what is usual.
const knownLines = 2

// CountOf counts the warnings of each sort.
func CountOf(list []Warning) []WarningCount {
	c := counting{}
	for _, w := range list {
		c.add(w)
	}
	return c.counts()
}

// counting counts warnings by their sorts and villages.
type counting map[*office.Warning]map[region.Code]int

func (c counting) add(w Warning) {
	if c[w.Warning] == nil {
		c[w.Warning] = map[region.Code]int{}
	}
	c[w.Warning][w.Village]++
}

func (c counting) counts() (list []WarningCount) {
	for _, sort := range office.Warnings() {
		x := WarningCount{Warning: sort, Villages: len(c[sort])}
		for _, n := range c[sort] {
			x.Count += n
		}
		if x.Count > 0 {
			list = append(list, x)
		}
	}
	return list
}

// WarningCount is how many warnings of a sort there are, and in how many villages.
type WarningCount struct {
	*office.Warning
	Count, Villages int
}

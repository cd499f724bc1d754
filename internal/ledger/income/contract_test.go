package income

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

func yuan(s string) money.Yuan {
	y, err := money.ParseYuan(s)
	if err != nil {
		panic(err)
	}
	return y
}

func rate(s string) money.Rate {
	r, err := money.ParseRate(s)
	if err != nil {
		panic(err)
	}
	return r
}

// What terms make due, when, and for which time.
func TestDues(t *testing.T) {
	for _, c := range []struct {
		name  string
		terms Terms
		want  string // day, amount: one after the other
		ended journal.Date
	}{
		{name: "each year from its first day", terms: Terms{From: "2021-01-01", To: "2023-12-31", Rent: yuan("9600")},
			want: "2021-01-01 9600.00, 2022-01-01 9600.00, 2023-01-01 9600.00"},
		{name: "half a year, due later on", terms: Terms{From: "2024-01-01", To: "2024-12-31", Rent: yuan("36000"), Every: 6,
			First: "2024-05-31"},
			want: "2024-05-31 18000.00, 2024-11-30 18000.00"},
		{name: "the odd 分 to the first quarters", terms: Terms{From: "2024-01-01", To: "2024-12-31", Rent: yuan("100.03"), Every: 3},
			want: "2024-01-01 25.01, 2024-04-01 25.01, 2024-07-01 25.01, 2024-10-01 25.00"},
		{name: "by month from a 31st", terms: Terms{From: "2024-01-31", To: "2024-04-29", Rent: yuan("120"), Every: 1},
			want: "2024-01-31 10.00, 2024-02-29 10.00, 2024-03-31 10.00"},
		{name: "to the same day of a later year", terms: Terms{From: "2021-03-15", To: "2023-03-15", Rent: yuan("1000")},
			want: "2021-03-15 1000.00, 2022-03-15 1000.00"},
		{name: "a last part of whole months", terms: Terms{From: "2021-01-01", To: "2022-03-31", Rent: yuan("1000")},
			want: "2021-01-01 1000.00, 2022-01-01 250.00"},
		{name: "a last part of days", terms: Terms{From: "2021-01-01", To: "2022-01-10", Rent: yuan("365")},
			want: "2021-01-01 365.00, 2022-01-01 10.00"},
		{name: "once for all", terms: Terms{From: "2001-05-01", To: "2006-04-30", Rent: yuan("8400"), Once: true}, want: "2001-05-01 42000.00"},
		{name: "every five years, risen from the rounded rent before", terms: Terms{From: "2020-01-01", To: "2029-12-31", Rent: yuan("100.33"),
			Every: 60, RiseYears: 2, Rise: rate("5")}, // 100.33 ×2, 105.35 ×2, 110.62 | 110.62, 116.15 ×2, 121.96 ×2
			want: "2020-01-01 521.98, 2025-01-01 586.84"},
		{name: "risen by a sum", terms: Terms{From: "2020-01-01", To: "2022-12-31", Rent: yuan("100"), RiseYears: 1, RiseBy: yuan("10")},
			want: "2020-01-01 100.00, 2021-01-01 110.00, 2022-01-01 120.00"},
		{name: "a step within a year", terms: Terms{From: "2020-01-01", To: "2021-12-31", Rent: yuan("1200"),
			Steps: []RentStep{{From: "2021-07-01", Rent: yuan("2400")}}}, want: "2020-01-01 1200.00, 2021-01-01 1800.00"},
		{name: "agreed one by one", terms: Terms{From: "2020-01-01", To: "2021-12-31",
			Dues: []FixedDue{{"2020-06-30", yuan("70")}, {"2021-06-30", yuan("80")}}}, want: "2020-06-30 70.00, 2021-06-30 80.00"},
		{name: "agreed one by one, ended", terms: Terms{From: "2020-01-01", To: "2021-12-31",
			Dues: []FixedDue{{"2020-06-30", yuan("70")}, {"2021-06-30", yuan("80")}}}, ended: "2020-12-31", want: "2020-06-30 70.00"},
		{name: "ended within a year", terms: Terms{From: "2020-01-01", To: "2022-12-31", Rent: yuan("1200")}, ended: "2021-06-30",
			want: "2020-01-01 1200.00, 2021-01-01 600.00"},
		{name: "ended within a quarter", terms: Terms{From: "2026-01-01", To: "2030-12-31", Rent: yuan("24000"), Every: 3}, ended: "2026-11-27",
			want: "2026-01-01 6000.00, 2026-04-01 6000.00, 2026-07-01 6000.00, 2026-10-01 3782.61"}, // 58 of 92 days
		{name: "ended within a month", terms: Terms{From: "2026-03-15", To: "2027-03-14", Rent: yuan("10000"), Every: 1}, ended: "2026-06-27",
			want: "2026-03-15 833.34, 2026-04-15 833.34, 2026-05-15 833.34, 2026-06-15 361.11"}, // 13 of 30 days
		{name: "five years at once, ended within the third", terms: Terms{From: "2020-01-01", To: "2024-12-31", Rent: yuan("100"), Once: true,
			RiseYears: 1, RiseBy: yuan("10")}, ended: "2022-06-30", want: "2020-01-01 270.00"},
		{name: "what is earned is shared", terms: Terms{From: "2020-01-01", To: "2022-12-31"}, want: ""},
		{name: "a 29 February", terms: Terms{From: "2024-02-29", To: "2026-02-27", Rent: yuan("10")}, want: "2024-02-29 10.00, 2025-02-28 10.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range (Contract{Terms: []Terms{c.terms}, Ended: c.ended}).Dues() {
				got = append(got, string(d.Date)+" "+d.Amount.String())
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("due %s\nwant %s", s, c.want)
			}
		})
	}
}

// Terms that follow each other are due each for its time, and what was received is held against the oldest.
func TestDuesOfChangedTerms(t *testing.T) {
	c := Contract{Received: yuan("1500"), Remitted: yuan("50"), Terms: []Terms{{From: "2020-01-01", To: "2022-12-31", Rent: yuan("1200")},
		{From: "2021-07-01", To: "2023-06-30", Rent: yuan("2000")}}}
	var got []string
	for _, d := range c.Dues() {
		got = append(got, string(d.Date)+" "+d.Amount.String()+" open "+d.Open().String())
	}
	want := "2020-01-01 1200.00 open 0.00, 2021-01-01 600.00 open 250.00, 2021-07-01 2000.00 open 2000.00, 2022-07-01 2000.00 open 2000.00"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("due %s\nwant %s", s, want)
	}
}

// Whatever the terms: what is due adds up to the rents of their years, no sum is due twice, and the times of the sums lie one behind the
// other through the whole term.
func TestDuesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := journal.Date("2000-01-01").Plus(rapid.IntRange(0, 1500).Draw(t, "from"))
		terms := Terms{From: from, To: from.Plus(rapid.IntRange(0, 8000).Draw(t, "days")),
			Rent:  money.Yuan(rapid.IntRange(1, 10_000_000).Draw(t, "rent")),
			Every: rapid.SampledFrom([]int{0, 1, 3, 6, 12, 24, 60, 7}).Draw(t, "every"),
			Once:  rapid.Bool().Draw(t, "once")}
		if rapid.Bool().Draw(t, "rises") {
			terms.RiseYears, terms.Rise = rapid.IntRange(1, 6).Draw(t, "years"), money.Rate(rapid.IntRange(1, 20).Draw(t, "percent"))*1_000_000
		}
		var sum, want money.Yuan
		behind := terms.behind(terms.To)
		for _, s := range terms.spells(behind) {
			want += s.sum
		}
		next := terms.From
		for _, d := range (Contract{Terms: []Terms{terms}}).Dues() {
			if d.From < next {
				t.Fatalf("the time from %s is due twice", d.From)
			}
			next = d.To.Plus(1)
			sum += d.Amount
		}
		if sum != want {
			t.Fatalf("due %s, the years come to %s", sum, want)
		}
		if next != behind && terms.Rent > 10_000 { // a day of a small rent may come to nothing
			t.Fatalf("due for the time to %s of %s", next, behind)
		}
	})
}

// A sum for a time of whole months is spread over the calendar years by months, for another by days; what is for years before its own
// counts in that.
func TestSpreadByTime(t *testing.T) {
	for _, c := range []struct {
		name     string
		date     journal.Date
		from, to journal.Date
		amount   string
		want     string
	}{
		{"whole months", "2026-03-01", "2026-03-01", "2027-02-28", "1200", "2026 1000.00, 2027 200.00"},
		{"to the same day", "2026-03-01", "2026-03-01", "2027-03-01", "1200", "2026 1000.00, 2027 200.00"},
		{"days", "2026-03-15", "2026-03-15", "2027-03-14", "365", "2026 292.00, 2027 73.00"},
		{"an odd 分 to the largest remainder", "2026-01-01", "2026-01-01", "2028-12-31", "100", "2026 33.34, 2027 33.33, 2028 33.33"},
		{"years before its own", "2026-01-10", "2024-01-01", "2026-12-31", "300", "2026 300.00"},
		{"the next year", "2026-12-10", "2027-01-01", "2027-12-31", "300", "2026 0.00, 2027 300.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			Income{Date: c.date, From: c.from, To: c.to, Amount: yuan(c.amount)}.byTime(func(year int, sum money.Yuan) {
				got = append(got, journal.Number(year, 4)+" "+sum.String())
			})
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("spread %s\nwant   %s", s, c.want)
			}
		})
	}
}

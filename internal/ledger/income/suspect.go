package income

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/region"
)

//go:embed suspects.txt
var suspectTable string

// suspicious are the words by which money is asked about.
var suspicious = readSuspects()

type suspectWords struct {
	source Source
	words  []string
}

func readSuspects() (list []suspectWords) {
	for _, line := range strings.Split(strings.TrimSpace(suspectTable), "\n") {
		source, words, ok := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, "#"):
		case !ok || !slices.Contains(Sources(), Source(source)):
			panic("suspects.txt: " + line)
		default:
			list = append(list, suspectWords{Source(source), strings.Fields(words)})
		}
	}
	return list
}

// Suspect is a line of income that looks as if it were none.
type Suspect struct {
	Income
	Source Source // what it may be
	Word   string // by which word of its payer or note
	Shared bool   // whether plans of its year have given out something
}

// SuspectIn tells what money a line of income may be in truth, by its payer and note; false where nothing speaks for it.
func SuspectIn(item, party, note string) (s Source, word string, ok bool) {
	if it, known := ItemNamed(item); !known || it.Expense {
		return "", "", false
	}
	if note == "" && party == "" {
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
		if line.Amount <= 0 || !line.Stands() || line.Payout != "" || line.Moved {
			continue
		}
		source, word, ok := SuspectIn(line.Item, line.Party, line.Note)
		if !ok {
			continue
		}
		book := line.Book()
		if bodies[book] == nil {
			bodies[book] = SourcesOf(BodyOf(books, book))
		}
		if slices.Contains(bodies[book], source) {
			list = append(list, Suspect{line, source, word, shared[journal.LineID.Parent(id)]})
		}
	}
	return list, nil
}

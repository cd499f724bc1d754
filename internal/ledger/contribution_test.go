package ledger_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// What is put in issues its shares and shows in the transformation of its year and of every region around it; what is taken back shows
// nowhere but in the history.
func TestTransformation(t *testing.T) {
	b := newBooks(t)
	_, _, land, holders := b.cooperative("kj-yuxin", yuxin, 3)
	put := func(holder int, kind register.ContributionKind, area, value, shares, date string) journal.Entry {
		e := &register.RecordContribution{Class: land, Holder: holders[holder], Kind: kind, Value: yuan(value), Shares: units(shares),
			Date: journal.Date(date)}
		if area != "" {
			e.Area = units(area)
		}
		return e
	}
	b.post("kj-yuxin", put(0, register.Farmland, "4.5", "9000", "4.5", "2024-05-01"),
		put(1, register.Farmland, "7.23", "14460.50", "7.23", "2025-05-01"),
		put(2, register.OwnFunds, "", "5000", "5", "2025-06-01"))
	wrong, err := b.Post(b.actor("kj-yuxin"), journal.Posting{Entries: []journal.Entry{put(2, register.Forest, "100", "1000000", "100",
		"2025-07-01")}})
	if err != nil {
		t.Fatal(err)
	}
	b.post("kj-yuxin", &register.ReverseMovement{Class: land, Holder: holders[2], Movement: int(wrong.Ranges[0].First), Reason: "不是他的林地"})
	for _, place := range []string{yuxin, "210727102", "210727", "2107"} {
		by := "yixian"
		if place == "2107" {
			by = ""
		}
		who := journal.Console
		if by != "" {
			who = b.actor(by)
		}
		if err := b.Read(who, func(v *journal.View) error {
			got, err := report.TransformationOf(v, region.MustParse(place), 2025)
			if err != nil {
				return err
			}
			farm, forest, own := got.Kinds[0], got.Kinds[1], got.Kinds[8]
			if farm.Area != units("11.73") || farm.AreaBefore != units("4.5") || farm.Value != yuan("23460.50") || farm.Count != 2 ||
				forest.Count != 0 || own.Value != yuan("5000") {
				t.Errorf("%s: farmland %+v, forest %+v, own funds %+v", place, farm, forest, own)
			}
			var sum money.Yuan
			for _, k := range got.Kinds {
				sum += k.Value
			}
			if sum != got.Value || got.Value != yuan("28460.50") || got.Before != yuan("9000") || got.Shareholders.Now != 3 ||
				got.Holders[register.Household].Now != 3 || got.People.Now != 6 || len(got.Classes) != 2 {
				t.Errorf("%s: %+v", place, got)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	b.read("kj-yuxin", func(v *journal.View) {
		hold, _ := register.HoldingsOf(v, holders[2])
		if hold[1].Quantity != units("3.02")+units("5") {
			t.Errorf("the third household holds %s of the land class", hold[1].Quantity)
		}
		if list, _, _ := register.Contributions(v, yuxin, 2025, register.Farmland, "", 9); len(list) != 2 || list[0].Shares != units("4.5") {
			t.Errorf("farmland put in: %+v", list)
		}
	})
	for _, c := range []struct {
		name, field, says string
		entry             journal.Entry
	}{
		{"land without an area", "area", "面积", put(0, register.Farmland, "", "1", "1", "2025-01-01")},
		{"an area with three decimals", "area", "两位小数", put(0, register.Farmland, "1.234", "1", "1", "2025-01-01")},
		{"money with an area", "area", "只有资源", put(0, register.OwnFunds, "1", "1", "1", "2025-01-01")},
		{"worth nothing", "value", "作价", put(0, register.Labour, "", "0", "1", "2025-01-01")},
		{"for no shares", "shares", "大于 0", put(0, register.Labour, "", "1", "0", "2025-01-01")},
		{"of a kind that is none", "kind", "没有", put(0, "gold", "", "1", "1", "2025-01-01")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if e := b.refused("kj-yuxin", journal.Invalid, c.field, c.entry); !hasText(e, c.says) {
				t.Errorf("it says %v", e)
			}
		})
	}
	b.verify()
}

// A person who holds in several villages and classes is one person; what was held at the end of a year is what that year shows.
func TestDistinctPersons(t *testing.T) {
	b := newBooks(t)
	_, _, _, holders := b.cooperative("kj-yuxin", yuxin, 2)
	_, shares, _, there := b.cooperative("kj-kaizhou", kaizhou, 1) // the same person as the first of the other village
	late := b.post("kj-kaizhou", household(kaizhou, 5))[0]
	b.post("kj-kaizhou", &register.IssueShares{Class: shares, Holder: late, Quantity: units("2"), Date: "2025-02-01"})
	b.post("kj-yuxin", &register.ListMembers{Holder: holders[1],
		Members: []register.Member{{Name: "李妻", Relation: "妻", IDNo: residentID(900)}, {Name: "李子", Relation: "子"}}})
	for _, c := range []struct {
		name, place          string
		year                 int
		shareholders, people report.Counted
	}{
		{"a village", yuxin, 2025, report.Counted{Now: 2, Before: 2}, report.Counted{Now: 4, Before: 4}},
		{"both villages", "210727102", 2025, report.Counted{Now: 3, Before: 2}, report.Counted{Now: 5, Before: 4}},
		{"both, the year before", "210727102", 2024, report.Counted{Now: 2, Before: 2}, report.Counted{Now: 4, Before: 4}},
		{"both, before all", "210727102", 2018, report.Counted{}, report.Counted{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.read("yixian", func(v *journal.View) {
				got, err := report.TransformationOf(v, region.MustParse(c.place), c.year)
				if err != nil {
					t.Fatal(err)
				}
				if got.Shareholders != c.shareholders || got.People != c.people {
					t.Errorf("%+v shareholders, %+v people", got.Shareholders, got.People)
				}
				for _, child := range got.Children {
					alone, err := report.TransformationOf(v, child.Place.Code, c.year)
					if err != nil {
						t.Fatal(err)
					}
					if alone.People != child.People || alone.Shareholders != child.Shareholders || alone.Value != child.Value ||
						!slices.Equal(alone.Classes, child.Classes) {
						t.Errorf("%s alone %+v, as a part %+v", child.Place.Name, alone, child)
					}
				}
			})
		})
	}
	b.post("kj-kaizhou", &register.ListMembers{Holder: late, Members: []register.Member{{Name: "李妻", Relation: "女", IDNo: residentID(900)},
		{Name: "孙", IDNo: residentID(901)}}})
	b.read("yixian", func(v *journal.View) { // one is a member of two households
		twins, err := register.Duplicates(v, "210727000000", 9)
		if err != nil || len(twins) != 2 || twins[1].Of[0].Member != "李妻" || twins[1].Of[1].Member != "李妻" ||
			!strings.HasSuffix(residentID(900), twins[1].Number[len(twins[1].Number)-4:]) {
			t.Errorf("duplicates %+v, %v", twins, err)
		}
	})
	b.post("kj-kaizhou", &register.ListMembers{Holder: late, Members: []register.Member{{Name: "孙", IDNo: residentID(901)}}, Reason: "嫁出"})
	b.read("yixian", func(v *journal.View) {
		if twins, err := register.Duplicates(v, "210727000000", 9); err != nil || len(twins) != 1 || len(twins[0].Of) != 2 {
			t.Errorf("duplicates %+v, %v", twins, err)
		}
		s, _ := register.ShareholderOf(v, there[0])
		if same, err := register.SameNumber(v, s); err != nil || len(same) != 1 || same[0].ID != holders[0] {
			t.Errorf("the same number: %+v, %v", same, err)
		}
	})
	b.read("kj-kaizhou", func(v *journal.View) {
		s, _ := register.ShareholderOf(v, there[0])
		if same, err := register.SameNumber(v, s); err != nil || len(same) != 0 {
			t.Errorf("an accountant sees another village's: %+v, %v", same, err)
		}
	})
	b.verify()
}

// A household's members are people who stand nowhere else on the village's register.
func TestMembers(t *testing.T) {
	b := newBooks(t)
	_, _, _, holders := b.cooperative("kj-yuxin", yuxin, 3)
	wife := register.Member{Name: "王妻", Relation: "妻", IDNo: residentID(901)}
	b.post("kj-yuxin", &register.ListMembers{Holder: holders[0], Members: []register.Member{wife, {Name: "王子", Relation: "子"}}})
	with := func(m ...register.Member) *register.ListMembers {
		return &register.ListMembers{Holder: holders[1], Members: m}
	}
	counted := household(yuxin, 40)
	counted.Members, counted.People = []register.Member{{Name: "甲"}}, 4
	for _, c := range []struct {
		name  string
		code  journal.Code
		field string
		entry journal.Entry
	}{
		{"listed in another household", journal.Conflict, "members.0.id_no", with(wife)},
		{"a householder of another", journal.Conflict, "members.0.id_no", with(register.Member{Name: "李", IDNo: residentID(2)})},
		{"a wrong ID number", journal.Invalid, "members.1.id_no", with(register.Member{Name: "甲"},
			register.Member{Name: "乙", IDNo: "210799196001010011"})},
		{"twice", journal.Invalid, "members.1.id_no", with(register.Member{Name: "甲", IDNo: residentID(902)},
			register.Member{Name: "乙", IDNo: residentID(902)})},
		{"without a name", journal.Invalid, "members.0.name", with(register.Member{Relation: "妻"})},
		{"a list changed for no reason", journal.Invalid, "reason", &register.ListMembers{Holder: holders[0], Members: []register.Member{wife}}},
		{"a member registered as a household", journal.Conflict, "id_no",
			func() journal.Entry { h := household(yuxin, 41); h.IDNo = residentID(901); return h }()},
		{"a household whose number of people is another", journal.Invalid, "people", counted},
		{"nobody's", journal.NotFound, "holder", &register.ListMembers{Holder: yuxin + "H99999"}},
	} {
		t.Run(c.name, func(t *testing.T) { b.refused("kj-yuxin", c.code, c.field, c.entry) })
	}
	// After a split the wife has a household of her own.
	b.post("kj-yuxin", &register.ListMembers{Holder: holders[0], Members: []register.Member{{Name: "王子", Relation: "子"}}, Reason: "分户"})
	own := household(yuxin, 42)
	own.IDNo = residentID(901)
	b.post("kj-yuxin", own)
	b.read("kj-yuxin", func(v *journal.View) {
		s, _ := register.ShareholderOf(v, holders[0])
		if s.People != 2 || len(s.Members) != 1 {
			t.Errorf("%d people, members %+v", s.People, s.Members)
		}
	})
	b.verify()
}

// A class's price, or the area where it counts 亩, says how many shares there are for what is put in; only a resolution may say otherwise. A
// closed class can be opened again.
func TestContributionPrice(t *testing.T) {
	b := newBooks(t)
	entity, _, land, holders := b.cooperative("kj-yuxin", yuxin, 1)
	cash := b.post("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: rate("100"), Reward: plan.GuaranteePercent, RewardRate: rate("5")})[0]
	put := func(class string, kind register.ContributionKind, area, value, shares, resolution string) journal.Entry {
		return &register.RecordContribution{Class: class, Holder: holders[0], Kind: kind, Area: units(area), Value: yuan(value),
			Shares: units(shares), Date: "2025-01-01", Resolution: resolution}
	}
	b.refused("kj-yuxin", journal.Conflict, "shares", put(cash, register.OwnFunds, "0", "9000", "80", ""))
	b.refused("kj-yuxin", journal.Conflict, "shares", put(land, register.Farmland, "4.5", "9000", "4", ""))
	b.post("kj-yuxin", put(cash, register.OwnFunds, "0", "9000", "90", ""), put(cash, register.OwnFunds, "0", "9000", "80", "2025-01"),
		put(land, register.Farmland, "4.5", "9000", "4.5", ""))
	b.refused("kj-yuxin", journal.Invalid, "reward_rate", &register.OpenShareClass{Entity: entity, Kind: register.SkillShare,
		Unit: register.ShareUnit, Reward: plan.Guarantee})
	b.refused("kj-yuxin", journal.Invalid, "reward", &register.OpenShareClass{Entity: entity, Kind: register.SkillShare,
		Unit: register.ShareUnit, Reward: "luck"})

	b.refused("kj-yuxin", journal.Conflict, "class", &register.ReopenShareClass{Class: cash, Resolution: "2026-02"})
	b.post("kj-yuxin", &register.CloseShareClass{Class: cash, Date: "2026-01-01", Resolution: "2026-01"})
	late := &register.IssueShares{Class: cash, Holder: holders[0], Quantity: units("1"), Date: "2026-01-02"}
	b.refused("kj-yuxin", journal.Conflict, "class", late)
	b.post("kj-yuxin", &register.ReopenShareClass{Class: cash, Resolution: "2026-02"}, late)
	b.verify()
}

// keep is a place for papers in memory.
type keep map[string][]byte

func (k keep) Open(digest string) ([]byte, error) {
	b, ok := k[digest]
	if !ok {
		return nil, fs.ErrNotExist
	}
	if fmt.Sprintf("%x", sha256.Sum256(b)) != digest {
		return nil, errors.New("changed")
	}
	return b, nil
}

// A paper is attached by the digest of a content that is there and is a PDF, a JPEG or a PNG.
func TestPapers(t *testing.T) {
	b := newBooks(t)
	entity, _, _, holders := b.cooperative("kj-yuxin", yuxin, 1)
	files := keep{}
	add := func(content string) string {
		digest := fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
		files[digest] = []byte(content)
		return digest
	}
	var picture, drawing bytes.Buffer
	photo := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range photo.Pix {
		photo.Pix[i] = byte(i * i)
	}
	if err := errors.Join(jpeg.Encode(&picture, photo, nil), png.Encode(&drawing, photo)); err != nil {
		t.Fatal(err)
	}
	half := func(b bytes.Buffer) string { return b.String()[:b.Len()/2] }
	thumbnail := "\xff\xd8\xff\xe1\x00\x06\xff\xd8\xff\xd9" + picture.String()[2:] // a picture within the picture
	pdf, word, large := add("%PDF-1.7 决议 %%EOF"), add("PK\x03\x04"), add("%PDF-"+strings.Repeat(" ", paper.MaxPaper))
	attach := func(to, digest string) *paper.AttachPaper {
		return &paper.AttachPaper{To: to, Digest: digest, Name: "决议.pdf"}
	}
	b.KeepPapers(nil)
	b.refused("kj-yuxin", journal.Unavailable, "digest", attach(entity, pdf))
	b.KeepPapers(files)
	for _, c := range []struct {
		name  string
		code  journal.Code
		field string
		entry journal.Entry
	}{
		{"of another type", journal.Invalid, "digest", attach(entity, word)},
		{"too large", journal.TooLarge, "digest", attach(entity, large)},
		{"a PDF that was cut off", journal.Invalid, "digest", attach(entity, add("%PDF-1.7 决"))},
		{"a JPEG that was cut off", journal.Invalid, "digest", attach(entity, add(half(picture)))},
		{"a JPEG with a small picture, cut off", journal.Invalid, "digest", attach(entity, add(thumbnail[:len(thumbnail)/2]))},
		{"a PNG that was cut off", journal.Invalid, "digest", attach(entity, add(half(drawing)))},
		{"that is not here", journal.NotFound, "digest", attach(entity, strings.Repeat("0", 64))},
		{"to nothing", journal.NotFound, "to", attach(yuxin+"E009", pdf)},
		{"without a name", journal.Invalid, "name", &paper.AttachPaper{To: entity, Digest: pdf}},
	} {
		t.Run(c.name, func(t *testing.T) { b.refused("kj-yuxin", c.code, c.field, c.entry) })
	}
	b.post("kj-yuxin", attach(entity, pdf), attach(holders[0], pdf), attach(holders[0], add(picture.String())),
		attach(holders[0], add(drawing.String()+"behind")), attach(holders[0], add(thumbnail)))
	b.refused("kj-yuxin", journal.Conflict, "digest", attach(entity, pdf))
	files[pdf] = []byte("%PDF-1.7 另一份 %%EOF")
	b.refused("kj-yuxin", journal.Conflict, "digest", attach(entity+"C01", pdf))
	b.read("kj-yuxin", func(v *journal.View) {
		list, err := paper.PapersOf(v, entity)
		if err != nil || len(list) != 1 || list[0].Type != "application/pdf" || list[0].Of() != entity {
			t.Fatalf("papers %+v, %v", list, err)
		}
		if _, err := paper.PaperContent(b.Ledger, list[0]); !codeIs(err, journal.Unavailable) {
			t.Errorf("a changed paper opens: %v", err)
		}
	})
	b.verify()
}

// Every figure of the transformation opens a list that adds up to it, wherever its holders live and whatever they hold.
func TestTransformationOpens(t *testing.T) {
	b := newBooks(t)
	_, _, land, holders := b.cooperative("kj-yuxin", yuxin, 4)
	b.cooperative("kj-kaizhou", kaizhou, 3) // the first of them are the same persons
	b.post("kj-yuxin",
		&register.RecordContribution{Class: land, Holder: holders[0], Kind: register.Farmland, Area: units("4.5"), Value: yuan("9000"),
			Shares: units("4.5"), Date: "2024-05-01", Until: "2025-04-30"},
		&register.RecordContribution{Class: land, Holder: holders[1], Kind: register.Farmland, Area: units("2"), Value: yuan("4000"),
			Shares: units("2"), Date: "2025-05-01", Until: "2030-04-30"},
		&register.ListMembers{Holder: holders[1], Members: []register.Member{{Name: "李妻", Relation: "妻", IDNo: residentID(900)}}})
	b.read("yixian", func(v *journal.View) {
		for _, place := range []region.Code{yuxin, "210727102000", "210727000000"} {
			for _, year := range []int{2018, 2024, 2025} {
				got, err := report.TransformationOf(v, place, year)
				if err != nil {
					t.Fatal(err)
				}
				var people report.Counted
				for _, kind := range append(register.HolderKinds(), "") {
					want := got.Holders[kind]
					if kind == "" {
						want = got.Shareholders
					}
					var have report.Counted
					for from, total := 0, 1; from < total; from += 2 { // page by page
						var list []report.Stakeholder
						if list, total, err = report.Stakeholders(v, place, year, kind, from, 2); err != nil {
							t.Fatal(err)
						}
						for _, s := range list {
							have.Now, have.Before = have.Now+s.Holders.Now, have.Before+s.Holders.Before
							if kind == "" {
								people.Now, people.Before = people.Now+s.Persons.Now, people.Before+s.Persons.Before
							}
						}
					}
					if have != want {
						t.Errorf("%s %d: %d %s listed, %d counted", place, year, have, kind, want)
					}
				}
				if people != got.People {
					t.Errorf("%s %d: %d people listed, %d counted", place, year, people, got.People)
				}
				for _, c := range got.Classes {
					list, err := report.ClassStakes(v, place, year, c.Kind, c.Unit)
					if err != nil {
						t.Fatal(err)
					}
					sum := report.ClassSum{Kind: c.Kind, Unit: c.Unit}
					for _, s := range list {
						if s.Issued != 0 {
							sum.Count++
						}
						sum.Issued, sum.IssuedBefore = sum.Issued+s.Issued, sum.IssuedBefore+s.IssuedBefore
						sum.Capital, sum.CapitalBefore = sum.Capital+s.Capital, sum.CapitalBefore+s.CapitalBefore
					}
					if sum != c {
						t.Errorf("%s %d: classes listed %+v, counted %+v", place, year, sum, c)
					}
				}
				for _, k := range got.Kinds {
					if sum, err := report.ContributionSum(v, string(place), year, k.Kind); err != nil || sum.Count != k.Count || sum.Area != k.Area ||
						sum.Value != k.Value {
						t.Errorf("%s %d: contributions listed %+v, counted %+v, %v", place, year, sum, k, err)
					}
				}
				if farm := got.Kinds[0]; year == 2025 && (farm.Ended != 1 || farm.EndedArea != units("4.5")) {
					t.Errorf("past their term: %+v", farm)
				}
			}
		}
	})
}

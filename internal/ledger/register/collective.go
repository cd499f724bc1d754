package register

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Collectives finds the collectives that are shareholders: several may hold one company together, each from a village of its own. What is
// paid to one is income of its book.
type Collectives struct {
	store.Reader
	open   seal.Opener
	byCode map[string]Entity // of collectives, by their credit codes; nil until somebody is looked for
}

// CollectivesOf begins to look for collectives in books; open opens shareholders' numbers.
func CollectivesOf(r store.Reader, open seal.Opener) *Collectives {
	return &Collectives{Reader: r, open: open}
}

// BookOf is the book of the collective that a shareholder is: the one it is said to be; the one whose credit code it has, wherever in these
// books it is; or the village's where it is registered. "" for who is none.
func (x *Collectives) BookOf(s Shareholder) string {
	if s.Kind.Personal() {
		return ""
	}
	if s.Of != "" {
		if e, ok := entities.Get(x, s.Of); ok {
			return e.Book()
		}
		return s.Of
	}
	if x.byCode == nil {
		x.byCode = map[string]Entity{}
		for _, e := range entities.Scan(x, "") {
			if e.Kind.Collective() && e.CreditCode != "" {
				x.byCode[e.CreditCode] = e
			}
		}
	}
	if code, err := x.open(seal.ResidentID, s.ID, s.IDNo); err == nil && code != "" {
		if e, ok := x.byCode[code]; ok {
			return e.Book()
		}
	}
	if s.Kind == Collective {
		return string(s.Village())
	}
	return ""
}

// checkCollectiveOf refuses to take a shareholder for a collective that is not in these books, and a person for one.
func checkCollectiveOf(c *journal.Checking, f *journal.Faults, kind HolderKind, of string) {
	if of == "" {
		return
	}
	e, ok := entities.Get(c, of)
	switch {
	case kind.Personal():
		f.Invalid("collective_of", of, "农户和个人不是集体")
	case journal.VillageID.Is(of):
		office.CheckVillage(c, f, "collective_of", region.Code(of))
	case !ok:
		f.Add(journal.NotFound, "collective_of", of, "没有编号为 %s 的村或集体", of)
	case !e.Kind.Collective():
		f.Invalid("collective_of", of, "%s是%s,不是集体经济组织", e.Name, e.Kind.Label())
	}
}

package office

import (
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Around are the regions around a county that books know, the nearest first.
func Around(r store.Reader, county region.Code) (list []Division) {
	for above := county; above.Level() > region.Province; {
		above = above.Parent()
		if d, ok := divisions.Get(r, string(above)); ok {
			list = append(list, d)
		}
	}
	return list
}

// HandOverCounty ends the keeping of a county's books here: another ledger goes on with them. They stay here for reading; nothing more is
// posted, unless they come back.
type HandOverCounty struct {
	County region.Code `cbor:"1,keyasint" json:"county"`
	To     string      `cbor:"2,keyasint" json:"to"` // who goes on with them
}

var _ = journal.Register(&HandOverCounty{}, journal.Kind{
	Label: "移交全县账", Roles: []journal.Role{journal.Administrator},
	Note: "此后这里只能查阅;用 `sanbian county out --hand-over` 连同文件一起做 / afterwards the county is only read here",
})

// Place is the county.
func (e *HandOverCounty) Place() region.Code { return e.County }

// Subject is the county's code.
func (e *HandOverCounty) Subject() string { return string(e.County) }

func (e *HandOverCounty) Check(c *journal.Checking) error {
	var f journal.Faults
	if e.County.Level() != region.County {
		f.Invalid("county", e.County, "%s 不是县的代码;移交的是整个县", string(e.County))
	} else if !divisions.Has(c, string(e.County)) {
		f.Invalid("county", e.County, "区划表里没有 %s", string(e.County))
	}
	if e.To = ident.Name(e.To); e.To == "" {
		f.Invalid("to", "", "请写移交给谁,例如 锦州市三变台账")
	}
	return f.Err()
}

func (e *HandOverCounty) Apply(a *journal.Applying) { journal.KeepHanded(a, e.To) }

// BringCounty says that the records of a county have come from another ledger, up to one, and what they do not say themselves: who the
// accounts of other chains were that signed them, and which accounts have other names here. The program posts it, with the records.
type BringCounty struct {
	journal.Brought `cbor:"1,keyasint" json:"-"`
}

var _ = journal.Register(&BringCounty{}, journal.Kind{
	Label: "转入全县账", Roles: []journal.Role{journal.Administrator}, Follows: true,
	Note: "只由 `sanbian county in` 连同日志一起记 / by county in alone",
})

// Place is the whole ledger: its chain is folded before the county's.
func (e *BringCounty) Place() region.Code { return region.Country }

// Subject is the county's code.
func (e *BringCounty) Subject() string { return e.Chain + string(region.Country[len(e.Chain):]) }

// Check refuses it: it means nothing without the records.
func (e *BringCounty) Check(*journal.Checking) error {
	return journal.Barred("全县账只能用 sanbian county in 转入")
}

// Brings tells which records came, and what goes with them.
func (e *BringCounty) Brings() journal.Brought { return e.Brought }

func (e *BringCounty) Apply(a *journal.Applying) { journal.KeepBrought(a, e.Brought) }

package register

import (
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// RevealNumbers notes that an accountant looked at numbers in full: a shareholder's, or those on a distribution's payout list.
type RevealNumbers struct {
	Of     string `cbor:"1,keyasint" json:"of"`
	Reason string `cbor:"2,keyasint,omitempty" json:"reason"`
}

var _ = journal.Register(&RevealNumbers{}, journal.Kind{
	Label: "查看完整号码", Aside: true, Roles: []journal.Role{journal.Accountant},
	Note: "记下谁看了完整号码 / notes who saw whole numbers",
	Hints: map[string]string{
		"of": "股东、分红或村",
	},
})

// Place is the village of what was looked at.
func (e *RevealNumbers) Place() region.Code { return journal.PlaceOf(e.Of) }

// Subject is the id of what was looked at.
func (e *RevealNumbers) Subject() string { return e.Of }

func (e *RevealNumbers) Check(c *journal.Checking) error {
	if e.Reason == "" {
		return journal.Wrong("reason", "", "请写明为什么要看完整号码")
	}
	if s, ok := shareholders.Get(c, e.Of); ok && s.Locked != 0 {
		return s.checkLocked("of")
	}
	if journal.Exists(c, e.Of, journal.HolderID, journal.DistributionID, journal.VillageID) {
		return nil
	}
	return journal.Missing("of", e.Of, "没有编号为 %s 的股东、分红或村", e.Of)
}

func (e *RevealNumbers) Apply(*journal.Applying) {}

// MaskedName is the name as it may be put up in the village: of a person the first and the last character.
func (s Shareholder) MaskedName() string {
	name := []rune(s.Name)
	const longest = 4 // of a person's name; what an investor from elsewhere is, its name alone tells here
	if person := s.Kind.Personal() || s.Kind == Outside && len(name) <= longest; !person || len(name) < 2 {
		return s.Name
	}
	last := ""
	if len(name) > 2 {
		last = string(name[len(name)-1])
	}
	return string(name[0]) + "*" + last
}

// Numbers are a shareholder's personal numbers in the clear, or masked.
type Numbers struct {
	ID, Phone, Card string
}

// Masked returns a shareholder's numbers as pages may show them.
func Masked(v *journal.View, s Shareholder) Numbers {
	n := open(v, s)
	return Numbers{ident.Mask(n.ID), ident.Mask(n.Phone), ident.Mask(n.Card)}
}

// open reads the numbers in the clear.
func open(v *journal.View, s Shareholder) (n Numbers) {
	for _, o := range []struct {
		to      *string
		purpose seal.Purpose
		box     seal.Box
	}{{&n.ID, seal.ResidentID, s.IDNo}, {&n.Phone, seal.Phone, s.Phone}, {&n.Card, seal.BankCard, s.Card}} {
		text, err := v.Open(o.purpose, s.ID, o.box)
		if err != nil || s.Locked != 0 && text != "" {
			text = "?" // a box of another key, or locked; verify still holds, and the page says that it cannot be read
		}
		*o.to = text
	}
	return n
}

// Revealed is leave to see numbers in full. Only Reveal gives it, after the looking has been journalled.
type Revealed struct{ of string }

// Covers tells whether the leave is for what an id names.
func (r Revealed) Covers(id string) bool { return id != "" && r.of == id }

// Reveal journals that an actor looks at the numbers of a shareholder, a distribution or a village, and gives leave to.
func Reveal(l *journal.Ledger, who journal.Actor, of, reason string) (Revealed, error) {
	e, err := journal.Decode("RevealNumbers", map[string]any{"of": of, "reason": reason})
	if err != nil {
		return Revealed{}, err
	}
	if _, err := l.Post(who, journal.Posting{Entries: []journal.Entry{e}}); err != nil {
		return Revealed{}, err
	}
	return Revealed{of}, nil
}

// Full returns a shareholder's numbers in the clear, masked where the leave does not cover the shareholder. Leave for a distribution covers
// what a payment needs of those whom the distribution pays.
func Full(v *journal.View, s Shareholder, leave Revealed, pays func(distribution string) bool) Numbers {
	n := open(v, s)
	switch {
	case leave.Covers(s.ID) || leave.Covers(string(s.Village())):
		return n
	case journal.DistributionID.Is(leave.of) && pays(leave.of):
		return Numbers{ID: n.ID, Phone: ident.Mask(n.Phone), Card: n.Card}
	}
	return Masked(v, s)
}

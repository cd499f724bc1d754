package ledger

import (
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// RevealNumbers notes that an accountant looked at numbers in full: a shareholder's, or those on a distribution's payout list.
type RevealNumbers struct {
	Of     string `cbor:"1,keyasint" json:"of"`
	Reason string `cbor:"2,keyasint,omitempty" json:"reason"`
}

// Place is the village of what was looked at.
func (e *RevealNumbers) Place() region.Code { return placeOf(e.Of) }

// Subject is the id of what was looked at.
func (e *RevealNumbers) Subject() string { return e.Of }

func (e *RevealNumbers) roles() []Role { return []Role{Accountant} }

func (e *RevealNumbers) check(c *checking) error {
	if e.Reason == "" {
		return invalid("reason", "", "请写明为什么要看完整号码")
	}
	switch {
	case shaped(e.Of, holderShape) && shareholders.Has(c, e.Of), shaped(e.Of, distributionShape) && distributions.Has(c, e.Of),
		shaped(e.Of, villageShape) && divisions.Has(c, e.Of):
		return nil
	}
	return notFound("of", e.Of, "没有编号为 %s 的股东、分红或村", e.Of)
}

func (e *RevealNumbers) apply(*applying) {} // the journal's own record is the whole of it

// MaskedName is the name as it may be put up in the village: of a person the first and the last character.
func (s Shareholder) MaskedName() string {
	name := []rune(s.Name)
	const longest = 4 // of a person's name; what an investor from elsewhere is, its name alone tells here
	if person := s.Kind.personal() || s.Kind == Outside && len(name) <= longest; !person || len(name) < 2 {
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
func (v *View) Masked(s Shareholder) Numbers {
	n := v.open(s)
	return Numbers{ident.Mask(n.ID), ident.Mask(n.Phone), ident.Mask(n.Card)}
}

func (v *View) open(s Shareholder) (n Numbers) {
	for _, o := range []struct {
		to      *string
		purpose seal.Purpose
		box     seal.Box
	}{{&n.ID, seal.ResidentID, s.IDNo}, {&n.Phone, seal.Phone, s.Phone}, {&n.Card, seal.BankCard, s.Card}} {
		text, err := v.key.Open(o.purpose, o.box)
		if err != nil {
			text = "?" // a box of another key; verify still holds, and the page says that it cannot be read
		}
		*o.to = text
	}
	return n
}

// Revealed is leave to see numbers in full. Only Reveal gives it, after the looking has been journalled.
type Revealed struct{ of string }

// Reveal journals that an actor looks at the numbers of a shareholder, a distribution or a village, and gives leave to.
func (l *Ledger) Reveal(who Actor, of, reason string) (Revealed, error) {
	e, err := Decode("RevealNumbers", map[string]any{"of": of, "reason": reason})
	if err != nil {
		return Revealed{}, err
	}
	if _, err := l.Post(who, Posting{Entries: []Entry{e}}); err != nil {
		return Revealed{}, err
	}
	return Revealed{of}, nil
}

// Full returns a shareholder's numbers in the clear, masked where the leave does not cover the shareholder.
func (v *View) Full(s Shareholder, leave Revealed) Numbers {
	own := leave.of == s.ID || leave.of == string(s.Village())
	n := v.open(s)
	switch {
	case own:
		return n
	case shaped(leave.of, distributionShape) && isPaid(v, leave.of, s.ID):
		return Numbers{n.ID, ident.Mask(n.Phone), n.Card} // what a payment needs
	}
	return v.Masked(s)
}

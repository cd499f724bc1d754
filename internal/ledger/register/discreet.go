package register

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
)

// childhood is the age from which what is said of a person is no longer a child's, in years (个人信息保护法 art. 28: under fourteen).
const childhood = 14

// discreet leaves out of a shareholder what the reader's work does not need: children's names and numbers, and marks of need. Both are
// sensitive (art. 28), and shown only for a purpose: to who keeps and reviews the register, marks also to officials, who account for them.
func discreet(v *journal.View, s Shareholder) Shareholder {
	who := v.Who()
	if !who.NeedsMarks() {
		s.Marks = nil
	}
	if who.NeedsChildren() {
		return s
	}
	if s.Kind.Personal() && s.Name != "" && isChild(v, s.ID, s.IDNo) {
		s.Name = initial(s.Name)
	}
	masked := false
	for i, m := range s.Members {
		if m.Name == "" || !isChild(v, s.ID, m.Box) {
			continue
		}
		if !masked {
			s.Members, masked = slices.Clone(s.Members), true
		}
		s.Members[i] = Member{Name: initial(m.Name), Relation: m.Relation}
	}
	return s
}

// discreetMember leaves a child's name and number out of a membership where the reader's work does not need them.
func discreetMember(v *journal.View, m Membership) Membership {
	if !v.Who().NeedsChildren() && m.Name != "" && m.Paper != ident.Passport && isChild(v, m.ID, m.IDNo) {
		m.Name, m.IDNo = initial(m.Name), seal.Box{}
	}
	return m
}

func initial(name string) string { return string([]rune(name)[:1]) + "*" }

// isChild tells whether an ID number is that of somebody under fourteen today.
func isChild(v *journal.View, owner string, box seal.Box) bool {
	number, err := v.Open(seal.ResidentID, owner, box)
	born := ident.BornOn(number)
	if err != nil || born == "" {
		return false
	}
	today, _ := strconv.Atoi(v.Today().Key())
	return born > strconv.Itoa(today-childhood*10_000)
}

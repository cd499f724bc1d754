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
	masked := false
	for i, m := range s.Members {
		if !isChild(v, s.ID, m) {
			continue
		}
		if !masked {
			s.Members, masked = slices.Clone(s.Members), true
		}
		s.Members[i] = Member{Name: string([]rune(m.Name)[:1]) + "*", Relation: m.Relation}
	}
	return s
}

// isChild tells whether a member's ID number is that of somebody under fourteen today.
func isChild(v *journal.View, household string, m Member) bool {
	number, err := v.Open(seal.ResidentID, household, m.Box)
	born := ident.BornOn(number)
	if err != nil || born == "" || m.Name == "" {
		return false
	}
	today, _ := strconv.Atoi(v.Today().Key())
	return born > strconv.Itoa(today-childhood*10_000)
}

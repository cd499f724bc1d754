package register

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// part is something that the register says of a shareholder, and that two people may change at once.
type part struct {
	label journal.Label
	is    any
}

// parts are all there are, in the order in which they stand in a version.
func (s Shareholder) parts() []part {
	return []part{
		{"姓名", s.Name}, {"证件号", []any{s.IDNo, s.Paper}}, {"电话", s.Phone}, {"收款账号", []any{s.Card, s.Account, s.Bank, s.Branch}},
		{"家庭人数", s.People}, {"标记", s.Marks}, {"成员", s.Members}, {"死亡登记", s.Late}, {"是哪个集体", s.Of},
	}
}

// partSize is how many characters of a version stand for a part.
const partSize = 6

// Version says what the register has of a shareholder, part by part, so that whoever changes it can say what they saw. It tells nothing of
// numbers: boxes are digested as they are sealed.
func (s Shareholder) Version() string {
	var b strings.Builder
	for _, p := range s.parts() {
		sum := sha256.Sum256(store.Encode(p.is))
		b.WriteString(hex.EncodeToString(sum[:partSize/2]))
	}
	return b.String()
}

// seenHolder finds the shareholder that an entry changes, and refuses where somebody has changed it since whoever posts saw it: with what
// has changed. A version of "" says nothing, as older entries and scripts do.
func seenHolder(c *journal.Checking, id, version string) (Shareholder, error) {
	s, ok := shareholders.Get(c, id)
	if !ok {
		return s, journal.Missing("holder", id, "没有编号为 %s 的股东", id)
	}
	if err := s.checkLocked("holder"); err != nil {
		return s, err
	}
	now := s.Version()
	if version == "" || version == now {
		return s, nil
	}
	var f journal.Faults
	for i, p := range s.parts() {
		if at := i * partSize; len(version) != len(now) || version[at:at+partSize] != now[at:at+partSize] {
			f.Add(journal.Conflict, "seen", s.Name, "您打开这一页以后,%s的%s有人改过;请看过现在的再改", s.Name, p.label)
		}
	}
	return s, f
}

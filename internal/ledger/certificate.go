package ledger

import (
	"strconv"

	"github.com/sanbian/ledger/internal/region"
)

// Certificate is the number of the share certificate: township and village digits, the shareholder's number, and behind a dash how often it was
// reissued.
func (s Shareholder) Certificate() string {
	number := s.ID[6:12] + s.ID[13:]
	if s.Reissued > 0 {
		number += "-" + strconv.Itoa(s.Reissued)
	}
	return number
}

// ReissueCertificate notes that a share certificate was lost, and gives out one under a new number. The old number is worth nothing from then on.
type ReissueCertificate struct {
	Holder string `cbor:"1,keyasint" json:"holder"`
	Date   Date   `cbor:"2,keyasint" json:"date"`
	Reason string `cbor:"3,keyasint" json:"reason"`
}

// Place is the shareholder's home village.
func (e *ReissueCertificate) Place() region.Code { return placeOf(e.Holder) }

// Subject is the shareholder's id.
func (e *ReissueCertificate) Subject() string { return e.Holder }

func (e *ReissueCertificate) roles() []Role { return []Role{Accountant} }

func (e *ReissueCertificate) check(c *checking) error {
	if err := checkHolder(c, "holder", e.Holder); err != nil {
		return err
	}
	var f Faults
	checkDate(c, &f, "date", e.Date)
	if e.Reason == "" {
		f.invalid("reason", "", "请写明补发的原因,例如 遗失")
	}
	return f.err()
}

func (e *ReissueCertificate) apply(a *applying) {
	s, _ := shareholders.Get(a, e.Holder)
	s.Reissued++
	shareholders.Put(a.Tx, s.ID, s)
}

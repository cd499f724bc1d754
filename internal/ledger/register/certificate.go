package register

import (
	"crypto/subtle"
	"encoding/base32"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// Certificate is the number of the share certificate: township and village digits, the shareholder's number, and behind a dash how often it
// was reissued.
func (s Shareholder) Certificate() string {
	number := s.Village().Local() + journal.HolderID.Digits(s.ID)
	if s.Reissued > 0 {
		number += "-" + strconv.Itoa(s.Reissued)
	}
	return number
}

// ReissueCertificate notes that a share certificate was lost, and gives out one under a new number. The old number is worth nothing from
// then on.
type ReissueCertificate struct {
	Holder string       `cbor:"1,keyasint" json:"holder"`
	Date   journal.Date `cbor:"2,keyasint" json:"date"`
	Reason string       `cbor:"3,keyasint" json:"reason"`
}

var _ = journal.Register(&ReissueCertificate{}, journal.Kind{
	Label: "补发股权证", Roles: []journal.Role{journal.Accountant},
})

// Place is the shareholder's home village.
func (e *ReissueCertificate) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the shareholder's id.
func (e *ReissueCertificate) Subject() string { return e.Holder }

func (e *ReissueCertificate) Check(c *journal.Checking) error {
	if err := checkHolder(c, "holder", e.Holder); err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明补发的原因,例如 遗失")
	}
	return f.Err()
}

func (e *ReissueCertificate) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	s.Reissued++
	shareholders.Put(a.Tx, s.ID, s)
}

// CheckCode is the code on a certificate that shows it to be of this ledger: without the ledger's key nobody can work it out. Ten
// characters.
func CheckCode(v *journal.View, s Shareholder) string { return checkCode(v.Digest, s.Certificate()) }

func checkCode(digest func(seal.Purpose, string) []byte, certificate string) string {
	return base32.StdEncoding.EncodeToString(digest(seal.Paper, certificate))[:10]
}

// Checked is what anybody who holds a certificate may know: that it is valid, and what it is for.
type Checked struct {
	Name     string // masked
	Village  office.Division
	Holdings []Holding
	Entities map[string]string // names, by id
}

// CheckCertificate tells what a certificate is for when its number and code belong together and it has not been replaced; NotFound
// otherwise. It needs no account: the code is the leave.
func CheckCertificate(l *journal.Ledger, number, code string) (c Checked, err error) {
	number, code = strings.TrimSpace(number), strings.ToUpper(strings.TrimSpace(code))
	wrong := journal.Missing("code", number, "没有这样的股权证:证号和校验码不相符,或已补发新证")
	if subtle.ConstantTimeCompare([]byte(checkCode(l.Digest, number)), []byte(code)) != 1 {
		return c, wrong
	}
	base, _, _ := strings.Cut(number, "-")
	if len(base) != 11 {
		return c, wrong
	}
	err = l.Read(journal.Console, func(v *journal.View) error {
		books, err := v.At(region.Country)
		if err != nil {
			return err
		}
		for _, d := range office.Divisions(v, region.Country, region.Village) {
			rest, ok := strings.CutPrefix(base, d.Code.Local())
			if !ok {
				continue
			}
			s, ok := shareholders.Get(books, journal.HolderID.Front(string(d.Code))+rest)
			if !ok || s.Certificate() != number {
				continue
			}
			c = Checked{Name: maskName(s.Name), Village: d, Entities: map[string]string{}}
			c.Holdings, err = StandingOf(v, s.ID)
			for _, h := range c.Holdings {
				e, _ := entities.Get(books, h.Class.Entity())
				c.Entities[e.ID] = e.Name
			}
			return err
		}
		return wrong
	})
	return c, err
}

// maskName keeps the first character of a name: 张**.
func maskName(name string) string {
	r := []rune(name)
	for i := 1; i < len(r); i++ {
		r[i] = '*'
	}
	return string(r)
}

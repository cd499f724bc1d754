package register

import (
	"crypto/subtle"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// Certificate is the number of the share certificate that is valid now: the village's division code, the shareholder's number, and behind a
// dash how often it was reissued. Certificates given out before numbers carried the whole code begin with its last six digits, as they are
// printed, until they are reissued.
func (s Shareholder) Certificate() string { return s.certificate(s.Reissued) }

// certificate is the number of the certificate after so many reissues.
func (s Shareholder) certificate(reissued int) string {
	front := s.Village().Local()
	if s.Whole > 0 && reissued >= s.Whole-1 {
		front = string(s.Village())
	}
	number := front + journal.HolderID.Digits(s.ID)
	if reissued > 0 {
		number += "-" + strconv.Itoa(reissued)
	}
	return number
}

// hasCertificate tells whether a number is that of the valid certificate or of one that was replaced.
func (s Shareholder) hasCertificate(number string) bool {
	for n := range s.Reissued + 1 {
		if s.certificate(n) == number {
			return true
		}
	}
	return false
}

// ReissueCertificate notes that a share certificate was lost, and gives out one under a new number. The old number is worth nothing from
// then on.
type ReissueCertificate struct {
	Holder string       `cbor:"1,keyasint" json:"holder"`
	Date   journal.Date `cbor:"2,keyasint" json:"date"`
	Reason string       `cbor:"3,keyasint" json:"reason"`
	Whole  bool         `cbor:"4,keyasint,omitempty" json:"-"` // its number carries the whole division code; absent before numbers did
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
	e.Whole = true
	return f.Err()
}

func (e *ReissueCertificate) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	if s.Reissued++; e.Whole && s.Whole == 0 {
		s.Whole = s.Reissued + 1
	}
	keepShareholder(a, s)
}

// CertificateNumber writes the number of a certificate in its one spelling, however it was typed: narrow, without blanks. The dash stays:
// behind it stands how often the certificate was reissued.
func CertificateNumber(typed string) string {
	return strings.Join(strings.Fields(ident.Plain(typed)), "")
}

// CheckCode is the code on a certificate that shows it to be of this ledger: without the ledger's key nobody can work it out. Ten
// characters.
func CheckCode(v *journal.View, s Shareholder) string {
	return checkCode(v.Digest(seal.Paper, s.Certificate()))
}

// checkCode writes a digest of a certificate's number.
func checkCode(digest []byte) string { return base32.StdEncoding.EncodeToString(digest)[:10] }

// Checked is what anybody who holds a certificate may know: that it is valid, and what it is for.
type Checked struct {
	Name     string // masked
	Number   string
	Village  office.Division
	Holdings []Holding
	Entities map[string]string // names, by id
}

// CheckCertificate tells what a certificate is for when its number and code belong together and it has not been replaced; NotFound
// otherwise. It needs no account: the code is the leave. The short numbers of older certificates may fit several villages: then place, the
// county's or village's name, decides, and without it the refusal is a Conflict at "place".
func CheckCertificate(l *journal.Ledger, number, code, place string) (c Checked, err error) {
	number, code = CertificateNumber(number), strings.ToUpper(strings.TrimSpace(code))
	wrong := journal.Missing("code", number, "没有这样的股权证:证号和校验码不相符,或已补发新证")
	of := 0 // certificates that were printed with a key since replaced stay valid
	for _, digest := range l.Digests(seal.Paper, number) {
		of |= subtle.ConstantTimeCompare([]byte(checkCode(digest)), []byte(code))
	}
	if of != 1 {
		return c, wrong
	}
	err = l.Read(journal.Console, func(v *journal.View) error {
		found, err := certified(v, number)
		if err != nil {
			return err
		}
		if len(found) > 1 {
			if strings.TrimSpace(place) == "" {
				return journal.Clash("place", number, "这个旧证号不只一个村有;请写证上的村名,或所在的县")
			}
			found = slices.DeleteFunc(found, func(s Shareholder) bool { return !office.Called(v, s.Village(), place) })
		}
		if len(found) != 1 {
			return wrong
		}
		c, err = checked(v, found[0])
		return err
	})
	return c, err
}

// certified lists the shareholders whose valid certificate has a number: one, or of a short number one a village at most.
func certified(v *journal.View, number string) (list []Shareholder, err error) {
	books, err := v.At(region.Country)
	if err != nil {
		return nil, err
	}
	base, _, _ := strings.Cut(number, "-")
	for _, d := range office.Seats(v, region.Country) {
		for _, front := range []string{string(d.Code), d.Code.Local()} {
			rest, ok := strings.CutPrefix(base, front)
			if !ok {
				continue
			}
			if s, ok := shareholders.Get(books, journal.HolderID.Front(string(d.Code))+rest); ok && s.Certificate() == number {
				list = append(list, s)
			}
		}
	}
	return list, nil
}

// OwnCertificate finds the shareholder whose valid certificate has a number and whose ID number, or credit code, ends with four characters;
// of the short numbers of older certificates the one of a village. Wrong numbers and wrong ends are told alike.
func OwnCertificate(l *journal.Ledger, village region.Code, number, end string) (id string, err error) {
	number, end = CertificateNumber(number), ident.Clean(end)
	wrong := journal.Missing("end", number, "证号和身份证后四位不相符;请照股权证和身份证填")
	if len(end) != 4 {
		return "", journal.Wrong("end", end, "请填身份证号的后四位")
	}
	err = l.Read(journal.Console, func(v *journal.View) error {
		found, err := certified(v, number)
		if err != nil {
			return err
		}
		for _, s := range found {
			ends := Masked(v, s).ID
			if (len(found) == 1 || s.Village() == village) && len(ends) > 4 && strings.HasSuffix(ends, end) {
				id = s.ID
				return nil
			}
		}
		return wrong
	})
	return id, err
}

// checked is what anybody who holds the shareholder's certificate may know.
func checked(v *journal.View, s Shareholder) (c Checked, err error) {
	c = Checked{Number: s.Certificate(), Name: maskName(s.Name), Entities: map[string]string{}}
	if c.Village, err = office.DivisionOf(v, s.Village()); err != nil {
		return c, err
	}
	if c.Holdings, err = StandingOf(v, s.ID); err != nil {
		return c, err
	}
	for _, h := range c.Holdings {
		e, err := EntityOf(v, h.Class.Entity())
		if err != nil {
			return c, err
		}
		c.Entities[e.ID] = e.Name
	}
	return c, nil
}

// maskName keeps the first character of a name: 张**.
func maskName(name string) string {
	r := []rune(name)
	for i := 1; i < len(r); i++ {
		r[i] = '*'
	}
	return string(r)
}

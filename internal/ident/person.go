package ident

import (
	"strings"
	"time"
)

// IDKind is what kind of paper shows who a person is.
type IDKind string

// The kinds.
const (
	ResidentCard      IDKind = "resident"           // 居民身份证 (GB 11643)
	ResidencePermit   IDKind = "residence_permit"   // 港澳台居民居住证: a resident ID that begins with 81, 82 or 83
	PermanentResident IDKind = "permanent_resident" // 外国人永久居留身份证 (GA 2102)
	Passport          IDKind = "passport"
)

// IDKinds lists all kinds.
func IDKinds() []IDKind { return []IDKind{ResidentCard, ResidencePermit, PermanentResident, Passport} }

// KindOfID tells by its look what kind of paper a clean number is of: what is nothing else is taken for that of a resident ID.
func KindOfID(s string) IDKind {
	switch {
	case len(s) == 15 && letters(s[:3]), len(s) == 18 && s[0] == '9':
		return PermanentResident
	case len(s) == 18 && permits(s[:2]):
		return ResidencePermit
	}
	return ResidentCard
}

func letters(s string) bool { return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" }

// permits tells whether a number begins as those of 港澳台居民居住证: Hong Kong, Macau, Taiwan.
func permits(front string) bool { return front == "81" || front == "82" || front == "83" }

// PersonID checks a clean number by the rule of its kind, "" for the one it looks like. Passports are never told by their looks.
//
// Of a permanent resident's ID the newer number (since 2023-12-01: 9, province, country, birth date, check character as on a resident ID)
// is checked whole; of the older one (three letters, twelve digits) the form alone: its check digit stands in no public text.
func PersonID(kind IDKind, s string) error {
	if kind == "" {
		kind = KindOfID(s)
	}
	switch kind {
	case Passport:
		return passport(s)
	case PermanentResident:
		if len(s) == 18 {
			return permanent(s)
		}
		if len(s) != 15 {
			return ErrLength
		}
		if !letters(s[:3]) || strings.Trim(s[3:], "0123456789") != "" {
			return ErrSymbol
		}
		return nil
	}
	if err := ResidentID(s); err != nil {
		return err
	}
	if permits(s[:2]) != (kind == ResidencePermit) {
		return ErrRegion
	}
	return nil
}

// passport checks 5 to 17 letters and digits, a digit among them.
func passport(s string) error {
	switch {
	case len(s) < 5 || len(s) > 17:
		return ErrLength
	case strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" || !strings.ContainsAny(s, "0123456789"):
		return ErrSymbol
	}
	return nil
}

// permanent checks the 18 characters of a permanent resident's ID.
func permanent(s string) error {
	switch {
	case strings.Trim(s[:17], "0123456789") != "":
		return ErrSymbol
	case s[0] != '9' || !strings.Contains(provinces, s[1:3]+" ") || permits(s[1:3]):
		return ErrRegion
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil || s[6:8] < "18" {
		return ErrBirth
	}
	if s != CompleteResidentID(s[:17]) {
		return ErrCheck
	}
	return nil
}

// BornOn returns the birth date in a valid number of a kind, as 19491231; "" where the number does not tell it.
func BornOn(s string) string {
	if len(s) != 18 {
		return ""
	}
	return Born(s)
}

package ident

import (
	"strings"
	"unicode"
)

// AccountKind is what kind of account money is paid to: each has a rule of its own.
type AccountKind string

// The kinds.
const (
	Card     AccountKind = "card"     // 银行卡: 16 to 19 digits, the last by the Luhn formula (ISO/IEC 7812-1)
	Passbook AccountKind = "passbook" // 存折: 10 to 30 digits of the bank's own
	Unit     AccountKind = "unit"     // 单位账户 (对公账户): up to 32 digits, hyphens between them
)

// AccountKinds lists all kinds.
func AccountKinds() []AccountKind { return []AccountKind{Card, Passbook, Unit} }

// The fewest and the most characters of accounts that are no cards.
const (
	minPassbook, maxPassbook = 10, 30
	minUnit, maxUnit         = 5, 32
)

// CleanAccount is Clean, but keeps the hyphens inside: a unit account is written with them.
func CleanAccount(s string) string {
	s = without(Unwrapped(Plain(s)), unicode.IsSpace)
	return strings.Trim(strings.ToUpper(strings.Map(func(r rune) rune {
		if hyphen(r) {
			return '-'
		}
		return r
	}, s)), "-")
}

// Account checks a number by the rule of a kind of account. The number must be clean by CleanAccount.
func Account(kind AccountKind, s string) error {
	digits := s
	if kind == Unit {
		digits = strings.ReplaceAll(s, "-", "")
	}
	if strings.Trim(digits, "0123456789") != "" {
		return ErrSymbol
	}
	least, most := minPassbook, maxPassbook
	switch kind {
	case Card:
		return BankCard(s)
	case Unit:
		least, most = minUnit, maxUnit
	}
	if len(digits) < least || len(s) > most {
		return ErrLength
	}
	return nil
}

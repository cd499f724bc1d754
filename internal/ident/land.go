package ident

import (
	"errors"
	"strings"
)

// LandCode is what a code of GB/T 35958-2018 names: who issued the contract, who holds it, by which kind of contract, or which plot.
// [K: the lengths and letters; checked against the codes that villages publish]
type LandCode struct {
	Code   string // with a capital letter, without blanks and strokes
	Issuer string // 14 digits: the village, and two for its group
	Letter string // J by household, Q otherwise; "" where the code was written without
}

// Village is the division code of the village that issued it.
func (c LandCode) Village() string { return c.Issuer[:12] }

// The lengths of codes: of the issuer, of the contractor, of a plot.
const (
	issuerDigits     = 14
	contractorDigits = 18
	plotDigits       = 19
)

// ErrLandLetter is what is wrong with a code of a contract or certificate that ends in another letter than J or Q; ErrLandNumber with one
// whose running number is nothing but zeros.
var (
	ErrLandLetter = errors.New("the letter is neither J nor Q")
	ErrLandNumber = errors.New("the running number is zero")
)

// LandRight reads the code of a contract or of a certificate of land: the contractor's 18 digits and a letter. ok is false for what does
// not
// have that shape: free text stays free.
func LandRight(text string) (c LandCode, ok bool, err error) {
	code := strings.ReplaceAll(Clean(text), "号", "")
	digits, letter := code, ""
	if n := len(code); n == contractorDigits+1 && (code[n-1] < '0' || code[n-1] > '9') {
		digits, letter = code[:n-1], code[n-1:]
	}
	if len(digits) != contractorDigits || !allDigits(digits) {
		return LandCode{}, false, nil
	}
	c = LandCode{Code: code, Issuer: digits[:issuerDigits], Letter: letter}
	switch {
	case letter != "" && letter != "J" && letter != "Q":
		err = ErrLandLetter
	case strings.Trim(digits[issuerDigits:], "0") == "":
		err = ErrLandNumber
	}
	return c, true, err
}

// Plot reads the code of a plot: 19 digits.
func Plot(text string) (c LandCode, ok bool, err error) {
	code := strings.ReplaceAll(Clean(text), "号", "")
	if len(code) != plotDigits || !allDigits(code) {
		return LandCode{}, false, nil
	}
	if c = (LandCode{Code: code, Issuer: code[:issuerDigits]}); strings.Trim(code[issuerDigits:], "0") == "" {
		err = ErrLandNumber
	}
	return c, true, err
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

package ident

import (
	"errors"
	"strings"
	"testing"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(string) error
		in    string
		want  error
	}{
		{"a resident ID from the standard's annex", ResidentID, "11010519491231002X", nil},
		{"a second one from the standard's annex", ResidentID, "440524188001010014", nil},
		{"one digit changed", ResidentID, "110105194912310021", ErrCheck},
		{"two digits swapped", ResidentID, "11010519491213002X", ErrCheck},
		{"the 31st of November", ResidentID, "110105194911310020", ErrBirth},
		{"a province that does not exist", ResidentID, "990727197001010032", ErrRegion},
		{"the old 15 digits", ResidentID, "110105491231002", ErrLength},
		{"a letter inside", ResidentID, "1101051949123100XX", ErrSymbol},
		{"a real registry's code", CreditCode, "91350100M000100Y43", nil},
		{"its check character wrong", CreditCode, "91350100M000100Y44", ErrCheck},
		{"the letter I is not in the alphabet", CreditCode, "91350100I000100Y43", ErrSymbol},
		{"a code cut short", CreditCode, "91350100M000100Y4", ErrLength},
		{"a card by Luhn", BankCard, "6222020000000000000", nil},
		{"a card with a wrong check digit", BankCard, "6222020000000000001", ErrCheck},
		{"a card of 15 digits", BankCard, "622202000000000", ErrLength},
		{"a card with a letter", BankCard, "62220200000000000a4", ErrSymbol},
		{"a mobile number", Phone, "13800138000", nil},
		{"a landline", Phone, "04167721234", nil},
		{"too few digits", Phone, "1380013800", ErrLength},
		{"letters in a phone", Phone, "1380013800O", ErrSymbol},
		{"a permanent resident's number", person(""), "911840199002023048", nil},
		{"its check character wrong", person(""), "911840199002023047", ErrCheck},
		{"a permanent resident's number of the older kind", person(""), "USA110190020312", nil},
		{"letters where digits belong", person(""), "USA11019002031X", ErrSymbol},
		{"a resident of Macau", person(""), CompleteResidentID("82000019900307023"), nil},
		{"the same said to be a resident ID", person(ResidentCard), CompleteResidentID("82000019900307023"), ErrRegion},
		{"a resident ID said to be a permit", person(ResidencePermit), "11010519491231002X", ErrRegion},
		{"a passport", person(Passport), "E12345678", nil},
		{"a passport that is not said to be one", person(""), "E12345678", ErrLength},
		{"a word", person(Passport), "ABCDEFG", ErrSymbol},
		{"a passbook", account(Passbook), "210727100101012345", nil},
		{"a passbook of 9 digits", account(Passbook), "123456789", ErrLength},
		{"a passbook with a hyphen", account(Passbook), "2107-271001010123", ErrSymbol},
		{"a unit account with hyphens", account(Unit), "0709-0601-0400-12345", nil},
		{"a unit account of 33", account(Unit), strings.Repeat("1", 33), ErrLength},
		{"a unit account with a letter", account(Unit), "0709A06010400", ErrSymbol},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.check(c.in); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.in, err, c.want)
			}
		})
	}
}

func person(kind IDKind) func(string) error {
	return func(s string) error { return PersonID(kind, s) }
}

func account(kind AccountKind) func(string) error {
	return func(s string) error { return Account(kind, s) }
}

func TestNumbersOfSomebodysAreSeen(t *testing.T) {
	for in, want := range map[string]bool{
		"622848": true, "6228 48": true, "6228-4800": true, "62２84８": true, "卡号 138 0013 8000 备用": true, "6228\u200b48": true, "２１０７２７": true,
		"2025年12月": false, "第 12345 号": false, "A1B2C3D4E5F6": false, "": false, "12,345,678": false,
	} {
		if got := HasNumber(in); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "1234": "****", "13800138000": "138****8000", "6222020000000000000": "6222 **** 0000", "11010519491231002X": "1101 **** 002X",
	} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

// Any single wrong digit in a resident ID is found: that is what the check character is for.
func FuzzResidentID(f *testing.F) {
	f.Add("11010519491231002X", uint8(3), uint8(7))
	f.Fuzz(func(t *testing.T, id string, at, by uint8) {
		if ResidentID(id) != nil {
			return
		}
		i, d := int(at)%17, byte('0'+by%10)
		if id[i] == d {
			return
		}
		if changed := id[:i] + string(d) + id[i+1:]; ResidentID(changed) == nil {
			t.Errorf("%s and %s are both accepted", id, changed)
		}
		if strings.Contains(Mask(id), id[6:14]) {
			t.Error("the mask shows the birth date")
		}
	})
}

// Names and numbers are read as people write them: in one width, without the blanks that make lists even.
func TestNamesAndNumbersAsWritten(t *testing.T) {
	for written, want := range map[string]string{
		"王 强": "王强", " 王　强 ": "王强", "王强": "王强", "阿依 · 古丽": "阿依·古丽", "John  Smith": "John Smith", "育新合作社（演示）": "育新合作社(演示)", "": "", "Ｊｏｈｎ": "John",
	} {
		if got := Name(written); got != want {
			t.Errorf("%q is read as %q, want %q", written, got, want)
		}
	}
	for written, want := range map[string]string{
		"210727-1990 0101 001x": "21072719900101001X", "２１０７２７": "210727", "6222　0200": "62220200", "\t6222\u00a00200": "62220200",
	} {
		if got := Clean(written); got != want {
			t.Errorf("%q is read as %q, want %q", written, got, want)
		}
	}
}

// One spelling, whatever a text was written with: by the rules of Unicode and GB 18030, not by a list of cases.
func TestOneSpelling(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a zero-width blank inside", "王\u200b强强", "王强强"},
		{"a byte order mark, a soft hyphen, a word joiner, marks of direction", "\ufeff王\u00ad\u2060强\u202d\u202c\u2066\u2069", "王强"},
		{"a variation selector", "葛\U000e0100\ufe00", "葛"},
		{"a Hangul filler and a Mongolian vowel separator", "王\u3164\u180e强", "王强"},
		{"a compatibility ideograph", "\uf9d1\ufa1b\U0002f81a", "六福冬"},
		{"a Kangxi radical", "\u2f65\u2f00", "田一"},
		{"a radical of the supplement", "\u2ee2\u2ec4", "马西"},
		{"the private use area as GBK had it", "王\ue863\ue864\ue7c7", "王䶮龻ḿ"},
		{"a code of GBK that stands for a radical", "\ue818", "𠃌"},
		{"letters put together", "e\u0301", "é"},
		{"full width", "ＡＢＣ１２３", "ABC123"},
		{"plain as it is", "王强,1.5亩·a", "王强,1.5亩·a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Plain(c.in); got != c.want || Plain(got) != got {
				t.Errorf("%q is %q, then %q; want %q", c.in, got, Plain(got), c.want)
			}
		})
	}
	if !Private("王\ue000") || Private("王") {
		t.Error("a character of no standard's is not told from others")
	}
	for _, dot := range "\u2022\u30fb\uff65\u2027\u22c5.．。" {
		if got := Name("买买提" + string(dot) + "吐尔逊"); got != "买买提·吐尔逊" {
			t.Errorf("with %q: %s", dot, got)
		}
	}
	if got := Name("J. R. Smith"); got != "J. R. Smith" {
		t.Error(got)
	}
	if got := OneLine(" 甲\r\n 乙\t\n"); got != "甲 乙" {
		t.Error(got)
	}
	for in, want := range map[string]string{
		`="0123"`: "0123", "'0123": "0123", "‘0123": "0123", "“0123”": "0123", "0123": "0123", "=1+2": "=1+2", "'a' or 'b'": "'a' or 'b'",
		`="`: `="`,
	} {
		if got := Unwrapped(in); got != want {
			t.Errorf("%s unwraps to %s, want %s", in, got, want)
		}
	}
	if got := Clean("\u202d138\u20110013\u20148000\u202c"); got != "13800138000" {
		t.Error(got)
	}
}

// What is plain stays so, and a name's spelling is settled at once.
func FuzzSpelling(f *testing.F) {
	f.Add("王\u200b强 · A\ue863")
	f.Add("\"'0123\"")
	f.Add("ı\u0301")            // a letter raised takes a mark
	f.Add("a \U00016ff0\u0301") // a blank left out before a mark that goes before the other
	f.Fuzz(func(t *testing.T, s string) {
		for what, spell := range map[string]func(string) string{"Plain": Plain, "OneLine": OneLine, "Name": Name, "Clean": Clean} {
			if once := spell(s); spell(once) != once {
				t.Errorf("%s of %q is %q, of that %q", what, s, once, spell(once))
			}
		}
	})
}

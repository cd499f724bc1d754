package ident_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ident"
)

// A part of a whole is read as people write it, and nothing else is taken for one.
func TestPart(t *testing.T) {
	for text, want := range map[string]string{
		"1/3": "1/3", "三分之一": "1/3", "三分之二": "2/3", "两分之一": "1/2", "3分之1": "1/3", "十分之一": "1/10", "25%": "1/4", "0.25": "1/4",
		"33.3%": "333/1000",
		"1":     "1", "全部": "1", " 2 / 6 ": "1/3", "1\uff0f3": "1/3", "50%": "1/2",
	} {
		if got, ok := ident.Part(text); !ok || got.RatString() != want {
			t.Errorf("%q reads as %v %v, want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "0", "2", "1/0", "3/2", "-1/3", "101%", "1e3", "1.5/3", "一半儿", "1//3", "/", ".",
		"99999999999999999999999/1"} {
		if got, ok := ident.Part(text); ok {
			t.Errorf("%q is taken for %s", text, got.RatString())
		}
	}
}

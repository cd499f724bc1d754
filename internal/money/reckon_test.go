package money

import (
	"errors"
	"testing"
)

// Amounts as they are typed at a desk come out to the 分, or are refused for what is wrong with them.
func TestReckon(t *testing.T) {
	for _, c := range []struct {
		text, want string
		err        error
	}{
		{"36000", "36000.00", nil}, {"3万", "30000.00", nil}, {"1.25万", "12500.00", nil}, {"3千", "3000.00", nil}, {"1200+350", "1550.00", nil},
		{"1,200.50 + 350", "1550.50", nil}, {"12*400", "4800.00", nil}, {"12×400.5-6", "4800.00", nil}, {"1万+2千+300", "12300.00", nil},
		{"１２００＋３５０", "1550.00", nil}, {"100元", "100.00", nil}, {"¥12.5", "12.50", nil}, {"-5", "-5.00", nil}, {"1200-1500", "-300.00", nil},
		{"2*3*4", "24.00", nil}, {"5-2*2", "1.00", nil}, {"1亿", "100000000.00", nil}, {"12X400", "4800.00", nil}, {"12,00", "", ErrNotNumber},
		{"1,200,300.5+1", "1200301.50", nil},
		{"0.005", "", ErrPlaces}, {"1.001+1.001", "", ErrPlaces}, {"1.005*2", "2.01", nil}, {"3万万", "", ErrNotNumber}, {"1+", "", ErrNotNumber},
		{"+1", "1.00", nil}, {"三万", "", ErrNotNumber}, {"", "", ErrEmpty}, {"99999999999万", "", ErrTooLarge}, {"1e5", "", ErrNotNumber},
	} {
		got, err := Reckon(c.text)
		if !errors.Is(err, c.err) || err == nil && got.String() != c.want {
			t.Errorf("%q: %s %v, want %s %v", c.text, got, err, c.want, c.err)
		}
	}
}

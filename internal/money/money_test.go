package money

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/big"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestParseYuan(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     string
		err      error
	}{
		{"whole yuan", "36000", "36000.00", nil},
		{"one decimal", "12.5", "12.50", nil},
		{"grouped by thousands", "1,284.60", "1284.60", nil},
		{"a sign and a currency mark", "￥-0.01", "-0.01", nil},
		{"trailing zeros are no third decimal", "5.100", "5.10", nil},
		{"the largest", "9999999999.99", "9999999999.99", nil},
		{"three decimals", "36000.555", "", ErrPlaces},
		{"an exponent", "1e9", "", ErrNotNumber},
		{"groups of the wrong size", "12,84.60", "", ErrNotNumber},
		{"two signs", "--5", "", ErrNotNumber},
		{"hexadecimal", "0x10", "", ErrNotNumber},
		{"a bare point", "5.", "", ErrNotNumber},
		{"not a number", "NaN", "", ErrNotNumber},
		{"nothing", "  ", "", ErrEmpty},
		{"too large", "10000000000.00", "", ErrTooLarge},
		{"absurdly long", strings.Repeat("9", 400), "", ErrTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseYuan(c.in)
			if !errors.Is(err, c.err) || err == nil && got.String() != c.want {
				t.Errorf("ParseYuan(%q) = %s, %v; want %s, %v", c.in, got, err, c.want, c.err)
			}
		})
	}
}

func TestPrinting(t *testing.T) {
	for got, want := range map[string]string{
		Yuan(-128460).Grouped():                 "-1,284.60",
		Yuan(5802800000).Wan():                  "5,802.80",
		Quantity(11803500).Grouped():            "1,180.35",
		Quantity(20000).String():                "2",
		Rate(320_000_000).String():              "320.00",
		Rate(32_500).String():                   "0.0325",
		Yuan(10001).Percent(5_000_000).String(): "5.00",
	} {
		if got != want {
			t.Errorf("printed %q, want %q", got, want)
		}
	}
}

// What is printed reads back as the same amount.
func FuzzParseYuan(f *testing.F) {
	for _, s := range []string{"1,284.60", "-0.01", "1e9", "￥5", ".5", "007"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		y, err := ParseYuan(s)
		if err != nil {
			return
		}
		for _, printed := range []string{y.String(), y.Grouped()} {
			if back, err := ParseYuan(printed); err != nil || back != y {
				t.Errorf("%q parsed to %s, printed %q, read back %s, %v", s, y, printed, back, err)
			}
		}
	})
}

func weightsOf(amounts ...int64) []Weight {
	ws := make([]Weight, len(amounts))
	for i, a := range amounts {
		ws[i] = Weight{fmt.Sprintf("H%06d", i), Quantity(a)}
	}
	return ws
}

// The pools of testdata/distribution.csv, most of them other houses' own test tables, come out as those houses say.
func TestApportionCases(t *testing.T) {
	f, err := os.Open("testdata/distribution.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	given := regexp.MustCompile(`^pool (\d+); shares ([\d ]+)$`)
	ran := 0
	for _, row := range rows[1:] {
		m := given.FindStringSubmatch(row[2])
		if m == nil {
			continue
		}
		ran++
		t.Run(row[0], func(t *testing.T) {
			pool, _ := strconv.ParseInt(m[1], 10, 64)
			var amounts []int64
			for _, s := range strings.Fields(m[2]) {
				n, _ := strconv.ParseInt(s, 10, 64)
				amounts = append(amounts, n)
			}
			parts, err := Apportion(Yuan(pool), weightsOf(amounts...))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range parts {
				got = append(got, strconv.FormatInt(int64(p.Amount), 10))
			}
			if s := strings.Join(got, " "); s != row[3] {
				t.Errorf("%s gives %s, want %s", row[2], s, row[3])
			}
		})
	}
	if ran < 6 {
		t.Errorf("only %d pools found in the table of cases", ran)
	}
	t.Run("rate-per-share: 534 shares at 1000 yuan", func(t *testing.T) {
		if got, _, err := Rate(1000_000_000).Times(534_0000); got.String() != "534000.00" || err != nil {
			t.Errorf("got %s, %v", got, err)
		}
		if _, _, err := Rate(99_999_999_000_000).Times(MaxQuantity); !errors.Is(err, ErrTooLarge) {
			t.Errorf("a product beyond counting: %v", err)
		}
	})
}

func TestApportionRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		pool    Yuan
		weights []Weight
		want    error
	}{
		{"a negative pool", -1, weightsOf(1), ErrNotNumber},
		{"a negative weight", 1, weightsOf(2, -1), ErrNotNumber},
		{"a pool that nobody takes", 1, weightsOf(0, 0), ErrNotNumber},
		{"a pool with no parties", 1, nil, ErrNotNumber},
		{"weights beyond counting", 1, weightsOf(1<<63-1, 1<<63-1, 1<<63-1), ErrOverflow},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Apportion(c.pool, c.weights); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

// What must hold of every pool and every list of holders.
func TestApportionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool := Yuan(rapid.Int64Range(0, int64(MaxYuan)*100).Draw(t, "pool"))
		amounts := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, int64(MaxQuantity))), 1, 60).Draw(t, "weights")
		amounts = append(amounts, rapid.Int64Range(1, int64(MaxQuantity)).Draw(t, "somebody"))
		ws := weightsOf(amounts...)
		parts, err := Apportion(pool, ws)
		if err != nil {
			t.Fatal(err)
		}
		total := new(big.Int)
		for _, w := range ws {
			total.Add(total, big.NewInt(int64(w.Amount)))
		}
		var sum Yuan
		for i, p := range parts {
			sum += p.Amount
			if p.Amount < 0 {
				t.Fatalf("part %d is negative: %d", i, p.Amount)
			}
			if ws[i].Amount == 0 && p.Amount != 0 {
				t.Fatalf("a weight of zero gets %d", p.Amount)
			}
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(int64(pool)), big.NewInt(int64(ws[i].Amount))), total)
			if off := exact.Sub(exact, new(big.Rat).SetInt64(int64(p.Amount))); off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d is %s 分 off its exact share", i, off.FloatString(3))
			}
		}
		if sum != pool {
			t.Fatalf("parts add up to %d, the pool is %d", sum, pool)
		}
		shuffled := rapid.Permutation(ws).Draw(t, "shuffled")
		again, err := Apportion(pool, shuffled)
		if err != nil {
			t.Fatal(err)
		}
		byKey := map[string]Part{}
		for i, p := range again {
			byKey[shuffled[i].Key] = p
		}
		for i, p := range parts {
			if byKey[ws[i].Key] != p {
				t.Fatalf("%s gets %+v in one order and %+v in another", ws[i].Key, p, byKey[ws[i].Key])
			}
		}
	})
}

func TestCapitals(t *testing.T) {
	for in, want := range map[string]string{
		"1234.56": "壹仟贰佰叁拾肆元伍角陆分", "0": "零元整", "0.05": "伍分", "0.50": "伍角整", "1": "壹元整", "10.05": "壹拾元零伍分", "10.50": "壹拾元零伍角整",
		"1680.32": "壹仟陆佰捌拾元零叁角贰分",
		"1409.50": "壹仟肆佰零玖元伍角整", "6007.14": "陆仟零柒元壹角肆分", "107000.53": "壹拾万零柒仟元零伍角叁分", "16409.02": "壹万陆仟肆佰零玖元零贰分", "325.04": "叁佰贰拾伍元零肆分",
		"100000000": "壹亿元整", "100010001": "壹亿零壹万零壹元整", "9999999999.99": "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分", "10020": "壹万零贰拾元整", "-1.01": "负壹元零壹分",
	} {
		y, err := ParseYuan(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := y.Capitals(); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

// A quotient is rounded once: what is a hair below half a 分 is cut down, however many digits it takes to see it.
func TestQuotient(t *testing.T) {
	for _, c := range []struct {
		a    string
		b    int64
		want string
	}{
		{"1.8249999999999", 365, "0.00"}, {"1.825", 365, "0.01"}, {"1.8250000000001", 365, "0.01"}, {"10", 3, "3.33"}, {"20", 3, "6.67"},
		{"0", 7, "0.00"}, {"12.345", 1, "12.35"},
		{"-1.825", 365, "-0.01"}, {"-1.8249999999999", 365, "0.00"}, {"99999999999.99", 366, "273224043.72"},
	} {
		if got := Quotient(decimal.RequireFromString(c.a), c.b); got.String() != c.want {
			t.Errorf("%s ÷ %d is %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

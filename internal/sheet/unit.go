package sheet

import (
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// The base units that numbers of columns count, as Column.Unit names them.
const (
	Yuan   = "元"
	Mu     = "亩"
	Shares = "股"
	People = "人"
	Years  = "年"
	Kilos  = "公斤"
	// Counted is whatever a share class counts: shares, 亩 or yuan.
	Counted = "股份"
)

// unit is what a number is written in: so many of a base unit, or so many of whatever the column counts where there is no base.
type unit struct {
	text   string
	base   string
	factor decimal.Decimal // zero where the unit cannot be turned into the base
}

// none tells whether a unit says nothing: it is no unit at all.
func (u unit) none() bool { return u.text == "" }

// scales are what is put before a unit, the longest first. The base of 千米 is no 米.
var scales = []struct {
	word  string
	power int32
}{{"千万", 7}, {"百万", 6}, {"十万", 5}, {"亿", 8}, {"万", 4}, {"千", 3}, {"百", 2}, {"十", 1}}

// named are the units by their names: the base, and how many of it one is. Those without a number are known and cannot be turned.
var named = map[string]struct{ base, of string }{
	"元": {Yuan, "1"}, "块": {Yuan, "1"}, "块钱": {Yuan, "1"}, "rmb": {Yuan, "1"}, "人民币": {Yuan, "1"}, "cny": {Yuan, "1"},
	"角": {Yuan, "0.1"},
	"分": {Yuan, "0.01"}, "美元": {Yuan, ""}, "港元": {Yuan, ""}, "港币": {Yuan, ""}, "欧元": {Yuan, ""}, "日元": {Yuan, ""}, "英镑": {Yuan, ""},
	"卢布": {Yuan, ""}, "美金": {Yuan, ""}, "美刀": {Yuan, ""}, "欧": {Yuan, ""}, "外币": {Yuan, ""}, "港纸": {Yuan, ""}, "日圆": {Yuan, ""},
	"gbp": {Yuan, ""}, "jpy": {Yuan, ""},
	"$": {Yuan, ""}, "us$": {Yuan, ""}, "hk$": {Yuan, ""}, "€": {Yuan, ""}, "£": {Yuan, ""}, "韩元": {Yuan, ""}, "澳元": {Yuan, ""},
	"台币": {Yuan, ""}, "usd": {Yuan, ""}, "hkd": {Yuan, ""}, "eur": {Yuan, ""},
	"亩": {Mu, "1"}, "市亩": {Mu, "1"}, "公顷": {Mu, "15"}, "ha": {Mu, "15"}, "hm2": {Mu, "15"}, "平方米": {Mu, "0.0015"}, "平米": {Mu, "0.0015"},
	"m2": {Mu, "0.0015"}, "平方公里": {Mu, "1500"}, "km2": {Mu, "1500"}, "公亩": {Mu, "0.15"}, "分地": {Mu, "0.1"},
	"顷": {Mu, "100"}, "市顷": {Mu, "100"}, "垧": {Mu, ""}, "平方尺": {Mu, ""}, "平方丈": {Mu, ""},
	"股": {Shares, "1"}, "份": {Shares, "1"},
	"人": {People, "1"}, "口": {People, "1"}, "口人": {People, "1"}, "名": {People, "1"}, "位": {People, "1"}, "户": {People, ""},
	"年": {Years, "1"}, "个月": {Years, ""}, "月": {Years, ""}, "天": {Years, ""}, "日": {Years, ""},
	"公斤": {Kilos, "1"}, "千克": {Kilos, "1"}, "kg": {Kilos, "1"}, "斤": {Kilos, "0.5"}, "市斤": {Kilos, "0.5"}, "吨": {Kilos, "1000"},
	"t": {Kilos, "1000"}, "克": {Kilos, "0.001"}, "g": {Kilos, "0.001"}, "两": {Kilos, "0.05"}, "担": {Kilos, "50"},
}

// maxUnit is the most bytes that a unit takes.
const maxUnit = 36

var (
	unitSpelling = strings.NewReplacer("²", "2", "㎡", "m2", "元整", "元", "仟", "千", "佰", "百", "拾", "十", "萬", "万", "億", "亿", "圆", "元", "w元",
		"万元", "k元", "千元")
	counted = regexp.MustCompile(`^(10+)(\p{Han}+)$`)
	byWords = regexp.MustCompile(`^(?:以|按|单位|单位为|折合)?(.+?)(?:计|计算|为单位)?$`)
)

// readUnit reads a unit: one of the names, with a scale before it (a word, or 10000), or a scale alone.
func readUnit(text string) (u unit, ok bool) {
	if len(text) > 2*maxUnit {
		return u, false
	}
	text = strings.Trim(strings.TrimSpace(text), "()[]【】")
	t := strings.Trim(strings.ToLower(strings.Join(strings.Fields(text), "")), "()[]【】:;.。")
	t = unitSpelling.Replace(t)
	for _, front := range []string{"人民币", "rmb", "cny", "¥"} {
		if bare := strings.TrimSuffix(strings.TrimPrefix(t, front), front); bare != "" {
			t = bare
		}
	}
	if m := byWords.FindStringSubmatch(t); m != nil && m[1] != "" {
		t = m[1]
	}
	if m := counted.FindStringSubmatch(t); m != nil {
		if n, known := named[m[2]]; known && n.of != "" {
			return unit{text, n.base, decimal.RequireFromString(n.of).Mul(decimal.RequireFromString(m[1]))}, true
		}
	}
	switch t {
	case "w":
		t = "万"
	case "k":
		t = "千"
	}
	if t == "" || len(t) > maxUnit {
		return u, false
	}
	for try, scale := range append([]struct {
		word  string
		power int32
	}{{"", 0}}, scales...) {
		bare, found := strings.CutPrefix(t, scale.word)
		if !found {
			continue
		}
		if bare == "" && try > 0 {
			return unit{text, "", decimal.New(1, scale.power)}, true
		}
		if n, known := named[bare]; known {
			u = unit{text: text, base: n.base}
			if n.of != "" {
				u.factor = decimal.RequireFromString(n.of).Shift(scale.power)
			}
			return u, true
		}
	}
	return u, false
}

// ofLand is a unit in a column about land, where 分 is a tenth of a 亩.
func ofLand(c Column, heading string, u unit) unit {
	if u.base == Yuan && u.text == "分" && (c.Unit == Mu || c.Unit == Counted && land.MatchString(heading)) {
		return unit{u.text, Mu, decimal.New(1, -1)}
	}
	return u
}

var (
	land = regexp.MustCompile(`[地田林山塘园]|面积|耕|水面`)
	// mixed is an area of 亩, 分 and 厘.
	mixed = regexp.MustCompile(`^(\d+(?:\.\d+)?)亩(?:(\d(?:\.\d+)?)分地?)?(?:(\d(?:\.\d+)?)厘)?$`)
)

// inMu writes an area of 亩, 分 and 厘 in 亩 alone: 3亩2分 is 3.2亩.
func inMu(text string) string {
	m := mixed.FindStringSubmatch(strings.Join(strings.Fields(text), ""))
	if m == nil || m[2]+m[3] == "" {
		return text
	}
	sum := decimal.Zero
	for i, part := range m[1:] {
		if part != "" {
			sum = sum.Add(decimal.RequireFromString(part).Shift(int32(-i)))
		}
	}
	return sum.String() + Mu
}

// sayUnits is what a line has at least that says what numbers are in.
var sayUnits = regexp.MustCompile(`[单元计币货]|(?i)unit`)

var (
	// saying is what stands before units in a line outside the table; where it is 金额 alone, the unit follows at once.
	saying    = regexp.MustCompile(`(?i)单\s*位|币\s*种|货\s*币|unit`)
	bracketed = regexp.MustCompile(`[((\[【〔]\s*(?:人民币|金额)?\s*[::]?\s*((?:[十百千万亿]|十万|百万|千万)元)\s*[))\]】〕]`)
	inUnits   = regexp.MustCompile(`以\s*(?:人民币)?([十百千万亿]*(?:元|亩|股|公顷|平方米))\s*(?:为单位|计|计算|列示|表示|填列|反映)|` +
		`(?:均|都|数字|数据|金额)\s*[为是::]\s*([十百千万亿]+元)`)
	notWord  = regexp.MustCompile(`[^\p{Han}\p{L}\d²㎡$€£¥]+|[与和及或]`)
	measured = regexp.MustCompile(`^(面积|金额|价款|资金|股份|股数|人数|数量|产量|作价)`)
)

// maxWordsSaid is how many words behind 单位 are looked at for units.
const maxWordsSaid = 8

// unitsSaid are the units that a line outside the table says. What it names beside them (填报单位:育新村) is none.
func unitsSaid(text string) (list []unit) {
	add := func(word string) bool {
		u, ok := readUnit(word)
		if !ok {
			u, ok = readUnit(measured.ReplaceAllString(word, ""))
		}
		if ok && !slices.ContainsFunc(list, func(o unit) bool { return o.base == u.base && o.factor.Equal(u.factor) }) {
			list = append(list, u)
		}
		return ok
	}
	for _, at := range saying.FindAllStringIndex(text, -1) {
		words := notWord.Split(text[at[1]:], maxWordsSaid+2)
		for i, word := range words[:min(len(words), maxWordsSaid)] {
			if i == 0 {
				word = strings.TrimLeft(word, "为是")
			}
			if word != "" && !add(word) && i > 0 && len(list) > 0 {
				break
			}
		}
	}
	for _, m := range bracketed.FindAllStringSubmatch(text, -1) {
		add(m[1])
	}
	for _, m := range inUnits.FindAllStringSubmatch(text, -1) {
		add(m[1] + m[2])
	}
	if u, ok := readUnit(text); ok && u.base == Yuan { // a cell with nothing else
		add(text)
	}
	return list
}

// closing writes the brackets in which people put a unit behind a heading in one way.
var closing = strings.NewReplacer("[", "(", "]", ")", "{", "(", "}", ")", "<", "(", ">", ")", "〔", "(", "〕", ")", "【", "(", "】", ")", "〖",
	"(", "〗", ")",
	"《", "(", "》", ")", "「", "(", "」", ")", "『", "(", "』", ")")

// inHeading parts a heading from the unit in it: 金额(万元), 金额/万元, 金额:万元, 金额 万元. What stands in brackets and is no unit is a remark; a
// relation (元/亩, 每人), or two units that are not the same, is a unit that nobody can turn into the column's.
func inHeading(h string) (bare string, u unit) {
	t := closing.Replace(h)
	if before, rest, ok := strings.Cut(t, "("); ok && strings.TrimSpace(before) != "" {
		bare = before
		for ok {
			var inner string
			inner, rest, _ = strings.Cut(rest, ")")
			found := inBrackets(inner)
			switch {
			case u.none():
				u = found
			case !found.none() && (found.base != u.base || !found.factor.Equal(u.factor)):
				u = unit{text: u.text + ")(" + found.text}
			}
			var between string
			between, rest, ok = strings.Cut(rest, "(")
			bare += between
		}
		return strings.TrimSpace(bare), u
	}
	for _, sep := range []string{"/", ":", "-", "_", "—", ",", "、", " "} {
		if i := strings.LastIndex(t, sep); i > 0 {
			if found, ok := readUnit(t[i+len(sep):]); ok {
				return strings.TrimSpace(t[:i]), found
			}
		}
	}
	return h, u
}

// inBrackets is the unit that stands in a heading's brackets.
func inBrackets(inner string) (u unit) {
	inner = strings.TrimSpace(inner)
	if strings.Contains(inner, "/") || strings.HasPrefix(inner, "每") {
		for _, word := range strings.FieldsFunc(strings.TrimPrefix(inner, "每"), func(r rune) bool { return r == '/' }) {
			if _, ok := readUnit(word); ok {
				return unit{text: inner}
			}
		}
	}
	for _, word := range strings.FieldsFunc(inner, func(r rune) bool { return strings.ContainsRune("、,,; :/", r) }) {
		if found, ok := readUnit(word); ok {
			u = found
		} else if u.none() && likeUnit(word) {
			u = unit{text: word}
		}
	}
	return u
}

// behind parts a heading from a scaled unit of money written right behind it: 金额万元.
func behind(h string) (bare string, u unit, ok bool) {
	for _, scale := range scales {
		if before, found := strings.CutSuffix(h, scale.word+Yuan); found && before != "" {
			u, ok = readUnit(scale.word + Yuan)
			return before, u, ok
		}
	}
	return h, u, false
}

var latin = regexp.MustCompile(`^[A-Z]+$`)

// likeUnit tells whether a word in brackets ends as units do, though it is none that we know: what it means must be asked.
func likeUnit(word string) bool {
	n := len([]rune(word))
	if latin.MatchString(word) { // USDT, AUD
		return n == 3 || n == 4
	}
	for _, end := range []string{"元", "币", "亩", "顷", "平方", "米", "斤", "吨", "股", "份", "万", "亿", "千", "百", "%", "‰", "丈"} {
		if strings.HasSuffix(word, end) && n <= 4 {
			return true
		}
	}
	return false
}

// volumeIn is the unit in the heading of a column whose numbers the books count in units of their own: whatever stands in brackets, or what
// 斤数 says.
func volumeIn(h string) unit {
	_, rest, ok := strings.Cut(closing.Replace(h), "(")
	inner, _, _ := strings.Cut(rest, ")")
	if word := strings.TrimSpace(inner); ok && word != "" {
		return unit{text: word}
	}
	if word, ok := strings.CutSuffix(h, "数"); ok {
		if u, is := readUnit(word); is && u.base == Kilos {
			return unit{text: word, base: u.base, factor: u.factor}
		}
	}
	return unit{}
}

package money

import "strings"

// Capitals writes an amount in the Chinese capitals that vouchers and receipts use, as 壹仟贰佰叁拾肆元伍角陆分
// (正确填写票据和结算凭证的基本规定, 中国人民银行 1997).
func (y Yuan) Capitals() string {
	const digits, small, large = "零壹贰叁肆伍陆柒捌玖", "仟佰拾", "亿万"
	digit := func(n Yuan) string { return string([]rune(digits)[n]) }
	if y < 0 {
		return "负" + (-y).Capitals()
	}
	whole, jiao, fen := y/100, y/10%10, y%10
	var out strings.Builder
	zero := false // whether a zero waits to be said before the next digit
	started := false
	for group := 3; group >= 0; group-- { // groups of four digits: 万亿, 亿, 万 and units
		unit := Yuan(1)
		for range group {
			unit *= 10_000
		}
		four := whole / unit % 10_000
		if four == 0 {
			zero = zero || started
			continue
		}
		for place, scale := 0, Yuan(1000); place < 4; place, scale = place+1, scale/10 {
			d := four / scale % 10
			if d == 0 {
				zero = zero || started
				continue
			}
			if zero {
				out.WriteString("零")
				zero = false
			}
			started = true
			out.WriteString(digit(d))
			if place < 3 {
				out.WriteString(string([]rune(small)[place]))
			}
		}
		switch group {
		case 3:
			out.WriteString("万")
			if whole/100_000_000%10_000 == 0 {
				out.WriteString("亿")
			}
		case 2:
			out.WriteString(string([]rune(large)[0]))
		case 1:
			out.WriteString(string([]rune(large)[1]))
		}
	}
	if started {
		out.WriteString("元")
	}
	switch {
	case jiao == 0 && fen == 0:
		if !started {
			out.WriteString("零元")
		}
		out.WriteString("整")
	case jiao == 0:
		if started {
			out.WriteString("零")
		}
		out.WriteString(digit(fen) + "分")
	default:
		if zero && started { // 拾元零伍角
			out.WriteString("零")
		}
		out.WriteString(digit(jiao) + "角")
		if fen > 0 {
			out.WriteString(digit(fen) + "分")
		} else {
			out.WriteString("整")
		}
	}
	return out.String()
}

package demo

import (
	"fmt"

	"github.com/sanbian/ledger/internal/ident"
)

var (
	surnames = []rune("王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈")
	given    = []rune("桂兰秀英玉珍凤芹淑华春梅丽娟国强建军志刚永福德海文祥宝山长林庆云树生万成福贵景和连喜广才维民")
	banks    = []string{"农村商业银行", "邮政储蓄银行", "农业银行"}
	marks    = []string{"脱贫户", "监测户", "低保户"}
)

// person makes up a name of two or three characters.
func (f *filler) person() string {
	name := string(surnames[f.rng.IntN(len(surnames))]) + string(given[f.rng.IntN(len(given))])
	if f.rng.IntN(4) > 0 {
		name += string(given[f.rng.IntN(len(given))])
	}
	return name
}

// residentID makes a number that passes its check but is nobody's: 210799 is no county.
func (f *filler) residentID() string {
	f.houses++
	return ident.CompleteResidentID(fmt.Sprintf("210799%04d%02d%02d%03d", 1945+f.rng.IntN(50), 1+f.rng.IntN(12), 1+f.rng.IntN(28),
		f.houses%1000))
}

// card makes a card number that passes its check under 629999, which no bank has.
func (f *filler) card() string {
	return ident.CompleteBankCard(fmt.Sprintf("629999%012d", f.rng.Int64N(1e12)))
}

// creditCode makes a unified social credit code that passes its check; its division is 210799, which is no county.
func creditCode(kind string, n int) string {
	return ident.CompleteCreditCode(kind + "210799" + fmt.Sprintf("DEM%06d", n))
}

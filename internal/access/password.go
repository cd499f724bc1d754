package access

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/mozillazg/go-pinyin"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

// The least and the most characters of a password.
const (
	MinPassword = 8
	MaxPassword = 128
)

// hashing is as RFC 9106 recommends where memory is scarce: 64 MiB, three passes.
var hashing = &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

//go:embed common.txt
var commonList string

// common are the commonest passwords, in small letters.
var common = func() map[string]bool {
	list := map[string]bool{}
	for line := range strings.Lines(commonList) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			list[line] = true
		}
	}
	return list
}()

// habits are the letters that people put beside a few digits, and whoever guesses tries first.
var habits = strings.Fields(`abc abcd aaa aaaa admin administrator root user test
	guest pass passwd password qwe qwer qwerty asd asdf asdfgh zxc zxcv zxcvbn
	qaz wsx qazwsx iloveyou love loveyou woaini woaiwo woaiwojia woaini aini nihao mima wodemima wode zhongguo china beijing liaoning jinzhou
	guanli guanliyuan kuaiji caiwu shenhe cunweihui cunkuaiji nongcun nongye sanbian taizhang ledger qq weixin wechat baidu
	wang li zhang liu chen yang zhao
	huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao
	wangwei zhangwei zhangsan lisi wangwu lihua laowang laoli`)

// Whose tells whose a password is to be: what it must not be made of.
type Whose struct {
	Account string
	Places  []string // names of the places that the account is of
	Hash    string   // of the password before, "" where there is none
}

// CheckPassword refuses what is too short or too long, and what whoever guesses would try first: the commonest passwords, digits alone, the
// account, its places, what was there before.
func CheckPassword(password string, of Whose) error {
	wrong := func(text string, args ...any) error {
		return &journal.Error{Code: journal.Invalid, Field: "password", Text: text, Args: args}
	}
	n := utf8.RuneCountInString(password)
	if n < MinPassword {
		return wrong("密码至少要 8 个字符")
	}
	if n > MaxPassword {
		return wrong("密码最多 128 个字符")
	}
	small := strings.ToLower(password)
	core := lettersOf(small)
	switch {
	case kinds(small) < 4 || common[small] || common[strings.TrimRight(small, "!@#.$*")]:
		return wrong("这个密码太常见,别人一猜就中;请换一个")
	case core == "" && n < 14:
		return wrong("只有数字和符号的密码容易猜中;请加上字母或汉字")
	case slices.Contains(habits, core) && n < 14:
		return wrong("“%s”加几个数字是最常见的密码,请换一个", core)
	}
	for _, name := range append(spelled(of.Places), strings.ToLower(of.Account)) {
		if bare := lettersOf(name); bare != "" && core == bare {
			return wrong("密码不能是账号名或地名加几个数字,请换一个")
		}
	}
	if of.Hash != "" {
		if same, err := argon2id.ComparePasswordAndHash(password, of.Hash); err == nil && same {
			return wrong("新密码和原来的一样,请换一个")
		}
	}
	return nil
}

// dateWords stand in dates.
var dateWords = map[rune]bool{'年': true, '月': true, '日': true, '号': true}

// lettersOf are the letters of a text, without those that stand in dates.
func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) || dateWords[r] {
			return -1
		}
		return r
	}, text)
}

// kinds is how many different characters a text has.
func kinds(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// spelled are names of places as they are written and in Latin letters, with and without what sort of place they are.
func spelled(places []string) (list []string) {
	for _, name := range places {
		runes := []rune(name)
		for _, part := range [][]rune{runes, runes[:max(0, len(runes)-1)]} {
			if len(part) == 0 {
				continue
			}
			list = append(list, string(part), strings.Join(pinyin.LazyConvert(string(part), nil), ""))
		}
	}
	return list
}

// whose is whose password an account's is.
func whose(l *journal.Ledger, name string, place region.Code) (of Whose, err error) {
	of.Account = name
	if c, err := l.Credential(name); err == nil {
		of.Hash = c.Hash
	}
	err = l.Read(journal.Console, func(v *journal.View) error {
		for _, d := range office.Path(v, place) {
			of.Places = append(of.Places, d.Name, d.Short())
		}
		return nil
	})
	return of, err
}

// Hash returns the argon2id hash of a password that CheckPassword takes for somebody.
func Hash(password string, of Whose) (string, error) {
	if err := CheckPassword(password, of); err != nil {
		return "", err
	}
	return argon2id.CreateHash(password, hashing)
}

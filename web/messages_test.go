package web_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/web"
)

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Chinese that is no text for a reader but part of the data: spellings of dates, ends of place names, words that files are read by.
var data = map[string]bool{
	"年": true, "月": true, "日": true, "村": true, "户": true, "民委员会": true, "委会": true, "居民委员会": true, "居委会": true,
	" ,;、,;\n": true, "、": true, "￥": true, "锦州市": true, "总计": true,
	"合计 总计 小计 累计 大写 本页小计 本页合计 本月合计 本年合计": true, "制表 填表 填报 审核 复核 审批 经办 会计 出纳 负责人 备注 村委会 日期 共": true, "第号 ": true, "分)": true,
	" - -- — —— / 无 ": true, "合计 总计": true, "合计": true, "序号": true, "合计 总计 小计": true, "集体经济组织": true, "户主 本人": true, "户主的": true,
	"户主之": true, "户主": true,
	"妻": true, "分红 ": true,
	" 成功 已付 支付成功 交易成功 处理成功 发放成功 已入账 入账成功 00 000 0000 success ok y paid ": true,
	" 失败 未付 支付失败 交易失败 处理失败 发放失败 退票 退汇 拒绝 不成功 fail failed n ":             true,
}

// textsOfTemplates finds every text that a template says.
func textsOfTemplates(t *testing.T) map[string]string {
	texts := map[string]string{}
	call := regexp.MustCompile(`\bt "((?:[^"\\]|\\.)*)"`)
	action := regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	err := fs.WalkDir(web.Files, "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := web.Files.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range call.FindAllStringSubmatch(string(b), -1) {
			text, err := strconv.Unquote(`"` + m[1] + `"`)
			if err != nil {
				t.Errorf("%s: %q: %v", name, m[1], err)
			}
			texts[text] = name
		}
		if rest := action.ReplaceAllString(string(b), ""); hasHan(rest) {
			t.Errorf("%s: Chinese outside of t: %q", name, strings.TrimSpace(regexp.MustCompile(`[^\p{Han}]+`).ReplaceAllString(rest, " ")))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// textsOfCode finds every Chinese string in the program but those of files' columns, commands' bilingual help, and data.
func textsOfCode(t *testing.T) map[string]string {
	texts := map[string]string{}
	files := token.NewFileSet()
	for _, room := range []string{"../internal/ledger/journal", "../internal/ledger/office", "../internal/ledger/resolution",
		"../internal/ledger/plan",
		"../internal/ledger/register", "../internal/ledger/income", "../internal/ledger/dividend", "../internal/ledger/paper",
		"../internal/ledger/report", "../internal/access", "../internal/sheet", "../internal/exchange", "../internal/server", "../cmd/sanbian"} {
		names, err := filepath.Glob(room + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(filepath.Base(name), "list_") ||
				strings.HasSuffix(name, "/sheet/unit.go") || strings.HasSuffix(name, "/sheet/date.go") { // they read, and say nothing
				continue
			}
			f, err := parser.ParseFile(files, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					// words that files are read by
					return !strings.HasSuffix(n.Names[0].Name, "Columns") && !strings.HasSuffix(n.Names[0].Name, "Words") &&
						n.Names[0].Name != "called"
				case *ast.CallExpr: // patterns, and lists of words
					f, ok := n.Fun.(*ast.SelectorExpr)
					return !ok || f.Sel.Name != "MustCompile" && f.Sel.Name != "Fields"
				case *ast.KeyValueExpr:
					key, ok := n.Key.(*ast.Ident)
					return !ok || key.Name != "Short"
				case *ast.BasicLit:
					s, err := strconv.Unquote(n.Value)
					if n.Kind == token.STRING && err == nil && hasHan(s) && !strings.Contains(s, " / ") && !data[s] {
						texts[s] = name
					}
				}
				return true
			})
		}
	}
	for _, it := range income.Items {
		texts[string(it.Label)] = "items.csv"
	}
	for _, f := range income.OwnForms() {
		texts[f.Title] = "forms.csv"
		for _, l := range f.Lines {
			texts[l.Text] = "forms.csv"
		}
	}
	for _, k := range register.LandKinds {
		texts[string(k.Name)], texts[string(k.Filed)] = "landkinds.txt", "landkinds.txt"
	}
	return texts
}

// Every text has an English one with the same verbs, and every English one is still needed.
func TestEveryTextIsTranslated(t *testing.T) {
	b, err := os.ReadFile("messages/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var english map[string]string
	if err := json.Unmarshal(b, &english); err != nil {
		t.Fatal(err)
	}
	texts := textsOfTemplates(t)
	maps.Copy(texts, textsOfCode(t))
	if len(texts) < 300 {
		t.Errorf("only %d texts found: the search for them is broken", len(texts))
	}
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		en, ok := english[text]
		switch {
		case !ok:
			t.Errorf("%s: no English for %q", texts[text], text)
		case hasHan(strings.ReplaceAll(en, "换成中文", "")):
			t.Errorf("the English for %q has Chinese in it: %q", text, en)
		case verbs(text) != verbs(en):
			t.Errorf("the English for %q has other verbs: %q", text, en)
		}
	}
	for text := range english {
		if texts[text] == "" {
			t.Errorf("nothing says %q any more", text)
		}
	}
}

// verbs counts the places a text has for values, by the order they are named in.
func verbs(s string) string {
	found := regexp.MustCompile(`%(\[\d\])?s`).FindAllString(s, -1)
	slices.Sort(found)
	return strconv.Itoa(len(found))
}

func TestTranslator(t *testing.T) {
	say := web.NewTranslator("en")
	for _, c := range []struct{ got, want string }{
		{say.T("第 %s 行", "3"), "row 3"},
		{say.T("%s 户", "1"), "1 holder"},
		{say.T("%s 户", "0"), "0 holders"},
		{say.T("%s 户", "1,001"), "1,001 holders"},
		{say.T("%s 年末或上年末持股的登记 %s 条", "2025", "1"), "1 registration that held shares at the end of 2025 or of the year before"},
		{say.T("村"), "Villages"},
		{say.T("村|一个"), "Village"},
		{web.NewTranslator("zh").T("村|一个"), "村"},
		{web.NewTranslator("zh").T("%s 户", "1"), "1 户"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	e := &journal.Error{Text: "%s不能做“%s”", Args: []any{journal.Accountant.Label(), journal.KindLabel("ApproveDistribution")}}
	if got := say.Refusal(e); hasHan(got) {
		t.Errorf("labels among the arguments are not translated: %q", got)
	}
	if got := web.NewTranslator("fr").T("汇总"); got != "汇总" {
		t.Errorf("an unknown language: %q", got)
	}
}

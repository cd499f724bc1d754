package web_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// The cooperative of the demonstration's first village, and its plan that is being paid.
const (
	filesHome = "210727102216"
	filesCoop = filesHome + "E001"
	filesPlan = filesCoop + "D202501"
)

// Files as they really come: a workbook with a sheet for each group, two levels of headings and a unit of its own, two of whose headings
// nobody knows; the next of its kind, whose headings are remembered; a bank's example that becomes a format, and its result in another
// layout.
func TestFilesJourney(t *testing.T) {
	s := newSite(t)
	p := s.as("yuxin")
	p.visit("/upload/" + filesHome)
	p.run(chromedp.SetValue(`//select[@name="entity"]`, filesCoop))
	p.upload("file", groupsWorkbook(t, 700))
	p.press("上传,先核对")
	p.sees("先请您说清楚", "工作簿里有 3 张表都有这样的表头:一组、二组、三组", "不认识表头“人丁”", "不认识表头“领钱的折子”", "“股权设置 资金股(百股)”的单位是百股,每个数乘以 100",
		"略过第 1(一组) 行(标题)")
	p.shot("files-1-asked")
	p.fitsPhone()
	p.run(chromedp.SetValue(`//select[@aria-label="人丁"]`, "people"), chromedp.SetValue(`//select[@aria-label="领钱的折子"]`, "account"))
	p.press("照这样读")
	p.sees("检查通过,还没有写入", "您说过的列:人丁 → 家庭人数、领钱的折子 → 账号", "第 4(一组) 行", "第 4(三组) 行")
	p.shot("files-2-read")
	p.fitsPhone()
	p.press("全部记入")
	p.sees("全部记入了")
	p.press("看记入的")
	p.sees("股东")
	p.visit("/shareholders/" + filesHome + "?q=旅程一组户701")
	p.sees("旅程一组户701")

	p.visit("/upload/" + filesHome)
	p.run(chromedp.SetValue(`//select[@name="entity"]`, filesCoop))
	p.upload("file", groupsWorkbook(t, 800))
	p.press("上传,先核对")
	p.sees("工作簿里有 3 张表", "您说过的列:人丁 → 家庭人数、领钱的折子 → 账号")
	p.seesNot("不认识表头")
	p.press("照这样读")
	p.press("全部记入")
	p.sees("全部记入了")

	makesFormat(s, p)
	s.verified()
}

// makesFormat makes a format from a bank's example, looks at what it makes of a batch, and reads the bank's result in another layout.
func makesFormat(s *site, p *person) {
	p.visit("/bankformats/" + filesHome)
	p.fillIn("/bankformats/"+filesHome+"/example", "name", "旅程农商行")
	p.fill("paste", "D|6222020000000000012|张三|000000010000|CNY|2025年分红\nD|6222020000000000020|李四|000000002050|CNY|2025年分红\n")
	p.press("看出格式")
	p.sees("银行的例子", "每笔一行")
	p.shot("files-3-format")
	p.press("保存格式")
	p.sees("银行格式已保存", "旅程农商行")
	p.fitsPhone()
	batch := s.post("yuxin", &dividend.MakeBatch{Distribution: filesPlan, Date: "2026-02-28"})[0]
	p.visit("/batch/" + batch + "/look?format=旅程农商行")
	p.sees("育新果蔬合作社2025年分红", "CNY", "字节")
	p.seesNot("2025年分红 2107")
	p.shot("files-4-look")
	p.fitsPhone()

	var lines []dividend.NumberedLine
	who, err := s.ledger.Actor("yuxin")
	if err == nil {
		err = s.ledger.Read(who, func(v *journal.View) error {
			return dividend.EachBatchLine(v, batch, register.Revealed{},
				func(l dividend.NumberedLine) error { lines = append(lines, l); return nil })
		})
	}
	if err != nil {
		s.Fatal(err)
	}
	a, b := lines[0], lines[1]
	p.visit("/batch/" + batch)
	p.fill("paste", fmt.Sprintf("代发结果清单\n交易状态\t收款人户名\t收款人账号\t交易金额\t币种\t返回信息\n交易成功\t%s\t%s\t%s\t人民币\t\n交易失败\t%s\t%s\t%s\t人民币\t账户状态异常\n"+
		"成功笔数:1 失败笔数:1\n", spaced(a.Name), strings.ReplaceAll(a.CardNo, " ", ""), a.Amount, b.Name, strings.ReplaceAll(b.CardNo, " ", ""),
		b.Amount))
	p.press("核对并记入")
	p.sees("银行结果已记入", "账户状态异常")
}

// spaced writes a name with blanks, as some banks do.
func spaced(name string) string { return strings.Join(strings.Split(name, ""), " ") }

// groupsWorkbook is a register as a village keeps it: a sheet for each group, the headings on two lines.
func groupsWorkbook(t *testing.T, from int) string {
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, group := range []string{"一组", "二组", "三组"} {
		if i == 0 {
			must(f.SetSheetName("Sheet1", group))
		} else {
			_, err := f.NewSheet(group)
			must(err)
		}
		for at, text := range map[string]string{"A1": "育新村股权登记表", "A2": "序号", "B2": "户主", "C2": "身份证号", "D2": "人丁", "E2": "股权设置", "G2": "领钱的折子",
			"E3": "土地股", "F3": "资金股(百股)"} {
			must(f.SetCellValue(group, at, text))
		}
		for _, merge := range [][2]string{{"A1", "G1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "C3"}, {"D2", "D3"}, {"E2", "F2"}, {"G2", "G3"}} {
			must(f.MergeCell(group, merge[0], merge[1]))
		}
		n := from + i + 1
		must(f.SetSheetRow(group, "A4", &[]any{1, fmt.Sprintf("旅程%s户%d", group, n), booktest.ResidentID(n), 3, 2.5, 0.02,
			fmt.Sprintf("0709060104%05d", n)}))
	}
	var b bytes.Buffer
	must(f.Write(&b))
	return b.String()
}

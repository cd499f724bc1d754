// Package exchange knows the files that come in and go out: which columns each has, and which entries or queries they stand for.
package exchange

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// Upload is a file turned into entries, with the way back from a refused entry to its row and column.
type Upload struct {
	Entries []ledger.Entry
	Rows    int           // data rows of the file
	faults  ledger.Faults // cells that could not be read
	row     []int         // of each entry, the row of the file it came from
	heading map[string]string
}

// Post posts the entries, all or nothing. Refusals name the file's row and the heading of the column.
func (u *Upload) Post(l *ledger.Ledger, who ledger.Actor, request string, dryRun bool) (ledger.Receipt, error) {
	var receipt ledger.Receipt
	faults := slices.Clone(u.faults)
	if len(u.Entries) > 0 {
		var err error
		receipt, err = l.Post(who, ledger.Posting{Entries: u.Entries, Request: request, DryRun: dryRun || len(faults) > 0})
		refused := ledger.All(err)
		if err != nil && len(refused) == 0 {
			return receipt, err
		}
		for _, e := range refused {
			at := max(e.Row, 1) - 1
			e.Row = u.row[at]
			if h, ok := u.heading[e.Field]; ok {
				e.Field = h
			}
			if issue, ok := u.Entries[at].(*ledger.IssueShares); ok && e.Field == "quantity" {
				e.Field = u.heading["class:"+issue.Class]
			}
			faults = append(faults, e)
		}
	}
	if len(faults) == 0 {
		return receipt, nil
	}
	faults = withoutEchoes(faults, u.heading)
	slices.SortStableFunc(faults, func(a, b *ledger.Error) int { return a.Row - b.Row })
	return ledger.Receipt{}, faults[:min(len(faults), ledger.MaxFaults)]
}

// withoutEchoes leaves out that a row's shares found no holder where the row is refused for something else too: its own registration was, and that
// says it all.
func withoutEchoes(faults ledger.Faults, heading map[string]string) ledger.Faults {
	echo := func(f *ledger.Error) bool {
		return f.Code == ledger.NotFound && (f.Field == "id_no" || f.Field == heading["id_no"])
	}
	refused := map[int]bool{}
	for _, f := range faults {
		if !echo(f) {
			refused[f.Row] = true
		}
	}
	return slices.DeleteFunc(faults, func(f *ledger.Error) bool { return echo(f) && refused[f.Row] })
}

// add decodes one row into an entry of a kind.
func (u *Upload) add(row int, kind string, fields map[string]any) {
	e, err := ledger.Decode(kind, fields)
	if err != nil {
		for _, f := range ledger.All(err) {
			f.Row = row
			if h, ok := u.heading[f.Field]; ok {
				f.Field = h
			}
			u.faults = append(u.faults, f)
		}
		return
	}
	u.Entries = append(u.Entries, e)
	u.row = append(u.row, row)
}

// fileError turns what the sheet says of a file into a refusal.
func fileError(err error) error {
	var e *sheet.Error
	if errors.As(err, &e) {
		return &ledger.Error{Code: ledger.Invalid, Field: "file", Text: e.Text, Args: e.Args}
	}
	return err
}

// DivisionColumns are the columns of a file of division codes, a row a village: those of the National Bureau of Statistics' list.
var DivisionColumns = []sheet.Column{
	{Name: "code", Headings: []string{"区划代码", "代码", "统计用区划代码"}, Required: true},
	{Name: "name", Headings: []string{"名称", "村", "单位名称"}, Required: true},
	{Name: "township_code", Headings: []string{"乡镇代码"}, Required: true},
	{Name: "township", Headings: []string{"乡镇", "乡镇名称"}, Required: true},
	{Name: "county_code", Headings: []string{"县代码", "县区代码"}, Required: true},
	{Name: "county", Headings: []string{"县", "县区", "县名称"}, Required: true},
	{Name: "city_code", Headings: []string{"市代码"}},
	{Name: "city", Headings: []string{"市", "市名称"}},
}

// ReadDivisions reads a file of division codes. The city's name may stand in the file or be given, for files that leave it out.
func ReadDivisions(r io.Reader, city string) (*Upload, error) {
	table, err := sheet.Read(r, DivisionColumns, nil)
	if err != nil {
		return nil, fileError(err)
	}
	u := &Upload{Rows: len(table.Rows), heading: table.Heading}
	seen := map[string]string{}
	add := func(row int, code, name string) {
		if old, ok := seen[code]; ok {
			if old != name {
				u.faults = append(u.faults, &ledger.Error{Code: ledger.Invalid, Field: u.heading["code"], Row: row, Value: code,
					Text: "%s 在文件里有两个名称:%s、%s", Args: []any{code, old, name}})
			}
			return
		}
		seen[code] = name
		u.add(row, "NameDivision", map[string]any{"code": code, "name": name})
	}
	for _, row := range table.Rows {
		c := row.Cells
		if cityName := c["city"]; cityName != "" || city != "" {
			code := c["city_code"]
			if code == "" && len(c["code"]) >= 4 {
				code = c["code"][:4]
			}
			if cityName == "" {
				cityName = city
			}
			add(row.Number, code, cityName)
		}
		add(row.Number, c["county_code"], c["county"])
		add(row.Number, c["township_code"], c["township"])
		add(row.Number, c["code"], c["name"])
	}
	return u, nil
}

// ShareholderColumns are the columns of a file of shareholders. Besides them, a column headed with the name of one of the entity's share
// classes holds the shares to issue.
var ShareholderColumns = []sheet.Column{
	{Name: "name", Headings: []string{"户主", "户主姓名", "姓名", "股东", "名称", "股东名称"}, Required: true},
	{Name: "id_no", Headings: []string{"身份证号", "身份证", "身份证号码", "证件号码", "公民身份号码", "户主身份证号"}, Required: true},
	{Name: "people", Headings: []string{"家庭人数", "人口", "人数", "家庭人口"}},
	{Name: "phone", Headings: []string{"电话", "联系电话", "手机", "手机号"}},
	{Name: "bank", Headings: []string{"开户行", "开户银行", "银行"}},
	{Name: "card", Headings: []string{"银行卡号", "卡号", "银行账号", "账号", "一卡通账号"}},
	{Name: "marks", Headings: []string{"标记", "户别", "类别"}},
	{Name: "kind", Headings: []string{"股东类型", "类型"}},
	{Name: "no", Headings: []string{"序号"}},
	{Name: "id", Headings: []string{"股东编号", "编号"}},
	{Name: "village", Headings: []string{"村"}},
	{Name: "certificate", Headings: []string{"股权证号"}},
	{Name: "remark", Headings: []string{"备注", "签名", "签字"}},
}

var scientific = regexp.MustCompile(`^\d(\.\d+)?[eE]\+?\d+$`)

// rounded refuses a row with a number that a spreadsheet has already turned into 2.10727E+17 or 210727196001010000: its last digits are gone for good.
func (u *Upload) rounded(row sheet.Row) (found bool) {
	for name, check := range map[string]func(string) error{"id_no": ident.ResidentID, "card": ident.BankCard} {
		cell := row.Cells[name]
		if scientific.MatchString(cell) || len(cell) >= 18 && strings.HasSuffix(cell, "000") && check(cell) != nil {
			found = true
			u.faults = append(u.faults, &ledger.Error{Code: ledger.Invalid, Row: row.Number, Field: u.heading[name], Value: cell,
				Text: "%s 被电子表格当成数字,末几位已经丢了;请把这一列设为文本,照证件重新填写", Args: []any{cell}})
		}
	}
	return found
}

// ownColumns are columns that an import passes over: the ledger gives these out itself, or they are for people only.
var ownColumns = []string{"no", "id", "village", "certificate", "remark"}

// ShareholderFile says what a file of shareholders is for.
type ShareholderFile struct {
	Village    region.Code
	Known      bool // the shareholders are on the register already; only shares are issued
	Entity     string
	Classes    []ledger.ShareClass // of the entity; a column may be headed with the name of one
	Date       string              // business date of the issues
	Resolution string
}

// ReadShareholders reads a file of shareholders: each row registers one (unless Known) and issues the shares in the class columns.
func ReadShareholders(r io.Reader, f ShareholderFile) (*Upload, error) {
	table, err := sheet.Read(r, ShareholderColumns, func(heading string) (string, bool) {
		for _, c := range f.Classes {
			if sheet.SameHeading(heading, c.Name) || sheet.SameHeading(heading, c.Name+"("+string(c.Unit.Label())+")") {
				return "class:" + c.ID, true
			}
		}
		return "", false
	})
	if err != nil {
		return nil, fileError(err)
	}
	u := &Upload{Rows: len(table.Rows), heading: table.Heading}
	if f.Known && !slices.ContainsFunc(table.Columns, func(name string) bool { return strings.HasPrefix(name, "class:") }) {
		return nil, &ledger.Error{Code: ledger.Invalid, Field: "file", Text: "没有一列是股份的名称,不知道要配什么股"}
	}
	for _, row := range table.Rows {
		if u.rounded(row) {
			continue
		}
		if name := strings.ReplaceAll(row.Cells["name"], " ", ""); row.Cells["id_no"] == "" && (name == "合计" || name == "总计" || name == "") {
			continue // the sum under a list, and lines that only number
		}
		if !f.Known {
			fields := map[string]any{"village": string(f.Village)}
			for _, name := range table.Columns {
				if name == "kind" {
					fields[name] = holderKind(row.Cells[name])
				} else if !slices.Contains(ownColumns, name) && !strings.HasPrefix(name, "class:") {
					fields[name] = row.Cells[name]
				}
			}
			u.add(row.Number, "RegisterShareholder", fields)
		}
		for _, name := range table.Columns {
			class, ok := strings.CutPrefix(name, "class:")
			if shares := row.Cells[name]; ok && shares != "" && shares != "0" {
				if row.Cells["id_no"] == "" {
					u.faults = append(u.faults, &ledger.Error{Code: ledger.Invalid, Row: row.Number, Field: u.heading["id_no"],
						Text: "要配股的行必须有身份证号或信用代码,才知道是谁"})
					continue
				}
				u.addIssue(row.Number, name, map[string]any{
					"class": class, "id_no": row.Cells["id_no"], "name": row.Cells["name"], "quantity": shares, "date": f.Date, "resolution": f.Resolution,
				})
			}
		}
	}
	if len(u.Entries) == 0 && len(u.faults) == 0 {
		return nil, &ledger.Error{Code: ledger.Invalid, Field: "file", Text: "文件里没有要记的内容"}
	}
	return u, nil
}

// addIssue adds an issue whose quantity stands under a class's heading.
func (u *Upload) addIssue(row int, column string, fields map[string]any) {
	before := len(u.faults)
	u.add(row, "IssueShares", fields)
	for _, f := range u.faults[before:] {
		if f.Field == "quantity" {
			f.Field = u.heading[column]
		}
	}
}

// holderKind reads a kind by its code or its Chinese label.
func holderKind(cell string) string {
	for _, k := range ledger.HolderKinds() {
		if cell == string(k.Label()) || cell == "户" && k == ledger.Household {
			return string(k)
		}
	}
	return cell
}

// ReadEntries reads entries as JSON Lines: an object a line, with the kind under "entry" and its fields beside it. Empty lines and
// lines that begin with # are passed over.
func ReadEntries(r io.Reader) (*Upload, error) {
	u := &Upload{heading: map[string]string{}}
	err := eachLine(r, func(n int, line []byte) error {
		u.Rows++
		kind, fields, err := object(line)
		if err != nil {
			u.faults = append(u.faults, &ledger.Error{Code: ledger.Invalid, Row: n, Value: clip(line), Text: "第 %s 行不是 JSON 对象:%s", Args: []any{fmt.Sprint(n), err.Error()}})
			return nil
		}
		u.add(n, kind, fields)
		return nil
	})
	if err == nil && u.Rows == 0 {
		err = &ledger.Error{Code: ledger.Invalid, Text: "没有要记的分录"}
	}
	return u, err
}

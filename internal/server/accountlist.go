package server

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = on(
	get("/accounts/list", accountListForm),
	post("/accounts/list", accountListAdd).upTo(maxAccountList),
)

// The most accounts of one list, each of whose passwords takes a tenth of a second to keep, and the bytes that it may have.
const (
	maxAccounts    = 100
	maxAccountList = 1 << 20
)

// accountColumns are the columns of a list of accounts, in their order where it has no headings: the entry's field, and what people
// call it.
var accountColumns = []struct {
	Field string
	Names []string
}{
	{"name", []string{"账号", "账号名", "account", "登录名", "用户名"}}, {"person", []string{"姓名", "名字", "person", "人员"}},
	{"role", []string{"角色", "role", "职责", "岗位"}}, {"region", []string{"地区", "region", "村", "村名", "地方", "单位", "乡镇"}},
	{"phone", []string{"电话", "phone", "手机", "手机号", "联系电话"}},
}

// accountListPage is what the page accountlist shows: the form, or a slip for each account that has been added.
type accountListPage struct {
	Form  *form
	Slips []slip
	Most  int
}

// slip is what the person of a new account is handed, once: it alone has the password.
type slip struct {
	access.Newcomer
	Place string
	Site  string // where to sign in
}

var _ = page[accountListPage]("accountlist")

func accountListForm(r *request) error { return r.showAccountList(http.StatusOK, newForm(), nil) }

func (r *request) showAccountList(code int, f *form, slips []slip) error {
	return r.show(code, "accountlist", "accounts", r.who.Region, func(v *journal.View, fr *frame) (any, error) {
		if !r.who.May("AddAccount") {
			return nil, journal.Barred("只有管理员能看账号")
		}
		fr.Title = r.say.T("一次添加一批账号")
		return accountListPage{f.of("AddAccount"), slips, maxAccounts}, nil
	})
}

// accountListAdd opens the accounts of a pasted list or a file, all or none, and shows their slips: nothing else ever shows the passwords.
func accountListAdd(r *request) error {
	if !r.who.May("AddAccount") {
		return journal.Barred("只有管理员能看账号")
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	content := []byte(values.Get("paste"))
	if len(bytes.TrimSpace(content)) == 0 {
		if _, content, err = r.brought(maxAccountList); err != nil {
			return err
		}
	}
	var list []access.Newcomer
	var slips []slip
	var rows []int
	err = r.s.ledger.Read(r.who, func(v *journal.View) error {
		if list, rows, err = accountsIn(v, content); err != nil {
			return err
		}
		for i, a := range list {
			at, err := office.DivisionOf(v, a.Region)
			if err != nil {
				return atRow(err, rows[i])
			}
			slips = append(slips, slip{a, at.Short(), r.base()})
		}
		return nil
	})
	if err == nil {
		// Without the form's key: sent again, the list is refused for the accounts that are there, and no slip shows a password that is none.
		err = access.AddAccounts(r.s.ledger, r.who, list, "", false)
		for _, e := range journal.All(err) {
			if e.Row > 0 {
				e.Row = rows[e.Row-1]
			}
		}
	}
	if err != nil {
		if !refused(err) {
			return err
		}
		typed := url.Values{"paste": values["paste"], requestKey: values[requestKey]}
		return r.showAccountList(status[journal.CodeOf(err)], again(typed, err), nil)
	}
	for _, a := range list {
		r.noted(access.NewAccount, a.Name, "account")
	}
	return r.showAccountList(http.StatusOK, newForm(), slips)
}

// atRow says of refusals which row of the list they are about.
func atRow(err error, row int) error {
	for _, e := range journal.All(err) {
		e.Row = row
	}
	return err
}

// accountsIn reads a list of accounts, with the row that each stands in. A list without headings has the columns in their order.
func accountsIn(v *journal.View, content []byte) (list []access.Newcomer, rows []int, err error) {
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, nil, journal.Wrong("", "", "请选一个文件,或把名单粘贴进来")
	}
	var lines [][]string
	book, err := sheet.Open(bytes.NewReader(content))
	if err == nil {
		lines, err = book.Lines(maxAccounts + 2)
	}
	if err != nil {
		return nil, nil, journal.Wrong("", "", "这份名单读不出来;请粘贴表格,或上传 XLSX、CSV")
	}
	columns, headed := map[string]int{}, false
	for i, c := range accountColumns {
		columns[c.Field] = i
	}
	var f journal.Faults
	for i, line := range lines {
		if strings.Join(line, "") == "" {
			continue
		}
		if found := headingsOf(line); !headed && len(found) >= 3 {
			columns, headed = found, true
			continue
		}
		cell := func(field string) string {
			at, ok := columns[field]
			if !ok || at >= len(line) {
				return ""
			}
			return ident.OneLine(line[at])
		}
		a := access.Newcomer{Password: access.MadePassword(), AddAccount: office.AddAccount{
			Name: cell("name"), Person: cell("person"), Phone: cell("phone")}}
		if a.Name == "" {
			a.Name = ident.Name(a.Person)
		}
		var wrong error
		if a.Role, wrong = office.RoleNamed("role", cell("role")); wrong != nil {
			f = append(f, journal.All(atRow(wrong, i+1))...)
		}
		if a.Region, wrong = office.PlaceNamed(v, v.Who().Region, "region", cell("region")); wrong != nil {
			f = append(f, journal.All(atRow(wrong, i+1))...)
		}
		list, rows = append(list, a), append(rows, i+1)
	}
	if len(list) > maxAccounts {
		return nil, nil, journal.Wrong("", "", "一次最多添加 %s 个账号;请分几次", strconv.Itoa(maxAccounts))
	}
	if len(list) == 0 {
		return nil, nil, journal.Wrong("", "", "名单里没有账号")
	}
	return list, rows, f.Err()
}

// headingsOf finds the columns of a line of headings.
func headingsOf(line []string) map[string]int {
	found := map[string]int{}
	for i, cell := range line {
		for _, c := range accountColumns {
			if slices.ContainsFunc(c.Names, func(name string) bool { return sheet.SameHeading(name, cell) }) {
				found[c.Field] = i
			}
		}
	}
	return found
}

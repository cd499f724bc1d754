package server

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/accounts", accountList),
	post("/accounts", accountAdd),
	post("/accounts/set", accountSet),
	post("/accounts/close", accountClose),
	post("/accounts/password", accountPassword),
	get("/password", passwordForm),
	post("/password", passwordChange),
)

func accountList(r *request) error { return r.showAccounts(http.StatusOK, newForm(), newForm()) }

// accountsPage is what the page accounts shows.
type accountsPage struct {
	Required map[string]bool // roles that have to have a second step
	List     []loginRow
	Names    map[region.Code]string
	Form     *form
	Roles    []option
	Set      *form // of an account whose change was refused
}

// loginRow is an account with what may be done about it.
type loginRow struct {
	journal.Account
	acts
	Said string // the duties beside the first, as they are typed
}

var _ = page[accountsPage]("accounts")

func (r *request) showAccounts(code int, f, set *form) error {
	return r.show(code, "accounts", "accounts", r.who.Region, func(v *journal.View, fr *frame) (any, error) {
		list, err := v.Accounts(r.who.Region)
		if err != nil {
			return nil, err
		}
		names, rows := map[region.Code]string{}, []loginRow{}
		for _, a := range list {
			may, err := r.may(v, map[string]any{"account": a.Name, "home": string(a.Region)}, "CloseAccount")
			if err != nil {
				return nil, err
			}
			for _, d := range a.Duties() {
				if at, err := office.DivisionOf(v, d.Region); err == nil {
					names[d.Region] = at.Short()
				}
			}
			said := ""
			for _, d := range a.More {
				role := string(d.Role.Label())
				if r.say.Lang == "en" {
					role = string(d.Role)
				}
				said += role + " " + string(d.Region) + "\n"
			}
			rows = append(rows, loginRow{a, may, said})
		}
		fr.Title = r.say.T("账号")
		f.of("AddAccount")
		required := map[string]bool{}
		for _, role := range office.RequiredIn(v, r.who.Region) {
			required[string(role)] = true
		}
		return accountsPage{Required: required, List: rows, Names: names, Form: f, Roles: labelled(r, journal.Roles()), Set: set}, nil
	})
}

func accountAdd(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	a := access.Newcomer{Password: values.Get("password"), AddAccount: office.AddAccount{
		Name: values.Get("name"), Role: journal.Role(values.Get("role")), Person: values.Get("person"), Phone: values.Get("phone")}}
	err = r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		if a.Region, err = office.PlaceNamed(v, r.who.Region, "region", strings.TrimSpace(values.Get("region"))); err != nil {
			return err
		}
		a.More, err = office.DutiesNamed(v, r.who.Region, "duties", values.Get("duties"))
		return err
	})
	if err == nil {
		err = access.AddAccounts(r.s.ledger, r.who, []access.Newcomer{a}, values.Get(requestKey), false)
	}
	return r.accountDone(values, atDuties(err), "account")
}

// atDuties lets what is wrong with one of the duties stand at the lines they are typed in.
func atDuties(err error) error {
	for _, e := range journal.All(err) {
		if strings.HasPrefix(e.Field, "duties.") {
			e.Field = "duties"
		}
	}
	return err
}

// accountSet says anew whose an account is and what else it is for.
func accountSet(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	e := &office.SetAccount{Account: values.Get("account"), Home: region.Code(values.Get("home")), Person: values.Get("person"),
		Phone: values.Get("phone")}
	err = r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		e.More, err = office.DutiesNamed(v, r.who.Region, "duties", values.Get("duties"))
		return err
	})
	if err == nil {
		_, err = r.s.ledger.Post(r.who, r.posting([]journal.Entry{e}, ""))
	}
	if err != nil && refused(err) {
		return r.showAccounts(status[journal.CodeOf(err)], newForm(), again(values, err))
	}
	return r.accountDone(values, err, "account-set")
}

// accountDone goes back to the list of accounts, or shows the form again; a password is never shown again.
func (r *request) accountDone(values url.Values, err error, what string) error {
	if err == nil {
		r.noted(access.NewAccount, cmp.Or(values.Get("account"), values.Get("name")), what)
		return r.done("/accounts", what)
	}
	if !refused(err) {
		return err
	}
	values.Del("password")
	return r.showAccounts(status[journal.CodeOf(err)], again(values, err, accountFields...), newForm())
}

// accountFields are the fields of the form that adds an account.
var accountFields = []string{"name", "person", "phone", "role", "region", "password", "duties"}

func accountClose(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	_, err = r.post("CloseAccount", map[string]any{"account": values.Get("account"), "home": values.Get("home")}, "")
	return r.accountDone(values, err, "account-closed")
}

// accountPassword sets another account's password, for somebody who has forgotten it.
func accountPassword(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	if values.Get("account") == r.who.Account { // an unattended browser is not enough
		return r.accountDone(values, &journal.Error{Code: journal.Invalid, Field: "account", Text: "自己的密码请在“我的账号”里改"}, "")
	}
	return r.accountDone(values, access.SetPassword(r.s.ledger, r.who, values.Get("account"), values.Get("password"), false), "password-set")
}

func passwordForm(r *request) error { return r.showPassword(http.StatusOK, newForm()) }

// passwordPage is what the page password shows.
type passwordPage struct {
	Form     *form
	First    bool             // it has to be changed before anything else
	Sessions []access.Session // where the account is signed in
	Here     string           // the number of this one
	Second   bool             // whether it has a second step
}

var _ = page[passwordPage]("password")

func (r *request) showPassword(code int, f *form) error {
	return r.show(code, "password", "", r.who.Region, func(_ *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("我的账号")
		list, err := r.s.signed.Of(r.who.Account, r.s.idle)
		return passwordPage{f, r.first, list, r.s.sessions.GetString(r.Request.Context(), access.NumberKey),
			r.second}, err
	})
}

// passwordChange changes the person's own password; the old one is asked for, so that an unattended browser is not enough.
func passwordChange(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	if _, err = r.s.door.SignIn(r.Request.Context(), r.who.Account, values.Get("old"), r.ClientIP()); err != nil {
		text, ok := doorText(err)
		if !ok {
			return err
		}
		if errors.Is(err, access.ErrWrong) {
			text = "原来的密码不对"
		}
		err = &journal.Error{Code: journal.Invalid, Field: "old", Text: text}
	} else {
		err = access.SetPassword(r.s.ledger, r.who, r.who.Account, values.Get("password"), false)
	}
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showPassword(status[journal.CodeOf(err)], again(url.Values{}, err, "old", "password"))
	}
	credential, err := r.s.ledger.Credential(r.who.Account) // every other session of the account is over; this one goes on
	if err != nil {
		return err
	}
	if err := r.signIn(credential); err != nil {
		return err
	}
	if r.first {
		return r.done("/", "password")
	}
	return r.done("/password", "password")
}

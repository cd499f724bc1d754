package server

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
)

var _ = on(
	post("/login/second", loginSecond).forAnybody().upTo(maxLogin),
	get("/second", secondShow),
	post("/second", secondSet),
	post("/second/drop", secondDrop),
	post("/accounts/second", accountSecond),
	post("/accounts/require", accountRequire),
)

// Where a session keeps whose password was right, for as long as the second step may take; and the secret that a device is being given.
const (
	halfAccount = "half"
	halfSince   = "half-since"
	halfAt      = "half-at"
	newSecret   = "new-secret"
	halfLife    = 5 * time.Minute
)

// codePage is what the page code shows: the second step of signing in.
type codePage struct {
	Form    *form
	Carried *carried
}

var _ = page[codePage]("code")

// half asks for the second step of whoever's password was right.
func (r *request) half(c journal.Credential, values url.Values) error {
	ctx := r.Request.Context()
	if err := r.s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	r.s.sessions.Put(ctx, halfAccount, c.Actor.Account)
	r.s.sessions.Put(ctx, halfSince, int64(c.Since))
	r.s.sessions.Put(ctx, halfAt, r.s.clock().Unix())
	return r.showCode(http.StatusOK, newForm("next", values.Get("next")), carriedIn(values))
}

func (r *request) showCode(code int, f *form, c *carried) error {
	return r.show(code, "code", "", "", func(_ *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("第二步验证")
		return codePage{f, c}, nil
	})
}

// loginSecond lets in whoever has given the right password, and now the right code.
func loginSecond(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	name := r.s.sessions.GetString(ctx, halfAccount)
	began := time.Unix(r.s.sessions.GetInt64(ctx, halfAt), 0)
	credential, err := r.s.ledger.Credential(name)
	if name == "" || r.s.clock().Sub(began) > halfLife || err != nil || credential.Second == "" ||
		credential.Since != uint64(r.s.sessions.GetInt64(ctx, halfSince)) {
		return r.showLogin(http.StatusUnauthorized, newForm("next", values.Get("next")), carriedIn(values))
	}
	if err := r.s.door.Second(credential, values.Get("code")); err != nil {
		text := "验证码不对,或已用过"
		switch {
		case errors.Is(err, access.ErrWait):
			text = "验证码错了太多次;请等五分钟再试"
		case !errors.Is(err, access.ErrCode):
			return err
		}
		r.notedOf(credential.Actor, access.NotLetIn, "", text)
		values.Del("code")
		return r.showCode(http.StatusUnauthorized, again(values, &journal.Error{Code: journal.Forbidden, Field: "code", Text: text}, "code"),
			carriedIn(values))
	}
	r.s.sessions.Remove(ctx, halfAccount)
	return r.letIn(credential, values)
}

// letIn signs somebody in who has shown who it is, and goes on with what was being sent or asked for.
func (r *request) letIn(c journal.Credential, values url.Values) error {
	if err := r.signIn(c); err != nil {
		return err
	}
	r.notedOf(c.Actor, access.SignedIn, "", "")
	if carried := carriedIn(values); carried != nil && !c.First {
		return r.resume(carried, c.Actor)
	}
	return r.done(local(values.Get("next")), "")
}

// secondPage is what the page second shows: the second step of one's own account.
type secondPage struct {
	Form   *form
	Has    bool
	Needs  bool // it has to be set before anything else
	Secret string
	QR     code
	Codes  []string // recovery codes, shown once
}

var _ = page[secondPage]("second")

func secondShow(r *request) error { return r.showSecond(http.StatusOK, newForm(), nil) }

func (r *request) showSecond(code int, f *form, codes []string) error {
	credential, err := r.s.ledger.Credential(r.who.Account)
	if err != nil {
		return err
	}
	body := secondPage{Form: f, Has: credential.Second != "", Needs: r.needsSecond(), Codes: codes}
	if !body.Has {
		ctx := r.Request.Context()
		secret, address, err := access.SecretFor(r.who.Account, r.s.sessions.GetString(ctx, newSecret))
		if err != nil {
			return err
		}
		r.s.sessions.Put(ctx, newSecret, secret)
		body.Secret = secret
		if body.QR, err = qrPath(address); err != nil {
			return err
		}
	}
	return r.show(code, "second", "", r.who.Region, func(_ *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("第二步验证")
		return body, nil
	})
}

// needsSecond tells whether the account has to have a second step and has none; never in a demonstration.
func (r *request) needsSecond() (needs bool) {
	if r.second {
		return false
	}
	_ = r.s.ledger.Read(r.who, func(v *journal.View) error {
		needs = !v.Demo() && office.NeedsSecond(v, r.who)
		return nil
	})
	return needs
}

// secondSet gives the account its second step, once the device has shown a code.
func secondSet(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	if r.second {
		return &journal.Error{Code: journal.Conflict, Text: "已经设了第二步验证;要换设备请先取消"}
	}
	codes, err := access.SetSecond(r.s.ledger, r.who, r.s.sessions.GetString(ctx, newSecret), values.Get("code"))
	if errors.Is(err, access.ErrCode) {
		err = &journal.Error{Code: journal.Invalid, Field: "code", Text: "验证码不对;请看设备的时间对不对,再输入最新的一个"}
	}
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showSecond(status[journal.CodeOf(err)], again(url.Values{}, err, "code"), nil)
	}
	r.s.sessions.Remove(ctx, newSecret)
	r.noted(access.NewAccount, "", r.say.T("第二步验证"))
	return r.showSecond(http.StatusOK, newForm(), codes)
}

// secondDrop takes the second step off one's own account; the password is asked for.
func secondDrop(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	if _, err := r.s.door.SignIn(r.Request.Context(), r.who.Account, values.Get("old"), r.ClientIP()); err != nil {
		text, ok := doorText(err)
		if !ok {
			return err
		}
		return r.showSecond(http.StatusUnprocessableEntity, again(url.Values{}, &journal.Error{Code: journal.Invalid, Field: "old", Text: text},
			"old"), nil)
	}
	if _, err := r.post("DropSecondFactor", map[string]any{"account": r.who.Account, "home": string(r.who.Home)}, ""); err != nil {
		return err
	}
	return r.done("/second", "second-dropped")
}

// accountSecond takes the second step off somebody's account whose device is lost.
func accountSecond(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	_, err = r.post("DropSecondFactor", map[string]any{"account": values.Get("account"), "home": values.Get("home")}, "")
	return r.accountDone(values, err, "second-dropped")
}

// accountRequire says which roles have to have a second step.
func accountRequire(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	var roles []any
	for _, role := range values["roles"] {
		if role = strings.TrimSpace(role); !slices.Contains(roles, any(role)) {
			roles = append(roles, role)
		}
	}
	_, err = r.post("RequireSecondFactor", map[string]any{"region": values.Get("region"), "roles": roles}, "")
	return r.accountDone(values, err, "set")
}

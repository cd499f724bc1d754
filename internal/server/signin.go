package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

var _ = on(
	get("/login", loginForm).forAnybody(),
	post("/login", login).forAnybody(),
	post("/logout", logout).forAnybody(),
	post("/language", language).forAnybody(),
)

func loginForm(r *request) error {
	if r.who.Account != "" {
		return r.done(local(r.Query("next")), "")
	}
	return r.showLogin(http.StatusOK, newForm("next", r.Query("next")))
}

// loginPage is what the page login shows.
type loginPage struct {
	Form     *form
	Logins   []demo.Login
	Password string
}

var _ = page[loginPage]("login")

func (r *request) showLogin(code int, f *form) error {
	return r.show(code, "login", "", "", func(v *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("登录")
		body := loginPage{Form: f}
		if v.Demo() {
			body.Logins, body.Password = demo.Logins, demo.Password
		}
		return body, nil
	})
}

func login(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	credential, err := r.s.door.SignIn(strings.TrimSpace(values.Get("account")), values.Get("password"), r.ClientIP())
	if err != nil {
		values.Del("password")
		text := "账号或密码不对"
		switch {
		case errors.Is(err, access.ErrWait):
			text = "密码错了太多次;请等五分钟再试"
		case !errors.Is(err, access.ErrWrong):
			return err
		}
		return r.showLogin(http.StatusUnauthorized, again(values, &journal.Error{Code: journal.Forbidden, Field: "password", Text: text},
			"password"))
	}
	if err := r.signIn(credential); err != nil {
		return err
	}
	return r.done(local(values.Get("next")), "")
}

// local keeps redirects on this site.
func local(to string) string {
	u, err := url.Parse(to)
	odd := strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) // browsers drop some of these
	if err != nil || odd || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return "/"
	}
	return to
}

func logout(r *request) error {
	if err := r.s.sessions.Destroy(r.Request.Context()); err != nil {
		return err
	}
	return r.done("/login", "")
}

// language keeps the language a person chose, in a cookie.
func language(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	http.SetCookie(r.Writer, &http.Cookie{Name: "language", Value: values.Get("to"), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
		SameSite: http.SameSiteStrictMode})
	return r.done(local(values.Get("back")), "")
}

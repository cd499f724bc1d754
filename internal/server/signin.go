package server

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

var _ = on(
	get("/login", loginForm).forAnybody(),
	post("/login", login).forAnybody().upTo(maxLogin),
	post("/logout", logout).forAnybody(),
	post("/language", language).forAnybody(),
	post("/sessions/end", sessionEnd),
)

func loginForm(r *request) error {
	if r.who.Account != "" {
		return r.done(local(r.Query("next")), "")
	}
	return r.showLogin(http.StatusOK, newForm("next", r.Query("next")), nil)
}

// carried is a form that somebody was sending when the session had ended: it goes on once its person has signed in.
type carried struct {
	To     string // the address that it is sent to
	Fields [][2]string
}

// The most that is carried, in bytes; and how the fields are called that carry it.
const (
	maxCarried = 512 << 10
	carryTo    = "carry-to"
	carryField = "carry-field"
	carryValue = "carry-value"
)

// again asks somebody whose session has ended to sign in on the spot, and keeps what was typed for afterwards.
func (r *request) again() {
	f, c := newForm(), &carried{To: r.Request.URL.RequestURI()}
	text := "登录已过期;在这里登录以后,刚才填的内容接着提交"
	values, err := r.form()
	size := 0
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			c.Fields, size = append(c.Fields, [2]string{name, value}), size+len(name)+len(value)
		}
	}
	if err != nil || size > maxCarried || r.Request.MultipartForm != nil && len(r.Request.MultipartForm.File) > 0 {
		c, text = nil, "登录已过期;请重新登录后再提交,文件要重新选"
	}
	f.Others = append(f.Others, &journal.Error{Code: journal.Forbidden, Text: text})
	if err := r.showLogin(http.StatusUnauthorized, f, c); err != nil {
		r.showError(http.StatusUnauthorized, r.say.T("登录已过期;请重新登录后再提交"))
	}
}

// carriedIn reads what a sign-in carries, nil where that is nothing.
func carriedIn(values url.Values) *carried {
	to, names, list := local(values.Get(carryTo)), values[carryField], values[carryValue]
	if to == "/" || len(names) != len(list) {
		return nil
	}
	c := &carried{To: to}
	for i, name := range names {
		c.Fields = append(c.Fields, [2]string{name, list[i]})
	}
	return c
}

// resumePage is what the page resume shows: the form that goes on.
type resumePage struct{ C *carried }

var _ = page[resumePage]("resume")

// resume shows the form that was carried, to be sent on.
func (r *request) resume(c *carried, who journal.Actor) error {
	r.who = who
	return r.show(http.StatusOK, "resume", "", "", func(_ *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("接着提交")
		return resumePage{c}, nil
	})
}

// loginPage is what the page login shows.
type loginPage struct {
	Form     *form
	Carried  *carried // a form that was being sent when the session had ended
	Logins   []demo.Login
	Password string
}

var _ = page[loginPage]("login")

func (r *request) showLogin(code int, f *form, c *carried) error {
	return r.show(code, "login", "", "", func(v *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("登录")
		body := loginPage{Form: f, Carried: c}
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
	credential, err := r.s.door.SignIn(r.Request.Context(), strings.TrimSpace(values.Get("account")), values.Get("password"), r.ClientIP())
	if err != nil {
		values.Del("password")
		text, ok := doorText(err)
		if !ok {
			return err
		}
		tried, _ := r.s.ledger.Actor(strings.TrimSpace(values.Get("account"))) // a stranger where there is none
		r.notedOf(tried, access.NotLetIn, "", text)
		code := http.StatusUnauthorized
		if errors.Is(err, access.ErrBusy) {
			code = http.StatusServiceUnavailable
			r.Header("Retry-After", "3")
		}
		return r.showLogin(code, again(values, &journal.Error{Code: journal.Forbidden, Field: "password", Text: text}, "password"),
			carriedIn(values))
	}
	if credential.Second != "" {
		return r.half(credential, values)
	}
	return r.letIn(credential, values)
}

// maxLogin is how many bytes a sign-in may bring: a name, a password, and a form that is carried, in the spelling of forms.
const maxLogin = 4*maxCarried + 16<<10

// doorText says why somebody was not let in, and whether that is the door's word.
func doorText(err error) (text string, ok bool) {
	switch {
	case errors.Is(err, access.ErrWrong):
		return "账号或密码不对", true
	case errors.Is(err, access.ErrWait):
		return "密码错了太多次;请等五分钟再试", true
	case errors.Is(err, access.ErrBusy):
		return "正有许多人在登录;请过几秒再试", true
	case errors.Is(err, access.ErrAway):
		return "您的账号随全县的账移交到别处了,请到现在记账的地方登录", true
	}
	return "", false
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
	if r.who.Account != "" {
		r.noted(access.SignedOut, "", "")
	}
	if err := r.s.sessions.Destroy(r.Request.Context()); err != nil {
		return err
	}
	return r.done("/login", "")
}

// sessionEnd signs the account out in one other place, or everywhere.
func sessionEnd(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	number := values.Get("number")
	if number == "" && values.Get("all") == "" {
		return &journal.Error{Code: journal.Invalid, Field: "number", Text: "请选要退出的一处"}
	}
	if err := r.s.signed.End(r.who.Account, number); err != nil {
		return err
	}
	if number == "" {
		return logout(r)
	}
	return r.done("/password", "signed-out")
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

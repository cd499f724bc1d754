package server

import (
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/web"
)

// request is one request on its way through a handler: who asks, in which language.
type request struct {
	*gin.Context
	s   *Server
	who journal.Actor // the zero Actor on open pages; in the duty that the page is about
	say web.Translator
	// first says that the password has to be changed before anything else.
	first  bool
	duties []journal.Duty // all of the account's
	myName string         // what its person is called
	// second tells whether the account has a second step of signing in.
	second bool
}

type handler func(r *request) error

// status is the one place where codes become HTTP statuses.
var status = map[journal.Code]int{
	journal.Invalid: http.StatusUnprocessableEntity, journal.Conflict: http.StatusConflict, journal.NotFound: http.StatusNotFound,
	journal.Forbidden: http.StatusForbidden, journal.TooLarge: http.StatusRequestEntityTooLarge,
	journal.Unavailable: http.StatusServiceUnavailable, journal.Doubtful: http.StatusConflict,
}

var (
	errMethod = errors.New("method not allowed")
	errBroken = errors.New("broken")

	errNoPage = &journal.Error{Code: journal.NotFound, Text: "没有这个页面"}
)

// elsewhere says that what was asked for stands on another page.
type elsewhere struct{ to string }

func (e *elsewhere) Error() string { return "see " + e.to }

func tooLarge(limit int64) error {
	return &journal.Error{Code: journal.TooLarge, Text: "提交的内容太大;最多 %s MB", Args: []any{strconv.FormatInt(limit>>20, 10)}}
}

// requestOf is a request with who its session belongs to: the zero Actor when nobody is signed in or the password has been changed since.
func (s *Server) requestOf(c *gin.Context) *request {
	r := &request{Context: c, s: s, say: web.NewTranslator(languageOf(c))}
	ctx := c.Request.Context()
	name := s.sessions.GetString(ctx, access.AccountKey)
	if name == "" {
		return r
	}
	credential, err := s.ledger.Credential(name)
	if err != nil || credential.Since != uint64(s.sessions.GetInt64(ctx, access.SinceKey)) {
		return r
	}
	now, seen := s.clock(), time.Unix(s.sessions.GetInt64(ctx, access.SeenKey), 0)
	if now.Sub(seen) >= s.idle { // nobody has asked for anything in so long: it may be somebody else's browser by now
		return r
	}
	if now.Sub(seen) >= access.SeenEvery {
		s.sessions.Put(ctx, access.SeenKey, now.Unix())
	}
	r.duties, r.myName, r.first, r.second = credential.Duties, credential.Person, credential.First, credential.Second != ""
	r.who = credential.Actor.On(r.dutyHere())
	c.Set(actingAccount, name)
	return r
}

// signIn makes the session that of an account. A token from before is worth nothing after it.
func (r *request) signIn(c journal.Credential) error {
	ctx := r.Request.Context()
	if err := r.s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	now, agent := r.s.clock().Unix(), []rune(ident.OneLine(strings.ToValidUTF8(r.Request.UserAgent(), "?")))
	for key, value := range map[string]any{
		access.AccountKey: c.Actor.Account, access.SinceKey: int64(c.Since), access.NumberKey: rand.Text()[:12], access.BeganKey: now,
		access.SeenKey: now, access.FromKey: r.ClientIP(), access.AgentKey: string(agent[:min(len(agent), 200)]),
	} {
		r.s.sessions.Put(ctx, key, value)
	}
	return nil
}

// open wraps handlers of pages that need no sign-in.
func (s *Server) open(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		s.requestOf(c).answer(h)
	}
}

// page wraps handlers of pages that need one: the account is looked up afresh for each request.
func (s *Server) page(h handler, most int64) gin.HandlerFunc {
	return func(c *gin.Context) {
		r := s.requestOf(c)
		if r.who.Account == "" {
			if c.Request.Method == http.MethodGet {
				c.Redirect(http.StatusSeeOther, "/login?next="+url.QueryEscape(c.Request.URL.RequestURI()))
			} else {
				r.again()
			}
			return
		}
		if to, text := r.before(c.FullPath()); to != "" {
			if c.Request.Method == http.MethodGet {
				c.Redirect(http.StatusSeeOther, to)
			} else {
				r.showError(http.StatusForbidden, r.say.T(text))
			}
			return
		}
		r.answer(func(r *request) error {
			done, err := r.admit(most)
			if err != nil {
				return err
			}
			defer done()
			return h(r)
		})
	}
}

// before is what an account has to do before anything else, "" where that is nothing or what it is doing.
func (r *request) before(path string) (to, text string) {
	switch {
	case r.first && path != "/password":
		return "/password", "请先更改密码:现在的密码是别人设的"
	case !r.first && path != "/second" && path != "/password" && r.needsSecond():
		return "/second", "请先设第二步验证:管理员要求的"
	}
	return "", ""
}

// answer runs a handler and shows its error as a page.
func (r *request) answer(h handler) {
	err := r.named()
	if err == nil {
		err = h(r)
	}
	if err == nil {
		return
	}
	if journal.CodeOf(err) == journal.Forbidden {
		r.noted(access.Refused, r.FullPath(), err.Error())
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = tooLarge(large.Limit)
	}
	var other *elsewhere
	if errors.As(err, &other) {
		r.Redirect(http.StatusSeeOther, other.to)
		return
	}
	told, is := journal.Troubled(err)
	if is {
		slog.Error("request failed", "id", r.GetString(requestID), "path", r.FullPath(), "err", err)
	}
	switch all := journal.All(told); {
	case len(all) > 0:
		lines := make([]string, len(all))
		for i, e := range all {
			lines[i] = r.say.Refusal(e)
		}
		r.showError(status[all[0].Code], lines...)
	case errors.Is(err, errMethod):
		r.showError(http.StatusMethodNotAllowed, r.say.T("这个地址不能这样访问"))
	default:
		if !errors.Is(err, errBroken) {
			slog.Error("request failed", "id", r.GetString(requestID), "path", r.FullPath(), "err", err)
		}
		r.showError(http.StatusInternalServerError, r.say.T("程序出错了,没有写入任何内容;请把编号 %s、时间和所做的操作告诉管理员", r.GetString(requestID)))
	}
}

// noted writes into the log what somebody did. What cannot be logged is told to whoever runs the program; it stops nobody.
func (r *request) noted(doing access.Doing, object, result string) {
	r.notedOf(r.who, doing, object, result)
}

// mostNoted is the most characters of a text in the log.
const mostNoted = 200

func (r *request) notedOf(who journal.Actor, doing access.Doing, object, result string) {
	cut := func(text string) string {
		runes := []rune(ident.OneLine(strings.ToValidUTF8(text, "?")))
		return ident.MaskAll(string(runes[:min(len(runes), mostNoted)]))
	}
	if err := r.s.log.Add(access.Entry{Doing: doing, Account: who.Account, Region: who.Region, From: r.ClientIP(), Object: cut(object),
		Result: cut(result)}); err != nil {
		slog.Error("log", "err", err)
	}
}

// named refuses an address that names nothing where it has to name something.
func (r *request) named() error {
	for _, p := range r.Params {
		if strings.Trim(p.Value, "/") == "" {
			return errNoPage
		}
	}
	return nil
}

// place reads a region's code from the path.
func (r *request) place(param string) (region.Code, error) {
	code, err := region.Parse(r.Param(param))
	if err != nil {
		return "", &journal.Error{Code: journal.NotFound, Text: "地区代码 %s 不对", Args: []any{r.Param(param)}}
	}
	return code, nil
}

// year reads the year asked for; 0 when none is. Queries refuse a year that no book can have.
func (r *request) year() int {
	y, _ := strconv.Atoi(r.Query("year"))
	return y
}

// form reads a posted form.
func (r *request) form() (url.Values, error) {
	ct := r.ContentType()
	var err error
	if ct == "multipart/form-data" {
		err = r.Request.ParseMultipartForm(maxUpload) // in memory: what people upload holds personal numbers
	} else {
		err = r.Request.ParseForm()
	}
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, err
		}
		return nil, &journal.Error{Code: journal.Invalid, Text: "表单读不出来;请重新打开页面再填"}
	}
	return r.Request.PostForm, nil
}

// brought reads the file that a form brings, at most so many bytes of it; the name is "" where it brings none.
func (r *request) brought(most int64) (name string, content []byte, err error) {
	header, err := r.FormFile("file")
	if err != nil {
		return "", nil, nil // a form without a file
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	content, err = io.ReadAll(io.LimitReader(file, most))
	return header.Filename, content, err
}

// requestKey is the form field that makes a form's posting happen once; heardKey those that say which doubts somebody has answered.
const (
	requestKey = "request"
	heardKey   = "heard"
	seenKey    = "seen" // the version of what a form acts on
)

// fields turns a form into the fields of an entry: one value for each name, but "request".
func fields(form url.Values) map[string]any {
	f := map[string]any{}
	for name, values := range form {
		if name != requestKey && name != heardKey && name != "id" && len(values) > 0 { // ids are the ledger's to give; scripts may ask for one
			f[name] = strings.TrimSpace(values[0])
		}
	}
	return f
}

// post decodes an entry and posts it.
func (r *request) post(kind string, f map[string]any, key string) (journal.Receipt, error) {
	return r.postAll(kind, []map[string]any{f}, key)
}

// posting is what a form posts: with a doubt that has not been answered it is shown again.
func (r *request) posting(entries []journal.Entry, key string) journal.Posting {
	return journal.Posting{Entries: entries, Request: key, Careful: true, Heard: r.Request.PostForm[heardKey]}
}

// postAll decodes entries of a kind and posts them together.
func (r *request) postAll(kind string, list []map[string]any, key string) (journal.Receipt, error) {
	entries := make([]typedEntry, len(list))
	for i, f := range list {
		entries[i] = typedEntry{kind, f}
	}
	return r.postTogether(entries, key)
}

// typedEntry is an entry as a form gives it: its kind and its fields.
type typedEntry struct {
	kind   string
	fields map[string]any
}

// postTogether decodes entries of several kinds and posts them together.
func (r *request) postTogether(list []typedEntry, key string) (journal.Receipt, error) {
	p := r.posting(nil, key)
	for _, t := range list {
		e, err := journal.Decode(t.kind, t.fields)
		if err != nil {
			return journal.Receipt{}, err
		}
		p.Entries = append(p.Entries, e)
	}
	receipt, err := r.s.ledger.Post(r.who, p)
	for _, e := range journal.All(err) {
		e.Row = 0 // of the posting, which the reader has not seen
	}
	return receipt, err
}

// done goes on to another page after a post, which says what was done there.
func (r *request) done(to, what string) error {
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	if what != "" {
		to += sep + "done=" + what
	}
	r.Redirect(http.StatusSeeOther, to)
	return nil
}

// attachment begins a download.
func (r *request) attachment(name, kind string) {
	h := r.Writer.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("Cache-Control", "no-store")
}

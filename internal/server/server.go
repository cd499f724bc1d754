// Package server is the pages: Gin, sign-in, forms and exports. It is the only room that knows HTTP.
package server

import (
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// Limits of what a request may bring.
const (
	maxForm   = 4 << 20  // bytes of a form
	maxUpload = 32 << 20 // bytes of an uploaded file
	pageSize  = 100      // rows of a list
)

// Server serves the pages of one ledger.
type Server struct {
	ledger   *journal.Ledger
	door     *access.Door
	sessions *scs.SessionManager
	pages    *pages
	files    *store.Files // of scanned papers
	parking  parking      // uploaded files that have not been posted yet
	banks    []dividend.BankFormat
	public   string // where villagers reach the program, "" for the address that the reader used
}

// Options are what the office decides about its site.
type Options struct {
	Secure bool   // marks cookies for HTTPS only
	Public string // http://host or https://host that certificates lead to, "" for the address that the reader used
}

// New makes the handler of all pages. Scanned papers lie in files; banks are the formats of files for banks.
func New(l *journal.Ledger, files *store.Files, banks []dividend.BankFormat, o Options) (http.Handler, error) {
	if o.Public != "" {
		u, err := url.Parse(o.Public)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
			return nil, &journal.Error{Code: journal.Invalid, Field: "public", Value: o.Public, Text: "“%s”不是网址;请写成 http://10.0.0.8:8080",
				Args: []any{o.Public}}
		}
	}
	door, err := access.NewDoor(l)
	if err != nil {
		return nil, err
	}
	pages, err := loadPages()
	if err != nil {
		return nil, err
	}
	s := &Server{ledger: l, door: door, sessions: newSessions(l, o.Secure), pages: pages, files: files, banks: banks,
		public: strings.TrimRight(o.Public, "/")}
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.HandleMethodNotAllowed = true
	g.ContextWithFallback = true
	g.Use(s.recover, headers, s.limit, s.sameOrigin)
	s.routes(g)
	s.sessions.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		slog.Error("session", "err", err)
		http.Error(w, "session store is not available", http.StatusServiceUnavailable)
	}
	return compressed(s.sessions.LoadAndSave(g))
}

// compressed answers with gzip whoever takes it: pages of a city are ten times as small on a county's lines. The jitter keeps their lengths
// from telling what stands in them.
func compressed(h http.Handler) (http.Handler, error) {
	text := func(kind string) bool { // workbooks and scans are compressed already
		return strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "image/svg+xml") || strings.HasPrefix(kind, "application/json")
	}
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.RandomJitter(64, 0, false), gzhttp.ContentTypeFilter(text))
	if err != nil {
		return nil, err
	}
	return wrap(h), nil
}

// sessionLife is how long a sign-in lasts: a working day.
const sessionLife = 12 * time.Hour

func newSessions(l *journal.Ledger, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Lifetime = sessionLife
	m.HashTokenInStore = true
	m.Cookie.Name = "sanbian"
	m.Cookie.SameSite = http.SameSiteStrictMode
	m.Cookie.Secure = secure
	m.Store = access.SessionsOf(l, time.Now) // the library decides ends by the wall clock
	return m
}

// routes puts every route that a file has registered before its wrapper.
func (s *Server) routes(g *gin.Engine) {
	g.GET("/static/:version/*file", serveStatic)
	g.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	for _, r := range table {
		if r.open {
			g.Handle(r.method, r.path, s.open(r.do))
		} else {
			g.Handle(r.method, r.path, s.page(r.do))
		}
	}
	g.NoRoute(s.open(func(r *request) error { return errNoPage }))
	g.NoMethod(s.open(func(r *request) error { return errMethod }))
}

// headers are the same for all answers. Nothing runs or loads but what the program itself serves.
func headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Next()
}

// limit bounds the body of every request.
func (s *Server) limit(c *gin.Context) {
	limit := int64(maxForm)
	for _, r := range table {
		if r.most != 0 && r.method == c.Request.Method && r.path == c.FullPath() {
			limit = r.most
		}
	}
	if c.Request.ContentLength > limit {
		s.open(func(*request) error { return tooLarge(limit) })(c)
		c.Abort()
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
	c.Next()
}

var crossOrigin = http.NewCrossOriginProtection()

// sameOrigin refuses forms that another site posts.
func (s *Server) sameOrigin(c *gin.Context) {
	if err := crossOrigin.Check(c.Request); err != nil {
		s.open(func(*request) error {
			return &journal.Error{Code: journal.Forbidden, Text: "这张表单不是从本台账的页面提交的,没有处理"}
		})(c)
		c.Abort()
		return
	}
	c.Next()
}

// recover turns a bug's panic into an error page.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			slog.Error("panic", "path", c.Request.URL.Path, "err", p, "stack", string(debug.Stack()))
			s.open(func(*request) error { return errBroken })(c)
			c.Abort()
		}
	}()
	c.Next()
}

// now is when the request is answered, by the ledger's clock.
func (r *request) now() time.Time { return r.s.ledger.Now() }

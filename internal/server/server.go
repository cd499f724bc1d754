// Package server is the pages: Gin, sign-in, forms and exports. It is the only room that knows HTTP.
package server

import (
	"cmp"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
	"github.com/sanbian/ledger/internal/witness"
)

// Limits of what a request may bring.
const (
	maxForm   = 4 << 20  // bytes of a form
	maxUpload = 32 << 20 // bytes of an uploaded file
	pageSize  = 100      // rows of a list

	formTime   = 30 * time.Second // in which a form has to be there
	uploadTime = 5 * time.Minute
)

// Server serves the pages of one ledger.
type Server struct {
	ledger   *journal.Ledger
	door     *access.Door
	sessions *scs.SessionManager
	log      *access.Log
	signed   access.Sessions // the same, by whose they are
	idle     time.Duration   // after which a session is over
	clock    func() time.Time
	hosts    []string // that the program answers for, none for any
	secure   bool     // browsers come by HTTPS
	bodies   *budget
	requests *slog.Logger // nil where nobody wants it
	pages    *pages
	files    *store.Files // of scanned papers
	parking  parking      // uploaded files that have not been posted yet
	banks    []dividend.BankFormat
	backups  *backup.Keeper
	seals    witness.Folder
	timed    func(route string, status int, took time.Duration)
	checks   []Check // of readiness

	readiness readiness
	public    string // where villagers reach the program, "" for the address that the reader used
}

// Options are what the office decides about its site.
type Options struct {
	Secure  bool          // browsers come by HTTPS: cookies are for that only, and browsers are told to stay with it
	Idle    time.Duration // after which a session is over that nobody uses; 0 for DefaultIdle
	Life    time.Duration // after which any session is over; 0 for DefaultLife
	LogKept time.Duration // how long the log is kept, at least access.LeastKept
	Hosts   []string      // names that the program answers for, with any port; none for any
	Public  string        // http://host or https://host that certificates lead to, "" for the address that the reader used
	// Proxies are the addresses or networks of proxies whose word for a reader's address counts; none where it is empty.
	Proxies []string
	// Backups are made by the server itself; nil where it makes none.
	Backups *backup.Keeper
	// Timed is told how long each page took, by its route; nil for nobody.
	Timed func(route string, status int, took time.Duration)
	// Seals are those of the journal's ends that the public page shows; "" for none.
	Seals witness.Folder
	// Checks are what has to be in order beside the books, for who asks whether the program is ready.
	Checks []Check
	// Requests takes a line of JSON about each request; nil for no such log.
	Requests io.Writer
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
	s := &Server{ledger: l, door: door, sessions: newSessions(l, o), signed: access.SessionsOf(l, time.Now),
		log: access.LogOf(l, time.Now, o.LogKept), pages: pages, files: files,
		banks: banks, public: strings.TrimRight(o.Public, "/"), idle: cmp.Or(o.Idle, DefaultIdle), clock: time.Now, hosts: o.Hosts,
		secure: o.Secure, backups: o.Backups, seals: o.Seals, timed: o.Timed, bodies: bodies(), requests: newRequestLog(o)}
	s.checks = append(s.ownChecks(), o.Checks...)
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.HandleMethodNotAllowed = true
	if err := g.SetTrustedProxies(o.Proxies); err != nil {
		return nil, &journal.Error{Code: journal.Invalid, Field: "proxy", Text: "代理的地址不对:%s", Args: []any{err.Error()}}
	}
	g.ContextWithFallback = true
	g.Use(s.logged, s.recover, s.host, s.headers, s.limit, s.sameOrigin)
	s.routes(g)
	s.sessions.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		slog.Error("session", "err", err)
		told, _ := journal.Troubled(err)
		http.Error(w, told.Error(), http.StatusServiceUnavailable)
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

// How long a sign-in lasts where the office does not say otherwise: as long as somebody works with it, at most a working day.
const (
	DefaultIdle = 2 * time.Hour
	DefaultLife = 12 * time.Hour
)

func newSessions(l *journal.Ledger, o Options) *scs.SessionManager {
	m := scs.New()
	m.Lifetime = cmp.Or(o.Life, DefaultLife)
	m.HashTokenInStore = true
	m.Cookie.Name = "sanbian"
	m.Cookie.Persist = false // computers are shared: what is closed is signed out
	m.Cookie.SameSite = http.SameSiteStrictMode
	m.Cookie.Secure = o.Secure
	m.Store = access.SessionsOf(l, time.Now) // the library decides ends by the wall clock
	return m
}

// routes puts every route that a file has registered before its wrapper.
func (s *Server) routes(g *gin.Engine) {
	g.GET("/static/:version/*file", serveStatic)
	g.GET("/healthz", healthy)
	g.GET("/readyz", s.ready)
	for _, r := range table {
		if r.open {
			g.Handle(r.method, r.path, s.open(r.do))
		} else {
			g.Handle(r.method, r.path, s.page(r.do, r.most))
		}
	}
	g.NoRoute(s.open(func(r *request) error { return errNoPage }))
	g.NoMethod(s.open(func(r *request) error { return errMethod }))
}

// host refuses a name that the program does not answer for, where names are given: pages must not be had under somebody else's.
func (s *Server) host(c *gin.Context) {
	name := c.Request.Host
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	if len(s.hosts) > 0 && !slices.ContainsFunc(s.hosts, func(h string) bool { return strings.EqualFold(h, name) }) {
		c.String(http.StatusMisdirectedRequest, "not served here\n")
		c.Abort()
		return
	}
	c.Next()
}

// headers are the same for all answers. Nothing runs or loads but what the program itself serves.
func (s *Server) headers(c *gin.Context) {
	h := c.Writer.Header()
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
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
		drain(c)
		s.open(func(*request) error { return tooLarge(limit) })(c)
		c.Abort()
		return
	}
	patience := formTime
	if limit > maxForm {
		patience = uploadTime
	}
	// Where the connection has no deadlines, as in tests, there is nothing to set.
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(patience))
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
			slog.Error("panic", "id", c.GetString(requestID), "path", c.FullPath(), "err", p, "stack", string(debug.Stack()))
			s.open(func(*request) error { return errBroken })(c)
			c.Abort()
		}
	}()
	c.Next()
}

// now is when the request is answered, by the ledger's clock.
func (r *request) now() time.Time { return r.s.ledger.Now() }

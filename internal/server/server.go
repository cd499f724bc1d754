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

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
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
	banks    []exchange.BankFormat
	public   string // where villagers reach the program, "" for the address that the reader used
}

// Options are what the office decides about its site.
type Options struct {
	Secure bool   // marks cookies for HTTPS only
	Public string // http://host or https://host that certificates lead to, "" for the address that the reader used
}

// New makes the handler of all pages. Scanned papers lie in files; banks are the formats of files for banks.
func New(l *journal.Ledger, files *store.Files, banks []exchange.BankFormat, o Options) (http.Handler, error) {
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
	return s.sessions.LoadAndSave(g), nil
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
	m.Store = access.Sessions{Store: l.Store(), Clock: time.Now} // the library decides ends by the wall clock
	return m
}

func (s *Server) routes(g *gin.Engine) {
	g.GET("/static/:version/*file", serveStatic)
	g.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	g.GET("/login", s.open(loginPage))
	g.POST("/login", s.open(login))
	g.POST("/logout", s.open(logout))
	g.POST("/language", s.open(language))
	g.GET("/check", s.open(checkPaper))

	g.GET("/", s.page(today))
	g.GET("/summary/:place", s.page(summary))
	g.GET("/shells/:place", s.page(shells))
	g.POST("/year/:place/close", s.page(yearClose))
	g.GET("/income/:book", s.page(incomeList))
	g.POST("/income/:book", s.page(incomeRecord))
	g.GET("/income/:book/reverse/:id", s.page(incomeReverseForm))
	g.POST("/income/:book/reverse/:id", s.page(incomeReverse))

	g.GET("/entities/:place", s.page(entityList))
	g.GET("/entities/:place/new", s.page(entityForm))
	g.POST("/entities/:place/new", s.page(entityRegister))
	g.GET("/entity/:id", s.page(entityShow))
	g.POST("/entity/:id", s.page(classOpen))
	g.GET("/entity/:id/issue", s.page(issueForm))
	g.POST("/entity/:id/issue", s.page(issue))
	g.GET("/transformation/:place", s.page(transformation))
	g.GET("/transformation/:place/shareholders", s.page(stakeholders))
	g.GET("/transformation/:place/classes", s.page(classStakes))
	g.GET("/contributions/:place", s.page(contributionList))
	g.POST("/contributions/:place", s.page(contributionRecord))
	g.GET("/class/:id", s.page(classShow))
	g.GET("/class/:id/register", s.page(registerPaper))

	g.GET("/shareholders/:place", s.page(shareholderList))
	g.GET("/shareholders/:place/new", s.page(shareholderForm))
	g.POST("/shareholders/:place/new", s.page(shareholderRegister))
	g.POST("/shareholders/:place/shareholders.csv", s.page(shareholdersExport))
	g.POST("/shareholders/:place/shareholders.xlsx", s.page(shareholdersExport))
	g.GET("/upload/:place", s.page(uploadForm))
	g.POST("/upload/:place", s.page(upload))
	g.GET("/upload/:place/:id", s.page(uploadShow))
	g.POST("/upload/:place/:id/mend", s.page(uploadMend))
	g.POST("/upload/:place/:id/post", s.page(uploadPost))
	g.POST("/upload/:place/:id/drop", s.page(uploadDrop))
	g.GET("/upload/:place/:id/marked.csv", s.page(uploadMarked))
	g.GET("/upload/:place/:id/marked.xlsx", s.page(uploadMarked))
	g.GET("/duplicates/:place", s.page(duplicates))
	g.GET("/papers/:of", s.page(papersShow))
	g.POST("/papers/:of", s.page(paperAdd))
	g.GET("/paper/:id", s.page(paperOpen))
	g.POST("/shareholder/:id/members", s.page(membersList))
	g.POST("/class/:id/reopen", s.page(classReopen))
	g.GET("/shareholder/:id", s.page(shareholderShow))
	g.POST("/shareholder/:id/reveal", s.page(shareholderReveal))
	g.POST("/shareholder/:id/card", s.page(cardChange))
	g.POST("/shareholder/:id/correct", s.page(shareholderCorrect))
	g.POST("/shareholder/:id/reverse", s.page(movementReverse))
	g.POST("/shareholder/:id/release", s.page(pledgeRelease))
	g.GET("/shareholder/:id/certificate", s.page(certificatePaper))
	g.POST("/shareholder/:id/certificate", s.page(certificateReissue))
	g.GET("/shareholder/:id/move/:event", s.page(moveForm))
	g.POST("/shareholder/:id/move/:event", s.page(move))
	g.POST("/entity/:id/charter", s.page(charterChange))
	g.POST("/entity/:id/reserve", s.page(reserveChange))
	g.POST("/entity/:id/correct", s.page(entityCorrect))
	g.POST("/entity/:id/dissolve", s.page(entityDissolve))
	g.POST("/entity/:id/undissolve", s.page(dissolutionReverse))
	g.POST("/class/:id/close", s.page(classClose))

	g.GET("/distributions/:place", s.page(distributionList))
	g.GET("/distributions/:place/paper/:kind", s.page(plansPaper))
	g.GET("/entity/:id/distribute", s.page(distributionForm))
	g.POST("/entity/:id/distribute", s.page(distributionDraft))
	g.GET("/distribution/:id", s.page(distributionShow))
	g.GET("/distribution/:id/revise", s.page(distributionReviseForm))
	g.POST("/distribution/:id/revise", s.page(distributionRevise))
	for step, kind := range map[string]string{
		"submit": "SubmitDistribution", "return": "ReturnDistribution", "approve": "ApproveDistribution", "void": "VoidDistribution",
		"confirm": "ConfirmPayouts", "fail": "FailPayouts", "reverse": "ReversePayouts", "hold": "HoldPayouts",
		"disclose": "DiscloseDistribution",
		"object":   "RaiseObjection", "answer": "AnswerObjection", "close": "CloseDistribution",
	} {
		g.POST("/distribution/:id/"+step, s.page(distributionStep(kind)))
	}
	g.POST("/distribution/:id/batch", s.page(batchMake))
	g.POST("/distribution/:id/payouts.csv", s.page(payoutsExport))
	g.GET("/distribution/:id/payouts.csv", s.page(payoutsExport))
	g.POST("/distribution/:id/payouts.xlsx", s.page(payoutsExport))
	g.GET("/distribution/:id/payouts.xlsx", s.page(payoutsExport))

	g.GET("/distribution/:id/paper/:kind", s.page(planPaper))
	g.POST("/distribution/:id/paper/:kind", s.page(planPaper))
	g.GET("/distribution/:id/release/*ref", s.page(releaseForm))
	g.POST("/distribution/:id/release/*ref", s.page(release))
	g.GET("/batch/:id", s.page(batchShow))
	g.POST("/batch/:id/file", s.page(batchFile))
	g.POST("/batch/:id/result", s.page(batchResult))
	g.POST("/batch/:id/recall", s.page(batchRecall))
	g.GET("/statement/:book", s.page(statementShow))
	g.POST("/statement/:book/aside", s.page(setAside))
	g.POST("/statement/:book/opening", s.page(bringForward))
	g.GET("/members/:id", s.page(membersShow))
	g.POST("/members/:id/trade", s.page(tradeRecord))
	g.POST("/members/:id/reserve", s.page(reserveQuantify))
	g.POST("/members/:id/back", s.page(quantifiedReverse))
	g.POST("/members/:id/subsidy", s.page(subsidyQuantify))
	g.GET("/members/:id/account/:holder", s.page(memberAccount))

	g.GET("/journal/:place", s.page(journalShow))
	g.GET("/entry/:chain/:seq", s.page(entryShow))
	g.GET("/export/:what/:place", s.page(export))

	g.GET("/accounts", s.page(accountList))
	g.POST("/accounts", s.page(accountAdd))
	g.POST("/accounts/close", s.page(accountClose))
	g.POST("/accounts/password", s.page(accountPassword))
	g.GET("/password", s.page(passwordForm))
	g.POST("/password", s.page(passwordChange))

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
	switch c.FullPath() {
	case "/upload/:place":
		limit = maxUpload
	case "/batch/:id/result":
		limit = maxUpload
	case "/papers/:of":
		limit = paper.MaxPaper + 1<<20
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

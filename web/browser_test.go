package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/demo/demotest"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/server"
	"github.com/sanbian/ledger/internal/store"
)

// site is the program with the demonstration, as a browser meets it.
type site struct {
	*testing.T
	url     string
	store   store.Store
	ledger  *journal.Ledger
	shots   string
	browser context.Context
	key     *seal.Key
	now     *atomic.Int64 // seconds: the site's clock
}

// later moves the site's clock on by some days.
func (s *site) later(days int) { s.now.Add(int64(days) * 86400) }

// verified folds the site's journal and fails the test where the tables differ.
func (s *site) verified() {
	s.Helper()
	scratch, err := store.OpenScratch(filepath.Join(s.TempDir(), "scratch"))
	if err != nil {
		s.Fatal(err)
	}
	defer scratch.Close()
	if _, err := journal.Verify(s.store, scratch, s.key); err != nil {
		s.Errorf("verify: %v", err)
	}
}

// newSite fills a demonstration, serves it and starts a browser. Where there is no browser the test is skipped, but not under CI.
func newSite(t *testing.T) *site {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("CI is set, but there is no Chromium on this machine")
		}
		t.Skip("no Chromium on this machine: the journey through the pages was not tried")
	}
	s, key := demotest.Open(t)
	now := &atomic.Int64{}
	now.Store(time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing).Unix())
	l, err := journal.Open(s, key, func() time.Time { return time.Unix(now.Load(), 0) })
	if err != nil {
		t.Fatal(err)
	}
	files := store.OpenFiles(filepath.Join(t.TempDir(), "papers"), key)
	l.KeepPapers(files)
	handler, err := server.New(l, files, exchange.BankFormats(), server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("lang", "zh-CN"), chromedp.WindowSize(1280, 900))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	browser, stopBrowser := chromedp.NewContext(alloc)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	shots := os.Getenv("SANBIAN_SHOTS")
	if shots == "" {
		if shots, err = os.MkdirTemp("", "sanbian-pages-"); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("pictures of the pages are in %s", shots)
	t.Cleanup(func() {
		stopBrowser()
		stopAlloc()
		srv.Close()
		l.Close()
		s.Close()
		if os.Getenv("SANBIAN_SHOTS") == "" && !t.Failed() {
			os.RemoveAll(shots)
		}
	})
	return &site{t, srv.URL, s, l, shots, browser, key, now}
}

// person is somebody at a browser of their own.
type person struct {
	*site
	ctx context.Context
}

// as opens a browser with no history and signs in.
func (s *site) as(account string) *person {
	s.Helper()
	ctx, stop := chromedp.NewContext(s.browser, chromedp.WithNewBrowserContext())
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	s.Cleanup(func() { cancel(); stop() })
	p := &person{s, ctx}
	p.visit("/login")
	p.fill("account", account)
	p.fill("password", demo.Password)
	p.press("登录")
	return p
}

func (p *person) run(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.shot("failed")
		p.Fatalf("%v; the page says:\n%s", err, p.text())
	}
}

// visit opens a page by its address.
func (p *person) visit(path string) { p.Helper(); p.run(chromedp.Navigate(p.url + path)) }

// fill types into the field with a name; what stood there goes.
func (p *person) fill(name, value string) {
	p.Helper()
	script[bool](p, fmt.Sprintf(`(() => {
				const field = document.querySelector('main [name="%s"]');
				field.value = %q;
				return field.value === %q;
			})()`, name, value, value))
}

// fillIn is fill in the form that posts to an address with this end.
func (p *person) fillIn(action, name, value string) {
	p.Helper()
	if !script[bool](p, fmt.Sprintf(`(() => {
				const field = document.querySelector('main form[action*="%s"] [name="%s"]');
				field.value = %q;
				return field.value === %q;
			})()`, action, name, value, value)) {
		p.Fatalf("%s of %s does not take %q", name, action, value)
	}
}

// ticks answers every doubt that the page asks about.
func (p *person) ticks() {
	p.Helper()
	script[bool](p, `document.querySelectorAll('main .doubts [name="heard"]').forEach(x => x.checked = true) ?? true`)
}

// press presses the button, or follows the link, with a text, and waits for the page it leads to.
func (p *person) press(text string) {
	p.Helper()
	p.follow(fmt.Sprintf(`//main//*[self::button or self::a][starts-with(normalize-space(), %q)]`, text))
}

// follow clicks the first thing an XPath finds and waits for the page it leads to.
func (p *person) follow(xpath string) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 15*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(xpath, chromedp.NodeVisible)); err != nil {
		p.shot("failed")
		p.Fatalf("%s: %v; the page says:\n%s", xpath, err, p.text())
	}
}

func (p *person) text() string {
	s, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	return s
}

// script runs a script in a person's page and returns its value.
func script[T any](p *person, js string) T {
	p.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", js, err)
	}
	return v
}

// sees fails the test unless the page shows all texts.
func (p *person) sees(texts ...string) {
	p.Helper()
	page := p.text()
	for _, want := range texts {
		if !strings.Contains(page, want) {
			p.shot("failed")
			p.Fatalf("the page does not say %q:\n%s", want, page)
		}
	}
}

func (p *person) seesNot(texts ...string) {
	p.Helper()
	page := p.text()
	for _, not := range texts {
		if strings.Contains(page, not) {
			p.Fatalf("the page says %q:\n%s", not, page)
		}
	}
}

// value is what a field holds.
func (p *person) value(name string) string {
	p.Helper()
	return script[string](p, `document.querySelector('main [name="`+name+`"]').value`)
}

// upload puts a file into a file field.
func (p *person) upload(name, content string) {
	p.Helper()
	file := filepath.Join(p.TempDir(), "households.csv")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		p.Fatal(err)
	}
	p.run(chromedp.SetUploadFiles(chromedp.CSS(`[name="`+name+`"]`), []string{file}))
}

// download posts a form that answers with a file, with the cookies of the person's browser.
func (p *person) download(path string) string {
	p.Helper()
	req, err := http.NewRequest(http.MethodPost, p.url+path, nil)
	if err != nil {
		p.Fatal(err)
	}
	p.run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		res, err := cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{})
		for _, c := range res.Cookies {
			req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
		return err
	}))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.Fatalf("%s: %s, %v", path, res.Status, err)
	}
	return string(b)
}

// shot takes pictures of the whole page: at desk and phone width, and in dark.
func (p *person) shot(name string) {
	if os.Getenv("SANBIAN_SHOTS") == "" && name != "failed" { // pictures take longer than the journeys
		return
	}
	for _, size := range []struct {
		suffix string
		width  int64
		dark   string
	}{{"desk", 1280, "light"}, {"phone", 360, "light"}, {"dark", 1280, "dark"}} {
		err := chromedp.Do(p.ctx, chromedp.EmulateViewport(size.width, 900), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: size.dark}},
			})
			return err
		}))
		var picture []byte
		if err == nil {
			picture, err = chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(p.shots, name+"-"+size.suffix+".png"), picture, 0o600)
		}
		if err != nil {
			p.Logf("no picture of %s: %v", name, err)
		}
	}
	_ = chromedp.Do(p.ctx, chromedp.EmulateViewport(1280, 900))
}

// fitsPhone fails the test when the page is wider than a phone.
func (p *person) fitsPhone() {
	p.Helper()
	p.run(chromedp.EmulateViewport(360, 740))
	p.isNarrow()
	p.run(chromedp.EmulateViewport(1280, 900))
}

// isNarrow fails the test when the page, in a window as wide as a phone, is wider than that.
func (p *person) isNarrow() {
	p.Helper()
	wide := script[string](p, `[...document.querySelectorAll("body *")]
				.filter(e => e.getBoundingClientRect().right > 361 && !e.closest(".scroll, .crumbs, .skip"))
				.map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).slice(0, 3).join(", ")`)
	if script[int](p, `document.documentElement.scrollWidth`) > 360 {
		p.Errorf("the page %q is wider than a phone of 360: %s", p.address(), wide)
	}
}

func (p *person) address() string {
	s, _ := chromedp.Run(p.ctx, chromedp.Location())
	return strings.TrimPrefix(s, p.url)
}

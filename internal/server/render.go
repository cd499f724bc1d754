package server

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/web"
)

// pages are the templates, parsed once for each language.
type pages struct {
	byLang map[string]map[string]*template.Template
}

// shown is the frame of a page with the type of its body: what the page's template is held against.
type shown[B any] struct {
	frame
	Body B
}

// pageTypes are the types of the pages' bodies, and what templates are held against, by the pages' names.
var pageTypes = map[string]struct {
	body  reflect.Type
	shown any
}{}

// page says what the page of a name shows.
func page[B any](name string) struct{} {
	pageTypes[name] = struct {
		body  reflect.Type
		shown any
	}{reflect.TypeFor[B](), shown[B]{}}
	return struct{}{}
}

// crumb is a place on the way down to the page's.
type crumb struct {
	office.Division
	Open bool // whether the reader may see its books
}

func crumbsOf(v *journal.View, place region.Code) (list []crumb) {
	for _, d := range office.Path(v, place) {
		list = append(list, crumb{d, v.Within(d.Code) == nil})
	}
	return list
}

// frame is what every page has around its body.
type frame struct {
	Title   string
	Lang    string
	Demo    bool
	Who     journal.Actor
	Person  string  // what its person is called
	Posts   []place // other places and duties to go to
	Crumbs  []crumb
	Menu    []link
	Home    region.Code // the account's region, where the menu leads
	Active  string      // the part of the menu the page belongs to
	Waiting int         // how many things wait for the reader
	Here    string      // path and query, to come back to
	Done    string
	Version string
	Body    any
	Named   []resolution.Resolution // those that a form of the page may name
	v       *journal.View
	Away    string // to whom the county's books have been handed over: they are only read here
	Refresh int    // seconds after which the page looks again, 0 for one that stays
}

// Signed names who did something at a moment.
func (f *frame) Signed(account string, at time.Time) string { return f.v.Signed(account, at) }

// By names who did a step.
func (f *frame) By(s journal.Stamp) string { return f.v.By(s) }

var staticVersion = hashStatic()

func hashStatic() string {
	h := sha256.New()
	_ = fs.WalkDir(web.Files, "static", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			b, _ := web.Files.ReadFile(name)
			h.Write(b)
		}
		return err
	})
	return fmt.Sprintf("%x", h.Sum(nil)[:6])
}

// serveStatic serves styles and scripts. Their address has their hash in it, so that browsers may keep them.
func serveStatic(c *gin.Context) {
	name := path.Join("static", path.Clean("/"+c.Param("file")))
	b, err := web.Files.ReadFile(name)
	if err != nil {
		c.String(http.StatusNotFound, "not found\n")
		return
	}
	if c.Param("version") == staticVersion {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	c.Data(http.StatusOK, mime.TypeByExtension(path.Ext(name)), b)
}

// loadPages reads the pages once: they are the same for every server of the process.
var loadPages = sync.OnceValues(readPages)

func readPages() (*pages, error) {
	p := &pages{byLang: map[string]map[string]*template.Template{}}
	files, err := fs.Glob(web.Files, "templates/page/*.html")
	if err != nil {
		return nil, err
	}
	shared, err := fs.Glob(web.Files, "templates/partial/*.html")
	if err != nil {
		return nil, err
	}
	shared = append(shared, "templates/layout.html")
	for _, lang := range web.Languages {
		common := template.New("").Funcs(functions(web.NewTranslator(lang)))
		for _, f := range shared {
			if err := parsePage(common, f); err != nil {
				return nil, err
			}
		}
		p.byLang[lang] = map[string]*template.Template{}
		for _, f := range files {
			t := template.Must(common.Clone())
			if err := parsePage(t, f); err != nil {
				return nil, err
			}
			p.byLang[lang][strings.TrimSuffix(path.Base(f), ".html")] = t
		}
	}
	return p, nil
}

// What makes a template readable and does not belong on the page: indentation, and line breaks before and behind elements that begin a line
// of their own.
var (
	indentation = regexp.MustCompile(`\n[ \t]+`)
	breakBefore = regexp.MustCompile(`\n(</?(?:` + blocks + `)\b)`)
	breakBehind = regexp.MustCompile(`(</(?:` + blocks + `)>)\n`)
)

const blocks = "div|p|table|thead|tbody|tfoot|tr|td|th|section|ul|ol|li|dl|dt|dd|h1|h2|h3|main|details|option|optgroup|fieldset"

// parsePage reads a template, without what only makes it readable.
func parsePage(t *template.Template, name string) error {
	text, err := fs.ReadFile(web.Files, name)
	if err != nil {
		return err
	}
	text = indentation.ReplaceAll(text, []byte("\n"))
	text = breakBefore.ReplaceAll(text, []byte("$1"))
	text = breakBehind.ReplaceAll(text, []byte("$1"))
	_, err = t.New(path.Base(name)).Parse(string(text))
	return err
}

// functions are what templates may call. Texts go through t; figures are printed in one way everywhere.
func functions(say web.Translator) template.FuncMap {
	return template.FuncMap{
		"t":      say.T,
		"period": func(p sums.Period) string { return periodCalled(say, p) },
		"moved": func(name string, r *report.Report) comparisonCell {
			f, _ := report.FigureNamed(name)
			return cellOf(f, r.Compared)
		},
		"figurePage": func(name string, r *report.Report) string {
			f, _ := report.FigureNamed(name)
			return f.Page(r.Summary)
		},
		"amount": func(u report.Unit, n int64) string {
			if sign := u.Sign(); sign != "" {
				return u.Text(n) + " " + say.T(sign)
			}
			return u.Text(n)
		},
		"unit":       func(u string, n int64) string { return report.Unit(u).Text(n) },
		"signed":     func(u string, n int64) string { return signed(report.Unit(u), n) },
		"bookPage":   bookPage,
		"byNumber":   register.SoughtByNumber,
		"partyPage":  partyRowPage,
		"payeesOf":   payeesOf,
		"change":     func(n money.Yuan) string { return signed(report.Yuan, int64(n)) },
		"hundredths": hundredths,
		"refusal":    say.Refusal,
		"label":      func(l journal.Label) string { return say.T(string(l)) },
		"yuan":       money.Yuan.Grouped,
		"wan":        money.Yuan.Wan,
		"capitals":   money.Yuan.Capitals,
		"qty":        money.Quantity.Grouped,
		"kind":       func(kind string) string { return say.T(string(journal.KindLabel(kind))) },
		"item": func(code string) string {
			it, _ := income.ItemNamed(code)
			return say.T(string(it.Label))
		},
		"lineNumber": income.LineNumber,
		"fundNumber": income.FundNumber,
		"lineLink":   journal.LineID.Page,
		"payoutLink": dividend.PayoutPage,
		"within":     func(who journal.Actor, id string) bool { return who.Region.Contains(placeOf(id)) },
		"batchNo":    journal.BatchID.Digits,
		"seq":        func(n uint64) string { return fmt.Sprint(n) },
		"count":      grouped,
		"kb":         func(bytes int) string { return grouped((bytes + 1023) >> 10) },
		"chain":      func(id string) string { return placeOf(id).Chain() },
		"megabytes":  func(n int64) string { return fmt.Sprintf("%d.%d", n/1e6, n%1e6/1e5) },
		"when":       func(t time.Time) string { return t.In(journal.Beijing).Format("2006-01-02 15:04") },
		"date":       func(t time.Time) string { return t.In(journal.Beijing).Format("2006-01-02") },
		"list":       func(items ...any) []any { return items },
		"dict":       dict,
		"minus":      func(n int64) int64 { return -n },
		"sub":        func(a, b int) int { return a - b },
		"add":        func(a, b int) int { return a + b },
		"percent":    percent,
		"plus":       func(a, b money.Yuan) money.Yuan { return a + b },
		"firstPage":  func(here string) string { return pageAt(here, "") },
		"nextPage":   pageAt,
		"exportLink": exportLink,
		"queryOf":    queryOf,
		"address":    address,
		"onYear":     onYear,
		"pageAbout":  journal.PageOf,
		// an entry names a resolution by its id, or by a number that is not recorded
		"resolutionNumber": resolutionNumber,
		"resolutionLink":   resolutionLink,
		"input":            func(f *form, name string, options ...any) field { return newField(say, f, name, options) },
		"fieldName":        func(kind, name string) string { return fieldName(say, kind, name) },
	}
}

func grouped(n int) string { return strings.TrimSuffix(money.Yuan(n*100).Grouped(), ".00") }

func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// exportLink is the address of a list as a file. It is made here and whole: in a template the signs of a query would be escaped.
func exportLink(list, extension string, at, query any) string {
	u := url.URL{Path: fmt.Sprint("/export/", list, ".", extension, "/", at)}
	if q, ok := query.(string); ok {
		u.RawQuery = q
	}
	return u.String()
}

// queryOf makes a query of names and values; what is empty or 0 is left out.
func queryOf(pairs ...any) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := fmt.Sprint(pairs[i+1]); value != "" && value != "0" {
			q.Set(fmt.Sprint(pairs[i]), value)
		}
	}
	return q.Encode()
}

// address is a path with a query. As exportLink, it is made here and whole.
func address(path, query string) string { return (&url.URL{Path: path, RawQuery: query}).String() }

// hereOf is a page's own address, without what was said on it only once; in the one spelling that pageAt gives.
func hereOf(u *url.URL) string {
	q := u.Query()
	q.Del("done")
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

// onYear is a page's address of another year.
func onYear(here string, year int) string { return changed(here, "year", strconv.Itoa(year)) }

// changed is an address with other values in its query, given as names and values; "" takes one out.
func changed(here string, pairs ...string) string {
	u, err := url.Parse(here)
	if err != nil {
		return here
	}
	q := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if q.Del(pairs[i]); pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// pageAt is the address of a list's page that begins after a key; of its first page when the key is "".
func pageAt(here, after string) string { return changed(here, "at", "", "entered", "", "after", after) }

// percent is part of whole in hundredths of a per cent, for the widths of bars; at least a sliver for what is not nothing.
func percent(part, whole money.Yuan) string {
	if part <= 0 || whole <= 0 {
		return "0"
	}
	return money.Yuan(max(50, min(10_000, part.Decimal().Shift(4).Div(whole.Decimal()).IntPart()))).String()
}

// field is a labelled input with its rule and its fault.
type field struct {
	Form               *form
	Name, Label, Value string
	Type, Hint         string
	Fault              *journal.Error
	Required, Focus    bool
	Mode, Complete     string
	Options            []option
	Placeholder        string
	List               string // id of a list of what can be typed
	Reads              string // what the page asks how it will read as it is typed: date, amount
}

// option is one choice of a select, in a group when Group is not "".
type option struct{ Value, Label, Group string }

// fieldName is what the kind of entries that a form posts calls a field; of a list's fields with what the list is called before it.
func fieldName(say web.Translator, kind, name string) string {
	if k, ok := journal.KindNamed(kind); ok {
		return say.T(string(k.FieldLabel(name)))
	}
	return name
}

// newField makes a field, labelled as the kind of entries that its form posts calls it. Options come in pairs of name and value: "type",
// "date", "hint", "…", "required", true; "label" where this form calls it otherwise, or it is no field of the entry.
func newField(say web.Translator, f *form, name string, options []any) field {
	in := field{Form: f, Name: name, Value: f.Get(name), Fault: f.Faults[name], Type: "text", Focus: f.Next == name}
	for i := 0; i+1 < len(options); i += 2 {
		switch v := options[i+1]; options[i].(string) {
		case "label":
			in.Label = v.(string)
		case "type":
			in.Type = v.(string)
		case "hint":
			in.Hint = v.(string)
		case "required":
			in.Required = v.(bool)
		case "focus":
			in.Focus = v.(bool)
		case "mode":
			in.Mode = v.(string)
		case "complete":
			in.Complete = v.(string)
		case "options":
			in.Options = v.([]option)
		case "list":
			in.List = v.(string)
		case "reads":
			in.Reads = v.(string)
		case "placeholder":
			in.Placeholder = v.(string)
		default:
			panic("field option " + options[i].(string))
		}
	}
	if name == "resolution" {
		in.List = "resolutions"
	}
	if in.Label == "" {
		in.Label = fieldName(say, f.Kind, name)
	}
	return in
}

// show renders a page about a place. The body is read from the same snapshot as the frame.
func (r *request) show(code int, name, active string, place region.Code, body func(v *journal.View, f *frame) (any, error)) error {
	var out bytes.Buffer
	err := r.s.ledger.Read(r.who, func(v *journal.View) error {
		f := &frame{
			Lang: r.say.Lang, Demo: v.Demo(), Who: r.who, Home: r.who.Region, Active: active, Menu: menus[r.who.Role], Here: hereOf(r.Request.URL),
			Version: staticVersion,
		}
		if slices.ContainsFunc(f.Menu, func(l link) bool { return l.Whole }) && v.Keeps() != nil {
			f.Menu = slices.DeleteFunc(slices.Clone(f.Menu), func(l link) bool { return l.Whole })
		}
		f.Person, f.Posts, f.v = r.myName, r.places(v, samePage(f.Menu, active)), v
		if f.Posts != nil {
			f.Menu = slices.Concat(f.Menu[:0:0], []link{board}, f.Menu)
		}
		if code == http.StatusOK && r.Request.Method == http.MethodGet { // a refused form keeps the address of what was done before it
			f.Done = doneTexts[r.Query("done")]
		}
		if place != "" {
			f.Crumbs = crumbsOf(v, place)
			_, f.Away = v.HandedOver(place)
		}
		if place != "" && place.Level() >= region.Township && r.who.May("RecordResolution") && v.Within(place) == nil {
			var err error
			if f.Named, err = resolution.In(v, place, maxOffered); err != nil {
				return err
			}
		}
		if err := r.counts(v, f); err != nil {
			return err
		}
		var err error
		if f.Body, err = body(v, f); err != nil {
			return err
		}
		if reflect.TypeOf(f.Body) != pageTypes[name].body {
			panic("the page " + name + " is not shown a " + fmt.Sprint(pageTypes[name].body))
		}
		return r.s.pages.byLang[r.say.Lang][name].ExecuteTemplate(&out, "layout", f)
	})
	if err != nil {
		return err
	}
	r.Header("Cache-Control", "no-store")
	r.Data(code, "text/html; charset=utf-8", out.Bytes())
	return nil
}

// maxOffered is how many resolutions a form offers, the newest.
const maxOffered = 40

// counts are the numbers of things that wait, shown in the menu.
func (r *request) counts(v *journal.View, f *frame) error {
	if r.who.Account == "" {
		return nil
	}
	tasks, err := tasksOf(v, r.who)
	if err != nil {
		return err
	}
	f.Waiting = len(tasks)
	return nil
}

// doneTexts say what a post did, on the page it leads to.
var doneTexts = map[string]string{
	"backup":   "备份已经开始;做完、读回核对过以后这里看得到",
	"recorded": "已记账", "corrected-line": "已更正", "reversed": "已冲销", "registered": "已登记", "opened": "已设立", "issued": "已配股",
	"uploaded": "上传的各行已全部记入",
	"drafted":  "草稿已保存,请核对每户金额后提交", "submitted": "已提交,等待审核", "returned": "已退回", "approved": "已审核通过", "voided": "已作废",
	"account-set": "账号已更改",
	"rebooked":    "已冲销并重记", "ruled": "对方的项目已定",
	"confirmed": "已标记付款", "failed": "已记为失败", "card": "收款账号已更换", "closed": "已结账", "reopened": "年度已重开", "password": "密码已更改", "account": "账号已添加",
	"account-closed": "账号已停用", "password-set": "密码已重设", "revised": "草稿已修改",
	"corrected": "资料已更正", "moved": "变动已记入", "released": "质押已解除", "reissued": "股权证已补发", "charter": "章程设置已修改", "attached": "附件已存入",
	"disclosed": "公示已记入", "objected": "异议已记入", "answered": "已答复", "plan-closed": "已办结", "held": "已暂缓发放", "held-released": "已解除暂缓",
	"laid-open": "会前公开已记入", "deducted": "扣款已记入", "reserved": "已转公积金,来领照付",
	"batched": "批次已生成,请下载文件报给银行", "settled": "银行结果已记入", "settled-before": "文件里的行都已经有结果了,没有新的要记", "taken-off": "已冲销这次量化", "recalled": "批次已撤回",
	"format-kept": "银行格式已保存", "format-dropped": "银行格式已停用",
	"set-aside": "已记入", "traded": "交易已记入", "quantified": "已量化到成员账户", "members": "家庭成员已登记", "class-reopened": "已恢复配股", "dissolved": "已注销",
	"resolved": "决议已登记", "member-confirmed": "成员已确认", "member-lost": "丧失已记入", "death": "已登记死亡", "applied": "退社申请已记入",
	"settled-leaving": "已结算", "set": "设置已更改",
	"received": "已记账,并对上合同", "linked": "已对上合同", "unlinked": "已取消", "contract-ended": "合同已终止", "remitted": "减免已记入", "contracted": "合同已登记",
	"contract-changed": "合同已变更",
	"second-dropped":   "第二步验证已取消", "signed-out": "那里已退出登录", "outlined": "地图已载入", "outlines-dropped": "地图已去掉",
	"aside": "已搁置", "act-reversed": "已撤销",
	"undissolved": "注销已冲销", "class-closed": "已停止配股", "contributed": "入股已记入,股份已配", "movement-reversed": "变动已冲销",
	"register-reviewed": "已复核", "review-answered": "已答复,等镇里再看",
	"numbers-locked": "号码已封存,谁也看不到了", "numbers-unlocked": "封存已解除",
	"taken-back": "已冲销,这几户又是待付",
}

// errorPage is what the page error shows.
type errorPage struct {
	Status int
	Lines  []string
}

var _ = page[errorPage]("error")

// showError renders an error page with lines that are in the reader's language already.
func (r *request) showError(code int, lines ...string) {
	r.Header("Cache-Control", "no-store")
	err := r.show(code, "error", "", "", func(_ *journal.View, f *frame) (any, error) {
		f.Title = r.say.T("没有办成")
		return errorPage{Status: code, Lines: lines}, nil
	})
	if err != nil {
		http.Error(r.Writer, strings.Join(lines, "\n"), code)
	}
}

// languageOf reads the language a browser chose; Chinese first.
func languageOf(c *gin.Context) string {
	if cookie, err := c.Request.Cookie("language"); err == nil {
		return cookie.Value
	}
	return "zh"
}

package server

import (
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = on(
	get("/log", logShow),
	get("/log.csv", logExport),
	get("/log.xlsx", logExport),
)

// logPage is what the page log shows: who came in, who was not let in, what was refused and carried out.
type logPage struct {
	List   []access.Record
	Next   string
	Doings []option
	Form   *form
	Query  string
}

var _ = page[logPage]("log")

// wantedLog reads which records are looked for.
func (r *request) wantedLog() (w access.Wanted, f *form, err error) {
	f = newForm()
	w = access.Wanted{Doing: access.Doing(r.Query("doing")), Account: r.Query("account")}
	f.Values.Set("account", w.Account)
	f.Values.Set("doing", string(w.Doing))
	for name, day := range map[string]*journal.Date{"from": &w.From, "to": &w.To} {
		text := r.Query(name)
		f.Values.Set(name, text)
		if text == "" {
			continue
		}
		if *day, err = journal.ParseDate(text); err != nil {
			return w, f, journal.Wrong(name, text, "“%s”不是日期;请写成 2025-12-09", text)
		}
	}
	return w, f, nil
}

func logShow(r *request) error {
	w, f, err := r.wantedLog()
	if err != nil {
		return err
	}
	before, _ := strconv.ParseUint(r.Query("after"), 10, 64)
	list, next, err := r.s.log.Read(r.who, w, before, pageSize)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "log", "log", r.who.Region, func(_ *journal.View, fr *frame) (any, error) {
		body := logPage{List: list, Form: f, Doings: []option{{Label: r.say.T("全部|动作")}},
			Query: queryOf("doing", w.Doing, "account", w.Account, "from", w.From, "to", w.To)}
		for _, d := range access.Doings() {
			body.Doings = append(body.Doings, option{Value: string(d), Label: r.say.T(string(d.Label()))})
		}
		if next != 0 {
			body.Next = strconv.FormatUint(next, 10)
		}
		fr.Title = r.say.T("访问日志")
		return body, nil
	})
}

// logExport sends the records that are looked for as a file.
func logExport(r *request) error {
	w, _, err := r.wantedLog()
	if err != nil {
		return err
	}
	if _, _, err := r.s.log.Read(r.who, w, 0, 1); err != nil { // before a file is begun
		return err
	}
	return r.download("访问日志", r.format(), func(to sheet.To, _ *journal.View) error {
		out := sheet.NewWriter(to, "编号", "时间", "动作", "账号", "地区代码", "地址", "对象", "结果", "相同的还有")
		defer out.Abort()
		for before := uint64(0); ; {
			list, next, err := r.s.log.Read(r.who, w, before, 10*pageSize)
			if err != nil {
				return err
			}
			for _, x := range list {
				e := x.Entry
				out.Row(sheet.Texts(strconv.FormatUint(x.Number, 10), x.Time().Format("2006-01-02 15:04:05"), string(e.Doing.Label()), e.Account,
					string(e.Region), e.From, e.Object, e.Result, strconv.Itoa(x.Alike))...)
			}
			if before = next; next == 0 {
				return out.Close()
			}
		}
	})
}

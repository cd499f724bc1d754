package server

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = on(
	get("/upload/:place", uploadForm),
	post("/upload/:place", upload).upTo(maxUpload),
	get("/upload/:place/:id", uploadShow),
	post("/upload/:place/:id/mend", uploadMend),
	post("/upload/:place/:id/layout", uploadLayout),
	post("/upload/:place/:id/post", uploadPost),
	post("/upload/:place/:id/drop", uploadDrop),
	get("/upload/:place/:id/marked.csv", uploadMarked),
	get("/upload/:place/:id/marked.xlsx", uploadMarked),
)

func uploadForm(r *request) error {
	return r.showUploadForm(http.StatusOK, newForm("date", string(journal.DateOf(r.now())), "kind", r.Query("kind"), "entity",
		r.Query("entity")))
}

// writable returns the village of the path where the actor may enter records.
func (r *request) writable() (region.Code, error) {
	place, err := r.place("place")
	if err == nil {
		err = r.mustNow("RegisterShareholder", map[string]any{"village": string(place)})
	}
	return place, err
}

// uploadPage is what the page upload shows.
type uploadPage struct {
	Form     *form
	Place    region.Code
	Entities []option
	Kinds    []option
	KindList []exchange.Kind
	Columns  map[exchange.Kind][]sheet.Column
	Waiting  []parkedFile
}

var _ = page[uploadPage]("upload")

// showUploadForm shows the form that takes a file or a pasted block, and the files that wait already.
func (r *request) showUploadForm(code int, f *form) error {
	place, err := r.writable()
	if err != nil {
		return err
	}
	return r.show(code, "upload", "shareholders", place, func(v *journal.View, fr *frame) (any, error) {
		entities, _, err := register.Entities(v, place, "", maxLines)
		if err != nil {
			return nil, err
		}
		choices := []option{{Value: "", Label: r.say.T("不用")}}
		for _, e := range entities {
			classes, err := register.ShareClasses(v, e.ID)
			if err != nil {
				return nil, err
			}
			var names []string
			for _, c := range classes {
				names = append(names, c.Name)
			}
			choices = append(choices, option{Value: e.ID, Label: e.Name + "(" + strings.Join(names, "、") + ")"})
		}
		fr.Title = r.say.T("上传表格")
		columns := map[exchange.Kind][]sheet.Column{}
		for _, k := range exchange.VillageKinds() {
			columns[k] = exchange.Columns(k)
		}
		return uploadPage{
			Form: f, Place: place, Entities: choices, Kinds: labelled(r, exchange.VillageKinds()), KindList: exchange.VillageKinds(),
			Columns: columns, Waiting: r.waiting(),
		}, nil
	})
}

// parkedFile is a file that waits, as lists show it.
type parkedFile struct {
	ID, Name string
	Place    region.Code
	At       time.Time
	Stage    stage
	Percent  int64
}

func (r *request) waiting() (list []parkedFile) {
	for _, f := range r.s.parking.of(r.who.Account, r.now()) {
		list = append(list, f.show())
	}
	return list
}

func (f *parked) show() parkedFile {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := parkedFile{ID: f.id, Name: f.name, Place: f.place, At: f.at, Stage: f.stage}
	if total := f.total.Load(); total > 0 {
		p.Percent = 100 * f.checked.Load() / total
	}
	return p
}

// upload takes a file or a pasted block and parks it.
func upload(r *request) error {
	place, err := r.writable()
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	p := exchange.Purpose{
		Kind: exchange.Kind(values.Get("kind")), Village: place, Entity: values.Get("entity"), Date: values.Get("date"),
		Resolution: values.Get("resolution"),
		Repeat:     values.Get("repeat") == "true",
	}
	if date := values.Get("date"); date != "" {
		var fault *journal.Error
		if on, err := journal.ParseDate(date); err != nil {
			fault = &journal.Error{Code: journal.Invalid, Field: "date", Text: "“%s”不是日期;请写成 2025-12-09", Args: []any{date}}
		} else if today := journal.DateOf(r.now()); on > today {
			fault = &journal.Error{Code: journal.Invalid, Field: "date", Text: "日期 %s 还没有到;今天是 %s", Args: []any{string(on), string(today)}}
		}
		if fault != nil {
			return r.showUploadForm(http.StatusUnprocessableEntity, again(values, fault, "date"))
		}
	}
	name, content := r.say.T("粘贴的内容"), []byte(values.Get("paste"))
	if len(strings.TrimSpace(string(content))) == 0 {
		if name, content, err = r.brought(maxUpload); err != nil {
			return err
		}
		if name == "" {
			fault := &journal.Error{Code: journal.Invalid, Field: "file", Text: "请选一个文件,或把表格里的一块粘贴进来"}
			return r.showUploadForm(http.StatusUnprocessableEntity, again(values, fault, "file", "entity", "date", "kind"))
		}
	}
	f, err := r.s.park(r.who, p, name, content)
	if err != nil {
		return r.showUploadForm(status[journal.CodeOf(err)], again(values, err, "file"))
	}
	f.wait(patience)
	f.mu.Lock()
	stage, broke := f.stage, f.err
	f.mu.Unlock()
	if stage == broken && len(journal.All(broke)) > 0 && !refused(broke) {
		_ = r.s.parking.drop(f) // not being posted
		return broke
	}
	if stage == broken && refused(broke) { // not a file that can be used: the form says why
		_ = r.s.parking.drop(f) // not being posted
		return r.showUploadForm(http.StatusUnprocessableEntity, again(values, broke, "file", "entity", "date", "kind"))
	}
	return r.done("/upload/"+string(place)+"/"+f.id, "")
}

// parkedFile finds the parked file that the path names, for whoever may record what it holds.
func (r *request) parkedFile() (*parked, error) {
	f, err := r.s.parking.take(r.Param("id"), r.who.Account, r.now())
	if err != nil || f.p.Kind != exchange.Results {
		if _, err := r.writable(); err != nil {
			return nil, err
		}
		return f, err
	}
	return f, r.mustNow("SettleBatch", map[string]any{"batch": f.p.Batch})
}

// changeParked does what a form says of the parked file that the path names, if the form shows it as it is, and goes back to its page.
func (r *request) changeParked(do func(f *parked, values url.Values)) error {
	f, err := r.parkedFile()
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	if f.seen(values) {
		do(f, values)
		f.wait(patience)
	}
	return r.done("/upload/"+r.Param("place")+"/"+f.id, "")
}

// uploadMend changes cells of a parked file and checks it again. Cells are named c.row.column.
func uploadMend(r *request) error {
	return r.changeParked(func(f *parked, values url.Values) {
		r.s.recheck(f, func(u *exchange.Upload) {
			for name := range values {
				if row, err := strconv.Atoi(strings.TrimPrefix(name, "skip.")); err == nil {
					u.LeaveOut(row)
				}
				var row, column int
				if parts := strings.Split(name, "."); len(parts) == 3 && parts[0] == "c" {
					var err1, err2 error
					row, err1 = strconv.Atoi(parts[1])
					column, err2 = strconv.Atoi(parts[2])
					if err := errors.Join(err1, err2); err == nil {
						u.Mend(row, column, values.Get(name))
					}
				}
			}
		})
	})
}

// uploadLayout reads a parked file anew as the form says: which sheets, what is hidden, what columns and words are.
func uploadLayout(r *request) error {
	return r.changeParked(func(f *parked, values url.Values) {
		r.s.rearrange(f, func(u *exchange.Upload) (sheet.Layout, error) {
			layout := u.Layout
			if list := values["sheet"]; len(list) > 0 {
				layout.Sheets = list
			}
			if hidden := values.Get("hidden"); hidden == sheet.ReadHidden || hidden == sheet.SkipHidden {
				layout.Hidden = hidden
			}
			columns, words := map[string]string{}, map[string]string{}
			for _, h := range u.Table.Heads {
				if column := values.Get("h." + h.Text); column != "" && column != h.Column {
					columns[h.Text] = column
				}
			}
			for _, w := range slices.Concat(u.Words, u.Settled) {
				if means := values.Get("w." + w.Column + "." + w.Text); means != "" {
					words[w.Key()] = means
				}
			}
			return u.With(layout, columns, words)
		})
	})
}

// uploadPost records a parked file, all of it or nothing.
func uploadPost(r *request) error {
	return r.changeParked(func(f *parked, _ url.Values) { r.s.record(f) })
}

func uploadDrop(r *request) error {
	f, err := r.parkedFile()
	if err != nil {
		return err
	}
	if err := r.s.parking.drop(f); err != nil {
		return err
	}
	return r.done("/upload/"+r.Param("place"), "")
}

// uploadMarked sends the file back with a column of reasons, its wrong cells marked.
func uploadMarked(r *request) error {
	f, err := r.parkedFile()
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(strings.TrimSuffix(f.name, ".csv"), ".xlsx") + "-" + r.say.T("标注")
	return r.download(name, r.format(), func(to sheet.To, _ *journal.View) error {
		f.mu.Lock()
		defer f.mu.Unlock() // nobody mends cells meanwhile
		if f.upload == nil || f.stage != ready && f.stage != posted {
			return &journal.Error{Code: journal.Conflict, Text: "还在检查,请稍候"}
		}
		return f.upload.WriteMarked(to, func(e *journal.Error) string { return r.say.Refusal(e) })
	})
}

// format is the format that an export is asked for in: the file's extension, or the query's "as" for the others of CSV.
func (r *request) format() sheet.Format {
	if strings.HasSuffix(r.Request.URL.Path, ".xlsx") || strings.HasSuffix(r.Param("what"), ".xlsx") {
		return sheet.XLSX
	}
	if f := sheet.Format(r.Query("as")); slices.Contains(sheet.Formats(), f) {
		return f
	}
	return sheet.CSV
}

package server

import (
	"errors"
	"io"
	"net/http"
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
	for _, f := range r.s.parking.of(r.who.Account) {
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
		header, err := r.FormFile("file")
		if err != nil {
			fault := &journal.Error{Code: journal.Invalid, Field: "file", Text: "请选一个文件,或把表格里的一块粘贴进来"}
			return r.showUploadForm(http.StatusUnprocessableEntity, again(values, fault, "file", "entity", "date", "kind"))
		}
		file, err := header.Open()
		if err != nil {
			return err
		}
		defer file.Close()
		if content, err = io.ReadAll(file); err != nil {
			return err
		}
		name = header.Filename
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

func (r *request) parkedFile() (*parked, error) {
	if _, err := r.writable(); err != nil {
		return nil, err
	}
	return r.s.parking.take(r.Param("id"), r.who.Account)
}

// previewRow is a row of a file as the preview shows it.
type previewRow struct {
	Index, Number int
	State         exchange.RowState
	Label         journal.Label // what the row comes to, or has become
	Cells         []previewCell
	Fault         *journal.Error // about the row as a whole
	Doubt         *journal.Error // the same, to be looked at again
}

type previewCell struct {
	Text         string
	Fault, Doubt *journal.Error
}

// uploadShowPage is what the page upload_show shows.
type uploadShowPage struct {
	File           parkedFile
	Stage          stage
	Chain          string
	Form           *form
	Checked, Total int64
	Running        bool
	Broken         journal.Faults // why the file cannot be read at all

	// Of a file that has been checked:
	Counts  map[string]int // rows, by what becomes of them
	Show    string
	Upload  *exchange.Upload
	Posted  bool
	Receipt journal.Receipt
	Faults  int
	Doubts  int
	// FirstDoubts are the first of them: the others stand at their cells.
	FirstDoubts journal.Faults
	Most        bool // whether there may be more faults
	Entries     int
	Rows        []previewRow
	Heads       []string
	Next        string
}

var _ = page[uploadShowPage]("upload_show")

// uploadShow shows a parked file: its progress, what it would record with every bad cell marked, or what it became.
func uploadShow(r *request) error {
	f, err := r.parkedFile()
	if err != nil {
		return err
	}
	f.wait(patience)
	f.mu.Lock()
	defer f.mu.Unlock()
	body := uploadShowPage{File: parkedFile{ID: f.id, Name: f.name, Place: f.place, At: f.at}, Stage: f.stage,
		Chain: f.place.Chain(), Form: newForm()}
	code := http.StatusOK
	switch {
	case f.stage == reading || f.stage == posting:
		body.Checked, body.Total = f.checked.Load(), f.total.Load()
		body.Running = true
	case f.err != nil && refused(f.err):
		body.Broken = journal.All(f.err)
		code = http.StatusUnprocessableEntity
	case f.err != nil:
		return f.err
	default:
		preview(&body, f, r.Query("show"), r.Query("after"))
	}
	return r.show(code, "upload_show", "shareholders", f.place, func(v *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("核对上传的表格")
		if body.Running {
			fr.Refresh = 1
		}
		return body, nil
	})
}

// firstDoubts is how many doubts stand above the button that records a file.
const firstDoubts = 5

// preview adds what a checked file comes to, and a page of its rows.
func preview(body *uploadShowPage, f *parked, show, after string) {
	u := f.upload
	states := map[string]exchange.RowState{"new": exchange.New, "known": exchange.Known, "passed": exchange.Passed, "bad": exchange.Bad}
	counts := map[string]int{"": len(u.States)}
	for name, state := range states {
		counts[name] = u.Count(state)
	}
	switch {
	case show != "":
	case counts["bad"] > 0:
		show = "bad"
	case len(u.Doubts) > 0:
		show = "doubt"
	}
	body.Doubts, body.FirstDoubts = len(u.Doubts), u.Doubts[:min(len(u.Doubts), firstDoubts)]
	body.Counts, body.Show, body.Upload, body.Posted, body.Receipt = counts, show, u, f.stage == posted, f.receipt
	body.Faults, body.Most = len(u.Faults), len(u.Faults) >= journal.MaxFaults
	body.Entries = u.Entries
	from, _ := strconv.Atoi(after)
	var rows []previewRow
	for i := max(0, from); i < len(u.Table.Rows); i++ {
		if want, ok := states[show]; ok && u.States[i] != want {
			continue
		}
		doubts := u.DoubtsOf(i)
		if show == "doubt" && len(doubts) == 0 {
			continue
		}
		if len(rows) == pageSize {
			body.Next = strconv.Itoa(i)
			break
		}
		row := previewRow{Index: i, Number: u.Table.Rows[i].Number, State: u.States[i], Label: u.States[i].Label()}
		if body.Posted && row.State == exchange.New {
			row.Label = "已记"
		}
		faults := map[int]*journal.Error{}
		if row.State == exchange.Bad {
			faults = u.FaultsOf(i)
		}
		row.Fault, row.Doubt = faults[-1], doubts[-1]
		for k, cell := range u.Table.Rows[i].Cells {
			row.Cells = append(row.Cells, previewCell{cell, faults[k], doubts[k]})
		}
		rows = append(rows, row)
	}
	var heads []string
	for _, c := range u.Table.Columns {
		heads = append(heads, u.Table.Heading[c])
	}
	body.Rows, body.Heads = rows, heads
}

// uploadMend changes cells of a parked file and checks it again. Cells are named c.row.column.
func uploadMend(r *request) error {
	f, err := r.parkedFile()
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	r.s.recheck(f, func(u *exchange.Upload) {
		for name := range values {
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
	f.wait(patience)
	return r.done("/upload/"+r.Param("place")+"/"+f.id, "")
}

// uploadPost records a parked file, all of it or nothing.
func uploadPost(r *request) error {
	f, err := r.parkedFile()
	if err != nil {
		return err
	}
	r.s.record(f)
	f.wait(patience)
	return r.done("/upload/"+r.Param("place")+"/"+f.id, "")
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

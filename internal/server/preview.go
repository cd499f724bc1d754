package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/sheet"
)

// previewRow is a row of a file as the preview shows it.
type previewRow struct {
	Index int
	Place string // its line, as the file numbers it
	State exchange.RowState
	Label journal.Label // what the row comes to, or has become
	Cells []previewCell
	Fault *journal.Error // about the row as a whole
	Doubt *journal.Error // the same, to be looked at again
}

type previewCell struct {
	At           int // its column in the table
	Text         string
	Fault, Doubt *journal.Error
	Meant        []option // whom an ambiguous name can mean
}

// heading is a column of a file as the preview asks about it.
type heading struct {
	sheet.Head
	Label  string // what it is taken for
	Wrong  *journal.Error
	Fields []option
}

// uploadShowPage is what the page upload_show shows.
type uploadShowPage struct {
	File           parkedFile
	Seen           int // which of its states the page shows
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
	Said    journal.Faults // why what was said of the columns could not be done
	Posted  bool
	To      string // the page about what was posted
	Receipt journal.Receipt
	Faults  int
	Doubts  int
	// FirstDoubts are the first of them: the others stand at their cells.
	FirstDoubts journal.Faults
	Most        bool // whether there may be more faults
	Entries     int
	Rows        []previewRow
	Heads       []string
	Narrow      bool // whether only the columns with something wrong are shown
	Next        string
	Understood  journal.Faults
	Asked       bool      // whether somebody has to say something first
	Sheets      []choice  // where there are several
	Open        []heading // the columns that nobody knows
	Known       []heading
}

// choice is something that a form lets one tick.
type choice struct {
	Name    string
	Hidden  bool
	Checked bool
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
	body := uploadShowPage{File: parkedFile{ID: f.id, Name: f.name, Place: f.place, At: f.at}, Seen: f.changes, Stage: f.stage,
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
		preview(&body, f, r.Query("show"), r.Query("after"), r.Query("all") != "")
		body.Said = journal.All(f.said)
		body.ask(f.upload)
	}
	return r.show(code, "upload_show", f.p.Kind.Active(), f.place, func(v *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("核对上传的表格")
		if body.Running {
			fr.Refresh = 1
		}
		if body.Upload != nil {
			body.To = f.upload.Page(v)
			for i := range body.Rows {
				row := &body.Rows[i]
				for k := range row.Cells {
					if c := &row.Cells[k]; c.Fault != nil {
						c.Meant = meant(v, f.upload, c)
					}
				}
			}
		}
		return body, nil
	})
}

// meant lists whom an ambiguous name can mean, by their certificates.
func meant(v *journal.View, u *exchange.Upload, c *previewCell) (list []option) {
	for _, s := range u.Candidates(v, c.At, c.Text) {
		list = append(list, option{Value: s.Certificate(), Label: s.Name + " " + s.Certificate()})
	}
	return list
}

// ask adds what the file was understood to be, and what somebody has to say of it.
func (b *uploadShowPage) ask(u *exchange.Upload) {
	t := u.Table
	b.Understood = u.Understood()
	b.Asked = u.Asks() || len(u.Words) > 0
	if len(t.Sheets)+len(t.Unread) > 1 {
		for _, name := range t.Sheets {
			b.Sheets = append(b.Sheets, choice{Name: name, Checked: true})
		}
		for _, s := range t.Unread {
			b.Sheets = append(b.Sheets, choice{Name: s.Name, Hidden: s.Hidden})
		}
	}
	for _, h := range t.Heads {
		if h.Text == "" || slices.ContainsFunc(append(b.Open, b.Known...), func(o heading) bool { return o.Text == h.Text }) {
			continue // one answer holds for the heading on every sheet
		}
		x := heading{Head: h, Label: u.Called(h.Column)}
		for _, c := range u.Fields(h) {
			x.Fields = append(x.Fields, option{Value: c.Name, Label: c.Headings[0]})
		}
		x.Fields = append(x.Fields, option{Value: sheet.Leave, Label: "略过这一列"})
		if h.Fault != nil {
			x.Wrong = &journal.Error{Code: journal.Invalid, Text: h.Fault.Text, Args: h.Fault.Args}
		}
		if h.Open() && (u.Purpose.Kind != exchange.Results || len(t.Missing) > 0) || h.Fault != nil && h.Column != sheet.Leave || h.Said {
			b.Open = append(b.Open, x)
			b.Asked = b.Asked || !h.Said
		} else {
			b.Known = append(b.Known, x)
		}
	}
}

// firstDoubts is how many doubts stand above the button that records a file.
const firstDoubts = 5

// preview adds what a checked file comes to, and a page of its rows.
func preview(body *uploadShowPage, f *parked, show, after string, all bool) {
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
	body.Doubts, body.FirstDoubts = len(u.Doubts), u.Placed(u.Doubts[:min(len(u.Doubts), firstDoubts)])
	body.Counts, body.Show, body.Upload, body.Posted, body.Receipt = counts, show, u, f.stage == posted, f.receipt
	body.Faults, body.Most = len(u.Faults), len(u.Faults) >= journal.MaxFaults
	body.Entries = u.Entries
	from, _ := strconv.Atoi(after)
	needed := make([]bool, len(u.Table.Columns)) // columns that say whose row it is, or that something is wrong with
	for i, c := range u.Table.Columns {
		needed[i] = slices.Contains([]string{"name", "id_no", "date", "item", "line"}, c)
	}
	for i := max(0, from); i < len(u.Table.Rows); i++ {
		if want, ok := states[show]; ok && u.States[i] != want {
			continue
		}
		doubts := u.DoubtsOf(i)
		if show == "doubt" && len(doubts) == 0 {
			continue
		}
		if len(body.Rows) == pageSize {
			body.Next = strconv.Itoa(i)
			break
		}
		row := previewRow{Index: i, Place: u.Table.Place(u.Table.Rows[i].Number), State: u.States[i], Label: u.States[i].Label()}
		if body.Posted && row.State == exchange.New {
			row.Label = "已记"
		}
		faults := map[int]*journal.Error{}
		if row.State == exchange.Bad {
			faults = u.FaultsOf(i)
		}
		row.Fault, row.Doubt = faults[-1], doubts[-1]
		for k, cell := range u.Table.Rows[i].Cells {
			row.Cells = append(row.Cells, previewCell{At: k, Text: cell, Fault: faults[k], Doubt: doubts[k]})
			needed[k] = needed[k] || faults[k] != nil || doubts[k] != nil
		}
		body.Rows = append(body.Rows, row)
	}
	body.Narrow = !all && (show == "bad" || show == "doubt") && slices.Contains(needed, false)
	for i, c := range u.Table.Columns {
		if needed[i] || !body.Narrow {
			head := u.Table.Heading[c]
			if unit := u.Table.Counts(c); unit != "" {
				head += " → " + unit
			}
			body.Heads = append(body.Heads, head)
		}
	}
	for i := range body.Rows {
		body.Rows[i].Cells = slices.DeleteFunc(body.Rows[i].Cells, func(c previewCell) bool { return body.Narrow && !needed[c.At] })
	}
}

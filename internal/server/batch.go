package server

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = on(
	post("/distribution/:id/batch", batchMake),
	get("/distribution/:id/release/*ref", releaseForm),
	post("/distribution/:id/release/*ref", release),
	get("/batch/:id", batchShow),
	post("/batch/:id/file", batchFile),
	post("/batch/:id/result", batchResult).upTo(maxUpload),
	post("/batch/:id/recall", batchRecall),
)

func batchShow(r *request) error {
	return r.showBatch(http.StatusOK, newForm("date", string(journal.DateOf(r.now()))))
}

// batchPage is what the page batch shows.
type batchPage struct {
	B       dividend.Batch
	D       plan.Distribution
	E       register.Entity
	Lines   []dividend.NumberedLine
	Next    string
	Form    *form
	May     acts
	Formats []option
	Show    string
	Columns []sheet.Column
	Place   region.Code
}

var _ = page[batchPage]("batch")

// showBatch shows a bank batch: its lines, the file for the bank, and the way back for its result.
func (r *request) showBatch(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "batch", "distributions", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		b, err := dividend.BatchOf(v, id)
		if err != nil {
			return nil, err
		}
		d, err := dividend.Distribution(v, b.Distribution())
		if err != nil {
			return nil, err
		}
		e, err := register.EntityOf(v, d.Entity)
		if err != nil {
			return nil, err
		}
		after, _ := strconv.Atoi(r.Query("after"))
		var lines []dividend.NumberedLine
		next := ""
		show := dividend.PayoutState(r.Query("show"))
		if err := dividend.EachBatchLine(v, id, register.Revealed{}, func(l dividend.NumberedLine) error {
			if l.Number <= after || show != "" && l.State != show {
				return nil
			}
			if len(lines) == pageSize {
				next = strconv.Itoa(lines[pageSize-1].Number)
				return nil
			}
			lines = append(lines, l)
			return nil
		}); err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"batch": id}, "SettleBatch")
		if err != nil {
			return nil, err
		}
		var formats []option
		banks, err := exchange.FormatsFor(v, placeOf(id), r.s.banks)
		if err != nil {
			return nil, err
		}
		for _, x := range banks {
			formats = append(formats, option{Value: x.Name, Label: x.Name})
		}
		fr.Title = r.say.T("银行批次 %s", b.ID)
		return batchPage{
			B: b, D: d, E: e, Lines: lines, Next: next, Form: f, May: may, Formats: formats,
			Show: string(show), Columns: exchange.ResultColumns(), Place: placeOf(id),
		}, nil
	})
}

// The ways in which a plan's payouts go to banks, as the form names them; any other is a bank.
const (
	eachBank    = "*" // a file for each bank
	oneFile     = "+" // one file for all
	unnamedBank = "-" // those whose bank is not on the register
)

// batchMake makes a batch for a bank, for all banks together, or one for each.
func batchMake(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	id := r.Param("id")
	var banks []string
	switch bank := values.Get("bank"); bank {
	case eachBank:
		if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
			can, err := dividend.SendableOf(v, id)
			banks = can.Banks
			return err
		}); err != nil {
			return err
		}
		if len(banks) == 0 { // the ledger says why
			banks = []string{oneFile}
		}
	default:
		banks = []string{bank}
	}
	var list []map[string]any
	for _, bank := range banks {
		f := map[string]any{"distribution": id, "date": values.Get("date")}
		switch bank {
		case oneFile:
		case unnamedBank, "":
			f["unnamed"] = true
		default:
			f["bank"] = bank
		}
		list = append(list, f)
	}
	if _, err := r.postAll("MakeBatch", list, values.Get(requestKey)); err != nil {
		return r.refuse(change{kind: "MakeBatch", names: []string{"date"}, show: r.showDistribution}, values, err)
	}
	return r.done("/distribution/"+id, "batched")
}

// batchFile sends the file for the bank, with whole card numbers; the journal notes it.
func batchFile(r *request) error {
	id := r.Param("id")
	if err := r.mustNow("RevealNumbers", map[string]any{"of": id}); err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	if !journal.BatchID.Is(id) {
		return &journal.Error{Code: journal.NotFound, Text: "没有编号为 %s 的批次", Args: []any{id}}
	}
	format, err := r.bankFormat(id, values.Get("format"))
	if err != nil {
		return err
	}
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error { // what does not fit is told before anything is revealed
		_, err := exchange.MakeBankFile(v, id, format, register.Revealed{})
		return err
	}); err != nil {
		return r.showBatch(status[journal.CodeOf(err)], again(values, err, "format"))
	}
	leave, err := r.reveal(journal.DistributionID.In(id), r.say.T("银行报盘文件"))
	if err != nil {
		return err
	}
	var file *exchange.BankFile
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		file, err = exchange.MakeBankFile(v, id, format, leave)
		return err
	}); err != nil {
		return r.showBatch(status[journal.CodeOf(err)], again(values, err, "format"))
	}
	return r.spool(file.Name(), file.Type(), func(w io.Writer, _ *journal.View) error { return file.Send(w) })
}

// bankFormat is the format of a name that may be used for a batch.
func (r *request) bankFormat(batch, name string) (f dividend.BankFormat, err error) {
	err = r.s.ledger.Read(r.who, func(v *journal.View) error {
		list, err := exchange.FormatsFor(v, placeOf(batch), r.s.banks)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(x dividend.BankFormat) bool { return x.Name == name })
		if i < 0 {
			return &journal.Error{Code: journal.Invalid, Field: "format", Text: "没有这种银行格式"}
		}
		f = list[i]
		return nil
	})
	return f, err
}

// batchResult takes the bank's result file, or a pasted block of it.
func batchResult(r *request) error {
	if err := r.mustNow("SettleBatch", map[string]any{"batch": r.Param("id")}); err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	refuse := func(err error) error {
		if !refused(err) || journal.CodeOf(err) == journal.NotFound && journal.All(err)[0].Row == 0 {
			return err
		}
		return r.showBatch(status[journal.CodeOf(err)], again(values, err, "file", "date"))
	}
	file, name, err := r.pasted(values.Get("paste"))
	if err != nil {
		return refuse(err)
	}
	defer file.Close()
	on, err := journal.ParseDate(values.Get("date"))
	if err != nil {
		return refuse(&journal.Error{Code: journal.Invalid, Field: "date", Text: "“%s”不是日期;请写成 2025-12-09", Args: []any{values.Get("date")}})
	}
	id := r.Param("id")
	content, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	p := exchange.Purpose{Kind: exchange.Results, Village: placeOf(id), Batch: id, Date: string(on)}
	var u *exchange.Upload
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		u, err = exchange.Read(bytes.NewReader(content), v, p, sheet.Layout{})
		return err
	}); err != nil {
		return refuse(err)
	}
	if len(u.Faults) == 0 && len(u.Doubts) == 0 { // nothing to say about it first
		if _, err := u.Post(r.s.ledger, r.who, []string{values.Get(requestKey)}, false, nil); err != nil {
			return refuse(err)
		}
		if u.Entries == 0 {
			return r.done("/batch/"+id, "settled-before")
		}
		return r.done("/batch/"+id, "settled")
	}
	f, err := r.s.park(r.who, p, name, content)
	if err != nil {
		return refuse(err)
	}
	f.wait(patience)
	return r.done("/upload/"+string(f.place)+"/"+f.id, "")
}

func batchRecall(r *request) error {
	id := r.Param("id")
	return r.change(change{
		kind: "RecallBatch", about: map[string]any{"batch": id}, names: []string{"reason"}, to: "/batch/" + id, done: "recalled",
		show: func(code int, typed forms) error { return r.showBatch(code, typed.Of("RecallBatch")) },
	})
}

// pasted is what a form brings: the pasted block where there is one, else the file; and its name.
func (r *request) pasted(block string) (io.ReadCloser, string, error) {
	if strings.TrimSpace(block) != "" {
		return io.NopCloser(strings.NewReader(block)), r.say.T("粘贴的内容"), nil
	}
	header, err := r.FormFile("file")
	if err != nil {
		return nil, "", &journal.Error{Code: journal.Invalid, Field: "file", Text: "请选一个文件,或把表格里的一块粘贴进来"}
	}
	f, err := header.Open()
	return f, header.Filename, err
}

func releaseForm(r *request) error { return r.showRelease(http.StatusOK, newForm()) }

// releasePage is what the page release shows.
type releasePage struct {
	D    plan.Distribution
	S    register.Shareholder
	P    dividend.Payout
	Form *form
	Rows []int
}

var _ = page[releasePage]("release")

// showRelease shows the form that lets a held payout be paid, to its holder or to heirs.
func (r *request) showRelease(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "release", "distributions", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		d, err := dividend.Distribution(v, id)
		if err != nil {
			return nil, err
		}
		if err := r.must(v, "ReleasePayout", map[string]any{"distribution": id}); err != nil {
			return nil, err
		}
		p, err := dividend.PayoutOf(v, id, r.payoutRef())
		if err != nil {
			return nil, err
		}
		s, err := dividend.ShareholderOf(v, d, p.Holder)
		if err != nil {
			return nil, err
		}
		rows := max(6, rowsOf(f.Values))
		fr.Title = r.say.T("解除暂缓")
		f.of("ReleasePayout")
		return releasePage{D: d, S: s, P: p, Form: f, Rows: count(rows)}, nil
	})
}

// payoutRef is the payout that the path names: its holder, and behind strokes whom it was inherited from.
func (r *request) payoutRef() string { return strings.TrimPrefix(r.Param("ref"), "/") }

func release(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	id := r.Param("id")
	heirs := []any{}
	back := map[string]string{"holder": "reason"}
	names := []string{"reason"}
	var faults journal.Faults
	for i := range rowsOf(values) {
		at := "." + strconv.Itoa(i)
		names = append(names, "who"+at, "amount"+at)
		if values.Get("who"+at) == "" && values.Get("amount"+at) == "" {
			continue
		}
		ids, wrong := r.person(placeOf(id), values.Get("who"+at), "who"+at)
		faults = append(faults, wrong...)
		if len(ids) == 0 {
			if len(wrong) == 0 {
				faults = append(faults, &journal.Error{Code: journal.Invalid, Field: "who" + at, Text: "请写明继承人"})
			}
			continue
		}
		to := "heirs." + strconv.Itoa(len(heirs)) + "."
		back[to+"holder"], back[to+"amount"] = "who"+at, "amount"+at
		heirs = append(heirs, map[string]any{"holder": ids[0], "amount": values.Get("amount" + at)})
	}
	err = nil
	if len(faults) > 0 {
		err = faults
	} else {
		_, err = r.post("ReleasePayout", map[string]any{"distribution": id, "holder": r.payoutRef(), "heirs": heirs,
			"reason": values.Get("reason")}, values.Get(requestKey))
	}
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showRelease(status[journal.CodeOf(err)], again(values, backToForm(err, back), names...))
	}
	return r.done("/distribution/"+id, "held-released")
}

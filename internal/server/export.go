package server

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = on(
	post("/shareholders/:place/shareholders.csv", shareholdersExport),
	post("/shareholders/:place/shareholders.xlsx", shareholdersExport),
	post("/distribution/:id/payouts.csv", payoutsExport),
	get("/distribution/:id/payouts.csv", payoutsExport),
	post("/distribution/:id/payouts.xlsx", payoutsExport),
	get("/distribution/:id/payouts.xlsx", payoutsExport),
	get("/distribution/:id/formulas.xlsx", formulasExport),
	get("/export/:what/:place", export),
)

// download sends what write makes of one snapshot as a file of a name without extension.
func (r *request) download(name string, format sheet.Format, write func(to sheet.To, v *journal.View) error) error {
	return r.spool(name+"."+format.Extension(), format.Type(),
		func(w io.Writer, v *journal.View) error { return write(sheet.To{W: w, Format: format}, v) })
}

// spool writes a file whole before it sends any of it: an error becomes an error page, and a slow reader does not hold the snapshot, which
// would keep the store from growing. The spool is a nameless file in the data folder's own place for such.
func (r *request) spool(name, kind string, write func(w io.Writer, v *journal.View) error) error {
	f, err := os.CreateTemp("", "export-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	_ = os.Remove(f.Name()) // at once where the system allows it: nothing is left of it, however the program ends
	into, from, err := sealedSpool(f)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(into, 1<<16)
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error { return write(w, v) }); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r.noted(access.Exported, name, strconv.FormatInt(size, 10))
	r.attachment(name, kind)
	r.Header("Content-Length", strconv.FormatInt(size, 10))
	if _, err := io.Copy(r.Writer, from); err != nil {
		panic(http.ErrAbortHandler) // the reader has gone
	}
	return nil
}

// sealedSpool writes into a file and reads from its beginning what was written, by a key that nothing keeps: should the file outlive the
// program, as it may where open files cannot be unlinked, nobody reads it.
func sealedSpool(f *os.File) (into io.Writer, from io.Reader, err error) {
	secret := make([]byte, 32+aes.BlockSize)
	rand.Read(secret) // never fails since Go 1.24
	block, err := aes.NewCipher(secret[:32])
	if err != nil {
		return nil, nil, err
	}
	stream := func() cipher.Stream { return cipher.NewCTR(block, secret[32:]) }
	return cipher.StreamWriter{S: stream(), W: f}, cipher.StreamReader{S: stream(), R: f}, nil
}

// payoutsExport sends a distribution's payouts. Posted by an accountant it has whole numbers, and the journal notes it; asked for by anyone
// else it has masked ones.
func payoutsExport(r *request) error {
	reason := ""
	if r.Request.Method == http.MethodPost {
		reason = r.say.T("导出发放明细")
	}
	return r.sendList("payouts", "", r.Param("id"), reason)
}

// formulasExport sends a plan's payouts as a workbook that works them out again.
func formulasExport(r *request) error {
	id := r.Param("id")
	return r.download(id+"-"+r.say.T("公式"), sheet.XLSX, func(to sheet.To, v *journal.View) error {
		return exchange.WriteLive(to, v, id, (*journal.Error).Said) // the file is for offices, as other exports are
	})
}

// shareholdersExport sends a village's register with whole numbers to its accountant; the journal notes it.
func shareholdersExport(r *request) error {
	place, err := r.place("place")
	if err == nil {
		err = r.mustNow("RevealNumbers", map[string]any{"of": string(place)})
	}
	if err != nil {
		return err
	}
	return r.sendList("shareholders", place, "", r.say.T("导出股东名册"))
}

// export sends a list of a region, or of one thing, named as list.csv or list.xlsx.
func export(r *request) error {
	what, as, _ := strings.Cut(r.Param("what"), ".")
	if as != sheet.CSV.Extension() && as != sheet.XLSX.Extension() {
		return errNoPage
	}
	of := r.Param("place")
	if l, ok := exchange.ListNamed(what); ok && l.Of != nil && (l.Of.Is(of) || !l.Region) {
		return r.sendList(what, "", of, "")
	}
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.sendList(what, place, "", "")
}

// reveal gives leave to look at whole numbers: the journal notes it, and the log.
func (r *request) reveal(of, reason string) (register.Revealed, error) {
	leave, err := register.Reveal(r.s.ledger, r.who, of, reason)
	if err == nil {
		r.noted(access.Revealed, of, reason)
	}
	return leave, err
}

// sendList sends a list of a region, or of one thing. Where a reason is given it has whole numbers: the journal notes that they were looked
// at, and why.
func (r *request) sendList(name string, place region.Code, of, reason string) error {
	l, ok := exchange.ListNamed(name)
	if !ok || of == "" && !l.Region || of != "" && !l.Of.Is(of) {
		return errNoPage
	}
	q := exchange.Asked{Place: place, Of: of, Year: r.year(), Leave: map[string]register.Revealed{}}
	if text := r.Query("year"); text != "" && q.Year == 0 {
		return journal.Wrong("year", text, "年度 %s 不对", text)
	}
	if text := r.Query("on"); text != "" && l.Dated {
		var err error
		if q.On, err = journal.ParseDate(text); err != nil {
			return &journal.Error{Code: journal.Invalid, Text: "“%s”不是日期;请写成 2025-12-09", Args: []any{text}}
		}
	}
	l.Narrow(&q, r.Query)
	var ids []string
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		q.View = v
		if l.Complete(&q); reason != "" {
			ids, err = l.Whole(q)
		}
		return err
	}); err != nil {
		return err
	}
	for _, id := range ids {
		leave, err := r.reveal(id, reason)
		if err != nil {
			return err
		}
		q.Leave[id] = leave
	}
	return r.download(l.FileName(q), r.format(), func(to sheet.To, v *journal.View) error {
		q.View = v
		return l.Write(to, q)
	})
}

package server

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
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
	w := bufio.NewWriterSize(f, 1<<16)
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
	r.attachment(name, kind)
	r.Header("Content-Length", strconv.FormatInt(size, 10))
	if _, err := io.Copy(r.Writer, f); err != nil {
		panic(http.ErrAbortHandler) // the reader has gone
	}
	return nil
}

// payoutsExport sends a distribution's payouts. Posted by an accountant it has whole numbers, and the journal notes it; asked for by anyone
// else it has masked ones.
func payoutsExport(r *request) error {
	id := r.Param("id")
	var leave register.Revealed
	var err error
	if r.Request.Method == http.MethodPost {
		if leave, err = register.Reveal(r.s.ledger, r.who, id, r.say.T("导出发放明细")); err != nil {
			return err
		}
	}
	return r.download("发放明细-"+id, r.format(), func(to sheet.To, v *journal.View) error {
		d, err := dividend.Distribution(v, id)
		if err != nil {
			return err
		}
		return exchange.WritePayouts(to, v, []plan.Distribution{d}, func(plan.Distribution) register.Revealed { return leave })
	})
}

// shareholdersExport sends a village's register with whole numbers to its accountant; the journal notes it.
func shareholdersExport(r *request) error {
	place, err := r.writable()
	if err != nil {
		return err
	}
	leave, err := register.Reveal(r.s.ledger, r.who, string(place), r.say.T("导出股东名册"))
	if err != nil {
		return err
	}
	return r.download(place.Prefix()+"-shareholders", r.format(),
		func(to sheet.To, v *journal.View) error { return exchange.WriteShareholders(to, v, place, leave) })
}

// export sends a list of a region or of an entity, named as list.csv or list.xlsx.
func export(r *request) error {
	what, _, _ := strings.Cut(r.Param("what"), ".")
	if what == "register" {
		return exportRegister(r)
	}
	of := r.Param("place")
	write, ok := exchange.EntityLists[what]
	place := placeOf(of)
	if len(of) <= len(place) {
		var err error
		if place, err = r.place("place"); err != nil {
			return err
		}
		var list func(sheet.To, *journal.View, region.Code, int) error
		list, ok = exchange.Lists[what]
		write, of = func(to sheet.To, v *journal.View, _ string, year int) error { return list(to, v, place, year) }, place.Prefix()
	}
	if !ok {
		return errNoPage
	}
	year := r.year()
	if year == 0 && !slices.Contains(yearless, what) {
		if err := r.s.ledger.Read(r.who, func(v *journal.View) error { year = report.LatestYear(v, place); return nil }); err != nil {
			return err
		}
	}
	name := of + "-" + what
	if year != 0 {
		name = of + "-" + strconv.Itoa(year) + "-" + what
	}
	return r.download(name, r.format(), func(to sheet.To, v *journal.View) error { return write(to, v, of, year) })
}

// yearless lists are of no year, or where none is asked for of all.
var yearless = []string{"distributions", "shareholders", "holdings", "entities", "journal"}

// exportRegister sends a class's register as of a day, today where none is given.
func exportRegister(r *request) error {
	on := journal.DateOf(r.now())
	if text := r.Query("on"); text != "" {
		var err error
		if on, err = journal.ParseDate(text); err != nil {
			return &journal.Error{Code: journal.Invalid, Text: "“%s”不是日期;请写成 2025-12-09", Args: []any{text}}
		}
	}
	class := r.Param("place")
	return r.download("股权登记簿-"+class+"-"+string(on), r.format(),
		func(to sheet.To, v *journal.View) error { return exchange.WriteRegister(to, v, class, on) })
}

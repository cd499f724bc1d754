package server

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/sheet"
)

// download sends what write makes of one snapshot as a file of a name without extension. An error before the first byte still becomes an error page.
func (r *request) download(name string, format sheet.Format, write func(to sheet.To, v *ledger.View) error) error {
	w := &lateWriter{r: r, name: name + "." + format.Extension(), kind: format.Type()}
	err := r.s.ledger.Read(r.who, func(v *ledger.View) error { return write(sheet.To{W: w, Format: format}, v) })
	if err != nil {
		if w.begun {
			panic(http.ErrAbortHandler) // the reader must not take half a file for a whole one
		}
		return err
	}
	return w.flush()
}

// lateWriter keeps the beginning of a file back until there is enough of it that nothing simple can go wrong any more.
type lateWriter struct {
	r          *request
	name, kind string
	begun      bool
	head       bytes.Buffer
}

func (w *lateWriter) Write(b []byte) (int, error) {
	if w.begun {
		return w.r.Writer.Write(b)
	}
	n, _ := w.head.Write(b)
	if w.head.Len() < 64<<10 {
		return n, nil
	}
	return n, w.flush()
}

func (w *lateWriter) flush() error {
	if w.begun {
		return nil
	}
	w.begun = true
	w.r.attachment(w.name, w.kind)
	_, err := w.r.Writer.Write(w.head.Bytes())
	return err
}

// payoutsExport sends a distribution's payouts. Posted by an accountant it has whole numbers, and the journal notes it; asked for by anyone
// else it has masked ones.
func payoutsExport(r *request) error {
	id := r.Param("id")
	var leave ledger.Revealed
	var err error
	if r.Request.Method == http.MethodPost {
		if leave, err = r.s.ledger.Reveal(r.who, id, r.say.T("导出发放明细")); err != nil {
			return err
		}
	}
	return r.download("发放明细-"+id, r.format(), func(to sheet.To, v *ledger.View) error {
		d, err := v.Distribution(id)
		if err != nil {
			return err
		}
		return exchange.WritePayouts(to, v, []ledger.Distribution{d}, func(ledger.Distribution) ledger.Revealed { return leave })
	})
}

// export sends a list of a region, named as list.csv or list.xlsx.
func export(r *request) error {
	what, _, _ := strings.Cut(r.Param("what"), ".")
	if what == "register" {
		return exportRegister(r)
	}
	place, err := r.place("place")
	if err != nil {
		return err
	}
	write, ok := exchange.Lists[what]
	if !ok {
		return &ledger.Error{Code: ledger.NotFound, Text: "没有这个页面"}
	}
	year := r.year()
	if year == 0 {
		if err := r.s.ledger.Read(r.who, func(v *ledger.View) error { year = v.LatestYear(place); return nil }); err != nil {
			return err
		}
	}
	return r.download(place.Prefix()+"-"+strconv.Itoa(year)+"-"+what, r.format(), func(to sheet.To, v *ledger.View) error { return write(to, v, place, year) })
}

// exportRegister sends a class's register as of a day, today where none is given.
func exportRegister(r *request) error {
	on := ledger.DateOf(r.now())
	if text := r.Query("on"); text != "" {
		var err error
		if on, err = ledger.ParseDate(text); err != nil {
			return &ledger.Error{Code: ledger.Invalid, Text: "“%s”不是日期;请写成 2025-12-09", Args: []any{text}}
		}
	}
	class := r.Param("place")
	return r.download("股权登记簿-"+class+"-"+string(on), r.format(), func(to sheet.To, v *ledger.View) error { return exchange.WriteRegister(to, v, class, on) })
}

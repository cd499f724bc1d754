package server

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/region"
)

// download sends what write makes of one snapshot as a file. An error before the first byte still becomes an error page.
func (r *request) download(name string, write func(w io.Writer, v *ledger.View) error) error {
	w := &lateWriter{r: r, name: name}
	err := r.s.ledger.Read(r.who, func(v *ledger.View) error { return write(w, v) })
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
	r     *request
	name  string
	begun bool
	head  bytes.Buffer
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
	w.r.attachment(w.name)
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
	return r.download("发放明细-"+id+".csv", func(w io.Writer, v *ledger.View) error {
		d, err := v.Distribution(id)
		if err != nil {
			return err
		}
		return exchange.WritePayouts(w, v, []ledger.Distribution{d}, func(ledger.Distribution) ledger.Revealed { return leave })
	})
}

// export sends a list of a region; numbers in it are masked.
func export(r *request) error {
	if r.Param("what") == "register.csv" {
		return exportRegister(r)
	}
	place, err := r.place("place")
	if err != nil {
		return err
	}
	year := r.year()
	if year == 0 {
		if err := r.s.ledger.Read(r.who, func(v *ledger.View) error { year = v.LatestYear(place); return nil }); err != nil {
			return err
		}
	}
	what := r.Param("what")
	write, ok := map[string]func(w io.Writer, v *ledger.View) error{
		"shareholders.csv": func(w io.Writer, v *ledger.View) error {
			return exchange.WriteShareholders(w, v, place, ledger.Revealed{})
		},
		"holdings.csv": func(w io.Writer, v *ledger.View) error { return writeHoldings(w, v, place) },
		"income.csv":   func(w io.Writer, v *ledger.View) error { return exchange.WriteIncome(w, v, place, year) },
		"summary.csv":  func(w io.Writer, v *ledger.View) error { return exchange.WriteSummary(w, v, place, year) },
	}[what]
	if !ok {
		return &ledger.Error{Code: ledger.NotFound, Text: "没有这个页面"}
	}
	return r.download(place.Prefix()+"-"+strconv.Itoa(year)+"-"+what, write)
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
	return r.download("股权登记簿-"+class+"-"+string(on)+".csv", func(w io.Writer, v *ledger.View) error { return exchange.WriteRegister(w, v, class, on) })
}

func writeHoldings(w io.Writer, v *ledger.View, place region.Code) error {
	list, _, err := v.Entities(place, "", ledger.MaxEntries)
	if err != nil {
		return err
	}
	return exchange.WriteHoldings(w, v, list)
}

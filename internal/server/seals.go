package server

import (
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/witness"
)

// The seals of the journal are for anybody: whoever keeps a copy of one can later tell whether history was written anew. They hold
// digests, and nothing of the books.
var _ = on(
	get("/public/seals", sealsShow).forAnybody(),
	get("/public/seals/:name", sealShow).forAnybody(),
	get("/public/seals/:name/text", sealText).forAnybody(),
)

// sealsKept is how many earlier seals a page lists.
const sealsKept = 60

// sealPage is what the page seal shows.
type sealPage struct {
	Name    string
	Seal    witness.Seal
	Chains  []sealedChain
	QR      code
	Earlier []sealLink
}

// sealedChain is where the journal of a region ended.
type sealedChain struct {
	journal.ChainEnd
	Region string // what it is called
}

type sealLink struct {
	Name string
	Made time.Time
}

var _ = page[sealPage]("seal")

// sealsShow shows the newest seal.
func sealsShow(r *request) error {
	list, err := r.s.seals.List()
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return &journal.Error{Code: journal.NotFound, Text: "还没有封条;服务每天 17:30 封一次"}
	}
	return r.showSeal(list[0], list[1:])
}

func sealShow(r *request) error {
	list, err := r.s.seals.List()
	if err != nil {
		return err
	}
	return r.showSeal(r.Param("name"), list)
}

// sealed reads a seal by its name.
func (r *request) sealed(name string) (witness.Seal, error) {
	s, err := r.s.seals.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return s, errNoPage
	}
	return s, err
}

func (r *request) showSeal(name string, earlier []string) error {
	s, err := r.sealed(name)
	if err != nil {
		return err
	}
	body := sealPage{Name: name, Seal: s}
	if body.QR, err = qrPath(s.Head()); err != nil {
		return err
	}
	for _, x := range earlier {
		if x != name && len(body.Earlier) < sealsKept {
			body.Earlier = append(body.Earlier, sealLink{x, witness.MadeAt(x)})
		}
	}
	r.who, r.duties = journal.Visitor(region.Country), nil
	return r.show(http.StatusOK, "seal", "", "", func(v *journal.View, f *frame) (any, error) {
		f.Title = r.say.T("日志封条")
		for _, c := range s.Chains {
			called := c.Chain
			if code, err := region.Parse(c.Chain); err == nil {
				if d, err := office.DivisionOf(v, code); err == nil {
					called = d.Short()
				}
			}
			body.Chains = append(body.Chains, sealedChain{c, called})
		}
		return body, nil
	})
}

// sealText sends a seal as it was signed.
func sealText(r *request) error {
	s, err := r.sealed(r.Param("name"))
	if err != nil {
		return err
	}
	r.String(http.StatusOK, "%s", s.Text())
	return nil
}

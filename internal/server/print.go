package server

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/boombuler/barcode/qr"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/check", checkPaper).forAnybody(),
	get("/class/:id/register", registerPaper),
	get("/shareholder/:id/certificate", certificatePaper),
)

// maxPrinted is the most rows that a printed register has; a larger one is exported.
const maxPrinted = 3000

// registerLine is a line of the printed register.
type registerLine struct {
	register.Holding
	N       int
	Holder  register.Shareholder
	ID      string // masked
	Clerk   string
	Pledged money.Quantity
}

// registerSheet is one sheet of the printed register, with its own sum.
type registerSheet struct {
	N     int
	Lines []registerLine
	Sum   money.Quantity
}

// relativesPerLine is how many characters of a household's members stand on a line of their column.
const relativesPerLine = 16

// registerPage is what the page register shows.
type registerPage struct {
	E     register.Entity
	Class register.ShareClass
	Pages []registerSheet
	Count int
	On    string
	Sum   money.Quantity
	Today journal.Date
}

var _ = page[registerPage]("register")

// registerPaper shows a class's register as of a day for printing (股权登记簿).
func registerPaper(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "register", "entities", placeOf(id), func(v *journal.View, f *frame) (any, error) {
		class, e, err := register.ClassAndEntity(v, id)
		if err != nil {
			return nil, err
		}
		on := r.Query("on")
		if on == "" {
			on = string(v.Today())
		}
		list, sum, err := registerOn(v, id, on)
		if err != nil {
			return nil, err
		}
		if len(list) > maxPrinted {
			return nil, &journal.Error{Code: journal.TooLarge, Text: "名册有 %s 户,超过 %s 户的请导出 CSV 打印",
				Args: []any{fmt.Sprint(len(list)), fmt.Sprint(maxPrinted)}}
		}
		pledged, err := register.PledgedOn(v, id, journal.Date(on))
		if err != nil {
			return nil, err
		}
		pages, room := []registerSheet{{N: 1}}, linesPerPage
		for i, h := range list {
			s, err := register.HolderOf(v, class, h.Holder)
			if err != nil {
				return nil, err
			}
			j, err := v.JournalEntry(e.Village().Chain(), h.Entry)
			if err != nil {
				return nil, err
			}
			height := max(1, (utf8.RuneCountInString(s.Relatives())+relativesPerLine-1)/relativesPerLine)
			if room < height && len(pages[len(pages)-1].Lines) > 0 {
				pages, room = append(pages, registerSheet{N: len(pages) + 1}), linesPerPage
			}
			room -= height
			page := &pages[len(pages)-1]
			line := registerLine{h, i + 1, s, register.Masked(v, s).ID, v.Signed(j.By, j.Time()), pledged[h.Holder]}
			page.Lines, page.Sum = append(page.Lines, line),
				page.Sum+h.Quantity
		}
		f.Title = r.say.T("股权登记簿")
		return registerPage{E: e, Class: class, Pages: pages, Count: len(list), On: on, Sum: sum, Today: v.Today()}, nil
	})
}

// certificatePage is what the page certificate shows.
type certificatePage struct {
	S        register.Shareholder
	ID       string
	Holdings []register.Holding
	Entities map[string]string
	Path     []office.Division // from the county down to the village
	Code     string
	QR       code
	Check    string
	Today    journal.Date
}

var _ = page[certificatePage]("certificate")

// certificatePaper shows a share certificate for printing (股权证), with the code that anybody may check it by.
func certificatePaper(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "certificate", "shareholders", placeOf(id), func(v *journal.View, f *frame) (any, error) {
		s, err := register.ShareholderOf(v, id)
		if err != nil {
			return nil, err
		}
		hold, err := register.StandingOf(v, id)
		if err != nil {
			return nil, err
		}
		var path []office.Division
		for _, d := range office.Path(v, s.Village()) {
			if d.Code.Level() >= region.County {
				path = append(path, d)
			}
		}
		names := entityNames(v, hold)
		code := register.CheckCode(v, s)
		link := r.base() + "/check?no=" + url.QueryEscape(s.Certificate()) + "&code=" + code
		picture, err := qrPath(link)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("股权证 %s", s.Certificate())
		return certificatePage{S: s, ID: register.Masked(v, s).ID, Holdings: hold, Entities: names, Path: path, Code: code,
			QR: picture, Check: r.base() + "/check", Today: v.Today()}, nil
	})
}

// base is the address that certificates and slips lead to: the office's, or else the one by which the reader's browser reaches this
// program.
func (r *request) base() string {
	if r.s.public != "" {
		return r.s.public
	}
	scheme := "http"
	if r.s.sessions.Cookie.Secure {
		scheme = "https"
	}
	return scheme + "://" + r.Request.Host
}

// code is a QR code as an SVG path over a square of so many modules.
type code struct {
	Size int
	Path template.HTMLAttr
}

func qrPath(text string) (code, error) {
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return code{}, err
	}
	var path strings.Builder
	size := c.Bounds().Dx()
	for y := range size {
		for x := range size {
			if red, _, _, _ := c.At(x, y).RGBA(); red == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+2, y+2)
			}
		}
	}
	return code{size + 4, template.HTMLAttr(`d="` + path.String() + `"`)}, nil // only digits and letters that we have made
}

// checkPage is what the page check shows.
type checkPage struct {
	Found *register.Checked // nil where nothing is found
	Form  *form
	Ask   bool // for the place: the number fits several
	// Public is the village's public page, "" where its county has none.
	Public string
}

var _ = page[checkPage]("check")

// checkPaper is the public page where anybody may check a certificate by its number and code.
func checkPaper(r *request) error {
	number, typed := r.Query("no"), r.Query("code")
	f := newForm("no", number, "code", typed, "place", r.Query("place"))
	answer := http.StatusOK
	var body checkPage
	if number != "" || typed != "" {
		c, err := register.CheckCertificate(r.s.ledger, number, typed, r.Query("place"))
		switch {
		case err == nil:
			body.Found = &c
			if err := r.s.ledger.Read(journal.Visitor(c.Village.Code), func(v *journal.View) error {
				if _, err := dividend.PublicPlans(v, c.Village.Code); err == nil {
					body.Public = address("/public/"+string(c.Village.Code), queryOf("no", c.Number))
				}
				return nil
			}); err != nil {
				return err
			}
		case refused(err):
			f = again(f.Values, err, "code", "place")
			body.Ask = f.Faults["place"] != nil || r.Query("place") != ""
			answer = status[journal.CodeOf(err)]
		default:
			return err
		}
	}
	body.Form = f
	return r.show(answer, "check", "", "", func(_ *journal.View, fr *frame) (any, error) {
		fr.Title = r.say.T("查验股权证")
		return body, nil
	})
}

package server

import (
	"cmp"
	"mime"
	"net/http"
	"net/url"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
)

var _ = on(
	get("/papers/:of", papersShow),
	post("/papers/:of", paperAdd).upTo(paper.MaxPaper+1<<20),
	get("/paper/:id", paperOpen),
)

// papersShow lists the scanned papers that belong to something, with the form that adds one.
func papersShow(r *request) error { return r.showPapers(http.StatusOK, newForm()) }

// papersPage is what the page papers shows.
type papersPage struct {
	Of     string
	Back   string
	Papers []paper.Paper
	Form   *form
	May    acts
	Most   int
}

var _ = page[papersPage]("papers")

func (r *request) showPapers(code int, f *form) error {
	of := r.Param("of")
	return r.show(code, "papers", "", placeOf(of), func(v *journal.View, fr *frame) (any, error) {
		list, err := paper.PapersOf(v, of)
		if err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"to": of}, "AttachPaper")
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("附件")
		f.of("AttachPaper")
		return papersPage{Of: of, Back: cmp.Or(journal.PageOf(of), "/"), Papers: list, Form: f, May: may,
			Most: paper.MaxPaper >> 20}, nil
	})
}

// paperAdd keeps a file and notes what it belongs to.
func paperAdd(r *request) error {
	of := r.Param("of")
	if err := r.mustNow("AttachPaper", map[string]any{"to": of}); err != nil { // before anything is written
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	refuse := func(err error) error {
		if !refused(err) {
			return err
		}
		return r.showPapers(status[journal.CodeOf(err)], again(values, backToForm(err, map[string]string{"digest": "file", "to": "file"}),
			"file", "name", "note"))
	}
	name, digest, err := r.keep(values.Get("name"))
	if err != nil {
		return refuse(err)
	}
	if digest == "" {
		return refuse(&journal.Error{Code: journal.Invalid, Field: "file", Text: "请选一个文件"})
	}
	if _, err := r.post("AttachPaper", map[string]any{"to": of, "digest": digest, "name": name, "note": values.Get("note")},
		values.Get(requestKey)); err != nil {
		return refuse(err)
	}
	return r.done("/papers/"+of, "attached")
}

// keep keeps the file that a form brings, under a name of its own or one that was typed; the digest is "" where it brings none.
func (r *request) keep(typed string) (name, digest string, err error) {
	name, content, err := r.brought(paper.MaxPaper + 1)
	if err != nil || name == "" {
		return "", "", err
	}
	name = cmp.Or(typed, name)
	if _, err := paper.CheckPaper(name, content); err != nil {
		return "", "", err
	}
	digest, err = r.s.files.Keep(content)
	return name, digest, err
}

// paperOpen sends a paper's content, as the type that it was found to be when it was attached.
func paperOpen(r *request) error {
	var p paper.Paper
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		p, err = paper.PaperOf(v, r.Param("id"))
		return err
	}); err != nil {
		return err
	}
	content, err := paper.PaperContent(r.s.ledger, p)
	if err != nil {
		return err
	}
	h := r.Writer.Header()
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": url.PathEscape(p.Name)}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-store")
	r.Data(http.StatusOK, p.Type, content)
	return nil
}

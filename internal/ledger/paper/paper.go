// Package paper keeps scanned papers, by digest, to whatever has an id.
package paper

import (
	"bytes"
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Paper is a scanned paper (a resolution, a contract, a certificate of land) that belongs to something in the books. The books keep its
// digest; its content lies in a file of that name beside them.
type Paper struct {
	ID     string        `cbor:"1,keyasint"`
	Name   string        `cbor:"2,keyasint"`
	Type   string        `cbor:"3,keyasint"` // media type
	Size   int           `cbor:"4,keyasint"` // bytes
	Digest string        `cbor:"5,keyasint"` // SHA-256, hexadecimal
	Note   string        `cbor:"6,keyasint,omitempty"`
	Stamp  journal.Stamp `cbor:"7,keyasint"`
	Sealed string        `cbor:"8,keyasint,omitempty"` // SHA-256 of the file as it was sealed; "" of one that an older program kept open
}

// Of is the id of what the paper belongs to.
func (p Paper) Of() string { return journal.PaperID.Parent(p.ID) }

var papers = journal.Folded[Paper]("paper")

// MaxPaper is the largest paper, in bytes; maxPapers the most that belong to one thing.
const (
	MaxPaper  = 10 << 20
	maxPapers = 99
)

// attachable are the things that papers belong to.
var attachable = []*journal.Form{journal.EntityID, journal.ClassID, journal.ContributionID, journal.HolderID, journal.LineID,
	journal.DistributionID, journal.ResolutionID, journal.MembershipID, journal.ContractID}

// AttachPaper notes that a scanned paper belongs to an entity, a share class, a contribution, a shareholder, a line of income or a
// distribution. Its content must be kept already.
type AttachPaper struct {
	To     string `cbor:"1,keyasint" json:"to"`
	Digest string `cbor:"2,keyasint" json:"digest"`
	Name   string `cbor:"3,keyasint" json:"name"`
	Note   string `cbor:"4,keyasint,omitempty" json:"note"`
	ID     string `cbor:"5,keyasint" json:"-"`
	Type   string `cbor:"6,keyasint" json:"-"`
	Size   int    `cbor:"7,keyasint" json:"-"`
	Sealed string `cbor:"8,keyasint,omitempty" json:"-"` // the digest of the sealed file, by which it is checked without the key
}

var _ = journal.Register(&AttachPaper{}, journal.Kind{
	Label: "附上扫描件", Roles: []journal.Role{journal.Accountant},
	Note: "存入文件用 `sanbian attach` / `attach` keeps the file",
	Page: func(e journal.Entry) string { return "/papers/" + e.(*AttachPaper).To },
	Hints: map[string]string{
		"to":     "附给哪个编号",
		"digest": "已存入的内容的 SHA-256",
	},
})

// Place is the village of what the paper belongs to.
func (e *AttachPaper) Place() region.Code { return journal.PlaceOf(e.To) }

// Subject is the paper's id.
func (e *AttachPaper) Subject() string { return e.ID }

// Look finds the content and says what it is.
func (e *AttachPaper) Look(p journal.Papers) error {
	if p == nil {
		return journal.Refuse(journal.Unavailable, "digest", "", "这里没有存放附件的地方")
	}
	content, sealed, err := p.Open(e.Digest)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return journal.Missing("digest", e.Digest, "没有摘要为 %s 的附件;请先存入文件", e.Digest)
	case err != nil:
		return journal.Clash("digest", e.Digest, "附件 %s 的内容与摘要不符,已损坏或被改动", e.Digest)
	}
	e.Size, e.Sealed = len(content), sealed
	e.Type, err = CheckPaper(e.Name, content)
	return err
}

// CheckPaper tells what a content is, whatever its name says. Refused, with field digest, are what is no PDF, JPEG or PNG, what is larger
// than MaxPaper, and what was cut off on its way.
func CheckPaper(name string, content []byte) (kind string, err error) {
	switch kind = paperType(content); {
	case kind == "":
		return "", journal.Wrong("digest", name, "%s 不是 PDF、JPEG 或 PNG 文件", name)
	case len(content) > MaxPaper:
		return "", journal.Refuse(journal.TooLarge, "digest", name, "附件有 %s MB,太大;最多 %s MB", strconv.Itoa(len(content)>>20),
			strconv.Itoa(MaxPaper>>20))
	case !whole(content, kind):
		return "", journal.Wrong("digest", name, "%s 不完整,后面的内容没有传到;请重新扫描或重新上传", name)
	}
	return kind, nil
}

// whole tells whether a content has its end. What programs put behind the end does not matter.
func whole(content []byte, kind string) bool {
	switch kind {
	case "application/pdf":
		return bytes.Contains(content[max(0, len(content)-1<<16):], []byte("%%EOF"))
	case "image/png":
		return bytes.Contains(content, []byte("IEND\xae\x42\x60\x82"))
	}
	for at := 2; at+4 <= len(content) && content[at] == 0xff; { // a JPEG's segments; a small picture within one has an end of its own
		switch content[at+1] {
		case 0xff: // filling
			at++
		case 0xda: // the picture itself: a marker in it is its end
			return bytes.Contains(content[at:], []byte("\xff\xd9"))
		default:
			at += 2 + int(content[at+2])<<8 + int(content[at+3])
		}
	}
	return false
}

// paperType tells from the first bytes whether a content is a PDF, a JPEG or a PNG; "" for anything else, whatever its name says.
func paperType(content []byte) string {
	for start, kind := range map[string]string{"%PDF-": "application/pdf", "\xff\xd8\xff": "image/jpeg", "\x89PNG\r\n\x1a\n": "image/png"} {
		if bytes.HasPrefix(content, []byte(start)) {
			return kind
		}
	}
	return ""
}

func (e *AttachPaper) Check(c *journal.Checking) error {
	if e.Name == "" {
		return journal.Wrong("name", "", "请填写附件的名称")
	}
	if !journal.Exists(c, e.To, attachable...) {
		return journal.Missing("to", e.To, "没有编号为 %s 的经营主体、股份、入股、股东、收支、分红或合同", e.To)
	}
	last := 0
	for id, p := range papers.Scan(c, journal.PaperID.Front(e.To)) {
		if p.Digest == e.Digest {
			return journal.Clash("digest", p.Name, "这份附件已经在了:%s", p.Name)
		}
		last = journal.PaperID.Number(id)
	}
	if last >= maxPapers {
		return journal.Clash("to", e.To, "最多 %s 份附件", strconv.Itoa(maxPapers))
	}
	e.ID = journal.PaperID.ID(journal.PaperID.Front(e.To), last+1)
	return nil
}

func (e *AttachPaper) Apply(a *journal.Applying) {
	papers.Put(a.Tx, e.ID, Paper{ID: e.ID, Name: e.Name, Type: e.Type, Size: e.Size, Digest: e.Digest, Note: e.Note, Stamp: a.Stamp(),
		Sealed: e.Sealed})
}

// Any tells whether papers belong to something.
func Any(r store.Reader, id string) bool {
	for range papers.Scan(r, journal.PaperID.Front(id)) {
		return true
	}
	return false
}

// PapersOf lists the papers that belong to something.
func PapersOf(v *journal.View, id string) (list []Paper, err error) {
	books, err := v.At(journal.PlaceOf(id))
	if err != nil {
		return nil, err
	}
	for _, p := range papers.Scan(books, journal.PaperID.Front(id)) {
		list = append(list, p)
	}
	return list, nil
}

// PaperOf returns a paper by its id.
func PaperOf(v *journal.View, id string) (Paper, error) {
	return journal.Find(v, papers.Readable(), id, journal.Missing("", id, "没有编号为 %s 的附件", id))
}

// PaperContent returns a paper's content, which still has the digest that the journal says.
func PaperContent(l *journal.Ledger, p Paper) ([]byte, error) {
	b, err := l.PaperContent(p.Digest)
	if len(journal.All(err)) > 0 {
		return nil, err
	}
	if err != nil {
		return nil, journal.Refuse(journal.Unavailable, "", p.Name, "附件 %s 不在或已损坏;请从备份里恢复 %s", p.Name, p.Digest)
	}
	return b, nil
}

// All yields the papers that the books of a snapshot name.
func All(r store.Reader) iter.Seq[Paper] {
	return func(yield func(Paper) bool) {
		for _, p := range papers.Scan(r, "") {
			if !yield(p) {
				return
			}
		}
	}
}

// Content is what lies in one file, whatever it belongs to.
type Content struct {
	Digest string   // SHA-256, hexadecimal
	Seals  []string // the file as it lies has one of these: "" for one that lies open, several where counties came from several ledgers
}

// Contents are what the papers of a region that the books of a snapshot name have in them, each once.
func Contents(r store.Reader, place region.Code) (list []Content) {
	at := map[string]int{}
	for _, p := range papers.Scan(r, place.Prefix()) {
		i, known := at[p.Digest]
		if !known {
			i = len(list)
			at[p.Digest], list = i, append(list, Content{Digest: p.Digest})
		}
		if !slices.Contains(list[i].Seals, p.Sealed) {
			list[i].Seals = append(list[i].Seals, p.Sealed)
		}
	}
	return list
}

// EachPaper goes through all papers that a store's books name.
func EachPaper(s store.Store, f func(Paper) error) error {
	return s.View(func(r store.Reader) error {
		for p := range All(r) {
			if err := f(p); err != nil {
				return err
			}
		}
		return nil
	})
}

package paper_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
)

// A paper is attached by the digest of a content that is there and is a PDF, a JPEG or a PNG.
func TestPapers(t *testing.T) {
	b := booktest.New(t)
	entity, _, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 1)
	files := booktest.Keep{}
	add := func(content string) string {
		digest := fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
		files[digest] = []byte(content)
		return digest
	}
	var picture, drawing bytes.Buffer
	photo := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range photo.Pix {
		photo.Pix[i] = byte(i * i)
	}
	if err := errors.Join(jpeg.Encode(&picture, photo, nil), png.Encode(&drawing, photo)); err != nil {
		t.Fatal(err)
	}
	half := func(b bytes.Buffer) string { return b.String()[:b.Len()/2] }
	thumbnail := "\xff\xd8\xff\xe1\x00\x06\xff\xd8\xff\xd9" + picture.String()[2:] // a picture within the picture
	pdf, word, large := add("%PDF-1.7 决议 %%EOF"), add("PK\x03\x04"), add("%PDF-"+strings.Repeat(" ", paper.MaxPaper))
	attach := func(to, digest string) *paper.AttachPaper {
		return &paper.AttachPaper{To: to, Digest: digest, Name: "决议.pdf"}
	}
	b.KeepPapers(nil)
	b.Refuses("kj-yuxin", journal.Unavailable, "digest", attach(entity, pdf))
	b.KeepPapers(files)
	for _, c := range []struct {
		name  string
		code  journal.Code
		field string
		entry journal.Entry
	}{
		{"of another type", journal.Invalid, "digest", attach(entity, word)},
		{"too large", journal.TooLarge, "digest", attach(entity, large)},
		{"a PDF that was cut off", journal.Invalid, "digest", attach(entity, add("%PDF-1.7 决"))},
		{"a JPEG that was cut off", journal.Invalid, "digest", attach(entity, add(half(picture)))},
		{"a JPEG with a small picture, cut off", journal.Invalid, "digest", attach(entity, add(thumbnail[:len(thumbnail)/2]))},
		{"a PNG that was cut off", journal.Invalid, "digest", attach(entity, add(half(drawing)))},
		{"that is not here", journal.NotFound, "digest", attach(entity, strings.Repeat("0", 64))},
		{"to nothing", journal.NotFound, "to", attach(booktest.Yuxin+"E009", pdf)},
		{"without a name", journal.Invalid, "name", &paper.AttachPaper{To: entity, Digest: pdf}},
	} {
		t.Run(c.name, func(t *testing.T) { b.Refuses("kj-yuxin", c.code, c.field, c.entry) })
	}
	b.Record("kj-yuxin", attach(entity, pdf), attach(holders[0], pdf), attach(holders[0], add(picture.String())),
		attach(holders[0], add(drawing.String()+"behind")), attach(holders[0], add(thumbnail)))
	b.Refuses("kj-yuxin", journal.Conflict, "digest", attach(entity, pdf))
	files[pdf] = []byte("%PDF-1.7 另一份 %%EOF")
	b.Refuses("kj-yuxin", journal.Conflict, "digest", attach(entity+"C01", pdf))
	b.See("kj-yuxin", func(v *journal.View) {
		list, err := paper.PapersOf(v, entity)
		if err != nil || len(list) != 1 || list[0].Type != "application/pdf" || list[0].Of() != entity {
			t.Fatalf("papers %+v, %v", list, err)
		}
		if _, err := paper.PaperContent(b.Ledger, list[0]); !booktest.CodeIs(err, journal.Unavailable) {
			t.Errorf("a changed paper opens: %v", err)
		}
	})
	b.Verified()
}

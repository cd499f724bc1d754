package journal

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Form is the form of one sort of ids: the id of what the thing belongs to, a letter, the digits of a year where there is one, and the
// digits of its number. All begin with the 12 digits of a village, so that everything of a place is one range of keys.
//
// The forms stand here together; the room that keeps the things says what they are called (Named).
type Form struct {
	Label  Label   // what an id of the form names
	of     []*Form // one of these stands in front; none in front of a village
	mark   string
	dated  bool // four digits of a year follow the mark
	digits int  // of the number; 0 for none
	page   string
	length int // of the whole id; 0 where ids of the form have several lengths
	has    func(r store.Reader, id string) bool
	called func(r store.Reader, id string) string
}

// The forms of ids. VillageID is a division code, and the id of the village's own book. EntityID is also that of an entity's own book.
var (
	VillageID      = &Form{Label: "村", digits: 12, page: "/summary/"}
	EntityID       = &Form{Label: "经营主体", of: []*Form{VillageID}, mark: "E", digits: 3, page: "/entity/"}
	ClassID        = &Form{Label: "股份", of: []*Form{EntityID}, mark: "C", digits: 2, page: "/class/"}
	HolderID       = &Form{Label: "股东", of: []*Form{VillageID}, mark: "H", digits: 5, page: "/shareholder/"}
	ContributionID = &Form{Label: "入股", of: []*Form{EntityID}, mark: "B", digits: 5, page: "/contributions/"}
	YearID         = &Form{Label: "年度", of: []*Form{VillageID, EntityID}, mark: "Y", dated: true, page: "/summary/"}
	LineID         = &Form{Label: "收支", of: []*Form{YearID}, mark: "N", digits: 5, page: "/income/"}
	FundID         = &Form{Label: "专项资金", of: []*Form{VillageID, EntityID}, mark: "F", dated: true, digits: 4, page: "/funds/"}
	DistributionID = &Form{Label: "分红", of: []*Form{EntityID}, mark: "D", dated: true, digits: 2, page: "/distribution/"}
	BatchID        = &Form{Label: "银行批次", of: []*Form{DistributionID}, mark: "T", digits: 2, page: "/batch/"}
	MembershipID   = &Form{Label: "成员", of: []*Form{EntityID}, mark: "M", digits: 5, page: "/membership/"}
	ResolutionID   = &Form{Label: "决议", of: []*Form{VillageID, EntityID}, mark: "R", dated: true, digits: 3, page: "/resolution/"}
	ContractID     = &Form{Label: "合同", of: []*Form{VillageID, EntityID}, mark: "K", digits: 4, page: "/contract/"}
	PaperID        = &Form{
		Label: "附件", of: []*Form{EntityID, ClassID, HolderID, ContributionID, LineID, FundID, DistributionID,
			ResolutionID, MembershipID, ContractID}, mark: "P", digits: 3, page: "/paper/",
	}
)

var forms = []*Form{VillageID, EntityID, ClassID, HolderID, ContributionID, YearID, LineID, FundID, DistributionID, BatchID, ResolutionID,
	MembershipID, ContractID, PaperID}

func init() {
	for _, f := range forms { // each stands behind what it belongs to
		switch {
		case len(f.of) == 0:
			f.length = f.tail()
		case len(f.of) == 1 && f.of[0].length > 0:
			f.length = f.of[0].length + f.tail()
		}
	}
}

// Named says how the room that keeps the things of this form finds out whether there is one with an id, and what it is called.
func (f *Form) Named(has func(r store.Reader, id string) bool, called func(r store.Reader, id string) string) {
	f.has, f.called = has, called
}

// CalledBy says what the things of this form are called, where a higher room knows it than the one that keeps them.
func (f *Form) CalledBy(called func(r store.Reader, id string) string) { f.called = called }

// NamedBy is Named of things that a table keeps under their ids.
func NamedBy[T any](f *Form, t store.Table[T], called func(r store.Reader, thing T) string) {
	f.Named(t.Has, func(r store.Reader, id string) string {
		thing, ok := t.Get(r, id)
		if !ok {
			return ""
		}
		return called(r, thing)
	})
}

// Is tells whether an id has this form.
func (f *Form) Is(id string) bool {
	parent, ok := f.cut(id)
	if !ok || len(f.of) == 0 {
		return ok
	}
	return slices.ContainsFunc(f.of, func(o *Form) bool { return o.Is(parent) })
}

// tail is how long an id of this form is behind that of its parent.
func (f *Form) tail() int {
	n := len(f.mark) + f.digits
	if f.dated {
		n += 4
	}
	return n
}

// cut takes what stands in front from an id whose end is that of this form.
func (f *Form) cut(id string) (parent string, ok bool) {
	at := len(id) - f.tail()
	if at < 0 || at == 0 != (len(f.of) == 0) || id[at:at+len(f.mark)] != f.mark {
		return "", false
	}
	for _, c := range []byte(id[at+len(f.mark):]) {
		if c < '0' || c > '9' {
			return "", false
		}
	}
	return id[:at], true
}

// In finds the id of this form at the front of another: the entity that a class belongs to. "" where there is none. The form must have one
// length only.
func (f *Form) In(id string) string {
	if len(id) < f.length || !f.Is(id[:f.length]) {
		return ""
	}
	return id[:f.length]
}

// Cut takes an id of this form from the front of a key that goes on with something else. The form must have one length only.
func (f *Form) Cut(key string) (id, rest string) { return key[:f.length], key[f.length:] }

// Parent is what stands in front of an id of this form: the id of what the thing belongs to.
func (f *Form) Parent(id string) string { return id[:len(id)-f.tail()] }

// Number is the number at the end of an id of this form.
func (f *Form) Number(id string) int {
	n, _ := strconv.Atoi(id[len(id)-f.digits:])
	return n
}

// Digits is the number at the end of an id of this form as it stands there.
func (f *Form) Digits(id string) string { return id[len(id)-f.digits:] }

// Year is the year in an id of a dated form.
func (f *Form) Year(id string) int {
	at := len(id) - f.digits
	y, _ := strconv.Atoi(id[at-4 : at])
	return y
}

// Front is all of an id of this form but its number.
func (f *Form) Front(parent string) string { return parent + f.mark }

// Dated is all of an id of this dated form but its number: of a YearID the whole of it.
func (f *Form) Dated(parent string, year int) string { return parent + f.mark + Number(year, 4) }

// ID is the id with a number behind a front.
func (f *Form) ID(front string, n int) string { return front + Number(n, f.digits) }

// Most is the highest number that an id of this form can have.
func (f *Form) Most() int {
	most := 1
	for range f.digits {
		most *= 10
	}
	return most - 1
}

// Give decides the id of something new behind a front: the one asked for, where it has the right form and is free, or the next after last;
// where that is used up, the lowest free one.
func (f *Form) Give(asked, front string, last int, taken func(id string) bool) (string, error) {
	if asked != "" {
		if !f.Is(asked) || len(asked) != len(front)+f.digits || asked[:len(front)] != front {
			return "", Wrong("id", asked, "编号 %s 不对;应当是 %s 后接 %s 位数字,或留空由台账给出", asked, front, strconv.Itoa(f.digits))
		}
		if taken(asked) {
			return "", Clash("id", asked, "编号 %s 已经用了", asked)
		}
		return asked, nil
	}
	next := last + 1
	if next > f.Most() { // the highest number is in use; one that was passed over may be free
		for next = 1; taken(f.ID(front, next)); next++ {
		}
	}
	if id := f.ID(front, next); len(id) == len(front)+f.digits {
		return id, nil
	}
	return "", Clash("id", front, "%s 下的编号已用完", front)
}

// Page is the address of the page about what an id of this form names.
func (f *Form) Page(id string) string {
	switch f {
	case ContributionID:
		return f.page + f.Parent(id) + "#" + id
	case LineID:
		year := f.Parent(id)
		return f.page + YearID.Parent(year) + "?year=" + strconv.Itoa(YearID.Year(year)) + "&at=" + id + "#" + id
	case FundID:
		return f.page + f.Parent(id) + "?year=" + strconv.Itoa(f.Year(id)) + "#" + id
	case YearID:
		return f.page + string(PlaceOf(id)) + "?year=" + strconv.Itoa(f.Year(id))
	}
	return f.page + id
}

// FormOf returns the form that an id has, nil when it has none.
func FormOf(id string) *Form {
	for _, f := range forms {
		if f.Is(id) {
			return f
		}
	}
	return nil
}

// PageOf is the address of the page about what an id names, "" where it has no form.
func PageOf(id string) string {
	if f := FormOf(id); f != nil {
		return f.Page(id)
	}
	return ""
}

// Exists tells whether an id has one of the forms, and the books know what it names.
func Exists(r store.Reader, id string, of ...*Form) bool {
	f := FormOf(id)
	return f != nil && f.has != nil && slices.Contains(of, f) && f.has(r, id)
}

// Called is what the thing with an id is called in the books; "" where there is none, where it has no name of its own, or the reader may
// not know it.
func (v *View) Called(id string) string {
	if v.Within(PlaceOf(id)) != nil {
		return ""
	}
	name := Call(v.books, id)
	if name != "" && MembershipID.Is(id) && !v.who.NeedsChildren() { // it may be a child's, which only the number tells
		return string([]rune(name)[:1]) + "*"
	}
	return name
}

// Call is what the thing with an id is called in the books, for whoever refuses something because of it.
func Call(r store.Reader, id string) string {
	if f := FormOf(id); f != nil && f.called != nil {
		return f.called(r, id)
	}
	return ""
}

// PlaceOf returns the village at the front of an id, "" when there is none.
func PlaceOf(id string) region.Code {
	if len(id) < VillageID.digits {
		return ""
	}
	c, err := region.Parse(id[:VillageID.digits])
	if err != nil {
		return ""
	}
	return c
}

// RegionOf is the region that an address names: by its division code, or by the id of something in it; "" when it names none.
func RegionOf(address string) region.Code {
	c, err := region.Parse(address[:min(VillageID.digits, len(address))])
	if err != nil {
		return ""
	}
	return c
}

// IsRegion tells whether an address is a division code, not the id of something in a village.
func IsRegion(address string) bool {
	return len(address) <= VillageID.digits && RegionOf(address) != ""
}

// CutSeq takes the number of a record, as SeqKey prints it, from the end of a key.
func CutSeq(key string) (front string, seq uint64) {
	at := len(key) - len(SeqKey(0))
	seq, _ = strconv.ParseUint(key[at:], 10, 64)
	return key[:at], seq
}

// Number prints n with leading zeros to the width of ids.
func Number(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}

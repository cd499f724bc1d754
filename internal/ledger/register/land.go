package register

import (
	_ "embed"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// LandKind is a kind of land by GB/T 21010-2017.
type LandKind struct {
	Code  string        // four digits; "" of a group as it is filed
	Name  journal.Label // 旱地
	Filed journal.Label // under what the county files it: 耕地
}

// landKinds are the codes, names and groups of the standard; the groups are those by which counties have assets filed (农清明细20).
//
//go:embed landkinds.txt
var landText string

// LandKinds lists the kinds in the order of their codes.
var LandKinds = func() (list []LandKind) {
	for line := range strings.Lines(landText) {
		all := strings.Fields(line)
		list = append(list, LandKind{all[0], journal.Label(all[1]), journal.Label(all[2])})
	}
	return list
}()

// LandGroups lists the groups by which land is filed, in the order of their codes; what nothing was said of comes last.
var LandGroups = func() (list []journal.Label) {
	for _, k := range LandKinds {
		if !slices.Contains(list, k.Filed) {
			list = append(list, k.Filed)
		}
	}
	return append(list, unfiled)
}()

const unfiled journal.Label = "没有写地类"

// LandKindOf reads a kind by its code, its name, or the name of its group.
func LandKindOf(text string) (LandKind, bool) {
	text = strings.TrimSpace(text)
	for _, k := range LandKinds {
		if text == k.Code || text == string(k.Name) || text == k.Code+" "+string(k.Name) {
			return k, true
		}
	}
	if label := journal.Label(text); label != unfiled && slices.Contains(LandGroups, label) {
		return LandKind{Name: label, Filed: label}, true
	}
	return LandKind{}, false
}

// Filed is the group of land under which a contribution is filed, "" of what is no land.
func (b Contribution) Filed() journal.Label {
	if k, ok := LandKindOf(b.Land); ok {
		return k.Filed
	}
	switch b.Kind {
	case Farmland:
		return "耕地"
	case Forest:
		return "林地"
	case Pond:
		return "其他农用地"
	case House, OtherResource:
		return unfiled
	}
	return ""
}

// LandName is the kind of land in words, "" where nothing was said.
func (b Contribution) LandName() journal.Label {
	k, _ := LandKindOf(b.Land)
	return k.Name
}

// landUse finds what was put in of a plot or under a certificate: the county's chain, the code, and the contribution; of a certificate
// whose
// number is free text the village and that. Contributions entered by older programs are not in it.
var landUse = journal.FoldedSet("land_use")

// landKeys are under what a contribution is found: its plot where that has a code of its own, and its certificate.
func landKeys(place region.Code, plot, certificate string) (ofPlot, ofCertificate string) {
	if code, ok, _ := ident.Plot(plot); ok {
		ofPlot = place.Chain() + code.Code + "\x00"
	}
	if code, ok, _ := ident.LandRight(certificate); ok {
		ofCertificate = place.Chain() + code.Code + "\x00"
	} else if text := ident.Clean(certificate); text != "" {
		ofCertificate = string(place) + text + "\x00"
	}
	return ofPlot, ofCertificate
}

// checkLand checks what a contribution says of land: codes where they have that shape, the kind, the certificate's term, and that no more
// is put in than there is.
func (e *RecordContribution) checkLand(c *journal.Checking, f *journal.Faults) {
	e.Certificate, e.Contract, e.Plot = strings.TrimSpace(e.Certificate), strings.TrimSpace(e.Contract), strings.TrimSpace(e.Plot)
	issuer := ""
	for _, x := range []struct {
		field string
		text  *string
		plot  bool
	}{{"certificate", &e.Certificate, false}, {"contract", &e.Contract, false}, {"plot", &e.Plot, true}} {
		code := checkLandCode(c, f, x.field, x.text, x.plot)
		switch {
		case code == "":
		case issuer == "":
			issuer = code
		case issuer != code:
			c.Doubt(x.field, *x.text, "%s 的发包方是 %s,别的编码写的是 %s;请核对", *x.text, code, issuer)
		}
	}
	resource := e.Kind.Group() == Farmland.Group()
	if said := e.Contract + e.Plot + e.Land; said != "" && !resource && slices.Contains(ContributionKinds(), e.Kind) {
		f.Invalid("land_kind", said, "只有资源入股才写合同、地块和地类")
	}
	if e.Land != "" {
		k, ok := LandKindOf(e.Land)
		switch {
		case !ok:
			f.Invalid("land_kind", e.Land, "没有“%s”这种地类;请写 GB/T 21010 的代码或名称,例如 0103 旱地,或大类,例如 耕地", e.Land)
		case k.Code != "":
			e.Land = k.Code
		default:
			e.Land = string(k.Name)
		}
		if usual := (Contribution{Kind: e.Kind}).Filed(); ok && e.Kind.Landed() && k.Filed != usual && !(e.Kind == Farmland && k.Filed == "园地") {
			c.Doubt("land_kind", e.Land, "入股写的是%s,地类%s属于%s;请核对", e.Kind.Label(), k.Name, k.Filed)
		}
	}
	if e.Whole != 0 && e.Area > e.Whole {
		f.Invalid("whole_area", e.Whole, "入股 %s 亩,比整块的 %s 亩多", e.Area.Grouped(), e.Whole.Grouped())
	}
	e.checkTerm(c, f)
	if len(*f) == 0 && resource {
		e.checkTwice(c, f)
	}
}

// checkLandCode checks a text that has the shape of a code, and brings it to one spelling; it returns who issued it, "" of free text.
func checkLandCode(c *journal.Checking, f *journal.Faults, field string, text *string, plot bool) string {
	read := ident.LandRight
	if plot {
		read = ident.Plot
	}
	code, ok, err := read(*text)
	switch {
	case !ok && plot && *text != "" && strings.Trim(ident.Clean(*text), "0123456789") == "" && len(ident.Clean(*text)) > 14:
		c.Doubt(field, *text, "地块编码是 19 位,%s 是 %s 位;请核对", *text, strconv.Itoa(len(ident.Clean(*text))))
		return ""
	case !ok:
		return ""
	case errors.Is(err, ident.ErrLandLetter):
		f.Invalid(field, *text, "%s 的末位要是 J(家庭承包)或 Q(其他方式)", *text)
		return ""
	case err != nil:
		f.Invalid(field, *text, "%s 的顺序码全是 0", *text)
		return ""
	}
	*text = code.Code
	if !plot && code.Letter == "" {
		c.Doubt(field, *text, "%s 只有 18 位,少了末位的 J(家庭承包)或 Q(其他方式)", *text)
	}
	if !office.DivisionTable.Has(c, code.Village()) {
		c.Doubt(field, *text, "%s 开头的 %s 不在区划表里;请核对", *text, code.Village())
	}
	return code.Issuer
}

// checkTerm refuses a contribution that lasts longer than the certificate it rests on.
func (e *RecordContribution) checkTerm(c *journal.Checking, f *journal.Faults) {
	term, from := e.Term, ""
	if term == "" && e.Certificate != "" {
		_, key := landKeys(e.Place(), "", e.Certificate)
		for _, b := range e.uses(c, key) {
			if b.Term != "" {
				term, from = b.Term, b.ID
			}
		}
	}
	switch {
	case term == "":
	case e.Until > term && from == "":
		f.Add(journal.Conflict, "until", e.Until, "入股到 %s,权证只到 %s", string(e.Until), string(term))
	case e.Until > term:
		f.Add(journal.Conflict, "until", e.Until, "入股到 %s,权证只到 %s(入股 %s 写的)", string(e.Until), string(term), from)
	case e.Until == "":
		c.Doubt("until", "", "没有写入股到哪一天;权证到 %s 为止", string(term))
	}
	if e.Term != "" && e.Date > e.Term {
		f.Add(journal.Conflict, "certificate_until", e.Term, "权证 %s 到期,入股在 %s", string(e.Term), string(e.Date))
	}
}

// checkTwice refuses to put more in of a plot, or under a certificate, than there is; where the whole is not known it asks.
func (e *RecordContribution) checkTwice(c *journal.Checking, f *journal.Faults) {
	ofPlot, ofCertificate := landKeys(e.Place(), e.Plot, e.Certificate)
	for _, x := range []struct{ field, code, key string }{{"plot", e.Plot, ofPlot}, {"certificate", e.Certificate, ofCertificate}} {
		if x.key == "" {
			continue
		}
		whole, sum := money.Quantity(0), e.Area
		if x.field == "plot" || e.Plot == "" { // the whole that is written is the plot's where one is named
			whole = e.Whole
		}
		var others []string
		for _, b := range e.uses(c, x.key) {
			if x.field == "certificate" && e.Plot != "" && b.Plot != "" && b.Plot != e.Plot {
				continue // another plot of the same certificate
			}
			s, _ := shareholders.Get(c, b.Holder)
			others, sum = append(others, s.Name+" "+b.Area.Grouped()), sum+b.Area
			if x.field == "plot" || b.Plot == "" {
				whole = max(whole, b.Whole)
			}
		}
		switch said := strings.Join(others, "、"); {
		case len(others) == 0:
		case whole != 0 && sum > whole:
			f.Add(journal.Conflict, x.field, x.code, "%s 整块 %s 亩,已经入股 %s,再加 %s 亩就多了", x.code, whole.Grouped(), said, e.Area.Grouped())
			return
		case whole == 0:
			c.Doubt(x.field, x.code, "%s 已经入股 %s 亩;同一块地不能入股两次,分几份的请写整块的面积", x.code, said)
			return
		}
	}
}

// uses lists what is in under a key when the contribution begins, and not taken back.
func (e *RecordContribution) uses(c *journal.Checking, key string) (list []Contribution) {
	begin := max(e.Date, e.From)
	ids := oldUses(c, e.Place())[key]
	for k := range landUse.Each(c, key) {
		ids = append(ids, strings.TrimPrefix(k, key))
	}
	for _, id := range ids {
		if b, ok := contributions.Get(c, id); ok && b.Reversed == 0 && (b.Until == "" || b.Until >= begin) {
			list = append(list, b)
		}
	}
	return list
}

// oldUses are the contributions of a village that older programs have entered, by the key of their certificate.
func oldUses(c *journal.Checking, village region.Code) map[string][]string {
	return journal.Once(c, "old land of "+string(village), func() map[string][]string {
		list := map[string][]string{}
		for id, b := range contributions.Scan(c, string(village)) {
			if _, key := landKeys(village, "", b.Certificate); !b.Indexed && key != "" {
				list[key] = append(list[key], id)
			}
		}
		return list
	})
}

// index notes what is put in of which plot and certificate.
func (b Contribution) index(a *journal.Applying) {
	ofPlot, ofCertificate := landKeys(journal.PlaceOf(b.ID), b.Plot, b.Certificate)
	for _, key := range []string{ofPlot, ofCertificate} {
		if key != "" && b.Indexed {
			landUse.Add(a.Tx, key+b.ID)
		}
	}
}

// LandSum is the land of one entity under one group.
type LandSum struct {
	Entity string
	Filed  journal.Label
	Count  int
	Area   money.Quantity // 亩
	Value  money.Yuan
}

// LandByKind adds up the land that is in at the end of a day, by entity and by the group under which it is filed, in the order of the
// entities' ids and of the groups.
func LandByKind(v *journal.View, place string, on journal.Date) (list []LandSum, err error) {
	books, err := v.At(journal.PlaceOf(place))
	if err != nil {
		return nil, err
	}
	prefix, _ := Contributed(place, sums.YearOf(on.Year()), "")
	places := map[[2]string]int{} // in the list
	for _, b := range contributions.Scan(books, prefix) {
		filed := b.Filed()
		if filed == "" || b.Reversed != 0 || b.Date > on || b.Until != "" && b.Until < on {
			continue
		}
		key := [2]string{b.Entity(), string(filed)}
		at, known := places[key]
		if !known {
			at, list = len(list), append(list, LandSum{Entity: b.Entity(), Filed: filed})
			places[key] = at
		}
		s := &list[at]
		s.Count, s.Area, s.Value = s.Count+1, s.Area+b.Area, s.Value+b.Value
	}
	slices.SortStableFunc(list, func(a, b LandSum) int {
		if a.Entity != b.Entity {
			return strings.Compare(a.Entity, b.Entity)
		}
		return slices.Index(LandGroups, a.Filed) - slices.Index(LandGroups, b.Filed)
	})
	return list, nil
}

package exchange

import (
	"regexp"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// elsewhere refuses a row that says it is of another village: that village's list, or a row that slipped in.
func (u *Upload) elsewhere(v *journal.View, row sheet.Row) bool {
	name, id := ident.Name(u.Table.Get(row, "village")), u.Table.Get(row, "id")
	if name == "" && id == "" {
		return false
	}
	here, err := office.DivisionOf(v, u.Purpose.Village)
	if err != nil {
		return false
	}
	if name != "" && !isPlace(v, here, name) {
		u.wrong(row, journal.Conflict, "village", "这一行是%s的,这里是%s;请上传到那个村,或去掉这一行", name, here.Short())
		return true
	}
	if at := journal.PlaceOf(id); at != "" && at != here.Code {
		u.wrong(row, journal.Conflict, "id", "股东编号 %s 是别的村的,这里是%s;请上传到那个村,或去掉这一行", id, here.Short())
		return true
	}
	return false
}

var (
	province = regexp.MustCompile(`^\p{Han}{2,5}(省|自治区)`)
	groupOf  = regexp.MustCompile(`^第?[一二三四五六七八九十\d]{0,3}(村民小组|小组|村民组|组|屯|队)?$`)
)

// What is written behind a village's own name, and behind those of what it lies in.
var (
	villageWords = []string{"村民委员会", "村委会", "社区", "村", "居民委员会", "居委会", ""}
	levelWords   = "市县区镇乡"
)

// isPlace tells whether a name means a village: its own in full or short, with the places that it lies in before it, with a group of its
// own behind.
func isPlace(v *journal.View, here office.Division, name string) bool {
	name = strings.NewReplacer("-", "", "/", "", "—", "", "·", "", ",", "", "、", "").Replace(name)
	if region.Code(name) == here.Code {
		return true
	}
	own := bareVillage(here.Short())
	var within []string // the names of what it lies in, the largest first
	for _, level := range []region.Level{region.City, region.County, region.Township} {
		if d, err := office.DivisionOf(v, here.Code.Cut(level)); err == nil {
			within = append(within, d.Name)
		}
	}
	for cut := 0; cut <= len(within); cut++ { // what a name leaves out it leaves out from the top; 义县育新村 leaves out the township
		rest := name
		if cut == 0 {
			rest = province.ReplaceAllString(rest, "")
		}
		for _, d := range within[cut:] {
			for _, called := range []string{d, strings.TrimRight(d, levelWords)} {
				if after, ok := strings.CutPrefix(rest, called); ok && called != "" {
					rest = after
					break
				}
			}
		}
		for _, front := range []string{rest, name} {
			after, ok := strings.CutPrefix(front, own)
			if !ok {
				continue
			}
			for _, end := range villageWords {
				if group, ok := strings.CutPrefix(after, end); ok && groupOf.MatchString(group) && (group == "" || end != "") {
					return true
				}
			}
		}
	}
	return false
}

// bareVillage is a village's name without what it is: 育新 for 育新村民委员会, 育新村.
func bareVillage(name string) string {
	for _, end := range strings.Fields("民委员会 委会 村") {
		if bare := strings.TrimSuffix(name, end); bare != "" {
			name = bare
		}
	}
	return name
}

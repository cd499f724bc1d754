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

var groupOf = regexp.MustCompile(`^[((]?第?[一二三四五六七八九十\d]{0,3}(村民小组|小组|村民组|组|屯|队)?[))]?$`)

// What is written behind a village's own name, and behind those of what it lies in.
var (
	villageWords = []string{"村村民委员会", "村民委员会", "村村委会", "村委会", "行政村", "村委", "社区", "村", "居民委员会", "居委会", ""}
	levelWords   = "市县区镇乡"
	// provinceWords are the provinces by the first two digits of their codes, by GB/T 2260.
	provinceWords = map[string]string{"11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
		"31": "上海",
		"32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西",
		"46": "海南", "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆",
		"71": "台湾", "81": "香港", "82": "澳门"}
	provinceEndWords = []string{"维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市", ""}
)

// isPlace tells whether a name means a village: its own in full or short, with the places that it lies in before it, with a group of its
// own behind.
func isPlace(v *journal.View, here office.Division, name string) bool {
	name = strings.NewReplacer("-", "", "/", "", "—", "", "·", "", ",", "", "、", "", ">", "", "_", "", "\\", "", "|", "").Replace(name)
	if code := strings.TrimRight(name, "0"); name == string(here.Code) || len(name) == 15 && strings.HasPrefix(name, string(here.Code)) &&
		len(code) <= 12 {
		return true
	}
	own := bareVillage(here.Short())
	within := [][]string{} // the ways to write what it lies in, the largest first
	if p := provinceWords[string(here.Code)[:2]]; p != "" {
		var ways []string
		for _, end := range provinceEndWords {
			ways = append(ways, p+end)
		}
		within = append(within, ways)
	}
	for _, level := range []region.Level{region.City, region.County, region.Township} {
		if d, err := office.DivisionOf(v, here.Code.Cut(level)); err == nil {
			within = append(within, []string{d.Name, strings.TrimRight(d.Name, levelWords)})
		}
	}
	return endsWithin(name, within, own)
}

// endsWithin tells whether a name is some of the places that a village lies in, each in one of its ways and in their order, and then its
// own.
func endsWithin(name string, within [][]string, own string) bool {
	if after, ok := strings.CutPrefix(name, own); ok {
		for _, end := range villageWords {
			if group, ok := strings.CutPrefix(after, end); ok && groupOf.MatchString(group) && (group == "" || end != "") {
				return true
			}
		}
	}
	for i, ways := range within {
		for _, way := range ways {
			if rest, ok := strings.CutPrefix(name, way); ok && way != "" && endsWithin(rest, within[i+1:], own) {
				return true
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

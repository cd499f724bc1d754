package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

var divisionColumns = []sheet.Column{ // those of the National Bureau of Statistics' list
	{Name: "code", Headings: []string{"区划代码", "代码", "统计用区划代码"}, Required: true},
	{Name: "name", Headings: []string{"名称", "村", "单位名称"}, Required: true},
	{Name: "township_code", Headings: []string{"乡镇代码"}, Required: true},
	{Name: "township", Headings: []string{"乡镇", "乡镇名称"}, Required: true},
	{Name: "county_code", Headings: []string{"县代码", "县区代码"}, Required: true},
	{Name: "county", Headings: []string{"县", "县区", "县名称"}, Required: true},
	{Name: "city_code", Headings: []string{"市代码"}},
	{Name: "city", Headings: []string{"市", "市名称"}},
}

// divisionNames are the codes and names that a row of divisions gives: of the city, the county, the township and the village.
func divisionNames(u *Upload, row sheet.Row) (names [4][2]string) {
	get := func(column string) string { return u.Table.Get(row, column) }
	city, code := get("city"), get("city_code")
	if city == "" {
		city = u.Purpose.City
	}
	if at, err := region.Parse(get("code")); err == nil && code == "" && at.Level() >= region.City {
		code = at.Cut(region.City).Prefix()
	}
	if city != "" {
		names[0] = [2]string{code, city}
	}
	names[1], names[2], names[3] = [2]string{get("county_code"), get("county")}, [2]string{get("township_code"), get("township")},
		[2]string{get("code"), get("name")}
	return names
}

// divisionFacts passes over names that the file has given before: every village's row names its township again.
func divisionFacts(u *Upload, _ *journal.View, row sheet.Row) (f facts) {
	for i, n := range divisionNames(u, row) {
		switch old, ok := u.named[n[0]]; {
		case n[1] == "" && i == 0:
			f.skip |= 1 << i
		case ok && old != n[1]:
			u.wrong(row, journal.Invalid, "code", "%s 在文件里有两个名称:%s、%s", n[0], old, n[1])
		case ok:
			f.skip |= 1 << i
		}
		u.named[n[0]] = n[1]
	}
	return f
}

func divisionRow(u *Upload, row sheet.Row, f facts) (list []fields) {
	for i, n := range divisionNames(u, row) {
		if f.skip&(1<<i) == 0 {
			list = append(list, fields{"NameDivision", map[string]any{"code": n[0], "name": n[1]}})
		}
	}
	return list
}

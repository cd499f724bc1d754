package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

// roster is how a list with a row for every person comes to households: the householder's row is the household's, the rows of the others
// are its members.
type roster struct {
	// of each row: the row of its householder; alone of one that is no member's, lost of a member's without a householder
	head    []int
	members map[int][]int // rows of the members, by the row of the householder
}

const (
	alone = -1
	lost  = -2
)

// isRoster tells whether a file has a row for every person: it says of each what relation there is to the householder, or names the
// householder beside.
func (u *Upload) isRoster() bool {
	return u.Purpose.Kind == Shareholders && (u.heading["relation"] != "" || u.heading["member"] != "")
}

// group finds whose rows belong to whom: by the household's number where the file has one, else by the householder's row before. A member
// without a householder is refused.
func (u *Upload) group(l *list) {
	u.roster = roster{}
	if !u.isRoster() {
		u.sameHousehold(l)
		return
	}
	n, household := len(u.Table.Rows), u.householdColumn()
	u.roster = roster{head: make([]int, n), members: map[int][]int{}}
	numbers, byNumber := make([]string, n), map[string]int{}
	last := "" // the number of the row before: a merged cell says it once
	for i, row := range u.Table.Rows {
		u.roster.head[i] = alone
		if u.passed(row, l) {
			continue
		}
		if number := u.Table.Get(row, household); number != "" {
			last = u.Table.Get(row, "group") + "\x00" + row.Under + "\x00" + number // numbers begin anew in each group
		}
		numbers[i] = last
		if !u.isHead(row) || numbers[i] == "" {
			continue
		}
		if first, twice := byNumber[numbers[i]]; twice {
			u.wrong(row, journal.Conflict, household, "户号 %s 在第 %s 行已有户主%s;一个户号只能有一个户主", u.Table.Get(row, household),
				u.Table.Place(u.Table.Rows[first].Number), u.Table.Get(u.Table.Rows[first], "name"))
		}
		byNumber[numbers[i]] = i
	}
	byName := u.headsByName(l)
	head := -1
	for i, row := range u.Table.Rows {
		if u.passed(row, l) {
			continue
		}
		if u.isHead(row) {
			head = i
			continue
		}
		person, name := u.person(row), ident.Name(u.Table.Get(row, "name"))
		of := head
		if numbers[i] != "" {
			first, known := byNumber[numbers[i]]
			if !known {
				u.wrong(row, journal.Invalid, household, "%s的户号 %s 没有户主的一行;请先写户主(与户主关系写“户主”)", person, u.Table.Get(row, household))
				u.roster.head[i] = lost
				continue
			}
			of = first
		}
		if elsewhere, ok := byName[name]; ok && elsewhere >= 0 && (of < 0 || name != ident.Name(u.Table.Get(u.Table.Rows[of], "name"))) {
			of = elsewhere // named, further up or down
		}
		if of < 0 || u.heading["member"] != "" && name != "" && name != ident.Name(u.Table.Get(u.Table.Rows[of], "name")) {
			u.wrong(row, journal.Invalid, cmp.Or(relationColumn(u), "name"), "%s前面没有户主的一行;每一户请先写户主(与户主关系写“户主”),成员接着写", person)
			u.roster.head[i] = lost
			continue
		}
		for _, c := range []string{"card", "account"} {
			if number := u.Table.Get(row, c); number != "" && number != u.Table.Get(u.Table.Rows[of], c) {
				u.doubt(row, c, "一户只记户主的账号,%s的没有记", person)
			}
		}
		u.roster.head[i] = of
		u.roster.members[of] = append(u.roster.members[of], i)
	}
}

// headsByName finds the householders' rows by their names, in a file that names the householder beside each person; -1 for a name of
// several.
func (u *Upload) headsByName(l *list) map[string]int {
	found := map[string]int{}
	if u.heading["member"] == "" {
		return found
	}
	for i, row := range u.Table.Rows {
		name := ident.Name(u.Table.Get(row, "name"))
		if name == "" || u.passed(row, l) || !u.isHead(row) {
			continue
		}
		if _, twice := found[name]; twice {
			i = -1
		}
		found[name] = i
	}
	return found
}

// householdColumn is the column of the households' numbers: the one that says so, or one that numbers the rows by household.
func (u *Upload) householdColumn() string {
	if u.heading["household"] != "" {
		return "household"
	}
	for i, column := range u.Table.Columns {
		if !sheet.IsAside(column) || !slices.Contains(strings.Fields(numberWords), u.heading[column]) {
			continue
		}
		last := ""
		seen := map[string]bool{}
		for _, row := range u.Table.Rows { // 1, 2, 1: a number that comes back
			cell := row.Cells[i]
			if cell != "" && cell != last && seen[cell] {
				return column
			}
			if cell != "" {
				seen[cell], last = true, cell
			}
		}
	}
	return "household"
}

// numberWords are headings of columns that may number the households.
const numberWords = "序号 编号 股权证号 股权证编号 门牌号"

// person is whom a row of a roster is about.
func (u *Upload) person(row sheet.Row) string {
	if u.heading["member"] != "" {
		return ident.Name(u.Table.Get(row, "member"))
	}
	return ident.Name(u.Table.Get(row, "name"))
}

// isHead tells whether a row of a roster is the householder's.
func (u *Upload) isHead(row sheet.Row) bool {
	relation := u.Table.Get(row, "relation")
	person := u.person(row)
	return relation == "" && (u.heading["member"] == "" || person == "" || person == ident.Name(u.Table.Get(row, "name"))) ||
		register.MeansHouseholder(relation)
}

// sameHousehold points out rows with one household's number in a list that has a row for every household.
func (u *Upload) sameHousehold(l *list) {
	if u.heading["household"] == "" {
		return
	}
	first := map[string]sheet.Row{}
	for _, row := range u.Table.Rows {
		number := u.Table.Get(row, "household")
		if number == "" || u.passed(row, l) {
			continue
		}
		number = u.Table.Get(row, "group") + "\x00" + row.Under + "\x00" + number
		if other, ok := first[number]; ok {
			u.doubt(row, "household", "户号与第 %s 行的%s相同,却各记一户;同一户的人请加“与户主关系”一列", u.Table.Place(other.Number), u.Table.Get(other, "name"))
		} else {
			first[number] = row
		}
	}
}

func relationColumn(u *Upload) string {
	if u.heading["relation"] != "" {
		return "relation"
	}
	return ""
}

// whole returns a row as its household's: with the shares of all its members, which a list that names every person gives to each.
func (u *Upload) whole(i int) sheet.Row {
	row := u.Table.Rows[i]
	members := u.roster.members[i]
	if len(members) == 0 {
		return row
	}
	row.Cells = append([]string(nil), row.Cells...)
	for at, column := range u.Table.Columns {
		if !strings.HasPrefix(column, "class:") {
			continue
		}
		for _, m := range members {
			row.Cells[at] = addShares(row.Cells[at], u.Table.Rows[m].Cells[at])
		}
	}
	return row
}

// addShares adds two cells of shares; one that is no number stays as it is, to be refused.
func addShares(a, b string) string {
	if a == "" || b == "" {
		return cmp.Or(a, b)
	}
	x, err := money.ParseQuantity(a)
	if err != nil {
		return a
	}
	y, err := money.ParseQuantity(b)
	if err != nil {
		return b
	}
	return (x + y).String()
}

// membersOf lists a household's members: those of its rows, or those that its one row names.
func (u *Upload) membersOf(row sheet.Row) (list []any) {
	if !u.isRoster() {
		return readMembers(u.Table.Get(row, "members"))
	}
	i, _ := u.index(row.Number)
	for _, m := range u.roster.members[i] {
		r := u.Table.Rows[m]
		name := u.Table.Get(r, "name")
		if u.heading["member"] != "" {
			name = u.Table.Get(r, "member")
		}
		list = append(list, map[string]any{"name": name, "relation": u.Table.Get(r, "relation"), "id_no": u.Table.Get(r, "id_no")})
	}
	return list
}

// member finds the row of the member that a field is about (members.0.id_no), and the column it stands in.
func (u *Upload) member(f *journal.Error) {
	parts := strings.Split(f.Field, ".")
	i, ok := 0, false
	if u.Table != nil {
		i, ok = u.index(f.Row)
	}
	if !ok || len(parts) != 3 || parts[0] != "members" || !u.isRoster() {
		return
	}
	if n, err := strconv.Atoi(parts[1]); err == nil && n < len(u.roster.members[i]) {
		f.Row, f.Field = u.Table.Rows[u.roster.members[i][n]].Number, parts[2]
		if f.Field == "name" && u.heading["member"] != "" {
			f.Field = "member"
		}
	}
}

package exchange

import (
	"cmp"
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
	n := len(u.Table.Rows)
	u.roster = roster{head: make([]int, n), members: map[int][]int{}}
	numbers, byNumber := make([]string, n), map[string]int{}
	last := "" // the number of the row before: a merged cell says it once
	for i, row := range u.Table.Rows {
		u.roster.head[i] = alone
		if u.passed(row, l) {
			continue
		}
		if numbers[i] = u.Table.Get(row, "household"); numbers[i] == "" {
			numbers[i] = last
		}
		last = numbers[i]
		if !u.isHead(row) || numbers[i] == "" {
			continue
		}
		if first, twice := byNumber[numbers[i]]; twice {
			u.doubt(row, "household", "户号 %s 在第 %s 行已有户主%s;请核对是不是同一户", numbers[i], u.Table.Place(u.Table.Rows[first].Number),
				u.Table.Get(u.Table.Rows[first], "name"))
		}
		byNumber[numbers[i]] = i
	}
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
				u.wrong(row, journal.Invalid, "household", "%s的户号 %s 没有户主的一行;请先写户主(与户主关系写“户主”)", person, numbers[i])
				u.roster.head[i] = lost
				continue
			}
			of = first
		}
		if of < 0 || u.heading["member"] != "" && name != "" && name != ident.Name(u.Table.Get(u.Table.Rows[of], "name")) {
			u.wrong(row, journal.Invalid, cmp.Or(relationColumn(u), "name"), "%s前面没有户主的一行;每一户请先写户主(与户主关系写“户主”),成员接着写", person)
			u.roster.head[i] = lost
			continue
		}
		u.roster.head[i] = of
		u.roster.members[of] = append(u.roster.members[of], i)
	}
}

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

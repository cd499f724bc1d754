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

// group finds whose rows belong to whom. A member whose householder has no row before is refused.
func (u *Upload) group(l *list) {
	u.roster = roster{}
	if !u.isRoster() {
		return
	}
	u.roster = roster{head: make([]int, len(u.Table.Rows)), members: map[int][]int{}}
	head := -1
	for i, row := range u.Table.Rows {
		u.roster.head[i] = alone
		if u.passed(row, l) {
			continue
		}
		name, relation := ident.Name(u.Table.Get(row, "name")), u.Table.Get(row, "relation")
		person := name
		if u.heading["member"] != "" {
			person = ident.Name(u.Table.Get(row, "member"))
		}
		if relation == "" && (u.heading["member"] == "" || person == "" || person == name) || register.MeansHouseholder(relation) {
			head = i
			continue
		}
		if head < 0 || u.heading["member"] != "" && name != "" && name != ident.Name(u.Table.Get(u.Table.Rows[head], "name")) {
			u.wrong(row, journal.Invalid, cmp.Or(relationColumn(u), "name"), "%s前面没有户主的一行;每一户请先写户主(与户主关系写“户主”),成员接着写", person)
			u.roster.head[i] = lost
			continue
		}
		u.roster.head[i] = head
		u.roster.members[head] = append(u.roster.members[head], i)
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

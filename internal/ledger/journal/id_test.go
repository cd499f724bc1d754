package journal_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// Every form knows its own ids and no others; what an id belongs to stands in front of it; the next number follows the last.
func TestForms(t *testing.T) {
	const village = "210727102216"
	all := []*journal.Form{journal.VillageID, journal.EntityID, journal.ClassID, journal.HolderID, journal.ContributionID, journal.YearID,
		journal.LineID, journal.DistributionID, journal.BatchID, journal.PaperID}
	for _, c := range []struct {
		id, in, page string
		form         *journal.Form
		number       int
	}{
		{village, "", "/summary/" + village, journal.VillageID, 210727102216},
		{village + "E001", village + "E001", "/entity/" + village + "E001", journal.EntityID, 1},
		{village + "E001C02", village + "E001", "/class/" + village + "E001C02", journal.ClassID, 2},
		{village + "H00007", "", "/shareholder/" + village + "H00007", journal.HolderID, 7},
		{village + "E001B00003", village + "E001", "/contributions/" + village + "E001#" + village + "E001B00003", journal.ContributionID, 3},
		{village + "Y2025", "", "/summary/" + village + "?year=2025", journal.YearID, 0},
		{village + "Y2025N00001", "", "/income/" + village + "?year=2025&at=" + village + "Y2025N00001#" + village + "Y2025N00001",
			journal.LineID, 1},
		{
			village + "E001Y2025N00001", village + "E001", "/income/" + village + "E001?year=2025&at=" + village + "E001Y2025N00001#" +
				village + "E001Y2025N00001",
			journal.LineID, 1,
		},
		{village + "E001D202502", village + "E001", "/distribution/" + village + "E001D202502", journal.DistributionID, 2},
		{village + "E001D202502T03", village + "E001", "/batch/" + village + "E001D202502T03", journal.BatchID, 3},
		{village + "E001B00003P004", village + "E001", "/paper/" + village + "E001B00003P004", journal.PaperID, 4},
		{"", "", "", nil, 0}, {village + "E01", "", "", nil, 0}, {village + "E001C2x", "", "", nil, 0}, {"H00001", "", "", nil, 0},
		{village + "C01", "", "", nil, 0}, {village + "E001D202502P1", "", "", nil, 0}, {village + "P001", "", "", nil, 0},
	} {
		if got := journal.FormOf(c.id); got != c.form {
			t.Errorf("%q is taken for %+v", c.id, got)
			continue
		}
		for _, f := range all {
			if f.Is(c.id) != (f == c.form) {
				t.Errorf("%q: the form of a %s says %v", c.id, f.Label, f.Is(c.id))
			}
		}
		if c.form == nil {
			continue
		}
		if got := c.form.Page(c.id); got != c.page {
			t.Errorf("the page about %q is %q, want %q", c.id, got, c.page)
		}
		if got := journal.EntityID.In(c.id); got != c.in {
			t.Errorf("the entity in %q is %q, want %q", c.id, got, c.in)
		}
		if got := c.form.Number(c.id); c.form != journal.YearID && got != c.number {
			t.Errorf("the number of %q is %d, want %d", c.id, got, c.number)
		}
	}
	front := journal.ClassID.Front(village + "E001")
	used := map[string]bool{front + "01": true, front + "99": true}
	taken := func(id string) bool { return used[id] }
	for _, c := range []struct {
		asked, want string
		last        int
		refused     bool
	}{
		{"", front + "03", 2, false}, {"", front + "02", 99, false}, {front + "05", front + "05", 2, false},
		{front + "01", "", 2, true}, {village + "E002C01", "", 2, true}, {front + "005", "", 2, true},
	} {
		got, err := journal.ClassID.Give(c.asked, front, c.last, taken)
		if (err != nil) != c.refused || !c.refused && got != c.want {
			t.Errorf("asked %q after %d: %q, %v", c.asked, c.last, got, err)
		}
	}
}

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/demo/demotest"
)

// The files of the field come in by commands as they should: read right, or refused with what is wrong.
func TestFieldByCommand(t *testing.T) {
	const folder = "../../internal/exchange/testdata/field"
	text, err := os.ReadFile(filepath.Join(folder, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Batch string
		Setup []string
		Cases []struct {
			ID, File, Rule, Kind, Entity, Date, Refused, List string
			Sheets, Says, Has, Lacks, Holds                   []string
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	s := newShell(t)
	demotest.Folder(t, s.data, "sanbian.db")
	s.must(strings.Join(all.Setup, "\n"), "post", "-", "--account", "yuxin")
	for _, x := range all.Cases {
		t.Run(x.ID+" "+x.Rule, func(t *testing.T) {
			args := []string{"import", x.Kind, filepath.Join(folder, x.File), "--account", "yuxin"}
			if x.Kind == "results" {
				args = append(args, "--batch", all.Batch, "--dry-run")
			} else {
				args = append(args, "--village", village)
			}
			if x.Entity != "" {
				args = append(args, "--entity", x.Entity)
			}
			if x.Date != "" {
				args = append(args, "--date", x.Date)
			}
			for _, name := range x.Sheets {
				args = append(args, "--sheet", name)
			}
			out, ok := s.run("", args...)
			if ok != (x.Refused == "") {
				t.Fatalf("taken: %v; it says %s", ok, out)
			}
			for _, want := range append(x.Says, x.Refused) {
				if !strings.Contains(out, want) {
					t.Errorf("%q is missing in %s", want, out)
				}
			}
			if x.List == "" {
				return
			}
			list := s.must("", "export", x.List, "--place", village, "--format", "raw", "--account", "yuxin")
			held := s.must("", "export", "holdings", "--place", village, "--format", "raw", "--account", "yuxin")
			for _, want := range x.Has {
				if !strings.Contains(list, want) {
					t.Errorf("%q is not in the list %s: %s", want, x.List, list[max(0, len(list)-500):])
				}
			}
			for _, want := range x.Holds {
				name, shares, _ := strings.Cut(want, " ")
				if !regexp.MustCompile("," + name + `,\d+,` + regexp.QuoteMeta(shares) + ",").MatchString(held) {
					t.Errorf("nobody holds %q", want)
				}
			}
			for _, not := range x.Lacks {
				if strings.Contains(list, not) {
					t.Errorf("%q is in the list %s", not, x.List)
				}
			}
		})
	}
}

package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// The longest lines, in characters, that a reader need not scroll for; and the longest functions, in lines, but for the tests' tables of
// cases.
const (
	longestGo       = 140
	longestTemplate = 160
	longestFunction = 79
)

// rooms are the packages from the ground up. A room imports only those before it; tests are exempt. Rooms of the ledger that know each
// other in one direction only stand in that order.
var rooms = []string{
	"internal/region", "internal/ident", "internal/money", "internal/seal", "internal/seal/sealtest", "internal/store",
	"internal/store/storetest",
	"internal/ledger/journal", "internal/ledger/sums", "internal/ledger/office", "internal/ledger/paper", "internal/ledger/resolution",
	"internal/ledger/plan", "internal/ledger/register",
	"internal/ledger/income", "internal/ledger/dividend", "internal/ledger/report", "internal/ledger/booktest",
	"internal/access", "internal/witness", "internal/backup", "internal/metrics", "internal/console", "internal/sheet", "internal/exchange",
	"internal/demo",
	"internal/demo/demotest", "internal/picture", "web",
	"internal/server",
	"cmd/sanbian",
}

// untidy are today's exceptions: how many lines of a file break a rule. The list may only shrink: a number that is too high is a fault,
// too.
//
// The file testdata/untidy.txt has a line for each: the rule, the file, the number.
func untidy(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile("testdata/untidy.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]int{}
	for line := range strings.Lines(string(text)) {
		parts := strings.Fields(line)
		if len(parts) != 3 {
			t.Fatalf("untidy.txt: %q", line)
		}
		n, err := strconv.Atoi(parts[2])
		if err != nil {
			t.Fatal(err)
		}
		list[parts[0]+" "+parts[1]] = n
	}
	return list
}

// ruled finds comparisons of states and roles in a template: a rule that the ledger has, written again.
var ruled = regexp.MustCompile(`\b(?:eq|ne) \(?(?:print )?[$.\w]*\.(?:State|Stage|Role|Rule|Reward|Level)\b|\b(?:eq|ne) \(print`)

// apart are rooms that may get at the store itself: access keeps the sessions there, booktest and demotest are for tests.
var apart = []string{"internal/access", "internal/ledger/booktest", "internal/demo/demotest"}

// decided finds the same in the rooms above the ledger.
var decided = regexp.MustCompile(`[!=]= plan\.(?:Draft|Submitted|Returned|Approved|Voided|Closed)\b|` +
	`\.Role [!=]=|case journal\.(?:Accountant|Reviewer)`)

// inline finds styles that the one style sheet does not know of.
var inline = regexp.MustCompile(`\sstyle=|<style`)

// bare finds queries written outside the ledger: rooms above it ask its rooms, which look at region and role first.
var bare = regexp.MustCompile(`\bv\.(?:At|Open|Digest)\(|\.\w+Table\b|\.Store\(\)|journal\.CommonOf`)

// Lines are short enough to be read without scrolling, rooms import only those below them, templates hold no rules and no styles, and
// nobody outside the ledger reads its tables.
func TestTidy(t *testing.T) {
	found := map[string]int{}
	top := filepath.Join("..", "..")
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(name, top+string(filepath.Separator)))
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && name != top || d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		longest := map[string]int{".go": longestGo, ".html": longestTemplate}[filepath.Ext(name)]
		if longest == 0 {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > longest {
				found["long "+rel]++
			}
			if strings.HasSuffix(name, ".html") {
				if ruled.MatchString(line) {
					found["rule "+rel] += len(ruled.FindAllString(line, -1))
				}
				if inline.MatchString(line) {
					found["style "+rel]++
				}
			}
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			for _, name := range longFunctions(string(text)) {
				if path.Dir(rel) == "internal/ledger/booktest" { // a table of samples
					continue
				}
				found["function "+rel]++
				t.Log(rel + ": " + name + " is too long")
			}
			if outside(rel) && bare.Match(text) && !slices.Contains(apart, path.Dir(rel)) {
				found["bare "+rel]++
			}
			if outside(rel) && decided.Match(text) {
				found["rule "+rel]++
			}
			for _, wrong := range upwards(t, rel, text) {
				found["upwards "+rel]++
				t.Log(wrong)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		var lines []string
		for what, n := range found {
			lines = append(lines, fmt.Sprintln(what, n))
		}
		slices.Sort(lines)
		if err := os.WriteFile("testdata/untidy.txt", []byte(strings.Join(lines, "")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	allowed := untidy(t)
	for what, n := range found {
		if n > allowed[what] {
			t.Errorf("%s: %d, where %d are known (long: lines over %d or %d characters; rule: a comparison of states in a template; "+
				"style: an inline style; upwards: an import of a room above; bare: a table read outside the ledger; "+
				"function: one of over %d lines)", what, n, allowed[what], longestGo, longestTemplate, longestFunction)
		}
	}
	for what, n := range allowed {
		if found[what] < n {
			t.Errorf("%s: %d are left; take the others off testdata/untidy.txt, which may only shrink", what, found[what])
		}
	}
}

// longFunctions lists the first lines of functions that are too long; gofmt ends a function with a brace at the margin.
func longFunctions(text string) (list []string) {
	begun, first := 0, ""
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "func "):
			begun, first = i, line
		case line == "}" && first != "":
			if i-begun+1 > longestFunction {
				list = append(list, first)
			}
			first = ""
		}
	}
	return list
}

// outside tells whether a file stands in a room above the ledger's.
func outside(file string) bool {
	return slices.Index(rooms, path.Dir(file)) > slices.Index(rooms, "internal/ledger/report")
}

// upwards lists the imports of a file that lead to its own floor or above.
func upwards(t *testing.T, file string, text []byte) (wrong []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	own := slices.Index(rooms, path.Dir(file))
	if own < 0 {
		return []string{file + " is in no room that the list of rooms names"}
	}
	for _, i := range f.Imports {
		name, _ := strconv.Unquote(i.Path.Value)
		room, ours := strings.CutPrefix(name, "github.com/sanbian/ledger/")
		if ours && slices.Index(rooms, room) >= own {
			wrong = append(wrong, file+" imports "+room)
		}
		switch {
		case name == "go.etcd.io/bbolt" && !strings.HasPrefix(rooms[own], "internal/store"),
			name == "github.com/gin-gonic/gin" && rooms[own] != "internal/server":
			wrong = append(wrong, file+" imports "+name)
		}
	}
	return wrong
}

// The top level holds what it is known to hold: nothing that a tool left there is kept with the sources. The files that git knows are asked
// for, where it is there; what a program made and git ignores is nobody's concern.
func TestTopLevel(t *testing.T) {
	out, err := exec.Command("git", "-C", filepath.Join("..", ".."), "ls-files").Output()
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip("no git checkout: ", err)
	}
	known := []string{"cmd", "internal", "web", "go.mod", "go.sum", "README.md", "LICENSE"}
	for name := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(strings.TrimSpace(name), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(known, top) {
			t.Errorf("%s does not belong here", top)
		}
	}
}

package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// bombMe names the file that a process of TestBombs reads.
const bombMe = "SANBIAN_BOMB_ME"

// mostForABomb is what reading one file may take of memory at its peak, in MB: as much as the program is to need in all.
const mostForABomb = 300

// bomb writes a workbook of one sheet, whose text is what write writes into it, and whose strings are as given.
func bomb(t *testing.T, write func(w io.Writer), strings, more func(z *zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name, text string) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
	}
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" `
	const relation = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	part("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`)
	part("xl/workbook.xml", `<workbook `+main+`xmlns:r="`+relation+`"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`)
	part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+
		`<Relationship Id="r1" Type="`+relation+`/worksheet" Target="worksheets/sheet1.xml"/>`+
		`<Relationship Id="r2" Type="`+relation+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`)
	sheet, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	write(sheet)
	if strings != nil {
		strings(z)
	} else {
		part("xl/sharedStrings.xml", `<sst `+main+`/>`)
	}
	if more != nil {
		more(z)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Files that are small and unfold to much more than any register are read, or refused, within the memory of the program; each by a
// process of its own, whose peak is measured.
func TestBombs(t *testing.T) {
	if file := os.Getenv(bombMe); file != "" {
		debug.SetMemoryLimit(180 << 20) // as the program does
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		table, err := read(f, preciousColumns)
		fmt.Println("read", table != nil, err)
		status, _ := os.ReadFile("/proc/self/status")
		for line := range strings.Lines(string(status)) {
			if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				fmt.Println("peak", strings.Fields(rest)[0])
			}
		}
		return
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this system does not tell a process's peak")
	}
	const begin, end = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, `</sheetData></worksheet>`
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	cell := func(at, text string) string {
		return `<c r="` + at + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	head := `<row r="1">`
	for i, c := range preciousColumns {
		head += cell(string(rune('A'+i))+"1", c.Name)
	}
	head += `</row>`
	sheetOf := func(middle func(w io.Writer)) func(w io.Writer) {
		return func(w io.Writer) {
			_, _ = io.WriteString(w, begin+head)
			middle(w)
			_, _ = io.WriteString(w, end)
		}
	}
	many := func(n int, text func(i int) string) func(w io.Writer) {
		return sheetOf(func(w io.Writer) {
			for i := range n {
				_, _ = io.WriteString(w, text(i))
			}
		})
	}
	inPart := func(name string, n int, piece []byte) func(z *zip.Writer) {
		return func(z *zip.Writer) {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			for range n {
				_, _ = w.Write(piece)
			}
		}
	}
	entry := []byte("<si><t>" + strings.Repeat("a", 1000) + "</t></si>")
	for name, content := range map[string]func() []byte{
		"600 MB of blanks in the sheet": func() []byte { return bomb(t, many(600, func(int) string { return string(blanks) }), nil, nil) },
		"480 MB in another part": func() []byte {
			return bomb(t, many(0, nil), nil, inPart("xl/media/x.xml", 480, blanks))
		},
		"400 MB of shared strings": func() []byte { return bomb(t, many(0, nil), inPart("xl/sharedStrings.xml", 400_000, entry), nil) },
		"the last row there is":    func() []byte { return bomb(t, many(1, func(int) string { return `<row r="1048576"/>` }), nil, nil) },
		"the last column in 99,000 rows": func() []byte {
			return bomb(t, many(99_000, func(i int) string { return fmt.Sprintf(`<row r="%d"><c r="XFD%d" s="0"/></row>`, i+2, i+2) }), nil, nil)
		},
		"500,000 elements in each other": func() []byte { return bomb(t, many(500_000, func(int) string { return "<a>" }), nil, nil) },
		"a line of 30 MB":                func() []byte { return []byte("户主,金额\n\"" + strings.Repeat("x", 30<<20)) },
		"3 million commas":               func() []byte { return []byte("户主,金额\n" + strings.Repeat(",", 3<<20) + "\n") },
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "bomb")
			if err := os.WriteFile(file, content(), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0], "-test.run=^TestBombs$", "-test.timeout=60s")
			cmd.Env = append(os.Environ(), bombMe+"="+file)
			said, err := cmd.CombinedOutput()
			peak := 0
			for line := range strings.Lines(string(said)) {
				if kb, ok := strings.CutPrefix(line, "peak "); ok {
					peak, _ = strconv.Atoi(strings.TrimSpace(kb))
				}
			}
			if err != nil || peak == 0 || peak>>10 > mostForABomb {
				t.Errorf("peak %d MB, %v: %.300s", peak>>10, err, said)
			}
			t.Logf("%d MB: %.100s", peak>>10, said)
		})
	}
}

package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"testing"
)

// register writes a list of so many households as people's lists are: a name, an ID number, people, phone, bank, card, two share classes.
func register(tb testing.TB, format Format, rows int) []byte {
	var b bytes.Buffer
	w := NewWriter(To{W: &b, Format: format}, "序号", "户主", "身份证号", "家庭人数", "电话", "开户行", "银行卡号", "土地股", "资金股", "备注")
	for i := range rows {
		w.Row(Number(fmt.Sprint(i+1)), Text(fmt.Sprintf("王%c%c", rune(0x4e00+i%5000), rune(0x5e00+i%3000))),
			Text(fmt.Sprintf("2107271960%08d", i)),
			Number(fmt.Sprint(i%7+1)), Text(fmt.Sprintf("138%08d", i)), Text("农村信用社"), Text(fmt.Sprintf("62284800%011d", i)),
			Number(fmt.Sprintf("%d.%02d", i%20, i%100)), Number(fmt.Sprint(i%10)), Text(""))
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

var registerColumns = []Column{
	{Name: "name", Headings: []string{"户主"}, Required: true, Called: true}, {Name: "id_no", Headings: []string{"身份证号"}, Required: true},
	{Name: "people", Headings: []string{"家庭人数"}, Number: true, Unit: People}, {Name: "phone", Headings: []string{"电话"}},
	{Name: "bank", Headings: []string{"开户行"}}, {Name: "card", Headings: []string{"银行卡号"}},
	{Name: "land", Headings: []string{"土地股"}, Number: true, Unit: Mu}, {Name: "cash", Headings: []string{"资金股"}, Number: true, Unit: Shares},
	{Name: "aside", Headings: []string{"序号", "备注"}, Aside: true},
}

// Reading a register, as a ratio to the floor of the same run: taking a CSV file of the same rows apart.
func BenchmarkRead(b *testing.B) {
	const rows = 20_000
	plain := register(b, Raw, rows)
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			in := csv.NewReader(bytes.NewReader(plain))
			for {
				if _, err := in.Read(); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	for _, format := range []Format{CSV, GB18030, XLSX} {
		content := register(b, format, rows)
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				t, err := read(bytes.NewReader(content), registerColumns)
				if err != nil || len(t.Rows) != rows {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

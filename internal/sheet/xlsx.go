package sheet

import (
	"io"

	"github.com/xuri/excelize/v2"
)

// The most that a workbook may unpack to, in bytes; sheets over the second go through a temporary file.
const (
	maxUnpacked = 512 << 20
	maxInMemory = 16 << 20
)

// readXLSX reads the first sheet of a workbook row by row. Cells come as they are stored: a number without the format that shows it, so that
// 4.5 is not rounded and an ID number kept as text keeps its digits.
func readXLSX(r io.Reader, add func(line int, cells []string) error) error {
	f, err := excelize.OpenReader(r, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return wrong(0, "这不是完好的 XLSX 文件;请在电子表格里重新保存再上传")
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return wrong(0, "文件是空的")
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return wrong(0, "打不开这个 XLSX 文件:%s", err.Error())
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return wrong(line, "打不开这个 XLSX 文件:%s", err.Error())
		}
		if err := add(line, cells); err != nil {
			return err
		}
	}
	return rows.Error()
}

package sheet

func openXLS(content []byte) (*Book, error) {
	return nil, wrong(0, "这是旧式的 XLS 文件;请在电子表格里另存为 XLSX 再上传")
}

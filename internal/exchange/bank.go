package exchange

import (
	"bytes"
	_ "embed"
	"encoding/json"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

//go:embed bankformats.json
var bankFormats []byte

// BankFormats are the formats that come with the program.
func BankFormats() []dividend.BankFormat {
	list, err := ReadBankFormats(bankFormats)
	if err != nil {
		panic(err) // they are part of the program
	}
	return list
}

// ReadBankFormats reads a list of formats, and refuses one that cannot be written.
func ReadBankFormats(text []byte) (list []dividend.BankFormat, err error) {
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&list); err != nil {
		return nil, &journal.Error{Code: journal.Invalid, Text: "银行格式文件不是完好的 JSON:%s", Args: []any{err.Error()}}
	}
	for _, f := range list {
		if err := f.Check(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// BankExtension is what names of files in a bank's format end with, where the format does not say it itself.
func BankExtension(f dividend.BankFormat) string {
	switch {
	case f.Encoding == "xlsx":
		return "xlsx"
	case f.Separator == ",":
		return "csv"
	}
	return "txt"
}

package paper

import "github.com/sanbian/ledger/internal/ledger/journal"

// The words for fields that this room's entries are the first to have.
func init() {
	journal.Words(map[string]journal.Word{
		"AttachPaper.to":     {Label: "附给"},
		"AttachPaper.Sealed": {Label: "封存后的 SHA-256"},
		"Size":               {Label: "字节数"},
		"Type":               {Label: "文件类型"},
		"digest":             {Label: "内容的 SHA-256"},
	})
}

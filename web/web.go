// Package web holds what the browser gets: templates, styles, scripts, message catalogues and the manual, embedded into the program.
package web

import (
	"embed"
	"encoding/json"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// Files holds templates/ and static/.
//
//go:embed templates static
var Files embed.FS

// Manual is what a person wrote of scripts and files; the tables behind it are printed from the program's own descriptions.
//
//go:embed manual/scripts.md
var Manual string

//go:embed messages/en.json
var english []byte

// Languages are the languages pages come in. The texts in the program are the Chinese ones; the catalogue of each other language has them
// as keys.
var Languages = []string{"zh", "en"}

var messages = load()

func load() catalog.Catalog {
	var texts map[string]string
	if err := json.Unmarshal(english, &texts); err != nil {
		panic("messages/en.json: " + err.Error())
	}
	b := catalog.NewBuilder(catalog.Fallback(language.Chinese))
	for key, text := range texts {
		if err := b.SetString(language.English, key, text); err != nil {
			panic("messages/en.json: " + key + ": " + err.Error())
		}
	}
	return b
}

// Translator says texts in one language.
type Translator struct {
	Lang    string
	printer *message.Printer
}

// NewTranslator says texts in a language; in Chinese when it is not one of Languages.
func NewTranslator(lang string) Translator {
	tag := language.Chinese
	if lang == "en" {
		tag = language.English
	} else {
		lang = "zh"
	}
	return Translator{lang, message.NewPrinter(tag, message.Catalog(messages))}
}

// T says a text, with its verbs filled in. Labels and refusals among the arguments are said in the same language.
func (t Translator) T(text string, args ...any) string {
	for i, a := range args {
		switch a := a.(type) {
		case journal.Label:
			args[i] = t.T(string(a))
		case *journal.Error:
			args[i] = t.Refusal(a)
		}
	}
	if len(args) == 0 && t.Lang == "zh" {
		return strings.ReplaceAll(text, "%%", "%")
	}
	return t.printer.Sprintf(text, args...)
}

// Refusal says why something was refused, without naming the field or row.
func (t Translator) Refusal(e *journal.Error) string {
	return t.T(e.Text, append([]any(nil), e.Args...)...)
}

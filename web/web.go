// Package web holds what the browser gets: templates, styles, scripts, message catalogues and the manual, embedded into the program.
package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

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

// texts are the English ones by the Chinese.
//
// A word of one or two characters that English says in several ways has a mark behind it that says which is meant: "村|一个". Chinese leaves
// the mark out. Where English counts, the forms stand in braces behind the number of the argument that decides: "%s {1:holder|holders}".
var texts = load()

func load() (texts map[string]string) {
	if err := json.Unmarshal(english, &texts); err != nil {
		panic("messages/en.json: " + err.Error())
	}
	return texts
}

// counted finds forms of which a number decides.
var counted = regexp.MustCompile(`\{(\d):([^|}]*)\|([^}]*)\}`)

// count chooses the forms of a text by the numbers among its arguments, as x/text has the rule of the language.
func count(text string, args []any) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return counted.ReplaceAllStringFunc(text, func(forms string) string {
		m := counted.FindStringSubmatch(forms)
		at, _ := strconv.Atoi(m[1])
		n, err := strconv.Atoi(strings.ReplaceAll(fmt.Sprint(args[at-1]), ",", ""))
		if err == nil && plural.Cardinal.MatchPlural(language.English, n, 0, 0, 0, 0) == plural.One {
			return m[2]
		}
		return m[3]
	})
}

// Translator says texts in one language.
type Translator struct{ Lang string }

// NewTranslator says texts in a language; in Chinese when it is not one of Languages.
func NewTranslator(lang string) Translator {
	if lang != "en" {
		lang = "zh"
	}
	return Translator{lang}
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
	said, ok := text, false
	if t.Lang == "en" {
		if said, ok = texts[text]; ok {
			said = count(said, args)
		}
	}
	if !ok {
		said, _, _ = strings.Cut(text, "|")
	}
	if len(args) == 0 {
		return strings.ReplaceAll(said, "%%", "%")
	}
	return fmt.Sprintf(said, args...)
}

// Refusal says why something was refused, without naming the field or row.
func (t Translator) Refusal(e *journal.Error) string {
	return t.T(e.Text, append([]any(nil), e.Args...)...)
}

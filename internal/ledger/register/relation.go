package register

import (
	_ "embed"
	"strconv"
	"strings"
)

// relations are the words for what a person is to the householder, with the codes of GB/T 4761 in front; other ways to say the same stand
// behind the first word. [K: the codes as statistics and household registers use them]
//
//go:embed relations.txt
var relations string

// relationWords leads from every way to say a relation, its code too, to the word that the register writes.
var relationWords = func() map[string]string {
	words := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(relations)) {
		all := strings.Fields(line)
		for _, w := range all {
			words[w] = all[1]
		}
	}
	return words
}()

// relationCodes are the codes of the register's words.
var relationCodes = func() map[string]int {
	codes := map[string]int{}
	for line := range strings.Lines(strings.TrimSpace(relations)) {
		all := strings.Fields(line)
		codes[all[1]], _ = strconv.Atoi(all[0])
	}
	return codes
}()

// Relation is the register's word for a relation that somebody wrote in another way, or by its code in GB/T 4761; what it does not
// know stays as it is.
func Relation(text string) string {
	text = strings.TrimSpace(text)
	if len(text) == 1 && text[0] >= '0' && text[0] <= '9' { // a spreadsheet's number of 02
		text = "0" + text
	}
	for _, front := range []string{"", "户主的", "户主之", "户主"} {
		if word, ok := relationWords[strings.TrimPrefix(text, front)]; ok {
			return word
		}
	}
	return text
}

// Relations are the words that a form offers, in the order of their codes.
func Relations() (list []string) {
	for line := range strings.Lines(strings.TrimSpace(relations)) {
		if w := strings.Fields(line); w[0] >= "10" {
			list = append(list, w[1])
		}
	}
	return list
}

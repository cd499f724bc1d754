package register

import (
	_ "embed"
	"regexp"
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

// relationNoise is what people write around a relation: its code, or a remark in brackets.
var relationNoise = regexp.MustCompile(`^\d{2}[-、.:_]|[((].*[))]$`)

// oldHouseholdWords writes the older form of a character as relations have it.
var oldHouseholdWords = strings.NewReplacer("\u6236", "\u6237")

// Relation is the register's word for a relation that somebody wrote in another way, or by its code in GB/T 4761; what it does not
// know stays as it is.
func Relation(text string) string {
	text = relationNoise.ReplaceAllString(oldHouseholdWords.Replace(strings.Join(strings.Fields(text), "")), "")
	if words := strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '或' }); len(words) > 1 { // 本人或户主
		first := Relation(words[0])
		for _, w := range words[1:] {
			if Relation(w) != first && !(MeansHouseholder(w) && MeansHouseholder(words[0])) {
				return text
			}
		}
		return first
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

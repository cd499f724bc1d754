package journal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Code sorts errors by what the caller can do about them.
type Code string

// The codes. The server maps each to one HTTP status, the commands to one exit status.
const (
	Invalid     Code = "invalid"     // the entry is wrong in itself: mend the field and send again
	Conflict    Code = "conflict"    // the entry does not fit the books as they stand
	NotFound    Code = "not_found"   // it names something that is not there
	Forbidden   Code = "forbidden"   // the account's role or region does not reach that far
	TooLarge    Code = "too_large"   // more at once than the ledger takes
	Unavailable Code = "unavailable" // try again later
	// Doubtful is no refusal: the entry can be right, and whoever posts it is asked to look again and say so.
	Doubtful Code = "doubtful"
)

// Label is a word of the domain (a kind, a state) in Chinese. Where one stands among an error's arguments it is translated
// like the sentence around it.
type Label string

// Labels lists what something is called, for a refusal that names what would be taken.
func Labels[T interface{ Called() string }](list []T) string {
	var words []string
	for _, x := range list {
		words = append(words, x.Called())
	}
	return strings.Join(words, "、")
}

// Error is a refusal, told to a person: which field or row, which value, why, what to do.
type Error struct {
	Code  Code
	Field string // the JSON name of the field, as "amount" or "components.1.rate"; "" when the whole entry is meant
	Row   int    // the entry's place in its posting, from 1; 0 when there is only one
	Value string // what was given
	Text  string // a sentence in Chinese with verbs for Args; also its key in the message catalogues
	Args  []any
}

// Error tells the refusal in Chinese.
func (e *Error) Error() string {
	if e.Row > 0 {
		return fmt.Sprintf("#%d %s", e.Row, e.Said())
	}
	return e.Said()
}

// Said is Error wherever in a posting it is said.
func (e *Error) Said() string {
	s := fmt.Sprintf(e.Text, e.Args...)
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	return s
}

// Faults are several refusals at once: every wrong field of a form, every bad row of an upload.
type Faults []*Error

// Error tells every refusal, a line each.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, e := range f {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// All returns the single refusals in an error: of Faults all, of an Error itself, of anything else none.
func All(err error) Faults {
	var many Faults
	var one *Error
	switch {
	case errors.As(err, &many):
		return many
	case errors.As(err, &one):
		return Faults{one}
	}
	return nil
}

// CodeOf returns the code of an error, that of the first where there are several, Unavailable for errors that are no
// refusals.
func CodeOf(err error) Code {
	if all := All(err); len(all) > 0 {
		return all[0].Code
	}
	return Unavailable
}

// Add notes a refusal of a field, with its code, the value given and a sentence.
func (f *Faults) Add(code Code, field string, value any, text string, args ...any) {
	*f = append(*f, &Error{Code: code, Field: field, Value: fmt.Sprint(value), Text: text, Args: args})
}

// Invalid notes that a field is wrong in itself.
func (f *Faults) Invalid(field string, value any, text string, args ...any) {
	f.Add(Invalid, field, value, text, args...)
}

// unheard are the faults that are not among those that somebody has heard, as Said tells them.
func (f Faults) unheard(heard []string) (left Faults) {
	for _, e := range f {
		if !slices.Contains(heard, e.Said()) {
			left = append(left, e)
		}
	}
	return left
}

// Err is the faults as an error, nil where there are none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Wrong refuses a field that is wrong in itself.
func Wrong(field string, value any, text string, args ...any) error {
	return Refuse(Invalid, field, value, text, args...)
}

// Clash refuses a field that does not fit the books as they stand.
func Clash(field string, value any, text string, args ...any) error {
	return Refuse(Conflict, field, value, text, args...)
}

// Missing refuses a field that names something that is not there.
func Missing(field string, value any, text string, args ...any) error {
	return Refuse(NotFound, field, value, text, args...)
}

// Barred refuses what the account's role or region does not reach.
func Barred(text string, args ...any) error { return Refuse(Forbidden, "", "", text, args...) }

// Refuse is a refusal of a field with a code, the value given and a sentence in Chinese with verbs for args.
func Refuse(code Code, field string, value any, text string, args ...any) error {
	return &Error{Code: code, Field: field, Value: fmt.Sprint(value), Text: text, Args: args}
}

// Say is a sentence that pages put into the reader's language, as they do with refusals.
func Say(text string, args ...any) *Error { return &Error{Text: text, Args: args} }

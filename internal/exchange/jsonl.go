package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// ReadEntries reads entries as JSON Lines: an object a line, with the kind under "entry" and its fields beside it. Empty lines and
// lines that begin with # are passed over.
func ReadEntries(r io.Reader) (*Upload, error) {
	u := &Upload{heading: map[string]string{}}
	err := eachLine(r, func(n int, line []byte) error {
		u.Rows++
		kind, object, err := readObject(line)
		if err != nil {
			u.Faults = append(u.Faults, &journal.Error{Code: journal.Invalid, Row: n, Value: clip(line), Text: "这一行不是 JSON 对象:%s",
				Args: []any{err.Error()}})
			return nil
		}
		e, err := journal.Decode(kind, object)
		if err != nil {
			u.refuse(n, fields{kind, object}, err)
			return nil
		}
		u.entries, u.line, u.Entries = append(u.entries, e), append(u.line, n), u.Entries+1
		return nil
	})
	if err == nil && u.Rows == 0 {
		err = &journal.Error{Code: journal.Invalid, Text: "没有要记的分录"}
	}
	return u, err
}

// maxLine is the longest line of a file of entries, in bytes.
const maxLine = 16 << 20

func eachLine(r io.Reader, f func(n int, line []byte) error) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; in.Scan(); n++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(in.Bytes(), []byte("\xef\xbb\xbf")))
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if err := f(n, line); err != nil {
			return err
		}
	}
	return in.Err()
}

// readObject reads a line as an entry's kind and fields. Numbers keep their digits.
func readObject(line []byte) (kind string, fields map[string]any, err error) {
	in := json.NewDecoder(bytes.NewReader(line))
	in.UseNumber()
	if err := in.Decode(&fields); err != nil {
		return "", nil, err
	}
	if in.More() {
		return "", nil, errors.New("more than one value")
	}
	kind, _ = fields["entry"].(string)
	delete(fields, "entry")
	return kind, fields, nil
}

func clip(b []byte) string {
	if len(b) > 60 {
		return string(bytes.ToValidUTF8(b[:60], nil)) + "…"
	}
	return string(b)
}

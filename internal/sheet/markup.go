package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// markup takes the XML of a workbook's parts apart. A sheet of 100,000 rows has five million pieces: the standard library's reader takes
// three times as long, which is why this one is here; a test holds it to the same pieces. It knows no entities but XML's own, and refuses
// document types.
type markup struct {
	r        io.Reader
	buf      []byte
	from, to int // of what has been read and not used
	ended    bool

	kind  pieceIs
	name  []byte // of a tag, without its prefix; valid until the next piece
	attrs []byte // of a start tag
	close bool   // whether the end tag of the start tag before is due: <v/>
}

// pieceIs is what a piece of markup is.
type pieceIs byte

const (
	startTag pieceIs = iota
	endTag
	charData
)

func newMarkup(r io.Reader) *markup { return &markup{r: r, buf: make([]byte, 64<<10)} }

// fill reads more behind what is there; false at the end.
func (m *markup) fill() (bool, error) {
	if m.ended {
		return false, nil
	}
	if m.from > 0 {
		m.to = copy(m.buf, m.buf[m.from:m.to])
		m.from = 0
	}
	if m.to == len(m.buf) {
		if len(m.buf) > 4*maxBetween {
			return false, errTooLong
		}
		m.buf = append(m.buf, make([]byte, len(m.buf))...)
	}
	n, err := m.r.Read(m.buf[m.to:])
	m.to += n
	if errors.Is(err, io.EOF) {
		m.ended, err = true, nil
	}
	return n > 0 || !m.ended, err
}

// until finds a mark behind so many bytes of what is not used yet, and returns where it ends; io.ErrUnexpectedEOF where there is none.
func (m *markup) until(skip int, mark string) (int, error) {
	for {
		if i := bytes.Index(m.buf[min(m.from+skip, m.to):m.to], []byte(mark)); i >= 0 {
			return skip + i + len(mark), nil
		}
		if more, err := m.fill(); err != nil {
			return 0, err
		} else if !more {
			return 0, io.ErrUnexpectedEOF
		}
	}
}

// tagEnd finds the end of the tag that begins what is not used yet: its > that stands in no attribute.
func (m *markup) tagEnd() (int, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		if m.from+i >= m.to {
			if more, err := m.fill(); err != nil {
				return 0, err
			} else if !more {
				return 0, io.ErrUnexpectedEOF
			}
			if m.from+i >= m.to {
				i--
				continue
			}
		}
		switch c := m.buf[m.from+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, nil
		case c == '<':
			return 0, errWorkbook
		}
	}
}

// next reads the next piece: a tag, or the text between two; io.EOF at the end.
func (m *markup) next() (text []byte, err error) {
	if m.close {
		m.close, m.kind = false, endTag
		return nil, nil
	}
	for {
		if m.from == m.to {
			if more, err := m.fill(); err != nil {
				return nil, err
			} else if !more {
				return nil, io.EOF
			}
			continue
		}
		if m.buf[m.from] != '<' {
			return m.text()
		}
		for m.to-m.from < len("<![CDATA[") {
			if more, err := m.fill(); err != nil {
				return nil, err
			} else if !more {
				break
			}
		}
		switch start := m.buf[m.from:m.to]; {
		case bytes.HasPrefix(start, []byte("<!--")):
			err = m.skip("-->", 4)
		case bytes.HasPrefix(start, []byte("<?")):
			err = m.skip("?>", 2)
		case bytes.HasPrefix(start, []byte("<![CDATA[")):
			n, err := m.until(9, "]]>")
			if err != nil {
				return nil, err
			}
			text = m.buf[m.from+9 : m.from+n-3]
			m.from += n
			m.kind = charData
			return text, nil
		case bytes.HasPrefix(start, []byte("<!")):
			return nil, errWorkbook
		default:
			return nil, m.tag()
		}
		if err != nil {
			return nil, err
		}
	}
}

// skip passes over what ends with a mark.
func (m *markup) skip(mark string, begin int) error {
	n, err := m.until(begin, mark)
	m.from += n
	return err
}

// text reads up to the next tag.
func (m *markup) text() ([]byte, error) {
	n, err := m.until(0, "<")
	if errors.Is(err, io.ErrUnexpectedEOF) { // what stands behind the last tag
		n, err = m.to-m.from+1, nil
	}
	if err != nil {
		return nil, err
	}
	text := m.buf[m.from : m.from+n-1]
	m.from += n - 1
	m.kind = charData
	return unescaped(text)
}

// tag reads a start or an end tag.
func (m *markup) tag() error {
	n, err := m.tagEnd()
	if err != nil {
		return err
	}
	inner := m.buf[m.from+1 : m.from+n-1]
	m.from += n
	m.kind = startTag
	if len(inner) > 0 && inner[0] == '/' {
		m.kind, inner = endTag, inner[1:]
	} else if len(inner) > 0 && inner[len(inner)-1] == '/' {
		m.close, inner = true, inner[:len(inner)-1]
	}
	end := bytes.IndexAny(inner, " \t\r\n")
	if end < 0 {
		end = len(inner)
	}
	m.name, m.attrs = local(inner[:end]), inner[end:]
	if len(m.name) == 0 {
		return errWorkbook
	}
	return nil
}

// local is a name without its prefix.
func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i > 0 && i+1 < len(name) {
		return name[i+1:]
	}
	return name
}

// attr returns the value of one of a start tag's attributes, whatever its prefix; "" where there is none.
func (m *markup) attr(name string) string {
	rest := m.attrs
	for {
		i := bytes.IndexByte(rest, '=')
		if i < 0 {
			return ""
		}
		key := bytes.TrimSpace(rest[:i])
		rest = bytes.TrimLeft(rest[i+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		value := rest[1 : end+1]
		rest = rest[end+2:]
		if string(local(key)) == name {
			text, err := unescaped(value)
			if err != nil {
				return ""
			}
			return string(text)
		}
	}
}

// unescaped writes a text without XML's entities; one that XML does not know spoils the file.
func unescaped(text []byte) ([]byte, error) {
	i := bytes.IndexByte(text, '&')
	if i < 0 {
		return text, nil
	}
	out := append([]byte(nil), text[:i]...)
	for rest := text[i:]; len(rest) > 0; {
		if rest[0] != '&' {
			next := bytes.IndexByte(rest, '&')
			if next < 0 {
				next = len(rest)
			}
			out, rest = append(out, rest[:next]...), rest[next:]
			continue
		}
		end := bytes.IndexByte(rest[:min(len(rest), 16)], ';')
		if end < 0 {
			return nil, errWorkbook
		}
		switch name := string(rest[1:end]); name {
		case "amp":
			out = append(out, '&')
		case "lt":
			out = append(out, '<')
		case "gt":
			out = append(out, '>')
		case "quot":
			out = append(out, '"')
		case "apos":
			out = append(out, '\'')
		default:
			number, ok := strings.CutPrefix(name, "#")
			base := 10
			if hex, is := strings.CutPrefix(number, "x"); is {
				number, base = hex, 16
			}
			r, err := strconv.ParseUint(number, base, 32)
			if !ok || err != nil || r > utf8.MaxRune {
				return nil, errWorkbook
			}
			out = utf8.AppendRune(out, rune(r))
		}
		rest = rest[end+1:]
	}
	return out, nil
}

package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// pieces of markup as our reader takes them apart, and as the standard library does.
func ours(r io.Reader) (string, error) {
	var b strings.Builder
	m := newMarkup(r)
	for {
		text, err := m.next()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		switch m.kind {
		case startTag:
			fmt.Fprintf(&b, "<%s r=%q t=%q>", m.name, m.attr("r"), m.attr("t"))
		case endTag:
			b.WriteString("</>")
		case charData:
			b.Write(text)
		}
	}
}

func theirs(s string) (string, error) {
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		switch t := t.(type) {
		case xml.StartElement:
			var r, kind string
			for i := len(t.Attr) - 1; i >= 0; i-- { // the first of several counts
				switch t.Attr[i].Name.Local {
				case "r":
					r = t.Attr[i].Value
				case "t":
					kind = t.Attr[i].Value
				}
			}
			fmt.Fprintf(&b, "<%s r=%q t=%q>", t.Name.Local, r, kind)
		case xml.EndElement:
			b.WriteString("</>")
		case xml.CharData:
			b.Write(t)
		case xml.Directive:
			return b.String(), errWorkbook
		}
	}
}

// What the standard library reads, ours reads the same, in whichever portions it comes.
func FuzzMarkup(f *testing.F) {
	for _, s := range []string{
		`<?xml version="1.0"?><worksheet><row r="1"><c r="A1" t="s"><v>0</v></c><c r='B1'/></row></worksheet>`,
		`<x:c  x:r = "A&amp;1" t="&#x4e00;&#20108;"><is><t xml:space="preserve"> a &lt; b </t></is></x:c>`,
		`<a><!-- <b> --><![CDATA[<c> & ]]]><b t=">"/></a>`, `<a r="1" r="2">&gt;</a>`, `<!DOCTYPE a><a>&b;</a>`, `<a`, `<a>&#0;</a>`,
		`<a></a><b>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := theirs(s)
		if err != nil || strings.Contains(s, "\r") { // line ends are written anew by the library
			return
		}
		for _, r := range []io.Reader{strings.NewReader(s), iotest.OneByteReader(strings.NewReader(s))} {
			if got, err := ours(r); err != nil || got != want {
				t.Errorf("%q: %q, %v; want %q", s, got, err, want)
			}
		}
	})
}

package server

import (
	"path"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"github.com/sanbian/ledger/web"
)

// Every page's template, with the layout and the partials around it, asks only for what the struct of the page has; every template is a
// page's, every page has one.
func TestTemplatesFitTheirPages(t *testing.T) {
	p, err := loadPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range web.Languages {
		for name, template := range p.byLang[lang] {
			kind, ok := pageTypes[name]
			if !ok {
				t.Errorf("no page shows the template %s", name)
				continue
			}
			if err := templatecheck.CheckHTML(template.Lookup("layout"), kind.shown); err != nil {
				t.Errorf("%s: %v", path.Join("page", name), strings.TrimSpace(err.Error()))
			}
		}
	}
	for name := range pageTypes {
		if p.byLang["zh"][name] == nil {
			t.Errorf("the page %s has no template", name)
		}
	}
}

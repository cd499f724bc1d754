package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/web"
)

func referenceCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "reference", Short: "印出每种分录和它的各项 / print every kind of entry with its fields", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return writeReference(cmd.OutOrStdout(), o.translator()) },
	}
}

// writeReference writes what the kinds say of themselves, as a table of Markdown: name and label, who may post it, fields and what they
// take.
func writeReference(to io.Writer, say web.Translator) error {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s | %s |\n|---|---|---|\n", say.T("分录"), say.T("谁"), say.T("项和写法"))
	for _, name := range journal.Kinds() {
		k, _ := journal.KindNamed(name)
		var who, fields []string
		for _, role := range k.Roles {
			who = append(who, say.T(string(role.Label())))
		}
		for _, f := range k.Fields() {
			text := "`" + f.Name + "` " + say.T(string(f.Label))
			if f.Hint != "" {
				text += ": " + say.T(f.Hint)
			}
			if f.Example != "" {
				text += "; " + say.T("例如 %s", f.Example)
			}
			fields = append(fields, text)
		}
		if k.Note != "" {
			fields = append(fields, say.T(k.Note))
		}
		fmt.Fprintf(&b, "| `%s` %s | %s | %s |\n", k.Name, say.T(string(k.Label)), strings.Join(who, ", "), strings.Join(fields, " · "))
	}
	_, err := io.WriteString(to, b.String())
	return err
}

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/sheet"
	"github.com/sanbian/ledger/web"
)

func referenceCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "reference", Short: "印出手册:命令、分录、文件的列 / print the manual: commands, entries, columns of files", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return writeReference(cmd.OutOrStdout(), o.translator(), cmd.Root())
		},
	}
}

// writeReference writes the manual as Markdown: what is written by hand, and behind it what commands, entries and lists say of themselves.
func writeReference(to io.Writer, say web.Translator, root *cobra.Command) error {
	var b strings.Builder
	b.WriteString(web.Manual)
	commandsTable(&b, root)
	entriesTable(&b, say)
	columnsTable(&b)
	listsTable(&b)
	_, err := io.WriteString(to, b.String())
	return err
}

// commandsTable lists the commands with their flags.
func commandsTable(b *strings.Builder, root *cobra.Command) {
	b.WriteString("\n## 命令 / Commands\n\n| 命令 command | 做什么 what it does | 选项 flags |\n|---|---|---|\n")
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Runnable() && c.Name() != "help" && !c.HasSubCommands() && c.Parent().Name() != "completion" {
			var flags []string
			c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
				if f.Name != "help" {
					flags = append(flags, "`--"+f.Name+"` "+f.Usage)
				}
			})
			fmt.Fprintf(b, "| `%s` | %s | %s |\n", strings.TrimSuffix(c.UseLine(), " [flags]"), c.Short, strings.Join(flags, " · "))
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// entriesTable lists the kinds of entries: name and label, who may post it, fields and what they take.
func entriesTable(b *strings.Builder, say web.Translator) {
	fmt.Fprintf(b, "\n## 分录 / Entries\n\n| %s | %s | %s |\n|---|---|---|\n", say.T("分录"), say.T("谁"), say.T("项和写法"))
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
		fmt.Fprintf(b, "| `%s` %s | %s | %s |\n", k.Name, say.T(string(k.Label)), strings.Join(who, ", "), strings.Join(fields, " · "))
	}
}

// columnsTable lists the columns of files that are read.
func columnsTable(b *strings.Builder) {
	b.WriteString("\n## 读进来的文件 / Files that are read\n\n| 文件 file | 列和别的叫法 columns, and what else they may be called |\n|---|---|\n")
	table := func(name string, columns []sheet.Column) {
		var texts []string
		for _, c := range columns {
			text := c.Headings[0]
			if c.Required {
				text += "(必有 / required)"
			}
			if len(c.Headings) > 1 {
				text += ": " + strings.Join(c.Headings[1:], "、")
			}
			texts = append(texts, text)
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", name, strings.Join(texts, " · "))
	}
	for _, k := range append([]exchange.Kind{exchange.Divisions}, exchange.VillageKinds()...) {
		table(string(k), exchange.Columns(k))
	}
	table("results", exchange.ResultColumns())
}

// listsTable lists the lists that go out.
func listsTable(b *strings.Builder) {
	b.WriteString("\n## 导出的名单 / Lists that go out\n\n| 名单 list | 列 columns | 说明 notes |\n|---|---|---|\n")
	for _, l := range exchange.Lists() {
		fmt.Fprintf(b, "| `%s` %s / %s | %s | %s |\n", l.Name, l.Title, l.English, strings.Join(l.Headings, " · "), l.Note)
	}
}

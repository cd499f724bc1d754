package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
)

func attachCommand(o *options) *cobra.Command {
	var account, to, name, note string
	c := &cobra.Command{
		Use: "attach FILE", Short: "给入股、分红等附上扫描件(PDF、JPEG、PNG)/ attach a scanned paper", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			content, err := o.readInput(args[0])
			if err != nil {
				return err
			}
			if _, err := paper.CheckPaper(args[0], content); err != nil {
				return err
			}
			b, err := o.open(false, time.Now)
			if err != nil {
				return err
			}
			defer b.close()
			who, err := o.acting(cmd, b, account, "attach")
			if err != nil {
				return err
			}
			digest, err := b.files.Keep(content)
			if err != nil {
				return err
			}
			if name == "" {
				name = filepath.Base(args[0])
			}
			e, err := journal.Decode("AttachPaper", map[string]any{"to": to, "digest": digest, "name": name, "note": note})
			if err != nil {
				return err
			}
			receipt, err := b.Post(who, journal.Posting{Entries: []journal.Entry{e}})
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), receipt.IDs[0])
			return nil
		},
	}
	c.Flags().StringVar(&account, "account", "", "以哪个账号的名义 / the account to post as")
	c.Flags().StringVar(&to, "to", "", "附给哪个编号 / the id it belongs to")
	c.Flags().StringVar(&name, "name", "", "名称,默认文件名 / its name, by default the file's")
	c.Flags().StringVar(&note, "note", "", "说明 / note")
	_ = c.MarkFlagRequired("account")
	_ = c.MarkFlagRequired("to")
	return c
}

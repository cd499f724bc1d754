package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/store"
)

func verifyCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "核对:走完每条日志链,重算账表并与现有的逐项比较 / walk every chain, fold the journal again and compare", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := o.openStore(false)
			if err != nil {
				return err
			}
			defer s.Close()
			dir, err := os.MkdirTemp("", "verify-") // in the data folder's own place for such, which is cleared when the books are opened
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			scratch, err := store.OpenScratch(filepath.Join(dir, "scratch.db"))
			if err != nil {
				return err
			}
			defer scratch.Close()
			n, err := journal.Verify(s, scratch)
			say := o.translator()
			var found *journal.Finding
			if errors.As(err, &found) {
				return tell("核对不符:%s", found.Error())
			}
			if err != nil {
				return err
			}
			papers, files := 0, o.files()
			if err := paper.EachPaper(s, func(p paper.Paper) error {
				if _, err := files.Open(p.Digest); err != nil {
					return tell("附件 %s(%s)不在或已被改动:%s", p.ID, p.Name, p.Digest)
				}
				papers++
				return nil
			}); err != nil {
				return err
			}
			if papers > 0 {
				fmt.Fprintln(cmd.OutOrStdout(), say.T("%s 份附件的内容与日志里的摘要相符", fmt.Sprint(papers)))
			}
			fmt.Fprintln(cmd.OutOrStdout(), say.T("核对无误:%s 条日志链,%s 条分录,%s 项账表记录", fmt.Sprint(len(n.Chains)), fmt.Sprint(n.Records),
				fmt.Sprint(n.Keys)))
			for _, c := range n.Chains {
				fmt.Fprintf(cmd.OutOrStdout(), "%s %d %s\n", c.Chain, c.Seq, c.Hash)
			}
			return nil
		},
	}
}

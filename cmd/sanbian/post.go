package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

// posting are the flags of commands that post.
type posting struct {
	account, request string
	dryRun           bool
}

func (p *posting) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.account, "account", "", "以哪个账号的名义 / the account to post as")
	c.Flags().BoolVar(&p.dryRun, "dry-run", false, "只检查,不写入 / check everything, write nothing")
	c.Flags().StringVar(&p.request, "request", "", "请求编号:同一编号只记一次;默认取文件内容的摘要 / the same key posts once; by default a digest of the content")
}

func postCommand(o *options) *cobra.Command {
	var p posting
	c := &cobra.Command{
		Use: "post [FILE]", Short: "从 JSON Lines 文件或标准输入记分录,要么全记要么全不记 / post entries from JSON Lines, all or nothing",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "-"
			if len(args) == 1 {
				name = args[0]
			}
			text, err := o.readInput(name)
			if err != nil {
				return err
			}
			u, err := exchange.ReadEntries(bytes.NewReader(text))
			if err != nil {
				return err
			}
			return o.post(cmd, p, func(b *books, _ journal.Actor) (*exchange.Upload, []string, error) {
				if p.request != "" {
					return u, []string{p.request}, nil
				}
				return u, b.RequestKeys(text), nil
			}, true)
		},
	}
	p.flags(c)
	return c
}

// post opens the ledger, makes the upload and its request key, posts it and prints what it became: with each, a JSON line an entry.
func (o *options) post(cmd *cobra.Command, p posting, make func(*books, journal.Actor) (*exchange.Upload, []string, error),
	each bool) error {
	b, err := o.open(p.account == "", time.Now)
	if err != nil {
		return err
	}
	defer b.close()
	who, err := o.acting(cmd, b, p.account, "post")
	if err != nil {
		return err
	}
	u, requests, err := make(b, who)
	if err != nil {
		return err
	}
	receipt, err := u.Post(b.Ledger, who, requests, p.dryRun, nil)
	if faults := journal.All(err); len(faults) > 0 {
		if u.Asks() {
			fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T("命令里用 --sheet、--hidden、--column、--word 说;可用的列:%s", strings.Join(u.Known(), "、")))
		}
		return u.Placed(faults)
	}
	if err != nil {
		return err
	}
	if !p.dryRun {
		if err := u.Keep(b.Ledger, who); err != nil { // the entries are posted
			fmt.Fprintln(cmd.ErrOrStderr(), err)
		}
	}
	say := o.translator()
	if each {
		out := json.NewEncoder(cmd.OutOrStdout())
		for _, id := range receipt.IDs {
			if err := out.Encode(map[string]string{"id": id}); err != nil {
				return err
			}
		}
	}
	for _, n := range u.Understood() {
		fmt.Fprintln(cmd.ErrOrStderr(), say.T("说明:%s", say.Refusal(n)))
	}
	for _, d := range u.Placed(u.Doubts) {
		fmt.Fprintln(cmd.ErrOrStderr(), say.T("请核对:%s", where(say, d)+say.Refusal(d)))
	}
	n := fmt.Sprint(receipt.Count())
	switch {
	case p.dryRun:
		fmt.Fprintln(cmd.ErrOrStderr(), say.T("检查通过:%s 条分录,没有写入", n))
	case receipt.Again:
		fmt.Fprintln(cmd.ErrOrStderr(), say.T("以前已经记过(%s 条分录),这次没有再记;确要再记一遍请换 --request", n))
	case u.Entries == 0:
		fmt.Fprintln(cmd.ErrOrStderr(), say.T("文件里的都已经在台账里了,没有要记的"))
	default:
		fmt.Fprintln(cmd.ErrOrStderr(), say.T("已记 %s 条分录", n))
	}
	return nil
}

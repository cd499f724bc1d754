package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

func countyCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "county", Short: "把一个县的账整本转出或转入 / a county's books out to another ledger, or in", Args: cobra.NoArgs,
		RunE: unknownCommand}
	c.AddCommand(beside(countyOut(o)), countyIn(o))
	return c
}

func countyOut(o *options) *cobra.Command {
	to := ""
	var recipients []string
	c := &cobra.Command{
		Use: "out CODE FILE", Short: "把一个县的日志和附件写成一个文件,读回核对过才算数 / write a county's journal and papers into a file", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			place, err := region.Parse(args[0])
			if err != nil || place.Level() != region.County {
				return tell("“%s”不是县的代码;请写成 210727", args[0])
			}
			encrypt, err := readRecipients(recipients)
			if err != nil {
				return err
			}
			b, err := o.open(false, time.Now)
			if err != nil {
				return err
			}
			defer b.close()
			if _, err := o.acting(cmd, b, "", "county out "+place.Chain()); err != nil {
				return err
			}
			if cmd.Flags().Changed("hand-over") {
				if err := o.handOver(cmd, b, place, args[1], to, encrypt); err != nil {
					return err
				}
			}
			county, n, err := o.packCounty(cmd, b, place, args[1], encrypt, true)
			if err != nil {
				return err
			}
			o.tellOut(cmd, args[1], county, n)
			return nil
		},
	}
	c.Flags().StringVar(&to, "hand-over", "", "移交给谁:先记一笔移交,此后这里只能查阅 / to whom: nothing more is posted here")
	recipientFlag(c, &recipients)
	return c
}

// packCounty writes a county's file, which is read back and verified, and keeps it where it is wanted.
func (o *options) packCounty(cmd *cobra.Command, b *books, place region.Code, name string, encrypt []age.Recipient, wanted bool) (
	c backup.CountyFile, n journal.Verified, err error) {
	f, err := o.desk.Create(name)
	if err != nil {
		return c, n, tell("不能写 %s:%s", name, err.Error())
	}
	if c, n, err = o.backedUp(b).WriteCounty(cmd.Context(), place, f, encrypt, b.key, ""); err != nil {
		return c, n, errors.Join(countyError(err, name), f.Drop())
	}
	if wanted {
		err = f.Keep()
	}
	return c, n, errors.Join(err, f.Drop())
}

// handOver posts that the county is kept elsewhere from now on, when a file of it has been written as a trial. Where that has been posted
// already the file is written once more.
func (o *options) handOver(cmd *cobra.Command, b *books, place region.Code, name, to string, encrypt []age.Recipient) error {
	at, before := uint64(0), ""
	if err := b.Read(journal.Console, func(v *journal.View) error { at, before = v.HandedOver(place); return nil }); err != nil {
		return err
	}
	say := o.translator()
	if at > 0 {
		fmt.Fprintln(cmd.OutOrStdout(), say.T("%s 的账早已移交给%s(第 %s 号),文件再写一份", string(place), before, fmt.Sprint(at)))
		return nil
	}
	if strings.TrimSpace(to) == "" {
		return tell("--hand-over 要写移交给谁,例如 锦州市三变台账")
	}
	if _, _, err := o.packCounty(cmd, b, place, name, encrypt, false); err != nil {
		return err
	}
	_, err := b.Post(journal.Console, journal.Posting{Entries: []journal.Entry{&office.HandOverCounty{County: place, To: to}}})
	if err == nil {
		fmt.Fprintln(cmd.OutOrStdout(), say.T("%s 的账从现在起移交给%s,这里只能查阅;本县的账号也到那里去用", string(place), to))
	}
	return err
}

func (o *options) tellOut(cmd *cobra.Command, name string, c backup.CountyFile, n journal.Verified) {
	say, out := o.translator(), cmd.OutOrStdout()
	fmt.Fprintln(out, say.T("已写到 %s:%s 条分录,%s 个本县账号,%s 个外面的账号,%s 份附件;读回来单独重建核对无误", name, fmt.Sprint(c.Seq), fmt.Sprint(c.Accounts()),
		fmt.Sprint(len(c.Guests)), fmt.Sprint(len(c.Papers)-len(c.Missing))))
	for _, end := range n.Chains {
		if end.Chain == c.Chain {
			fmt.Fprintf(out, "%s %d %s\n", end.Chain, end.Seq, end.Hash)
		}
	}
	o.tellMissing(cmd, c.Missing)
	if !c.Handed {
		fmt.Fprintln(out, say.T("没有移交(--hand-over):这里还能继续记,记了的不在文件里"))
	}
	fmt.Fprintln(out, say.T("封号码的密钥 %s 不在文件里:另外用 sanbian key backup 交过去", strings.Join(c.Keys, " ")))
}

// countyError says in words why a county was not packed or unpacked.
func countyError(err error, name string) error {
	var finding *journal.Finding
	switch {
	case errors.Is(err, journal.ErrUnderway):
		return tell("有一批长的分录正在写,等它写完再转;停着的服务请先启动一次")
	case errors.Is(err, backup.ErrBooks):
		return tell("台账本身核对不符,没有转:%s", found(err))
	case errors.Is(err, backup.ErrEncrypted):
		return tell("%s 是加密的;请用 --identity 指明解密用的 age 私钥文件", name)
	case errors.Is(err, backup.ErrBackup), errors.Is(err, journal.ErrCounty), errors.As(err, &finding):
		return tell("%s 不是全县账的文件,或已损坏:%s", name, err.Error())
	}
	return err
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

func backupCommand(o *options) *cobra.Command {
	var recipients []string
	c := &cobra.Command{
		Use: "backup FILE", Short: "把账和附件备份成一个文件,读回核对过才算数;服务不用停 / back the books up into one file, read back and verified",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := readRecipients(recipients)
			if err != nil {
				return err
			}
			b, err := o.open(false, time.Now)
			if err != nil {
				return err
			}
			defer b.close()
			if _, err := o.acting(cmd, b, "", "backup"); err != nil {
				return err
			}
			return o.backup(cmd, b, args[0], to)
		},
	}
	recipientFlag(c, &recipients)
	return c
}

// recipientFlag adds the flag that says for whom something is encrypted.
func recipientFlag(c *cobra.Command, recipients *[]string) {
	c.Flags().StringArrayVar(recipients, "recipient", nil, "给谁加密(age1 开头的公钥),可写多次;不写不加密 / encrypt for an age recipient, any number of times")
}

func readRecipients(list []string) (to []age.Recipient, err error) {
	for _, text := range list {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, tell("“%s”不是 age 公钥;它以 age1 开头,由 age-keygen 写出", text)
		}
		to = append(to, r)
	}
	return to, nil
}

// backup writes a backup to a file of whoever gave the command.
func (o *options) backup(cmd *cobra.Command, b *books, name string, to []age.Recipient) error {
	f, err := o.desk.Create(name)
	if err != nil {
		return tell("不能写 %s:%s", name, err.Error())
	}
	d, err := o.backedUp(b).Write(cmd.Context(), f, to, "")
	say := o.translator()
	switch {
	case errors.Is(err, backup.ErrBooks):
		err = errors.Join(tell("台账本身核对不符,这份备份没有留下:%s", found(err)), f.Drop())
	case err != nil:
		err = errors.Join(err, f.Drop())
	default:
		err = errors.Join(f.Keep(), f.Drop())
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), say.T("已备份到 %s:%s 条分录,%s 份附件,%s 字节;读回来核对无误", name, fmt.Sprint(d.Verified.Records),
		fmt.Sprint(len(d.Papers)-len(d.Missing)), fmt.Sprint(d.Bytes)))
	o.tellMissing(cmd, d.Missing)
	fmt.Fprintln(cmd.OutOrStdout(), say.T("密钥不在备份里:请另外用 sanbian key backup 或 sanbian key words 留一份,放在别处"))
	return nil
}

// tellMissing lists the papers that a backup lacks.
func (o *options) tellMissing(cmd *cobra.Command, missing []string) {
	for _, digest := range missing {
		fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T("附件 %s 不在或已损坏,没有备份到", digest))
	}
}

// found is what a verification found, or the error as it is.
func found(err error) string {
	var finding *journal.Finding
	if errors.As(err, &finding) {
		return finding.Error()
	}
	var damaged *store.ErrDamaged
	if errors.As(err, &damaged) {
		return damaged.Place()
	}
	return err.Error()
}

// backedUp is what there is to back up.
func (o *options) backedUp(b *books) backup.Books {
	return backup.Books{Store: b.store, Files: b.files, Now: time.Now, Seals: string(o.seals())}
}

// openPlace is backup.OpenPlace in words.
func openPlace(name string) (backup.Place, error) {
	at, err := backup.OpenPlace(name)
	if err != nil {
		return nil, tell("“%s”不是存放备份的地方:%s", name, err.Error())
	}
	return at, nil
}

func backupsCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "backups PLACE", Short: "列出一个地方的备份,新的在前 / list the backups of a place, newest first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			at, err := openPlace(args[0])
			if err != nil {
				return err
			}
			list, err := backup.Backups(cmd.Context(), at)
			if err != nil {
				return err
			}
			say := o.translator()
			for _, b := range list {
				how := say.T("读回核对过")
				if b.Fault != "" {
					how = say.T("不能用:%s", b.Fault)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %s  %s\n", b.Made.In(journal.Beijing).Format(time.DateTime), b.Name,
					say.T("%s 条分录,%s 份附件,%s 字节", fmt.Sprint(b.Records), fmt.Sprint(b.Papers), fmt.Sprint(b.Bytes)), how)
			}
			if len(list) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), say.T("%s 里没有备份", at.String()))
			}
			return nil
		},
	}
}

// schedule are the flags of a server that makes backups by itself.
type schedule struct {
	place, at, keep string
	recipients      []string
}

func (s *schedule) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.place, "backup", "",
		"备份放到哪里:文件夹,或 s3://主机/桶/目录;每天一份,日志每分钟归档 / where backups go: a folder, or s3://host/bucket/folder")
	c.Flags().StringVar(&s.at, "backup-at", "02:30", "每天几点备份 / when, each day")
	c.Flags().StringVar(&s.keep, "backup-keep", "14,8,24", "留多少天、多少周、多少月的 / days, weeks and months of which one is kept")
	c.Flags().StringArrayVar(&s.recipients, "backup-recipient", nil, "给谁加密(age1 开头的公钥) / encrypt for an age recipient")
}

// keeper makes a server's backups; nil where it makes none.
func (s *schedule) keeper(o *options, b *books) (*backup.Keeper, error) {
	if s.place == "" {
		return nil, nil
	}
	at, err := openPlace(s.place)
	if err != nil {
		return nil, err
	}
	plan := backup.Plan{At: at}
	hour, err := time.Parse("15:04", s.at)
	if err != nil {
		return nil, tell("--backup-at “%s”不是时间;请写成 02:30", s.at)
	}
	plan.Hour, plan.Min = hour.Hour(), hour.Minute()
	if plan.Keep, err = backup.ParseKeep(s.keep); err != nil {
		return nil, tell("--backup-keep “%s”不对;请写三个数:天、周、月,例如 14,8,24", s.keep)
	}
	if plan.Recipients, err = readRecipients(s.recipients); err != nil {
		return nil, err
	}
	return backup.NewKeeper(o.backedUp(b), plan, "")
}

// readIdentities reads a file of age identities; none for "".
func (o *options) readIdentities(name string) ([]age.Identity, error) {
	if name == "" {
		return nil, nil
	}
	text, err := o.readInput(name)
	if err != nil {
		return nil, err
	}
	list, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		return nil, tell("%s 不是 age 私钥文件", name)
	}
	return list, nil
}

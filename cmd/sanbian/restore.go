package main

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// restoring are the flags of restore.
type restoring struct {
	archive, identity, to, number string
	asItWas, partial              bool
}

func restoreCommand(o *options) *cobra.Command {
	var r restoring
	c := &cobra.Command{
		Use: "restore BACKUP", Short: "从备份恢复到新文件夹(--data),默认恢复到归档里的最后一笔 / bring a backup back into a new folder",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd, o, args[0]) },
	}
	c.Flags().StringVar(&r.archive, "archive", "", "日志归档和附件在哪里,默认备份所在的地方 / where the archived journal and the papers lie")
	c.Flags().StringVar(&r.to, "to", "", "恢复到哪一刻,例如 '2026-03-01 09:30' / up to a moment, local time")
	c.Flags().StringVar(&r.number, "number", "", "恢复到哪条日志的第几号,例如 210727:1234 / up to a record of a chain")
	c.Flags().BoolVar(&r.asItWas, "as-it-was", false, "只恢复备份时的样子,不用归档 / only what the backup has, without the archive")
	c.Flags().BoolVar(&r.partial, "partial", false, "归档读不全也恢复,到读得到的地方为止 / restore all the same where the archive cannot be read to its end")
	c.Flags().StringVar(&r.identity, "identity", "", "解密用的 age 私钥文件 / age identities for an encrypted backup")
	return c
}

// placed finds a backup, and the place that it lies at: that of a server's backups has a folder for them.
func placed(name string) (at backup.Place, inside string, err error) {
	name = filepath.ToSlash(name)
	if strings.HasPrefix(name, "backups/") {
		name = "./" + name
	}
	if i := strings.LastIndex(name, "/backups/"); i > 0 {
		at, err = openPlace(name[:i])
		return at, name[i+1:], err
	}
	at, err = openPlace(path.Dir(name))
	return at, path.Base(name), err
}

// limits reads up to where the books are wanted.
func (r *restoring) limits(into *backup.Restoring) error {
	if r.to != "" && r.number != "" {
		return tell("--to 和 --number 只写一样")
	}
	if r.to != "" {
		for _, form := range []string{time.DateTime, "2006-01-02 15:04"} {
			if t, err := time.ParseInLocation(form, r.to, journal.Beijing); err == nil {
				into.Until = t
				return nil
			}
		}
		return tell("--to “%s”不是时刻;请写成 '2026-03-01 09:30'", r.to)
	}
	if r.number == "" {
		return nil
	}
	chain, number, ok := strings.Cut(r.number, ":")
	seq, err := strconv.ParseUint(number, 10, 64)
	if _, wrong := region.Parse(chain); !ok || err != nil || seq == 0 || wrong != nil || len(chain) != 6 {
		return tell("--number “%s”不对;请写成 210727:1234", r.number)
	}
	into.Chain, into.Seq = chain, seq
	return nil
}

func (r *restoring) run(cmd *cobra.Command, o *options, name string) error {
	into := backup.Restoring{Into: o.data, Progress: o.progress()}
	var err error
	if err := r.limits(&into); err != nil {
		return err
	}
	if into.Identities, err = o.readIdentities(r.identity); err != nil {
		return err
	}
	at, inside, err := placed(name)
	if err != nil {
		return err
	}
	f, err := at.Get(cmd.Context(), inside)
	if err != nil {
		return tell("打不开 %s:%s", name, err.Error())
	}
	defer f.Close()
	into.From = f
	switch {
	case r.archive != "":
		if into.Place, err = openPlace(r.archive); err != nil {
			return err
		}
	case strings.HasPrefix(inside, "backups/"):
		into.Place = at
	}
	into.AsItWas, into.Partial = r.asItWas, r.partial
	done, err := into.Run(cmd.Context())
	if err != nil {
		return o.restoreError(err, name)
	}
	return o.restored(cmd, done)
}

// restoreError says in words why a backup was not brought back.
func (o *options) restoreError(err error, name string) error {
	switch {
	case errors.Is(err, backup.ErrThere):
		return tell("%s 里已经有东西;恢复只往新文件夹里放,请用 --data 指明另一个", o.data)
	case errors.Is(err, backup.ErrEncrypted):
		return tell("%s 是加密的;请用 --identity 指明解密用的 age 私钥文件", name)
	case errors.Is(err, backup.ErrNoRecord):
		return tell("备份和归档里都没有这一号分录")
	case errors.Is(err, backup.ErrPartial):
		return tell("归档读不全,没有恢复:%s。只要备份时的样子用 --as-it-was,恢复到读得到的地方用 --partial", err.Error())
	case errors.Is(err, backup.ErrBackup):
		return tell("%s 不是三变台账的备份,或已损坏,没有恢复:%s", name, err.Error())
	}
	var finding *journal.Finding
	if errors.As(err, &finding) {
		return tell("%s 里的台账核对不符,没有恢复:%s", name, finding.Error())
	}
	return err
}

// restored tells what came of it, and what is still to do.
func (o *options) restored(cmd *cobra.Command, done backup.Restored) error {
	say, out := o.translator(), cmd.OutOrStdout()
	fmt.Fprintln(out, say.T("已恢复到 %s,核对无误:%s 条分录,备份做于 %s", o.data, fmt.Sprint(done.Verified.Records),
		done.Made.In(journal.Beijing).Format(time.DateTime)))
	for _, c := range done.Verified.Chains {
		fmt.Fprintf(out, "%s %d %s\n", c.Chain, c.Seq, c.Hash)
	}
	for _, c := range done.Chains {
		if c.Why != "" {
			fmt.Fprintln(cmd.ErrOrStderr(), say.T("日志 %s 到第 %s 号为止,后面的没有恢复到:%s", c.Chain, fmt.Sprint(c.Seq), c.Why))
		}
	}
	for _, digest := range done.Lost {
		fmt.Fprintln(cmd.ErrOrStderr(), say.T("附件 %s 没有找到;请从别处找来放进 %s", digest, filepath.Join(o.data, "papers")))
	}
	switch key, err := seal.Load(o.keyFile()); {
	case o.keyCommand != "":
	case err != nil:
		fmt.Fprintln(out, say.T("还差密钥:请把它放到 %s(sanbian key restore),再 serve", o.keyFile()))
	default:
		s, err := store.Open(o.file())
		if err != nil {
			return err
		}
		if err := errors.Join(o.fitting(journal.Fits(s, key)), s.Close()); err != nil {
			return err
		}
	}
	return nil
}

// progress tells how far a long command is, a line at a time and not too often.
func (o *options) progress() func(backup.Step, int64, int64) {
	texts := map[backup.Step]string{backup.Unpacking: "已解开 %s 字节,共 %s 字节", backup.Rebuilding: "已重建 %s 条分录,共 %s 条",
		backup.Fetching: "已取 %s 份附件,共 %s 份"}
	last, at := backup.Step(-1), time.Time{}
	return func(step backup.Step, done, all int64) {
		if step == last && time.Since(at) < time.Second {
			return
		}
		last, at = step, time.Now()
		if step == backup.Verifying {
			fmt.Fprintln(o.said(), o.translator().T("正在核对"))
			return
		}
		if all == 0 {
			fmt.Fprintln(o.said(), o.translator().T("已重建 %s 条分录", fmt.Sprint(done)))
			return
		}
		fmt.Fprintln(o.said(), o.translator().T(texts[step], fmt.Sprint(done), fmt.Sprint(max(all, done))))
	}
}

package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

func rebuildCommand(o *options) *cobra.Command {
	var archive, identity string
	var partial bool
	c := &cobra.Command{
		Use: "rebuild", Short: "按日志重建账表;数据文件损坏时能读多少读多少,原来的文件留着 / make the tables anew from the journal, also of a damaged file",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b := journal.Rebuilding{}
			if archive != "" {
				at, err := openPlace(archive)
				if err != nil {
					return err
				}
				identities, err := o.readIdentities(identity)
				if err != nil {
					return err
				}
				b.More = backup.OpenArchive(cmd.Context(), at, identities)
			}
			return o.rebuild(cmd, b, partial)
		},
	}
	c.Flags().StringVar(&archive, "archive", "", "读不出来的从这里的日志归档补齐 / take what cannot be read from the archive at a place")
	c.Flags().StringVar(&identity, "identity", "", "解密归档用的 age 私钥文件 / age identities for an encrypted archive")
	c.Flags().BoolVar(&partial, "partial", false, "补不齐也重建,丢掉后面的分录 / rebuild all the same where something is lost")
	return c
}

// mostDamages are told one by one.
const mostDamages = 10

// rebuild makes the books anew beside their file, which is kept under another name.
func (o *options) rebuild(cmd *cobra.Command, b journal.Rebuilding, partial bool) error {
	say, made := o.translator(), o.file()+".new"
	if store.InUse(o.file()) {
		return tell("数据文件夹 %s 正由另一个 sanbian 使用;请先停下它", o.data)
	}
	wreck, err := store.OpenWreck(o.file())
	if errors.Is(err, os.ErrNotExist) {
		return tell("%s 里没有台账;先用 sanbian serve 建立,或用 --data 指明文件夹", o.data)
	}
	if err != nil {
		return err
	}
	defer wreck.Close()
	damages, blind := map[uint64]bool{}, false
	wreck.Damaged = func(d *store.ErrDamaged) {
		if damages[d.Page] {
			return
		}
		blind = blind || journal.TellsEnds(d.Table)
		if damages[d.Page] = true; len(damages) <= mostDamages {
			fmt.Fprintln(o.said(), say.T("读不出来:%s", d.Place()))
		}
	}
	if err := store.Remove(made); err != nil { // left by a rebuilding that was interrupted
		return err
	}
	into, err := store.Open(made)
	if err != nil {
		return err
	}
	done, told := int64(0), o.progress()
	b.From, b.Into = wreck, into
	b.Progress = func(n int) { done += int64(n); told(backup.Rebuilding, done, 0) }
	list, err := b.Run()
	var torn *journal.Torn
	if errors.As(err, &torn) { // a county that came from another ledger, and is not all there
		err = tell("日志 %s 是从别处转来的,没有读全,没有重建;请用 --archive 指明日志归档补齐,或用 sanbian restore 从备份恢复", torn.Short)
	}
	if err == nil {
		err = o.accept(cmd, list, blind || len(list) == 0, partial)
	}
	if err == nil {
		err = o.rebuilt(cmd, into)
	}
	if err = errors.Join(err, into.Close()); err != nil {
		return errors.Join(err, store.Remove(made))
	}
	if store.InUse(o.file()) || !wreck.Unchanged() {
		return errors.Join(tell("重建的时候有人打开了 %s,没有换上;请停下别的程序再来", o.file()), store.Remove(made))
	}
	if err := wreck.Close(); err != nil { // Windows gives no open file's name away
		return err
	}
	return o.exchange(cmd, made)
}

// accept tells what was lost, or may be where nothing says how long the chains were, which has to be accepted by whoever rebuilds.
func (o *options) accept(cmd *cobra.Command, list []journal.Rebuilt, blind, partial bool) error {
	lost := blind
	if blind {
		fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T("损坏的地方记着各条日志到第几号,不知道后面还有没有:"))
		for _, r := range list {
			fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T("日志 %s 读到第 %s 号", r.Chain, fmt.Sprint(r.Seq)))
		}
	}
	for _, r := range list {
		if r.Why == "" {
			continue
		}
		lost = true
		fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T("日志 %s 读到第 %s 号为止,原来到第 %s 号:%s", r.Chain, fmt.Sprint(r.Seq), fmt.Sprint(r.Known), r.Why))
	}
	if lost && !partial {
		return tell("日志读不全,没有重建,原来的没有动。请用 --archive 指明日志归档补齐,或用 sanbian restore 从备份恢复;都没有时用 --partial 只留读得出来的")
	}
	return nil
}

// rebuilt notes whose key it is where that was lost, and verifies.
func (o *options) rebuilt(cmd *cobra.Command, into store.Store) error {
	begun, err := journal.Begun(into)
	if err != nil {
		return err
	}
	if !begun {
		key, err := seal.Load(o.keyFile())
		if err != nil {
			return err
		}
		if err := journal.NoteKey(into, key); err != nil {
			return err
		}
	}
	fmt.Fprintln(o.said(), o.translator().T("正在核对"))
	n, err := backup.Verify(into, "", nil)
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("已按日志重建,核对无误:%s 条分录,%s 项账表记录", fmt.Sprint(n.Records), fmt.Sprint(n.Keys)))
	return nil
}

// exchange puts the new file in the place of the old one, which is kept.
func (o *options) exchange(cmd *cobra.Command, made string) error {
	kept, err := o.keptAs("before-rebuild")
	if err != nil {
		return err
	}
	if err := o.replace(made, kept); err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("原来的文件留在 %s", kept))
	return nil
}

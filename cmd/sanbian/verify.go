package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

func verifyCommand(o *options) *cobra.Command {
	figures, numbers := false, false
	var seals []string
	county := ""
	cmd := &cobra.Command{
		Use: "verify", Short: "核对:走完每条日志链,重算账表并与现有的逐项比较 / walk every chain, fold the journal again and compare", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := o.openStore(false)
			if err != nil {
				return err
			}
			defer s.Close()
			if err := o.verify(cmd, s, numbers); err != nil {
				return err
			}
			if err := o.verifySeals(cmd, s, seals, county); err != nil || !figures {
				return err
			}
			return o.refigure(cmd, s)
		},
	}
	cmd.Flags().StringArrayVar(&seals, "seal", nil, "再与这张封条(或以前 verify 写出的日志终点)对照,可写多次 / compare with a seal, or with ends noted earlier")
	cmd.Flags().StringVar(&county, "county", "", "只对照这个县的日志,例如 210727:--seal 是它转来以前原处的封条 / compare this county alone with --seal")
	cmd.Flags().BoolVar(&figures, "figures", false, "重算每个提交过的分红方案,与定下的金额比较 / work every submitted plan out anew and compare")
	cmd.Flags().BoolVar(&numbers, "numbers", false, "用密钥打开每个封好的号码,看是不是本人的 / open every sealed number with the key")
	return cmd
}

// verify goes through everything, and tells what it found.
func (o *options) verify(cmd *cobra.Command, s store.Store, numbers bool) error {
	if o.running == nil { // a server writes pages anew meanwhile
		if err := store.CheckFile(o.file()); err != nil {
			return err
		}
	}
	var key *seal.Key
	if numbers {
		var err error
		if key, err = o.loadKey(); err != nil {
			return err
		}
		if err := o.fitting(journal.Fits(s, key)); err != nil {
			return err
		}
	}
	n, err := backup.Verify(s, "", key) // in the data folder's own place for such, which is cleared when the books are opened
	var found *journal.Finding
	if errors.As(err, &found) {
		return tell("核对不符:%s", found.Error())
	}
	if err != nil {
		return err
	}
	if err := o.verifyPapers(cmd, s); err != nil {
		return err
	}
	_, err = access.VerifyLog(s) // said only where it does not hold: looking at the books is logged, too
	var broken *access.LogFault
	if errors.As(err, &broken) {
		return tell("访问日志不符:%s", broken.Error())
	}
	if err == nil {
		o.tellVerified(cmd, n, numbers)
	}
	return err
}

// tellVerified tells what was gone through, and where the chains end.
func (o *options) tellVerified(cmd *cobra.Command, n journal.Verified, numbers bool) {
	out, say := cmd.OutOrStdout(), o.translator()
	fmt.Fprintln(out, say.T("核对无误:%s 条日志链,%s 条分录,%s 项账表记录", fmt.Sprint(len(n.Chains)), fmt.Sprint(n.Records), fmt.Sprint(n.Keys)))
	if numbers {
		fmt.Fprintln(out, say.T("打开了 %s 个封好的号码,与各自的本人和查找摘要相符", fmt.Sprint(n.Opened)))
	} else {
		fmt.Fprintln(out, say.T("封好的号码没有打开看;有密钥时加 --numbers"))
	}
	if n.Unbound > 0 {
		fmt.Fprintln(out, say.T("另有 %s 个号码是旧程序封的,没有绑定本人:打得开,证明不了是谁的", fmt.Sprint(n.Unbound)))
	}
	if n.Fallen > 0 {
		fmt.Fprintln(out, say.T("有 %s 条旧程序记的分录,时间比前一条早", fmt.Sprint(n.Fallen)))
	}
	if n.Staged > 0 {
		fmt.Fprintln(out, say.T("有一批 %s 条的分录存好了没写完,下次打开台账时先写完它", fmt.Sprint(n.Staged)))
	}
	for _, c := range n.Chains {
		fmt.Fprintf(out, "%s %d %s\n", c.Chain, c.Seq, c.Hash)
	}
}

// verifyPapers checks the papers that the books name: by their contents where the books' key is at hand, else by what was noted of their
// seals.
func (o *options) verifyPapers(cmd *cobra.Command, s store.Store) error {
	key, err := o.loadKey()
	fits := err == nil && journal.Fits(s, key) == nil
	papers, files, seals := 0, o.files(key), map[string][]string{}
	if err := s.View(func(r store.Reader) error {
		for _, c := range paper.Contents(r, region.Country) {
			seals[c.Digest] = c.Seals
		}
		return nil
	}); err != nil {
		return err
	}
	if err := paper.EachPaper(s, func(p paper.Paper) error {
		err := files.Check(p.Digest, seals[p.Digest]...)
		if err == nil && fits {
			_, _, err = files.Open(p.Digest)
		}
		if err != nil {
			return tell("附件 %s(%s)不在或已被改动:%s", p.ID, p.Name, p.Digest)
		}
		papers++
		return nil
	}); err != nil || papers == 0 {
		return err
	}
	text := "%s 份附件的内容与日志里的摘要相符"
	if !fits {
		text = "%s 份附件与存入时封好的摘要相符;没有密钥,内容没有打开看"
	}
	fmt.Fprintln(cmd.OutOrStdout(), o.translator().T(text, fmt.Sprint(papers)))
	return nil
}

// refigure works every submitted plan out anew, and says which figures are not what was frozen.
func (o *options) refigure(cmd *cobra.Command, s store.Store) error {
	differing := 0
	compared, untold, err := dividend.Refigure(s, func(d dividend.Difference) {
		differing++
		if d.Err != nil {
			fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("分红 %s 重算不出:%s", d.Plan.ID, d.Err.Error()))
			return
		}
		fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("分红 %s 的 %s 定下 %s 元,重算是 %s 元", d.Plan.ID, d.Holder, d.Frozen.Grouped(),
			d.Anew.Grouped()))
	})
	if err != nil {
		return err
	}
	if differing > 0 {
		return tell("重算不符:%s 处", fmt.Sprint(differing))
	}
	fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("重算无误:%s 个方案;另有 %s 个旧方案没有记下当时的标记或余额,不能重算", fmt.Sprint(compared), fmt.Sprint(untold)))
	return nil
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
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
			if to != "" {
				if err := o.handOver(cmd, b, place, to); err != nil {
					return err
				}
			}
			f, err := o.desk.Create(args[1])
			if err != nil {
				return tell("不能写 %s:%s", args[1], err.Error())
			}
			county, n, err := o.backedUp(b).WriteCounty(cmd.Context(), place, f, encrypt, b.key)
			if err != nil {
				return errors.Join(countyError(err, args[1]), f.Drop())
			}
			if err := errors.Join(f.Keep(), f.Drop()); err != nil {
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

// handOver posts that the county is kept elsewhere from now on; where that has been posted already the file is written once more.
func (o *options) handOver(cmd *cobra.Command, b *books, place region.Code, to string) error {
	done := uint64(0)
	if err := b.Read(journal.Console, func(v *journal.View) error { done = v.HandedOver(place); return nil }); err != nil || done > 0 {
		return err
	}
	_, err := b.Post(journal.Console, journal.Posting{Entries: []journal.Entry{&office.HandOverCounty{County: place, To: to}}})
	if err == nil {
		fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("%s 的账从现在起移交给%s,这里只能查阅", string(place), to))
	}
	return err
}

func (o *options) tellOut(cmd *cobra.Command, name string, c backup.CountyFile, n journal.Verified) {
	say, out := o.translator(), cmd.OutOrStdout()
	fmt.Fprintln(out, say.T("已写到 %s:%s 条分录,%s 个本县账号,%s 个外面的账号,%s 份附件;读回来单独重建核对无误", name, fmt.Sprint(c.Seq), fmt.Sprint(len(c.Own)),
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
	switch {
	case errors.Is(err, journal.ErrUnderway):
		return tell("有一批长的分录正在写,等它写完再转;停着的服务请先启动一次")
	case errors.Is(err, backup.ErrBooks):
		return tell("台账本身核对不符,没有转:%s", found(err))
	case errors.Is(err, backup.ErrEncrypted):
		return tell("%s 是加密的;请用 --identity 指明解密用的 age 私钥文件", name)
	case errors.Is(err, backup.ErrBackup):
		return tell("%s 不是全县账的文件,或已损坏:%s", name, err.Error())
	}
	return err
}

// arriving are the flags of county in.
type arriving struct {
	identity, theirKey string
	renames, sames     []string
}

func countyIn(o *options) *cobra.Command {
	var a arriving
	c := &cobra.Command{
		Use: "in FILE", Short: "把别处转出的一个县整本转入这里;先停下服务 / bring a county's books in; the server must be stopped", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			identities, err := o.readIdentities(a.identity)
			if err != nil {
				return err
			}
			f, err := o.desk.Open(args[0])
			if err != nil {
				return tell("打不开 %s:%s", args[0], err.Error())
			}
			county, err := backup.OpenCounty(f, identities)
			if err = errors.Join(err, f.Close()); err != nil {
				return countyError(err, args[0])
			}
			defer county.Close()
			return o.countyIn(cmd, county, a)
		},
	}
	c.Flags().StringVar(&a.theirKey, "their-key", "", "原处的密钥文件,或它的 key backup / the key of the ledger that the county comes from")
	c.Flags().StringVar(&a.identity, "identity", "", "解密用的 age 私钥文件 / age identities for an encrypted file")
	c.Flags().StringArrayVar(&a.renames, "rename", nil, "重名的账号在这里叫什么:旧名=新名,可写多次 / another name for an account whose own is somebody's here")
	c.Flags().StringArrayVar(&a.sames, "same", nil, "重名的外面账号与这里的是同一个人,可写多次 / an account of a higher office that is the one of its name here")
	return c
}

// countyIn brings a county in: into new books beside the file, which take its place when they have been verified.
func (o *options) countyIn(cmd *cobra.Command, c *backup.County, a arriving) error {
	theirs, err := o.theirKey(a)
	if err != nil {
		return err
	}
	if err := o.beginFor(c, theirs); err != nil {
		return err
	}
	s, err := o.openStore(false)
	if err != nil {
		return err
	}
	closing := func(err error) error { return errors.Join(err, s.Close()) }
	key, err := o.loadKey()
	if err == nil {
		err = o.fitting(journal.Fits(s, key))
	}
	if err != nil {
		return closing(err)
	}
	into := backup.Arriving{From: s, Suite: key.Suite(), Now: time.Now(), Progress: o.progress()}
	if err := s.View(func(r store.Reader) error { return o.mayCome(cmd, r, c, a, &into) }); err != nil {
		return closing(err)
	}
	if into.Key, err = o.joined(c, key, theirs); err != nil {
		return closing(err)
	}
	made, kept := o.file()+".new", ""
	if err := store.Remove(made); err != nil { // left by one that was interrupted
		return closing(err)
	}
	if into.Into, err = store.Open(made); err != nil {
		return closing(err)
	}
	n, err := c.Into(into)
	if err == nil {
		err = journal.NoteKeys(into.Into, into.Key)
	}
	err = errors.Join(err, into.Into.Close())
	if err == nil {
		err = o.takePapers(c, into.Key)
	}
	if err == nil {
		kept, err = o.keptAs("before-" + c.Chain)
	}
	if err != nil {
		return closing(errors.Join(arrivalError(err), store.Remove(made)))
	}
	if err := o.swap(s, made, kept); err != nil {
		return err
	}
	return o.tellIn(cmd, c, n, kept)
}

// theirKey is the key of the books that the county comes from; nil where none was given.
func (o *options) theirKey(a arriving) (*seal.Key, error) {
	if a.theirKey == "" {
		return nil, nil
	}
	text, err := o.readInput(a.theirKey)
	if err != nil {
		return nil, err
	}
	if key, err := seal.Read(string(text)); err == nil {
		return key, nil
	}
	return o.keptKey([]string{a.theirKey}, a.identity)
}

// beginFor begins books for the county alone where there are none: its key is theirs then.
func (o *options) beginFor(c *backup.County, theirs *seal.Key) error {
	if _, err := os.Stat(o.file()); err == nil {
		return nil
	}
	if o.keyCommand == "" && !seal.Exists(o.keyFile()) {
		if theirs == nil {
			return tell("%s 里还没有台账,也没有密钥;请用 --their-key 给出原处的密钥文件", o.data)
		}
		if err := theirs.Save(o.keyFile()); err != nil {
			return err
		}
	}
	b, err := o.open(true, time.Now)
	if err != nil {
		return err
	}
	if c.Demo {
		err = b.MarkDemo()
	}
	return errors.Join(err, b.close())
}

// mayCome refuses a county that cannot come into books, and reads what was decided about names.
func (o *options) mayCome(cmd *cobra.Command, r store.Reader, c *backup.County, a arriving, into *backup.Arriving) error {
	switch err := c.Fits(r); {
	case errors.Is(err, journal.ErrThereAlready):
		return tell("这里已经有 %s 的账,而且没有移交出去:一个县只能整本转入,不能合并", c.Chain)
	case errors.Is(err, journal.ErrNotOurs):
		return tell("这里移交出去的 %s 与文件里的不是同一本:文件里的要从移交的那一笔接着记,账号也没有改过名", c.Chain)
	case errors.Is(err, journal.ErrDemo):
		return tell("演示数据和真账不能放在一起")
	case err != nil:
		return countyError(err, "")
	}
	clashes, err := c.Clashes(r)
	if err != nil {
		return err
	}
	into.Other, into.Same = map[string]string{}, map[string]bool{}
	named := func(name string) int {
		return slices.IndexFunc(clashes, func(x journal.Clashing) bool { return x.Name == name })
	}
	for _, text := range a.renames {
		name, as, ok := strings.Cut(text, "=")
		switch {
		case !ok || named(name) < 0:
			return tell("--rename “%s”不对:要写成 旧名=新名,旧名是重名的账号", text)
		case !office.IsAccountName(as):
			return tell("--rename 的新名“%s”不对:账号名要 2 到 32 个汉字、字母、数字或 . _ -", as)
		case c.Taken(r, as) || slices.Contains(slices.Collect(maps.Values(into.Other)), as):
			return tell("--rename 的新名“%s”已经有人用了", as)
		}
		into.Other[name] = as
	}
	for _, name := range a.sames {
		if i := named(name); i < 0 || clashes[i].Own {
			return tell("--same “%s”不对:要是重名的、本县以外的账号", name)
		}
		into.Same[name] = true
	}
	return o.undecided(cmd, clashes, into)
}

// undecided asks about the names of which nothing was decided.
func (o *options) undecided(cmd *cobra.Command, clashes []journal.Clashing, into *backup.Arriving) error {
	left := 0
	for _, x := range clashes {
		if into.Other[x.Name] != "" || into.Same[x.Name] {
			continue
		}
		left++
		text := "账号“%s”在这里是%s,本县的账里也有一个:请用 --rename %s=新名 给它另起一个名字"
		if !x.Own {
			text = "账号“%s”在这里是%s,本县的账也由一个同名的外面账号签过:是同一个人请写 --same %s,不是就用 --rename 另起一个名字"
		}
		fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T(text, x.Name, x.Here, x.Name))
	}
	if left > 0 {
		return tell("有 %s 个账号重名,没有转入", fmt.Sprint(left))
	}
	return nil
}

// joined is the key with what opens the county's numbers, in the key file.
func (o *options) joined(c *backup.County, key, theirs *seal.Key) (*seal.Key, error) {
	lacking := slices.DeleteFunc(slices.Clone(c.Keys), func(id string) bool {
		return slices.ContainsFunc(key.IDs(), func(own seal.ID) bool { return own.String() == id })
	})
	if len(lacking) == 0 {
		return key, nil
	}
	if theirs == nil {
		return nil, tell("本县的号码是用密钥 %s 封的,这里没有;请用 --their-key 给出原处的密钥文件", strings.Join(lacking, " "))
	}
	all, err := key.Joined(theirs)
	if err != nil {
		return nil, tell("两处的密钥放不到一起:%s", err.Error())
	}
	if o.keyCommand != "" {
		return nil, tell("密钥由外部命令给出:请把原处的各行加在最后一行前面(只有一行时先换一次密钥),再转入")
	}
	// The key file comes first: what was sealed before opens with it as before.
	return all, all.Replace(o.keyFile())
}

// takePapers keeps the county's papers beside the books, as they lie.
func (o *options) takePapers(c *backup.County, key *seal.Key) error {
	files := o.files(key)
	for _, p := range c.Papers {
		if _, _, err := files.Open(p.Digest); err == nil {
			continue // the same one, for whomever it was kept
		}
		content, err := c.Paper(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // missing where it comes from
		}
		if err == nil {
			err = files.KeepRaw(p.Digest, content)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// arrivalError says in words why a county was not brought in.
func arrivalError(err error) error {
	var finding *journal.Finding
	switch {
	case errors.As(err, &finding):
		return tell("转入后核对不符,没有转入,原来的没有动:%s", finding.Error())
	case errors.Is(err, backup.ErrMixed), errors.Is(err, backup.ErrBackup):
		return tell("转不进来,原来的没有动:%s", err.Error())
	}
	return err
}

// swap puts new books in the place of those that are open, which are kept under another name. The old file stays locked until the new one
// has its name, so that nobody begins the same meanwhile.
func (o *options) swap(s store.Store, made, kept string) error {
	if err := keep(o.file(), kept); err != nil {
		return errors.Join(err, store.Remove(made), s.Close())
	}
	if runtime.GOOS == "windows" { // which gives no open file's name away
		if err := s.Close(); err != nil {
			return err
		}
	}
	if err := store.Rename(made, o.file()); err != nil {
		return errors.Join(err, s.Close())
	}
	store.SyncFolder(o.data)
	return s.Close()
}

// tellIn names the regions around the county that these books do not know yet, and tells what came of it.
func (o *options) tellIn(cmd *cobra.Command, c *backup.County, n journal.Verified, kept string) error {
	b, err := o.open(false, time.Now)
	if err != nil {
		return err
	}
	defer b.close()
	if _, err := o.acting(cmd, b, "", "county in "+c.Chain); err != nil {
		return err
	}
	var missing []journal.Entry
	if err := b.Read(journal.Console, func(v *journal.View) error {
		for i, code := range c.Above {
			if _, err := office.DivisionOf(v, code); err != nil {
				missing = append(missing, &office.NameDivision{Code: code, Name: c.Names[i]})
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if len(missing) > 0 {
		if _, err := b.Post(journal.Console, journal.Posting{Entries: missing}); err != nil {
			return err
		}
	}
	say, out := o.translator(), cmd.OutOrStdout()
	fmt.Fprintln(out, say.T("%s 的账已转入:%s 条分录,连同这里原有的共 %s 条,打开每个号码核对无误", c.Chain, fmt.Sprint(c.Seq), fmt.Sprint(n.Records)))
	fmt.Fprintln(out, say.T("原来的文件留在 %s", kept))
	if !c.Handed {
		fmt.Fprintln(out, say.T("注意:原处没有移交,还能继续记;以后在那里记的到不了这里"))
	}
	o.tellMissing(cmd, c.Missing)
	fmt.Fprintln(out, say.T("上级的设置不随县走:请管理员看一遍 %s 在这里的设置", c.Chain))
	return nil
}

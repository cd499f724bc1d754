package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

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
			// What is unpacked stays in the folder that nobody else reads.
			tmp := o.ownTmp()
			if err := os.MkdirAll(tmp, 0o700); err != nil {
				return errors.Join(err, f.Close())
			}
			county, err := backup.OpenCounty(f, identities, tmp)
			if err = errors.Join(err, f.Close()); err != nil {
				return countyError(err, args[0])
			}
			return errors.Join(o.countyIn(cmd, county, a), county.Close())
		},
	}
	c.Flags().StringVar(&a.theirKey, "their-key", "", "原处的密钥文件,或它的 key backup / the key of the ledger that the county comes from")
	c.Flags().StringVar(&a.identity, "identity", "", "解密用的 age 私钥文件 / age identities for an encrypted file")
	c.Flags().StringArrayVar(&a.renames, "rename", nil, "重名的账号在这里叫什么:旧名=新名,可写多次 / another name for an account whose own is somebody's here")
	c.Flags().StringArrayVar(&a.sames, "same", nil, "重名的外面账号与这里的是同一个人,可写多次 / an account of a higher office that is the one of its name here")
	return c
}

// countyIn brings a county in: into new books beside the file, which take its place when they have been verified. Until then nothing is
// changed, and where there are no books yet none are begun.
func (o *options) countyIn(cmd *cobra.Command, c *backup.County, a arriving) (err error) {
	theirs, err := o.theirKey(a)
	if err != nil {
		return err
	}
	s, own, anew, err := o.target(c)
	if err != nil {
		return err
	}
	defer func() {
		if s != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	key, err := joined(c, own, theirs)
	if err != nil {
		return err
	}
	if own != nil && key != own && o.keyCommand != "" {
		return tell("密钥由外部命令给出:请把原处的各行加在最后一行前面(只有一行时先换一次密钥),再转入")
	}
	into := backup.Arriving{From: s, Suite: key.Suite(), Now: time.Now(), Progress: o.progress()}
	if err := s.View(func(r store.Reader) error { return o.mayCome(cmd, r, c, a, &into.Names) }); err != nil {
		return err
	}
	made := o.file() + ".new"
	if err := store.Remove(made); err != nil { // left by one that was interrupted
		return err
	}
	n, err := o.arrive(c, into, made, key, anew)
	if err == nil {
		err = o.takePapers(c, key)
	}
	if err == nil {
		err = o.keepKey(own, key)
	}
	if err != nil {
		return errors.Join(arrivalError(err), store.Remove(made))
	}
	kept, old := "", s
	if s = nil; anew { // there was nothing before
		if err := errors.Join(old.Close(), store.Rename(made, o.file())); err != nil {
			return err
		}
		store.SyncFolder(o.data)
	} else if kept, err = o.keptAs("before-" + c.Chain); err != nil {
		return errors.Join(err, old.Close(), store.Remove(made))
	} else if err := o.swap(old, made, kept); err != nil {
		return err
	}
	return o.tellIn(cmd, c, n, kept, key != own && own != nil)
}

// target opens the books that a county comes into, with their key; where there are none, an empty store, and the key that lies there for
// them.
func (o *options) target(c *backup.County) (s store.Store, key *seal.Key, anew bool, err error) {
	if _, err := os.Stat(o.file()); errors.Is(err, fs.ErrNotExist) {
		none := filepath.Join(o.ownTmp(), "none.db")
		if err := store.Remove(none); err != nil {
			return nil, nil, true, err
		}
		if o.keyCommand != "" || seal.Exists(o.keyFile()) {
			if key, err = o.loadKey(); err != nil {
				return nil, nil, true, err
			}
		}
		if s, err = store.OpenScratch(none); err == nil && c.Demo {
			err = journal.MarkDemo(s)
		}
		return s, key, true, err
	}
	if s, err = o.openStore(false); err != nil {
		return nil, nil, false, err
	}
	key, err = o.loadKey()
	if err == nil {
		err = o.fitting(journal.Fits(s, key))
	}
	if err != nil {
		return nil, nil, false, errors.Join(err, s.Close())
	}
	return s, key, false, nil
}

// arrive makes the new books, names the regions around the county that they do not know yet, and verifies them, every number opened.
func (o *options) arrive(c *backup.County, into backup.Arriving, made string, key *seal.Key, anew bool) (n journal.Verified, err error) {
	s, err := store.Open(made)
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	into.Into = s
	if err := c.Into(into); err != nil {
		return n, err
	}
	if anew {
		err = journal.Begin(s, key, c.Demo)
	} else {
		err = journal.NoteKeys(s, key)
	}
	if err != nil {
		return n, err
	}
	l, err := journal.Open(s, key, time.Now)
	if err != nil {
		return n, err
	}
	err = nameAbove(l, c)
	l.Close()
	if err != nil {
		return n, err
	}
	into.Progress(backup.Verifying, 0, 0)
	return backup.Verify(s, o.ownTmp(), key)
}

// nameAbove names the regions around a county that books do not know.
func nameAbove(l *journal.Ledger, c *backup.County) error {
	var missing []journal.Entry
	if err := l.Read(journal.Console, func(v *journal.View) error {
		for i, code := range c.Above {
			if _, err := office.DivisionOf(v, code); err != nil {
				missing = append(missing, &office.NameDivision{Code: code, Name: c.Names[i]})
			}
		}
		return nil
	}); err != nil || len(missing) == 0 {
		return err
	}
	_, err := l.Post(journal.Console, journal.Posting{Entries: missing})
	return err
}

// keepKey puts the key where the books' key is kept, before they are: what was sealed before opens with it as before.
func (o *options) keepKey(own, key *seal.Key) error {
	switch {
	case key == own || o.keyCommand != "":
		return nil
	case seal.Exists(o.keyFile()):
		return key.Replace(o.keyFile())
	}
	return key.Save(o.keyFile())
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

// mayCome refuses a county that cannot come into books, and reads what was decided about names.
func (o *options) mayCome(cmd *cobra.Command, r store.Reader, c *backup.County, a arriving, names *journal.Naming) error {
	switch err := c.Fits(r, time.Now()); {
	case errors.Is(err, journal.ErrThereAlready):
		return tell("这里已经有 %s 的账,而且没有移交出去:一个县只能整本转入,不能合并", c.Chain)
	case errors.Is(err, journal.ErrNotOurs):
		return tell("文件里的 %s 到第 %s 号,这里已经有更后面的:不是从这里移交出去以后的那一本", c.Chain, fmt.Sprint(c.Seq))
	case errors.Is(err, journal.ErrAhead):
		return tell("文件里有比这台电脑的时钟还晚的分录;请先校正时钟,或到原处查明")
	case errors.Is(err, journal.ErrDemo):
		return tell("演示数据和真账不能放在一起")
	case err != nil:
		return countyError(err, "")
	}
	clashes, err := names.Decide(r, &c.County)
	if err != nil {
		return err
	}
	names.Other, names.Same = map[string]string{}, map[string]bool{}
	if err := chosen(r, c, a, clashes, names); err != nil {
		return err
	}
	if clashes, err = names.Decide(r, &c.County); err != nil {
		return err
	}
	for _, x := range clashes {
		text := "账号“%s”在这里是%s,转来的账里也有一个,不是同一个:请用 --rename %s=新名 给转来的另起一个名字"
		if x.Same {
			text = "账号“%s”在这里是%s,转来的账也由一个同名的上级账号签过:是同一个人请写 --same %s,不是就用 --rename 另起一个名字"
		}
		fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T(text, x.Name, x.Here, x.Name))
	}
	if len(clashes) > 0 {
		return tell("有 %s 个账号重名,没有转入", fmt.Sprint(len(clashes)))
	}
	if at, _ := journal.HandedOver(r, c.Region()); at > 0 && c.Returns(r) {
		fmt.Fprintln(cmd.ErrOrStderr(), o.translator().T("文件里没有移交以后记的:接手的那一边若已经转入,请先让那边停下,免得两边都记"))
	}
	return nil
}

// chosen reads what somebody decided about names that clash.
func chosen(r store.Reader, c *backup.County, a arriving, clashes []journal.Clashing, names *journal.Naming) error {
	named := func(name string) int {
		return slices.IndexFunc(clashes, func(x journal.Clashing) bool { return x.Name == name })
	}
	for _, text := range a.renames {
		name, as, ok := strings.Cut(text, "=")
		switch {
		case !ok || named(name) < 0:
			return tell("--rename “%s”不对:要写成 旧名=新名,旧名是重名的账号", text)
		case names.Other[name] != "":
			return tell("--rename 给“%s”写了两个新名", name)
		case !office.IsAccountName(as):
			return tell("--rename 的新名“%s”不对:账号名要 2 到 32 个汉字、字母、数字或 . _ -", as)
		case c.Taken(r, as) || slices.Contains(slices.Collect(maps.Values(names.Other)), as):
			return tell("--rename 的新名“%s”已经有人用了", as)
		}
		names.Other[name] = as
	}
	for _, name := range a.sames {
		if i := named(name); i < 0 || !clashes[i].Same || names.Other[name] != "" {
			return tell("--same “%s”不对:要是与这里的账号重名的上级账号,没有用 --rename 另起名字", name)
		}
		names.Same[name] = true
	}
	return nil
}

// joined is the books' key with what opens the county's numbers; where there are no books yet, theirs.
func joined(c *backup.County, own, theirs *seal.Key) (key *seal.Key, err error) {
	lacking := func(key *seal.Key) []string {
		return slices.DeleteFunc(slices.Clone(c.Keys), func(id string) bool {
			return key != nil && slices.ContainsFunc(key.IDs(), func(has seal.ID) bool { return has.String() == id })
		})
	}
	switch {
	case own != nil && len(lacking(own)) == 0:
		return own, nil
	case theirs == nil:
		return nil, tell("本县的号码是用密钥 %s 封的,这里没有;请用 --their-key 给出原处的密钥文件", strings.Join(lacking(own), " "))
	case own == nil:
		key = theirs
	default:
		if key, err = own.Joined(theirs); err != nil {
			return nil, tell("两处的密钥放不到一起:%s", err.Error())
		}
	}
	if left := lacking(key); len(left) > 0 {
		return nil, tell("--their-key 给的不是原处的密钥:里面没有 %s", strings.Join(left, " "))
	}
	return key, nil
}

// takePapers keeps the county's papers beside the books, as they lie.
func (o *options) takePapers(c *backup.County, key *seal.Key) error {
	files := o.files(key)
	for _, p := range c.Papers {
		if _, _, err := files.Open(p.Digest); err == nil {
			continue // the same one, for whomever it was kept
		}
		content, err := c.Paper(p.Digest)
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

// tellIn tells what came of it, and what is to be done now.
func (o *options) tellIn(cmd *cobra.Command, c *backup.County, n journal.Verified, kept string, newKey bool) error {
	b, err := o.open(false, time.Now)
	if err != nil {
		return err
	}
	defer b.close()
	if _, err := o.acting(cmd, b, "", "county in "+c.Chain); err != nil {
		return err
	}
	say, out := o.translator(), cmd.OutOrStdout()
	fmt.Fprintln(out, say.T("%s 的账已转入:%s 条分录,%s 个本县账号,连同这里原有的共 %s 条,打开每个号码核对无误", c.Chain, fmt.Sprint(c.Seq),
		fmt.Sprint(c.Accounts()), fmt.Sprint(n.Records)))
	if err := b.store.View(func(r store.Reader) error {
		for _, a := range journal.Cut(r, c.Chain) {
			for _, d := range a.Cut {
				fmt.Fprintln(out, say.T("账号 %s 在原处还有 %s 的职责(%s),在本县以外,这里没有带来", a.Name, string(d.Region), d.Role.Label()))
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if kept != "" {
		fmt.Fprintln(out, say.T("原来的文件留在 %s", kept))
	} else {
		fmt.Fprintln(out, say.T("密钥文件是 %s,请另外备份", o.keyFile()))
		fmt.Fprintln(out, say.T("这是一本新台账;请用 sanbian account add 名字 --role administrator --region 000000000000 设管理员"))
	}
	if newKey {
		fmt.Fprintln(out, say.T("密钥文件 %s 里加了原处的密钥,新的号码用 %s 封:请重新备份它,以前留的不够用了", o.keyFile(), b.key.IDs()[0].String()))
	}
	if !c.Handed {
		fmt.Fprintln(out, say.T("注意:原处没有移交,还能继续记;以后在那里记的到不了这里"))
	}
	o.tellMissing(cmd, c.Missing)
	fmt.Fprintln(out, say.T("上级的设置不随县走:请管理员看一遍 %s 在这里的设置;再用 sanbian backup 备份一次", c.Chain))
	return nil
}

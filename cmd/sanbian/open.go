package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

func (o *options) file() string { return filepath.Join(o.data, "sanbian.db") }

// files is where scanned papers lie, beside the store.
func (o *options) files(key store.Sealer) *store.Files {
	return store.OpenFiles(filepath.Join(o.data, "papers"), key)
}

// ownTmp is the folder of temporary files.
func (o *options) ownTmp() string { return filepath.Join(o.data, "tmp") }

// ownTemp keeps temporary files in the data folder: they may hold what the books seal.
func (o *options) ownTemp() error {
	if _, err := os.Stat(o.data); err != nil {
		return nil // nothing here yet that could be in them
	}
	tmp := o.ownTmp()
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return err
	}
	return errors.Join(os.Setenv("TMPDIR", tmp), os.Setenv("TMP", tmp), os.Setenv("TEMP", tmp)) // the last two for Windows
}

// clearTemp throws away what a program that was killed left behind. The store is locked: nobody else is using the folder.
func (o *options) clearTemp() error {
	left, err := filepath.Glob(filepath.Join(o.ownTmp(), "*"))
	for _, name := range left {
		err = errors.Join(err, os.RemoveAll(name))
	}
	return err
}

// banks are the formats of files for banks: those that come with the program, and before them those of the office's own bankformats.json in
// the data folder.
func (o *options) banks() ([]dividend.BankFormat, error) {
	text, err := os.ReadFile(filepath.Join(o.data, "bankformats.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return exchange.BankFormats(), nil
	}
	if err != nil {
		return nil, err
	}
	own, err := exchange.ReadBankFormats(text)
	return append(own, exchange.BankFormats()...), err
}

func (o *options) keyFile() string {
	if o.key != "" {
		return o.key
	}
	data, err := filepath.Abs(o.data) // "." must not put the key inside
	if err != nil {
		data = filepath.Clean(o.data)
	}
	return data + ".key"
}

// lentStore is a store that somebody else closes.
type lentStore struct{ store.Store }

func (lentStore) Close() error { return nil }

// openStore opens the data folder's file, and brings it to the program's format. Unless create is set it must be there.
func (o *options) openStore(create bool) (store.Store, error) {
	if o.running != nil {
		return lentStore{o.running.store}, nil
	}
	if create {
		if err := os.MkdirAll(o.data, 0o700); err != nil {
			return nil, err
		}
	} else if _, err := os.Stat(o.file()); errors.Is(err, fs.ErrNotExist) {
		return nil, tell("%s 里没有台账;先用 sanbian serve 建立,或用 --data 指明文件夹", o.data)
	}
	if err := o.unlost(); err != nil {
		return nil, err
	}
	s, err := o.lock()
	if err != nil {
		return nil, err
	}
	now, err := o.current(s)
	if err != nil && now != nil {
		err = errors.Join(err, now.Close())
	}
	return now, err
}

// unlost refuses to begin anew where books have been: their file is empty or gone, and their key or what lay beside them is still there.
func (o *options) unlost() error {
	st, err := os.Stat(o.file())
	if err == nil && st.Size() > 0 || o.keyCommand == "" && !seal.Exists(o.keyFile()) {
		return nil
	}
	if err == nil {
		if o.keyCommand != "" {
			return nil // it gives its key for books that begin, too
		}
		return tell("%s 是空的,而它的密钥 %s 还在:台账丢了,不能当新的用。请用 sanbian restore 从备份恢复到新文件夹;确要从头开始,请先移走这个文件", o.file(), o.keyFile())
	}
	for _, name := range []string{"papers", "sanbian.db.closed"} {
		if _, err := os.Stat(filepath.Join(o.data, name)); err == nil {
			return tell("%s 不见了,而 %s 还在:台账丢了,不能当新的用。请用 sanbian restore 从备份恢复到新文件夹;确要从头开始,请先移走整个文件夹", o.file(),
				filepath.Join(o.data, name))
		}
	}
	return nil
}

// lock opens the file for this program alone. Another program may have put a new file in its place while this one waited: then that is
// opened.
func (o *options) lock() (store.Store, error) {
	for {
		before, _ := os.Stat(o.file())
		s, err := store.Open(o.file())
		if errors.Is(err, store.ErrLocked) {
			return nil, tell("数据文件夹 %s 正由另一个 sanbian 使用;请先停下它,或在它的页面上操作", o.data)
		}
		if err != nil || before == nil {
			return s, err
		}
		now, err := os.Stat(o.file())
		if err != nil || os.SameFile(before, now) {
			return s, err
		}
		if err := s.Close(); err != nil {
			return nil, err
		}
	}
}

// books is an open ledger with what must be closed after it.
type books struct {
	*journal.Ledger
	store   store.Store
	key     *seal.Key
	files   *store.Files
	formats func() ([]dividend.BankFormat, error) // of files for banks
	keeper  *backup.Keeper                        // of a server that makes backups
	lent    bool                                  // by the server that runs the command: it closes them itself
}

func (b *books) close() error {
	if b.lent {
		return nil
	}
	b.Ledger.Close()
	return b.store.Close()
}

// memory is what the collector tries to keep the program within, in bytes: village computers are old, and a file of 100,000 rows must not
// push everything else out. GOMEMLIMIT in the environment says otherwise.
const memory = 180 << 20

// open opens the ledger; with create it makes folder, file and key where there are none.
func (o *options) open(create bool, clock func() time.Time) (*books, error) {
	if o.running != nil {
		lent := *o.running
		lent.lent = true
		return &lent, nil
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	s, err := o.openStore(create)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(o.clearTemp(), o.doubtClock(s, clock())); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	b, err := o.unlock(s, clock)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return b, nil
}

// doubtClock asks about a clock that is more than a year past all that the books know of.
func (o *options) doubtClock(s store.Store, now time.Time) error {
	last, doubtful, err := journal.DoubtfulClock(s, now)
	today := now.In(journal.Beijing).Format(time.DateOnly)
	switch {
	case err != nil || !doubtful || !o.process:
		return err
	case o.clock == today:
		return journal.VouchForClock(s, now)
	}
	return tell("电脑的时钟是 %s,台账里最后一笔是 %s 记的,隔了一年多。时钟错了请先校正;确是今天,请加 --clock %s 再运行一次,以后不再问",
		now.In(journal.Beijing).Format(time.DateTime), last.In(journal.Beijing).Format(time.DateTime), today)
}

// unlock opens the books in a store with the key file. A key is made only for books that have not begun: a lost one is never replaced.
func (o *options) unlock(s store.Store, clock func() time.Time) (*books, error) {
	begun, err := journal.Begun(s)
	if err != nil {
		return nil, err
	}
	if err := o.guarded(begun); err != nil {
		return nil, err
	}
	suite, err := suiteNamed(o.suite)
	if err != nil {
		return nil, err
	}
	var key *seal.Key
	if !begun && o.keyCommand == "" && !seal.Exists(o.keyFile()) {
		key, err = seal.Create(o.keyFile(), suite)
	} else {
		key, err = o.loadKey()
	}
	if err != nil {
		return nil, err
	}
	if o.suite != "" && key.Suite() != suite {
		return nil, tell("密码套件在建账时选定:这里的密钥是 %s,不能改成 %s", key.Suite().String(), suite.String())
	}
	l, err := journal.Open(s, key, clock)
	if err := o.fitting(err); err != nil {
		return nil, err
	}
	var format *journal.FormatError
	if errors.As(err, &format) {
		return nil, o.otherFormat(format)
	}
	if err != nil {
		return nil, err
	}
	files := o.files(key)
	l.KeepPapers(files)
	return &books{Ledger: l, store: s, key: key, files: files, formats: o.banks}, nil
}

// fitting says in words that a key is not the books'; nil for any other error.
func (o *options) fitting(err error) error {
	switch {
	case errors.Is(err, journal.ErrWrongKey):
		return tell("密钥文件 %s 与 %s 不是一对;请换回建账时的那一个", o.keyFile(), o.data)
	case errors.Is(err, journal.ErrOlderKey):
		return tell("密钥文件 %s 是换密钥以前的,打不开后来封的号码;请放回换了以后的那一个", o.keyFile())
	}
	return nil
}

// guarded looks at who else could read the key and the data folder: a key that others can read is refused, and so is one inside the folder
// whose copies it would go with, where books are begun; of older books, and of a folder that others may enter, it warns.
func (o *options) guarded(begun bool) error {
	if o.keyCommand != "" {
		return nil
	}
	warn := func(text string, args ...any) { fmt.Fprintln(os.Stderr, o.translator().T(text, args...)) }
	key, err := filepath.Abs(o.keyFile())
	if err != nil {
		return err
	}
	data, err := filepath.Abs(o.data)
	if err != nil {
		return err
	}
	if rel, err := filepath.Rel(data, key); err == nil && filepath.IsLocal(rel) {
		if !begun && !seal.Exists(key) {
			return tell("密钥文件 %s 不能放在数据文件夹里:拷走文件夹就连钥匙一起拷走了;请用 --key 指明别处", key)
		}
		warn("注意:密钥文件 %s 在数据文件夹里,拷走文件夹就连钥匙一起拷走了;请停下程序,把它移到别处,用 --key 指明", key)
	}
	if runtime.GOOS == "windows" { // whose files have no such modes
		return nil
	}
	if st, err := os.Stat(key); err == nil && st.Mode().Perm()&0o077 != 0 {
		return tell("密钥文件 %s 别的用户也能读写(权限 %s);请运行 chmod 600 %s", key, fmt.Sprintf("%04o", st.Mode().Perm()), key)
	}
	if st, err := os.Stat(data); err == nil && st.Mode().Perm()&0o077 != 0 {
		warn("注意:数据文件夹 %s 别的用户也能进(权限 %s);请运行 chmod 700 %s", data, fmt.Sprintf("%04o", st.Mode().Perm()), data)
	}
	return nil
}

// otherFormat refuses books that this program does not read.
func (o *options) otherFormat(e *journal.FormatError) error {
	return tell("%s 里的台账是第 %s 版格式,这个程序用第 %s 版;请用原来的程序打开,或用 --data 指明另一个文件夹", o.data, e.Have, e.Want)
}

// acting returns who a command acts for: the console of this machine where no account is named, else the account. Without its password the
// console acts for it, which records say; accounts of a demonstration need none. The log has what was done.
func (o *options) acting(cmd *cobra.Command, b *books, account, what string) (who journal.Actor, err error) {
	who = journal.Console
	if account != "" {
		var at region.Code
		if err := b.Read(journal.Console, func(v *journal.View) (err error) {
			if o.at != "" {
				at, err = office.PlaceNamed(v, region.Country, "at", o.at)
			}
			return err
		}); err != nil {
			return who, err
		}
		if who, err = b.ActorAt(account, at); err != nil {
			return who, err
		}
		if who.ByConsole, err = o.unproven(cmd, b, account); err != nil {
			return who, err
		}
	}
	return who, access.LogOf(b.Ledger, time.Now, 0).Add(access.Entry{Doing: access.ByConsole, Account: who.Account, Region: who.Region,
		Object: what})
}

// unproven tells whether an account's password was not given: in a file, or at the terminal. A wrong one is refused.
func (o *options) unproven(cmd *cobra.Command, b *books, account string) (bool, error) {
	if demo, err := b.IsDemo(); err != nil || demo {
		return false, err
	}
	password := ""
	if o.passwordFile != "" {
		text, err := o.readInput(o.passwordFile)
		if err != nil {
			return false, err
		}
		line, _, _ := strings.Cut(string(text), "\n")
		password = strings.TrimRight(line, "\r")
	} else {
		var err error
		if password, _, err = o.desk.Secret(o.translator().T("%s 的密码(直接回车则由本机代记):", account), false); err != nil {
			return false, err
		}
	}
	if password == "" {
		return true, nil
	}
	door, err := access.NewDoor(b.Ledger)
	if err != nil {
		return false, err
	}
	switch _, err := door.SignIn(cmd.Context(), account, password, "console"); {
	case errors.Is(err, access.ErrWrong):
		return false, tell("账号或密码不对")
	case errors.Is(err, access.ErrAway):
		return false, tell("账号“%s”随全县的账移交到别处了,请到那里去用", account)
	case errors.Is(err, access.ErrWait):
		return false, tell("密码错了太多次;请等五分钟再试")
	default:
		return false, err
	}
}

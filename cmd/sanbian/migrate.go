package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// current brings books of an older format to the program's own, beside their file; that is kept under another name. Books of the program's
// own format, or of a newer one that opening them refuses, are left as they are. It returns the store to go on with.
func (o *options) current(s store.Store) (store.Store, error) {
	have, err := journal.FormatOf(s)
	var format *journal.FormatError
	if errors.As(err, &format) {
		return s, o.otherFormat(format)
	}
	if err != nil || !journal.Older(have) {
		return s, err
	}
	say, made := o.translator(), o.file()+".new"
	if err := store.Remove(made); err != nil { // left by a program that was killed
		return s, err
	}
	kept, err := o.keptAs(fmt.Sprint("format", have))
	if err != nil {
		return s, err
	}
	fmt.Fprintln(o.said(), say.T("%s 里的台账是第 %s 版格式;正在按日志重建账表,原来的留在 %s", o.data, fmt.Sprint(have), kept))
	into, err := store.Open(made)
	if err != nil {
		return s, err
	}
	err = errors.Join(journal.Migrate(s, into, func(done, all int) {
		fmt.Fprintln(o.said(), say.T("已重建 %s 条分录,共 %s 条", fmt.Sprint(done), fmt.Sprint(all)))
	}), into.Close())
	var found *journal.Finding
	if errors.As(err, &found) {
		return s, errors.Join(tell("日志核对不符,没有重建,原来的没有动:%s", found.Error()), store.Remove(made))
	}
	if err != nil {
		return s, errors.Join(err, store.Remove(made))
	}
	if err := o.swap(s, made, kept); err != nil {
		return nil, err
	}
	return o.lock()
}

// swap puts new books in the place of those that are open, which are kept under another name. The old file stays locked until the new one
// has its name, so that nobody begins the same meanwhile.
func (o *options) swap(s store.Store, made, kept string) error {
	if runtime.GOOS == "windows" { // which gives no open file's name away
		if err := s.Close(); err != nil {
			return err
		}
	}
	return errors.Join(o.replace(made, kept), s.Close())
}

// replace puts a file in the place of the books', which is kept under another name: there is one of the two at any moment.
func (o *options) replace(made, kept string) error {
	if err := keep(o.file(), kept); err != nil {
		return errors.Join(err, store.Remove(made))
	}
	if err := store.Rename(made, o.file()); err != nil {
		return err
	}
	store.SyncFolder(o.data)
	return nil
}

// keep gives a file a second name that stays when the first is given to another; where the disk has no second names, a copy.
func keep(file, name string) error {
	if os.Link(file, name) == nil {
		return nil
	}
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// keptAs is the name under which a file stays that another one replaces.
func (o *options) keptAs(what string) (string, error) {
	for n := range 1000 {
		name := o.file() + "." + what
		if n > 0 {
			name += fmt.Sprintf("-%d", n)
		}
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", tell("%s 里留的旧文件太多;请移走一些", o.data)
}

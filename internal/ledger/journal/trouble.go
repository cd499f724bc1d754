package journal

import (
	"errors"
	"path/filepath"

	"github.com/sanbian/ledger/internal/store"
)

// Troubled says in words what a store's error means and what to do about it, and tells whether it is one; other errors stay as they are.
// It names no path: whoever keeps the machine finds that in the program's log.
func Troubled(err error) (told error, is bool) {
	switch store.TroubleOf(err) {
	case store.Damaged:
		return Refuse(Unavailable, "", "", "数据文件有损坏,这里读不出来(%s);请管理员先把整个数据文件夹拷走一份,再用 sanbian rebuild 按日志重建,或用 sanbian restore 从备份恢复",
			damageOf(err)), true
	case store.Full:
		return Refuse(Unavailable, "", "", "磁盘满了,没有写入;请管理员腾出地方,不用重新启动,腾出来就能接着记"), true
	case store.ReadOnly:
		return Refuse(Unavailable, "", "", "磁盘只能读,没有写入;请管理员检查磁盘"), true
	case store.Failing:
		return Refuse(Unavailable, "", "", "磁盘读写出错,没有写入;请管理员检查磁盘"), true
	}
	return err, false
}

// damageOf is the place of a damage, in technical words.
func damageOf(err error) string {
	var damaged *store.ErrDamaged
	if errors.As(err, &damaged) {
		return filepath.Base(damaged.File) + ": " + damaged.Place()
	}
	return err.Error()
}

// unwritten is what somebody is told whose posting could not be written.
func unwritten(err error) error {
	if told, is := Troubled(err); is {
		return told
	}
	return Refuse(Unavailable, "", "", "没有写入磁盘:%s", err.Error())
}

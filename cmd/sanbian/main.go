// Command sanbian is the ledger of the three transformations: the server for its pages, and the commands that scripts need.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/console"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
	"github.com/sanbian/ledger/web"
)

// options are the flags every command has.
type options struct {
	data, key, lang string
	at              string    // the region of the duty that a command acts in
	passwordFile    string    // of the account that a command acts for
	keyCommand      string    // prints the key; "" where a file has it
	suite           string    // of books that a command begins
	out             io.Writer // where progress is told; nil for standard error
	clock           string    // today's date, by somebody who has looked at the clock

	process bool         // whether the command has this process for itself
	args    []string     // what was typed; nil where a command may not go to a server that holds the books
	desk    console.Desk // whose command it is
	running *books       // of the server that runs the command, nil where it runs by itself
}

// said is where progress is told.
func (o *options) said() io.Writer {
	if o.out == nil {
		return os.Stderr
	}
	return o.out
}

func main() {
	o := options{process: true, args: os.Args[1:]}
	c := o.command()
	if err := c.Execute(); err != nil && !errors.Is(err, errElsewhere) {
		o.fail(os.Stderr, err)
		os.Exit(1)
	}
}

// command is sanbian with all its commands.
func (o *options) command() *cobra.Command {
	root := &cobra.Command{
		Use: "sanbian", Short: "三变台账:农村集体股权、收支与分红的台账 / the ledger of village shares, income and dividends",
		SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return o.before(cmd) },
	}
	root.PersistentFlags().StringVar(&o.data, "data", "sanbian-data", "数据文件夹 / data folder")
	root.PersistentFlags().StringVar(&o.key, "key", "", "密钥文件,默认为数据文件夹名加 .key / key file, by default the data folder's name with .key")
	root.PersistentFlags().StringVar(&o.keyCommand, "key-command", "", "写出密钥的外部命令(UKey、加密机),代替密钥文件 / a command that prints the key")
	root.PersistentFlags().StringVar(&o.passwordFile, "password-file", "", "第一行是 --account 的密码,不写就由本机代记 / its first line is the password")
	root.PersistentFlags().StringVar(&o.at, "at", "", "按 --account 在哪个地区的职责做,默认第一项 / the duty of the account: the one at this region")
	root.PersistentFlags().StringVar(&o.clock, "clock", "", "核对过时钟:写今天的日期,只在问起时用 / today's date, when the program asks about the clock")
	root.PersistentFlags().StringVar(&o.lang, "lang", "zh", "提示语言 zh 或 en / language of messages")
	root.AddCommand(serveCommand(o), demoCommand(o), beside(postCommand(o)), beside(importCommand(o)), beside(attachCommand(o)),
		beside(exportCommand(o)), beside(accountCommand(o)), beside(verifyCommand(o)), beside(backupCommand(o)),
		beside(doctorCommand(o)), countyCommand(o), sealCommand(o), backupsCommand(o), restoreCommand(o), rebuildCommand(o), keyCommand(o),
		referenceCommand(o))
	return root
}

// unknownCommand is run for a group of commands without one of them.
func unknownCommand(cmd *cobra.Command, _ []string) error {
	_ = cmd.Help()
	return tell("请写明要做哪一样:%s 后面要有一个命令", cmd.CommandPath())
}

// fail prints an error: refusals one a line with row and field.
func (o *options) fail(out io.Writer, err error) {
	if errors.Is(err, errElsewhere) || errors.Is(err, errSaid) {
		return
	}
	say := o.translator()
	all := journal.All(err)
	for _, e := range all {
		fmt.Fprintln(out, where(say, e)+say.Refusal(e))
	}
	if len(all) >= journal.MaxFaults {
		fmt.Fprintln(out, say.T("只列出前 %s 处错误", fmt.Sprint(journal.MaxFaults)))
	}
	if len(all) == 0 {
		var told *told
		if errors.As(o.inWords(err), &told) {
			fmt.Fprintln(out, say.T(told.text, told.args...))
			return
		}
		fmt.Fprintln(out, err)
	}
}

// inWords says what a damaged file, or a disk that refuses, means and what to do about it; other errors stay as they are.
func (o *options) inWords(err error) error {
	var said *told
	if errors.As(err, &said) {
		return err
	}
	var found *journal.Finding
	if errors.As(err, &found) {
		return tell("%s 与它的日志不符:%s。请先把整个数据文件夹拷走一份,再用 sanbian rebuild --data %s 按日志重建,或用 sanbian restore 从备份恢复", o.file(), found.Error(), o.data)
	}
	var damaged *store.ErrDamaged
	if errors.As(err, &damaged) {
		return tell("%s 有损坏:%s。请先把整个数据文件夹拷走一份,再用 sanbian rebuild --data %s 按日志重建,或用 sanbian restore 从备份恢复", damaged.File, damaged.Place(), o.data)
	}
	switch store.TroubleOf(err) {
	case store.Damaged:
		return tell("%s 有损坏:%s。请先把整个数据文件夹拷走一份,再用 sanbian rebuild --data %s 按日志重建,或用 sanbian restore 从备份恢复", o.file(), err.Error(), o.data)
	case store.Full:
		return tell("磁盘满了:%s。请腾出地方再来", err.Error())
	case store.ReadOnly:
		return tell("磁盘只能读:%s。请检查磁盘,或用 --data 指明另一个文件夹", err.Error())
	case store.Failing:
		return tell("磁盘读写出错:%s。请检查磁盘", err.Error())
	}
	if errors.Is(err, fs.ErrPermission) {
		return tell("没有权限:%s。请用管台账的那个系统用户来运行", err.Error())
	}
	return err
}

// where tells the row and the field that a refusal is about.
func where(say web.Translator, e *journal.Error) (at string) {
	if e.Row > 0 {
		at += say.T("第 %s 行", fmt.Sprint(e.Row)) + " "
	}
	if e.Field != "" {
		at += e.Field + ": "
	}
	return at
}

func (o *options) translator() web.Translator { return web.NewTranslator(o.lang) }

// told is an error with a text of the catalogues.
type told struct {
	text string
	args []any
}

func (e *told) Error() string { return fmt.Sprintf(e.text, e.args...) }

func tell(text string, args ...any) error { return &told{text, args} }

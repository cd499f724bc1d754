package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
)

func keyCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "key", Short: "封号码的密钥 / the key that seals numbers", Args: cobra.NoArgs, RunE: unknownCommand}
	c.AddCommand(keyShow(o), keyChange(o), keyNew(o), keyBackup(o), keyWords(o), keyRestore(o))
	return c
}

// keyBackup encrypts the key for others than those who have the backups of the books.
func keyBackup(o *options) *cobra.Command {
	var recipients []string
	c := &cobra.Command{
		Use: "backup FILE", Short: "把密钥加密留一份,交给另外的人保管 / keep the key, encrypted, with somebody else", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := readRecipients(recipients)
			if err != nil {
				return err
			}
			key, err := o.loadKey()
			if err != nil {
				return err
			}
			f, err := o.desk.Create(args[0])
			if err != nil {
				return tell("不能写 %s:%s", args[0], err.Error())
			}
			sealed, err := age.Encrypt(f, to...)
			if err == nil {
				_, err = io.WriteString(sealed, key.Text())
				err = errors.Join(err, sealed.Close())
			}
			if err != nil {
				return errors.Join(err, f.Drop())
			}
			if err := errors.Join(f.Keep(), f.Drop()); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("密钥已加密存到 %s;换密钥以后要再存一次", args[0]))
			return nil
		},
	}
	recipientFlag(c, &recipients)
	_ = c.MarkFlagRequired("recipient")
	return c
}

// keyWords prints the key for paper.
func keyWords(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "words", Short: "写出密钥的数字组,抄或印在纸上锁起来 / the key as groups of digits, for paper", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			key, err := o.loadKey()
			if err != nil {
				return err
			}
			out, say := cmd.OutOrStdout(), o.translator()
			fmt.Fprintln(out, say.T("三变台账密钥,编号 %s。谁有它和数据,谁就能打开所有号码:锁进柜子,不要拍照,不要放进电脑", key.IDs()[0].String()))
			for _, line := range key.Spell() {
				fmt.Fprintln(out, line)
			}
			fmt.Fprintln(out, say.T("恢复:sanbian key restore,照着输入;空格和换行随意"))
			return nil
		},
	}
}

// keyRestore makes a key file of what was kept.
func keyRestore(o *options) *cobra.Command {
	identity := ""
	c := &cobra.Command{
		Use: "restore [FILE]", Short: "用加密的一份,或从标准输入读数字组,写回密钥文件 / make the key file of what was kept", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if seal.Exists(o.keyFile()) {
				return tell("密钥文件 %s 已经在了,没有动", o.keyFile())
			}
			key, err := o.keptKey(args, identity)
			if err != nil {
				return err
			}
			if err := key.Save(o.keyFile()); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("密钥 %s 已写到 %s", key.IDs()[0].String(), o.keyFile()))
			return nil
		},
	}
	c.Flags().StringVar(&identity, "identity", "", "解密用的 age 私钥文件 / age identities")
	return c
}

// keptKey reads a key from an encrypted file, or from groups of digits.
func (o *options) keptKey(args []string, identity string) (*seal.Key, error) {
	if len(args) == 0 {
		text, err := o.readInput("-")
		if err != nil {
			return nil, err
		}
		key, err := seal.ReadSpelled(string(text))
		var bad *seal.SpellError
		if errors.As(err, &bad) {
			return nil, tell("第 %s 把的第 %s 组“%s”不对;请对照纸上的再输入", fmt.Sprint(bad.Key), fmt.Sprint(bad.Group), bad.Text)
		}
		if err != nil {
			return nil, tell("这些不是密钥的数字组:每把 18 组,每组 6 位(%s)", err.Error())
		}
		return key, nil
	}
	identities, err := o.readIdentities(identity)
	if err != nil {
		return nil, err
	}
	if len(identities) == 0 {
		return nil, tell("%s 是加密的;请用 --identity 指明解密用的 age 私钥文件", args[0])
	}
	text, err := o.readInput(args[0])
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(bytes.NewReader(text), identities...)
	if err != nil {
		return nil, tell("%s 打不开:不是给这把私钥加密的,或已损坏", args[0])
	}
	inside, err := io.ReadAll(plain)
	if err != nil {
		return nil, tell("%s 打不开:不是给这把私钥加密的,或已损坏", args[0])
	}
	key, err := seal.Read(string(inside))
	if err != nil {
		return nil, tell("%s 不是三变台账的密钥文件,或已损坏", args[0])
	}
	return key, nil
}

func keyShow(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "列出密钥的编号和套件,新的在前 / the ids and suites of the keys, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			key, err := o.loadKey()
			if err != nil {
				return err
			}
			for _, id := range key.IDs() {
				fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", id, key.SuiteOf(id))
			}
			return nil
		},
	}
}

// keyChange puts a new key in front of the old ones. The key file comes first: were the machine to stop before the books know of it, they
// would learn of it when they are opened next.
func keyChange(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "change", Short: "换一把新密钥:以后的号码用新的封,以前封的照样打得开 / a new key for what is sealed from now on",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.keyCommand != "" {
				return tell("密钥由外部命令给出:用 sanbian key new 写出新的一行,放在设备里旧的前面")
			}
			b, err := o.open(false, time.Now)
			if err != nil {
				return err
			}
			defer b.close()
			if _, err := o.acting(cmd, b, "", "key change"); err != nil {
				return err
			}
			next, err := b.key.Replaced()
			if err != nil {
				return err
			}
			if err := next.Replace(o.keyFile()); err != nil {
				return err
			}
			if err := journal.NoteKeys(b.store, next); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("新密钥 %s 已在 %s 里;请重新备份这个文件,旧的备份打不开以后的号码", next.IDs()[0].String(), o.keyFile()))
			return nil
		},
	}
}

func keyNew(o *options) *cobra.Command {
	suite := ""
	c := &cobra.Command{
		Use: "new", Short: "写出一把新密钥(一行文字),给外部设备存 / print a new key, a line of text, for a device to keep", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			named, err := suiteNamed(suite)
			if err != nil {
				return err
			}
			key, err := seal.New(named)
			if err != nil {
				return err
			}
			fmt.Fprint(cmd.OutOrStdout(), key.Text())
			return nil
		},
	}
	suiteFlag(c, &suite)
	return c
}

// suiteFlag adds the flag that chooses the suite of books that begin.
func suiteFlag(c *cobra.Command, suite *string) {
	c.Flags().StringVar(suite, "suite", "", "建账时选定的密码套件:international 或 national(SM4、SM3) / the suite of books that begin")
}

func suiteNamed(name string) (seal.Suite, error) {
	suite, err := seal.SuiteNamed(name)
	if err != nil {
		return 0, tell("没有“%s”这种密码套件;可用 international、national", name)
	}
	return suite, nil
}

// longestKeyCommand is how long an outside command may take to give the key: somebody may have to type a device's PIN.
const longestKeyCommand = 2 * time.Minute

// loadKey reads the key, from its file or from what an outside command prints.
func (o *options) loadKey() (*seal.Key, error) {
	if o.running != nil {
		return o.running.key, nil
	}
	if o.keyCommand == "" {
		key, err := seal.Load(o.keyFile())
		switch {
		case errors.Is(err, seal.ErrKey):
			return nil, tell("%s 不是三变台账的密钥文件,或已损坏", o.keyFile())
		case errors.Is(err, fs.ErrNotExist):
			return nil, tell("找不到密钥文件 %s;没有它打不开 %s 里的号码。请放回原处,或用 --key 指明", o.keyFile(), o.data)
		}
		return key, err
	}
	words := strings.Fields(o.keyCommand)
	if len(words) == 0 {
		return nil, tell("--key-command 是空的")
	}
	patience, cancel := context.WithTimeout(context.Background(), longestKeyCommand)
	defer cancel()
	c := exec.CommandContext(patience, words[0], words[1:]...)
	var said bytes.Buffer
	c.Stderr = &said
	text, err := c.Output()
	if err != nil {
		return nil, tell("外部命令 %s 没有给出密钥:%s", words[0], strings.TrimSpace(err.Error()+" "+said.String()))
	}
	key, err := seal.Read(string(text))
	if err != nil {
		return nil, tell("外部命令 %s 写出的不是三变台账的密钥;一行一把,像 sanbian key new 写的那样,新的在前", words[0])
	}
	return key, nil
}

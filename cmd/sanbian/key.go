package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
)

func keyCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "key", Short: "封号码的密钥 / the key that seals numbers", Args: cobra.NoArgs, RunE: unknownCommand}
	c.AddCommand(keyShow(o), keyChange(o), keyNew(o))
	return c
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

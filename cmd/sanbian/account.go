package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

func accountCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "account", Short: "账号 / accounts", Args: cobra.NoArgs, RunE: unknownCommand}
	c.AddCommand(accountAdd(o), accountPassword(o))
	return c
}

// withPassword opens the ledger, gets a password and calls f.
func (o *options) withPassword(cmd *cobra.Command, by string, create bool,
	f func(b *books, who journal.Actor, password string) error) error {
	b, err := o.open(create, time.Now)
	if err != nil {
		return err
	}
	defer b.close()
	who, err := o.acting(cmd, b, by, "account")
	if err != nil {
		return err
	}
	password, made, err := o.askPassword()
	if err != nil {
		return err
	}
	if err := f(b, who, password); err != nil {
		return err
	}
	if made {
		fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("密码:%s(只显示这一次)", password))
	}
	return nil
}

// askPassword asks for a password at the terminal, or reads a line of a pipe. An empty answer has one made up.
func (o *options) askPassword() (password string, made bool, err error) {
	password, _, err = o.desk.Secret(o.translator().T("密码(至少 8 个字符;直接回车则自动生成):"), true)
	if err == nil && password == "" {
		return access.MadePassword(), true, nil
	}
	return password, false, err
}

func accountAdd(o *options) *cobra.Command {
	var by, role, place, person, phone string
	var duties []string
	var keep bool
	c := &cobra.Command{
		Use: "add NAME", Short: "添加账号;密码从终端或标准输入读 / add an account; the password is asked for or read from standard input",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.withPassword(cmd, by, true, func(b *books, who journal.Actor, password string) error {
				a := access.Newcomer{Password: password,
					AddAccount: office.AddAccount{Name: args[0], Role: journal.Role(role), Person: person, Phone: phone}}
				if err := b.Read(journal.Console, func(v *journal.View) (err error) {
					if a.Region, err = office.PlaceNamed(v, region.Country, "region", place); err != nil {
						return err
					}
					a.More, err = office.DutiesNamed(v, region.Country, "duties", strings.Join(duties, "\n"))
					return err
				}); err != nil {
					return err
				}
				if err := access.AddAccounts(b.Ledger, who, []access.Newcomer{a}, "", keep); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("已添加账号 %s:%s,%s", args[0], a.Role.Label(), string(a.Region)))
				return nil
			})
		},
	}
	c.Flags().StringVar(&role, "role", "", "角色:accountant、reviewer、official、administrator、auditor、supervisor / role")
	c.Flags().StringVar(&place, "region", "", "地区:地名或区划代码 / the region, by name or division code")
	c.Flags().StringVar(&person, "person", "", "账号本人的姓名 / the person's name")
	c.Flags().StringVar(&phone, "phone", "", "电话 / the person's phone")
	c.Flags().StringArrayVar(&duties, "duty", nil,
		"再加一项职责:角色和地区,可写多次,例如 --duty 'accountant 育新村' / one more duty: role and region, any number of times")
	c.Flags().BoolVar(&keep, "keep", false, keepText)
	c.Flags().StringVar(&by, "account", "", "由哪个管理员添加,默认本机 / the administrator who adds it, by default this machine's console")
	_ = c.MarkFlagRequired("role")
	_ = c.MarkFlagRequired("region")
	return c
}

// keepText says what --keep does.
const keepText = "给脚本用的账号:登录后不要求先改密码 / for scripts: the password need not be changed at the first sign-in"

func accountPassword(o *options) *cobra.Command {
	var keep bool
	c := &cobra.Command{
		Use: "password NAME", Short: "重设密码 / set an account's password", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.withPassword(cmd, "", false, func(b *books, who journal.Actor, password string) error {
				if err := access.SetPassword(b.Ledger, who, args[0], password, keep); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("已重设 %s 的密码", args[0]))
				return nil
			})
		},
	}
	c.Flags().BoolVar(&keep, "keep", false, keepText)
	return c
}

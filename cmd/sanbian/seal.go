package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
	"github.com/sanbian/ledger/internal/witness"
)

func sealCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "seal", Short: "日志封条:各条日志到哪里为止,签了名 / where each chain ends, signed", Args: cobra.NoArgs, RunE: unknownCommand}
	c.AddCommand(beside(sealMake(o)), sealCheck(o))
	return c
}

// sealMake makes a seal now.
func sealMake(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "make", Short: "现在封一次,存起来并写出 / make one now, keep and print it", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := o.open(false, time.Now)
			if err != nil {
				return err
			}
			defer b.close()
			if _, err := o.acting(cmd, b, "", "seal"); err != nil {
				return err
			}
			s, name, err := o.daily(b).Make()
			if err != nil {
				return err
			}
			if name == "" {
				return tell("台账里还没有分录,没有可封的")
			}
			fmt.Fprint(cmd.OutOrStdout(), s.Text())
			return nil
		},
	}
}

// sealCheck looks at a seal without any books: at whose it is.
func sealCheck(o *options) *cobra.Command {
	public := ""
	c := &cobra.Command{
		Use: "check FILE", Short: "看一张封条是不是这把公钥签的,不用台账 / whether a seal was signed by a public key; no books are needed",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := o.readSeal(args[0])
			if err != nil {
				return err
			}
			if !s.IsSigned() {
				return tell("%s 没有签名", args[0])
			}
			if public != "" && public != s.PublicText() {
				return tell("%s 是另一把公钥签的:%s", args[0], s.PublicText())
			}
			fmt.Fprintln(cmd.OutOrStdout(), o.translator().T("签名无误:%s 做的封条,%s 条日志,密钥 %s,公钥 %s", s.Made.In(journal.Beijing).Format(time.DateTime),
				fmt.Sprint(len(s.Chains)), s.Signature.Key.String(), s.PublicText()))
			return nil
		},
	}
	c.Flags().StringVar(&public, "public", "", "应当是这把公钥(以前印出来的那一串) / the public key that it should be of")
	return c
}

func (o *options) readSeal(name string) (witness.Seal, error) {
	text, err := o.readInput(name)
	if err != nil {
		return witness.Seal{}, err
	}
	s, err := witness.Read(string(text))
	switch {
	case errors.Is(err, seal.ErrSignature):
		return s, tell("%s 的签名不对:封条被改过,或不是一张封条", name)
	case err != nil:
		return s, tell("%s 不是封条,也没有 verify 写出的日志终点", name)
	}
	return s, nil
}

// seals is where the seals of the books lie.
func (o *options) seals() witness.Folder { return witness.Folder(filepath.Join(o.data, "seals")) }

// daily makes the day's seals of open books.
func (o *options) daily(b *books) witness.Daily {
	return witness.Daily{Store: b.store, Key: b.key, Folder: o.seals(), TimeOfDay: journal.TimeOfDay{Hour: 17, Min: 30}, Now: time.Now}
}

// verifySeals holds the books against the seals that lie in their folder, and against those that somebody brings.
func (o *options) verifySeals(cmd *cobra.Command, s store.Store, brought []string, county string) error {
	names, err := o.seals().List()
	if err != nil {
		return err
	}
	key, keyErr := o.loadKey()
	if keyErr == nil && journal.Fits(s, key) != nil {
		key = nil
	}
	var all []witness.Seal
	add := func(name string, one witness.Seal, only string) error {
		if one.IsSigned() && key != nil && !key.Own(one.Signature) {
			return tell("封条 %s 不是这本账的密钥签的:公钥 %s", name, one.PublicText())
		}
		err := s.View(func(r store.Reader) error { return one.Compare(r, only) })
		var found *journal.Finding
		if errors.As(err, &found) {
			return tell("与封条 %s 不符,日志在那以后被改写过:%s", name, found.Error())
		}
		all = append(all, one)
		return err
	}
	for _, name := range names {
		one, err := o.seals().Read(name)
		if errors.Is(err, seal.ErrSignature) || errors.Is(err, witness.ErrSeal) {
			return tell("%s 的签名不对:封条被改过,或不是一张封条", filepath.Join(o.data, "seals", name))
		}
		if err != nil {
			return err
		}
		if err := add(name, one, ""); err != nil {
			return err
		}
	}
	for _, name := range brought {
		one, err := o.readSeal(name)
		if err != nil {
			return err
		}
		if err := add(name, one, county); err != nil {
			return err
		}
	}
	o.tellSeals(cmd, all, key)
	return nil
}

// tellSeals tells what was compared, and whose seals they were.
func (o *options) tellSeals(cmd *cobra.Command, all []witness.Seal, key *seal.Key) {
	out, say := cmd.OutOrStdout(), o.translator()
	var first, last time.Time
	publics := map[string]bool{}
	for _, one := range all {
		if !one.IsSigned() {
			continue
		}
		if first.IsZero() || one.Made.Before(first) {
			first = one.Made
		}
		if one.Made.After(last) {
			last = one.Made
		}
		publics[one.PublicText()] = true
	}
	if len(all) > 0 {
		fmt.Fprintln(out, say.T("与 %s 张封条相符", fmt.Sprint(len(all))))
	}
	if first.IsZero() {
		return
	}
	fmt.Fprintln(out, say.T("签了名的封条从 %s 到 %s", first.In(journal.Beijing).Format(time.DateTime),
		last.In(journal.Beijing).Format(time.DateTime)))
	if key == nil {
		for public := range publics {
			fmt.Fprintln(out, say.T("没有密钥,请把封条的公钥与印出来的对照:%s", public))
		}
	}
}

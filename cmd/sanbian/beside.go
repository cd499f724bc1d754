package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/console"
)

// besideServer marks the commands that a server runs for whoever types them while it holds the books.
var besideServer = map[string]string{"beside": "server"}

// beside marks a command, with those below it.
func beside(c *cobra.Command) *cobra.Command {
	c.Annotations = besideServer
	for _, sub := range c.Commands() {
		beside(sub)
	}
	return c
}

var (
	// errElsewhere ends a command that a server has run: whatever there was to say has been said, and it did what it should.
	errElsewhere = errors.New("done by the server")
	// errSaid is the same of one that failed.
	errSaid = errors.New("refused by the server")
)

// before is done before any command: it finds out whose it is, and lets a server that holds the books run it.
func (o *options) before(cmd *cobra.Command) error {
	if o.desk == nil {
		o.desk = &console.Here{In: cmd.InOrStdin(), Output: cmd.OutOrStdout(), Log: cmd.ErrOrStderr()}
	}
	marked := cmd.Annotations["beside"] != ""
	switch {
	case o.running != nil && !marked:
		return tell("这个命令要先停下服务再运行")
	case marked && o.running == nil && o.args != nil:
		ok, err := console.Call(o.data, o.desk, o.args)
		switch {
		case errors.Is(err, console.ErrAlone): // nobody holds the books
		case errors.Is(err, console.ErrBroken):
			return tell("服务在命令做到一半时停了;做到哪里以台账为准,请查看后再运行一次")
		case err != nil:
			return err
		case ok:
			return errElsewhere
		default:
			return errSaid
		}
	}
	if !o.process {
		return nil
	}
	return o.ownTemp()
}

// takeCommands lets commands be given to this program while it holds the books.
func (o *options) takeCommands(b *books) (*console.Server, error) {
	return console.Serve(o.data, func(ctx context.Context, at console.Desk, args []string) error {
		far := &options{desk: at, running: b, out: at.Err(), suite: o.suite}
		c := far.command()
		c.SetArgs(args)
		c.SetIn(&standardInput{at: at})
		c.SetOut(at.Out())
		c.SetErr(at.Err())
		run := c.PersistentPreRunE
		c.PersistentPreRunE = func(cmd *cobra.Command, args []string) error {
			far.data, far.key, far.keyCommand = o.data, o.key, o.keyCommand // the books that are open, whatever they are called at the desk
			return run(cmd, args)
		}
		err := c.ExecuteContext(ctx)
		if err != nil {
			far.fail(at.Err(), err)
		}
		return err
	})
}

// standardInput is that of a desk, opened when somebody reads it.
type standardInput struct {
	at   console.Desk
	file io.ReadCloser
}

func (s *standardInput) Read(b []byte) (int, error) {
	if s.file == nil {
		f, err := s.at.Open("-")
		if err != nil {
			return 0, err
		}
		s.file = f
	}
	return s.file.Read(b)
}

// readInput reads a file of whoever gave the command, or their standard input for "-".
func (o *options) readInput(name string) ([]byte, error) {
	f, err := o.desk.Open(name)
	if err != nil {
		return nil, tell("打不开 %s:%s", name, err.Error())
	}
	defer f.Close()
	return io.ReadAll(f)
}

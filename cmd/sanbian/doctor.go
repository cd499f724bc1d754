package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
	"github.com/sanbian/ledger/internal/witness"
)

func doctorCommand(o *options) *cobra.Command {
	place := ""
	c := &cobra.Command{
		Use: "doctor", Short: "看一遍:程序、磁盘、文件、密钥、时钟、备份、封条哪里不对 / look at everything that a support call would ask", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &doctor{options: o, cmd: cmd, told: map[string]bool{}}
			for _, look := range []func() error{d.program, d.disk, d.file, d.keys, d.books, func() error { return d.backups(place) }, d.seals} {
				if err := look(); err != nil {
					d.bad("%s", found(o.inWords(err)))
				}
			}
			if d.faults > 0 {
				return tell("有 %s 处要处理", fmt.Sprint(d.faults))
			}
			return nil
		},
	}
	c.Flags().StringVar(&place, "backup", "", "也看这个地方的备份 / look at the backups of a place, too")
	return c
}

// doctor tells what it sees, a line each: what is in order, and what is not with what to do about it.
type doctor struct {
	*options
	cmd    *cobra.Command
	faults int
	told   map[string]bool
}

func (d *doctor) good(text string, args ...any) {
	fmt.Fprintln(d.cmd.OutOrStdout(), "  "+d.translator().T(text, args...))
}

func (d *doctor) bad(text string, args ...any) {
	said := d.translator().T(text, args...)
	if d.told[said] { // one fault is met by several looks
		return
	}
	d.faults++
	d.told[said] = true
	fmt.Fprintln(d.cmd.OutOrStdout(), "! "+said)
}

// program tells what is running, and where.
func (d *doctor) program() error {
	version := "?"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				version = s.Value[:min(len(s.Value), 12)]
			}
		}
	}
	d.good("程序 %s,%s,%s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if d.running != nil {
		d.good("服务开着,由它来看;数据文件夹 %s", d.data)
	} else {
		d.good("没有服务开着;数据文件夹 %s", d.data)
	}
	return nil
}

// littleRoom is so little room on the disk that somebody should do something, in bytes.
const littleRoom = 1 << 30

func (d *doctor) disk() error {
	if _, err := os.Stat(d.data); err != nil {
		return tell("%s 里没有台账;先用 sanbian serve 建立,或用 --data 指明文件夹", d.data)
	}
	room, err := store.Room(d.data)
	if err != nil {
		return err
	}
	if room < littleRoom {
		d.bad("磁盘只剩 %s MB;请腾出地方,或换一块盘", fmt.Sprint(room>>20))
	} else {
		d.good("磁盘还有 %s MB", fmt.Sprint(room>>20))
	}
	kept, _ := filepath.Glob(d.options.file() + ".*")
	for _, name := range kept {
		if st, err := os.Stat(name); err == nil && st.Size() > 1<<20 {
			d.good("留着的旧文件 %s,%s MB;台账核对无误、备份做好以后可以移走", filepath.Base(name), fmt.Sprint(st.Size()>>20))
		}
	}
	return nil
}

func (d *doctor) file() error {
	st, err := os.Stat(d.options.file())
	if err != nil {
		return tell("%s 里没有台账;先用 sanbian serve 建立,或用 --data 指明文件夹", d.data)
	}
	if d.running != nil {
		s := d.running.store.Stats()
		d.good("数据文件 %s MB,其中空着 %s MB", fmt.Sprint(s.Size>>20), fmt.Sprint(s.Free>>20))
		return nil
	}
	if st.Size() == 0 {
		return d.unlost()
	}
	if err := store.CheckFile(d.options.file()); err != nil {
		return err
	}
	d.good("数据文件 %s MB,每一页的结构都对;内容对不对请运行 sanbian verify", fmt.Sprint(st.Size()>>20))
	return nil
}

func (d *doctor) keys() error {
	key, err := d.loadKey()
	if err != nil {
		return err
	}
	if d.keyCommand == "" {
		if err := d.guarded(true); err != nil {
			return err
		}
	}
	s, err := d.openStore(false)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := d.fitting(journal.Fits(s, key)); err != nil {
		return err
	}
	d.good("密钥 %s 与台账是一对;请确认另外留了一份(sanbian key words)", key.IDs()[0].String())
	return nil
}

// books looks at the clock, at the end of the journal, and whether the papers are there.
func (d *doctor) books() error {
	s, err := d.openStore(false)
	if err != nil {
		return err
	}
	defer s.Close()
	now := time.Now()
	last, doubtful, err := journal.DoubtfulClock(s, now)
	switch {
	case err != nil:
		return err
	case doubtful || last.After(now.Add(time.Hour)):
		d.bad("电脑的时钟是 %s,最后一笔分录是 %s 记的;请校正时钟", now.In(journal.Beijing).Format(time.DateTime), last.In(journal.Beijing).Format(time.DateTime))
	default:
		d.good("电脑的时钟是 %s", now.In(journal.Beijing).Format(time.DateTime))
	}
	records, papers, gone := uint64(0), 0, 0
	files := d.options.files(nil)
	if err := s.View(func(r store.Reader) error {
		for _, c := range journal.Ends(r) {
			records += c.Seq
			if at, to := journal.HandedOver(r, region.MustParse(c.Chain)); at > 0 {
				d.good("%s 的账已移交给%s,这里只能查阅", c.Chain, to)
			}
		}
		for p := range paper.All(r) {
			papers++
			if !files.Has(p.Digest) {
				gone++
			}
		}
		return nil
	}); err != nil {
		return err
	}
	d.good("%s 条分录,%s 份附件", fmt.Sprint(records), fmt.Sprint(papers))
	if gone > 0 {
		d.bad("%s 份附件的文件不在;请从备份的 papers 里找回来", fmt.Sprint(gone))
	}
	if d.running != nil && d.running.Stuck() {
		d.bad("一批长的分录等着磁盘腾出地方")
	}
	return nil
}

// oldBackup is how old the newest backup may be.
const oldBackup = 48 * time.Hour

// backups looks at those of the server, or of a place that somebody names.
func (d *doctor) backups(place string) error {
	if place == "" {
		if d.running == nil || d.running.keeper == nil {
			d.bad("不知道备份在哪里:服务要用 --backup 启动,或这里用 --backup 指明")
			return nil
		}
		state := d.running.keeper.State()
		if state.Failed != "" {
			d.bad("最近一次备份没有做成:%s", state.Failed)
		}
		if state.Lagging != "" {
			d.bad("日志没有归档上:%s", state.Lagging)
		}
		d.newest(state.Last, state.Place)
		return nil
	}
	if d.running != nil && !filepath.IsAbs(place) && !strings.Contains(place, "://") {
		return tell("服务开着,由它来看:请写完整的路径,不是 %s", place)
	}
	at, err := openPlace(place)
	if err != nil {
		return err
	}
	list, err := backup.Backups(d.cmd.Context(), at)
	if err != nil {
		return err
	}
	d.newest(backup.Newest(list), place)
	return nil
}

func (d *doctor) newest(last *backup.Backup, place string) {
	switch {
	case last == nil:
		d.bad("%s 里没有核对过的备份", place)
	case time.Since(last.Made) > oldBackup, last.Made.After(time.Now()):
		d.bad("%s 里最近一份核对过的备份是 %s 的", place, last.Made.In(journal.Beijing).Format(time.DateTime))
	default:
		d.good("%s 里最近一份核对过的备份是 %s 的", place, last.Made.In(journal.Beijing).Format(time.DateTime))
	}
}

func (d *doctor) seals() error {
	names, err := d.options.seals().List()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		d.good("还没有封条;服务每天 17:30 封一次")
		return nil
	}
	if _, err := d.options.seals().Read(names[0]); errors.Is(err, seal.ErrSignature) || errors.Is(err, witness.ErrSeal) {
		d.bad("%s 的签名不对:封条被改过,或不是一张封条", names[0])
		return nil
	} else if err != nil {
		return err
	}
	d.good("%s 张封条,最近一张是 %s 的", fmt.Sprint(len(names)), witness.MadeAt(names[0]).In(journal.Beijing).Format(time.DateTime))
	return nil
}

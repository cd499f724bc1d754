package server

import (
	"net/http"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

var _ = on(
	get("/backups", backupsShow),
	post("/backups", backupAsk),
)

// backupsPage is what the page backups shows: how the server's own backups stand, and those there are.
type backupsPage struct {
	Kept  bool // whether the server makes any
	State backup.State
	List  []backup.Backup
	Fault string // why the place cannot be read, "" where it can
	Form  *form
}

var _ = page[backupsPage]("backups")

// mayKeep refuses whoever does not keep all of the books.
func (r *request) mayKeep() error {
	return r.s.ledger.Read(r.who, (*journal.View).Keeps)
}

func backupsShow(r *request) error {
	if err := r.mayKeep(); err != nil {
		return err
	}
	body := backupsPage{Kept: r.s.backups != nil, Form: newForm()}
	if body.Kept {
		body.State = r.s.backups.State()
		list, err := r.s.backups.Backups(r) // before the page's snapshot: the place may be far away
		if body.List = list; err != nil {
			body.Fault = err.Error()
		}
	}
	return r.show(http.StatusOK, "backups", "backups", r.who.Region, func(_ *journal.View, f *frame) (any, error) {
		f.Title = r.say.T("备份")
		return body, nil
	})
}

// backupAsk has the server make a backup now.
func backupAsk(r *request) error {
	if err := r.mayKeep(); err != nil {
		return err
	}
	if r.s.backups == nil {
		return journal.Clash("", "", "这个服务没有设备份的地方;请用 sanbian serve --backup 启动,或用 sanbian backup 备份成文件")
	}
	r.s.backups.Ask()
	r.noted(access.BackedUp, r.s.backups.State().Place, "")
	return r.done("/backups", "backup")
}

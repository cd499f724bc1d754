package server

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/region"
)

// stage is how far an uploaded file has come.
type stage string

const (
	reading stage = "reading" // its rows are being read, then checked
	ready   stage = "ready"   // it has been checked and waits for somebody to say yes
	posting stage = "posting"
	posted  stage = "posted"
	broken  stage = "broken" // it is no file that can be used
)

// parked is a file that waits between upload and posting. It lives in memory, and while a large one is read in the data
// folder's place for temporary files: what it says reaches the books when it is posted, or never.
type parked struct {
	id    string
	who   ledger.Actor
	place region.Code
	name  string
	at    time.Time

	checked atomic.Int64 // entries that have been gone through in this stage
	total   atomic.Int64

	mu      sync.Mutex
	stage   stage
	done    chan struct{} // closed when the stage under way has ended
	upload  *exchange.Upload
	err     error          // why it is broken
	receipt ledger.Receipt // of what has been posted, now or before
}

// parking is where files wait.
type parking struct {
	mu   sync.Mutex
	list []*parked
}

// The most files that wait, of all and of one account; the oldest makes room.
const (
	maxParked     = 16
	maxParkedEach = 3
	parkedFor     = 12 * time.Hour
)

func (p *parking) put(f *parked) {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := 0
	for i := len(p.list) - 1; i >= 0; i-- {
		old := p.list[i]
		if old.who.Account == f.who.Account {
			own++
		}
		if old.running() {
			continue
		}
		if f.at.Sub(old.at) > parkedFor || own >= maxParkedEach || len(p.list) >= maxParked && i == 0 {
			p.list = slices.Delete(p.list, i, i+1)
		}
	}
	p.list = append(p.list, f)
}

// of lists the files that wait for an account.
func (p *parking) of(account string) (list []*parked) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.list {
		if f.who.Account == account {
			list = append(list, f)
		}
	}
	return list
}

// take finds a file by its id, for the account it belongs to only.
func (p *parking) take(id, account string) (*parked, error) {
	for _, f := range p.of(account) {
		if f.id == id {
			return f, nil
		}
	}
	return nil, &ledger.Error{Code: ledger.NotFound, Text: "这份上传已不在了(程序重启过或已过 12 小时);没有记入的请重新上传,重复上传不会记两次"}
}

func (p *parking) drop(f *parked) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = slices.DeleteFunc(p.list, func(o *parked) bool { return o == f })
}

// run does a stage's work in the background, where the file stands at the stage before it. Only one is under way at a time.
func (f *parked) run(from, s stage, work func() (stage, error)) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.done != nil || f.stage != from {
		return false
	}
	f.stage, f.err, f.done = s, nil, make(chan struct{})
	f.checked.Store(0)
	f.total.Store(0)
	go func() {
		next, err := broken, error(nil)
		defer func() {
			if p := recover(); p != nil {
				slog.Error("upload panicked", "err", p, "stack", string(debug.Stack()))
				next, err = broken, errBroken
			}
			f.mu.Lock()
			f.stage, f.err = next, err
			done := f.done
			f.done = nil
			f.mu.Unlock()
			close(done)
		}()
		next, err = work()
	}()
	return true
}

// running tells whether work on the file is under way.
func (f *parked) running() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done != nil
}

// wait gives the work under way a moment, so that small files show their result at once.
func (f *parked) wait(d time.Duration) {
	f.mu.Lock()
	done := f.done
	f.mu.Unlock()
	if done == nil {
		return
	}
	select {
	case <-done:
	case <-time.After(d):
	}
}

// patience is how long a page waits for a file's work before it shows its progress instead.
const patience = 1500 * time.Millisecond

// park begins to read a file.
func (s *Server) park(who ledger.Actor, p exchange.Purpose, name string, content []byte) *parked {
	f := &parked{id: rand.Text(), who: who, place: p.Village, name: name, at: s.ledger.Now()}
	s.parking.put(f)
	f.run("", reading, func() (stage, error) {
		var u *exchange.Upload
		if err := s.ledger.Read(who, func(v *ledger.View) (err error) {
			u, err = exchange.Read(bytes.NewReader(content), v, p)
			return err
		}); err != nil {
			return broken, err
		}
		content = nil
		return s.look(f, u)
	})
	return f
}

// look checks a file that has been planned against the books as they stand.
func (s *Server) look(f *parked, u *exchange.Upload) (stage, error) {
	f.total.Store(int64(u.Entries))
	if _, err := u.Post(s.ledger, f.who, "", true, &f.checked); err != nil && len(ledger.All(err)) == 0 {
		return broken, err
	}
	f.mu.Lock()
	f.upload = u
	f.mu.Unlock()
	return ready, nil
}

// recheck plans a file anew, after cells of it have been mended.
func (s *Server) recheck(f *parked, mend func(*exchange.Upload)) {
	f.run(ready, reading, func() (stage, error) {
		u := f.upload
		mend(u)
		if err := s.ledger.Read(f.who, u.Plan); err != nil {
			return broken, err
		}
		return s.look(f, u)
	})
}

// record posts a file, planned anew against the books as they stand now.
func (s *Server) record(f *parked) {
	f.run(ready, posting, func() (stage, error) {
		u := f.upload
		if err := s.ledger.Read(f.who, u.Plan); err != nil {
			return broken, err
		}
		f.total.Store(int64(u.Entries))
		if u.Entries == 0 && len(u.Faults) == 0 {
			return ready, nil
		}
		receipt, err := u.Post(s.ledger, f.who, u.RequestKey(s.ledger), false, &f.checked)
		if len(ledger.All(err)) > 0 {
			return ready, nil // the books have changed since it was checked: the page shows what is wrong now
		}
		if err != nil {
			return ready, err
		}
		f.mu.Lock()
		f.receipt = receipt
		f.mu.Unlock()
		return posted, nil
	})
}

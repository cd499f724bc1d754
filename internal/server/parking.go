package server

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// Label names the stage, in Chinese; "" while the program is at work.
func (s stage) Label() journal.Label {
	return map[stage]journal.Label{ready: "等您核对", posted: "已记入", broken: "读不出来"}[s]
}

// Tone is the stage's colour.
func (s stage) Tone() string {
	return map[stage]string{ready: "wait", posted: "good", broken: "bad"}[s]
}

// Posts tells whether the file's entries are being posted.
func (s stage) Posts() bool { return s == posting }

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
	who   journal.Actor
	place region.Code
	name  string
	at    time.Time
	p     exchange.Purpose

	weight  atomic.Int64 // bytes of memory that it takes, about
	looked  atomic.Int64 // when its person last asked for it, Unix seconds
	checked atomic.Int64 // entries that have been gone through in this stage
	total   atomic.Int64

	mu      sync.Mutex
	stage   stage
	done    chan struct{} // closed when the stage under way has ended
	upload  *exchange.Upload
	mended  bool            // whether cells of it have been mended here
	changes int             // how often it has been changed here: a form says which of its states it shows
	err     error           // why it is broken
	said    error           // why what somebody said of its columns could not be done
	receipt journal.Receipt // of what has been posted, now or before
}

// parking is where files wait.
type parking struct {
	mu   sync.Mutex
	list []*parked
}

// The most files of one account that wait, and the memory that waiting files may take, in bytes: of all, and of one account.
const (
	maxParkedEach   = 3
	parkedBytes     = 192 << 20
	parkedBytesEach = 96 << 20
	parkedFor       = 12 * time.Hour
	// forgottenAfter is how long nobody has looked at a file that has to make room where there is none: it can be uploaded again.
	forgottenAfter = 15 * time.Minute
)

// put takes a file in. What has waited too long, and what nobody waits for any more when there is no room, goes; where all the others still
// wait for somebody, the new one is refused.
func (p *parking) put(f *parked) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.looked.Store(f.at.Unix())
	p.list = slices.DeleteFunc(p.list, func(o *parked) bool { return f.at.Sub(o.at) > parkedFor && !o.running() })
	for {
		var own []string
		var all, mine int64
		for _, o := range p.list {
			all += o.weight.Load()
			if o.who.Account == f.who.Account {
				own, mine = append(own, o.name), mine+o.weight.Load()
			}
		}
		crowded := len(own) > 0 && (len(own) >= maxParkedEach || mine+f.weight.Load() > parkedBytesEach)
		if !crowded && (len(p.list) == 0 || all+f.weight.Load() <= parkedBytes) {
			p.list = append(p.list, f)
			return nil
		}
		i := slices.IndexFunc(p.list, func(o *parked) bool {
			return o.settled() && (!crowded || o.who.Account == f.who.Account)
		})
		switch {
		case i >= 0:
			p.list = slices.Delete(p.list, i, i+1)
		case crowded:
			return &journal.Error{Code: journal.Conflict, Field: "file", Text: "已有 %s 份上传还没有记入:%s;请先记入或点“不要了”",
				Args: []any{strconv.Itoa(len(own)), strings.Join(own, "、")}}
		case p.forget(f.at):
		default:
			return &journal.Error{Code: journal.Unavailable, Field: "file", Text: "现在等着记入的上传太多(%s 份),请过一会儿再传",
				Args: []any{strconv.Itoa(len(p.list))}}
		}
	}
}

// weighs says about how much memory a file takes: what it is made of and its rows, each of which has cells, what is said of them and an
// entry.
func (f *parked) weighs(bytes, rows int) {
	const least, row = 64 << 10, 600
	f.weight.Store(int64(least + bytes + row*rows))
}

// forget lets that file go which nobody has looked at for longest, where that is long enough; it tells whether it has.
func (p *parking) forget(now time.Time) bool {
	oldest := -1
	for i, o := range p.list {
		if !o.running() && now.Unix()-o.looked.Load() >= int64(forgottenAfter.Seconds()) &&
			(oldest < 0 || o.looked.Load() < p.list[oldest].looked.Load()) {
			oldest = i
		}
	}
	if oldest >= 0 {
		p.list = slices.Delete(p.list, oldest, oldest+1)
	}
	return oldest >= 0
}

// settled tells whether nobody waits for a file any more: it is posted, cannot be used, has nothing to record, or is to be put right in the
// file itself, for none of its cells has been mended here.
func (f *parked) settled() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done == nil && (f.stage != ready || f.upload.Entries == 0 && len(f.upload.Faults) == 0 || len(f.upload.Faults) > 0 && !f.mended)
}

// of lists the files that wait for an account.
func (p *parking) of(account string, now time.Time) (list []*parked) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.list {
		if f.who.Account == account && now.Sub(f.at) <= parkedFor {
			list = append(list, f)
		}
	}
	return list
}

// take finds a file by its id, for the account it belongs to only.
func (p *parking) take(id, account string, now time.Time) (*parked, error) {
	for _, f := range p.of(account, now) {
		if f.id == id {
			f.looked.Store(now.Unix())
			return f, nil
		}
	}
	return nil, &journal.Error{Code: journal.NotFound, Text: "这份上传已不在了(程序重启过,或放得太久);没有记入的请重新上传,重复上传不会记两次"}
}

// drop lets a file go; not one that is being posted.
func (p *parking) drop(f *parked) error {
	f.mu.Lock()
	busy := f.stage == posting
	f.mu.Unlock()
	if busy {
		return &journal.Error{Code: journal.Conflict, Text: "正在记入,停不下来;记完后可以冲销"}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = slices.DeleteFunc(p.list, func(o *parked) bool { return o == f })
	return nil
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

// seen tells whether a form was made from the file as it is now. Where it was not, the page says so: cells may be others by now.
func (f *parked) seen(values url.Values) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := values.Get("seen"); at == "" || at == strconv.Itoa(f.changes) {
		f.said = nil
		return true
	}
	f.said = &journal.Error{Code: journal.Conflict, Text: "这份表格在另一个窗口里改过了,刚才说的没有用上;请照现在的样子再看一遍"}
	return false
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

// park begins to read a file, where there is room for it.
func (s *Server) park(who journal.Actor, p exchange.Purpose, name string, content []byte) (*parked, error) {
	f := &parked{id: rand.Text(), who: who, place: p.Village, name: name, at: s.ledger.Now(), p: p}
	f.weighs(2*len(content), 0) // as it came, and as it is read
	if err := s.parking.put(f); err != nil {
		return nil, err
	}
	f.run("", reading, func() (stage, error) {
		var u *exchange.Upload
		if err := s.ledger.Read(who, func(v *journal.View) (err error) {
			u, err = exchange.Read(bytes.NewReader(content), v, p, sheet.Layout{})
			return err
		}); err != nil {
			return broken, err
		}
		content = nil
		return s.look(f, u)
	})
	return f, nil
}

// look checks a file that has been planned against the books as they stand.
func (s *Server) look(f *parked, u *exchange.Upload) (stage, error) {
	f.total.Store(int64(u.Entries))
	if _, err := u.Post(s.ledger, f.who, []string{""}, true, &f.checked); err != nil && len(journal.All(err)) == 0 {
		return broken, err
	}
	f.weighs(0, u.Rows)
	f.mu.Lock()
	f.upload = u
	f.mu.Unlock()
	return ready, nil
}

// recheck plans a file anew, after cells of it have been mended.
func (s *Server) recheck(f *parked, mend func(*exchange.Upload)) {
	f.run(ready, reading, func() (stage, error) {
		u := f.upload
		f.mu.Lock()
		f.mended, f.said, f.changes = true, nil, f.changes+1
		f.mu.Unlock()
		mend(u)
		err := s.ledger.Read(f.who, u.Plan)
		if err != nil && !refused(err) {
			return broken, err
		}
		f.mu.Lock()
		f.said = err
		f.mu.Unlock()
		return s.look(f, u)
	})
}

// rearrange reads a file anew as somebody says that it is laid out. What cannot be done is told, and the file stays as it was.
func (s *Server) rearrange(f *parked, say func(*exchange.Upload) (sheet.Layout, error)) {
	f.run(ready, reading, func() (stage, error) {
		u := f.upload
		before := u.Layout
		layout, err := say(u)
		if err == nil {
			err = s.ledger.Read(f.who, func(v *journal.View) error { return u.Arrange(v, layout) })
		}
		if err != nil && !refused(err) {
			return broken, err
		}
		f.mu.Lock()
		f.mended, f.said, f.changes = true, err, f.changes+1
		f.mu.Unlock()
		if err != nil {
			if err := s.ledger.Read(f.who, func(v *journal.View) error { return u.Arrange(v, before) }); err != nil {
				return broken, err
			}
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
		receipt, err := u.Post(s.ledger, f.who, u.RequestKeys(s.ledger), false, &f.checked)
		if len(journal.All(err)) > 0 {
			return ready, nil // the books have changed since it was checked: the page shows what is wrong now
		}
		if err != nil {
			return ready, err
		}
		if err := u.Keep(s.ledger, f.who); err != nil {
			slog.Warn("what was said of a file's columns is not kept", "err", err)
		}
		f.mu.Lock()
		f.receipt = receipt
		u.Release()
		f.mu.Unlock()
		return posted, nil
	})
}

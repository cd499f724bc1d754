package journal

import "time"

// Watcher is told how posting goes, for whoever keeps the machine. It must be quick, and safe for use by many goroutines.
type Watcher interface {
	// Posted is told of each posting: how many entries it had, the code of its refusal ("" where it was taken), and how long it waited for its
	// turn and then took.
	Posted(entries int, refused Code, waited, took time.Duration)
	// Committed is told of each transaction of the committer: how many postings it had, and how long it took.
	Committed(postings int, took time.Duration)
}

// Watch has a watcher told from now on.
func (l *Ledger) Watch(w Watcher) { l.watcher.Store(&w) }

// Waiting is how many postings wait for the committer.
func (l *Ledger) Waiting() int { return len(l.queue) }

// watched tells the watcher of a posting that has been answered.
func (l *Ledger) watched(w *pending, err error) {
	to := l.watcher.Load()
	if to == nil {
		return
	}
	code := Code("")
	if err != nil {
		code = CodeOf(err)
	}
	(*to).Posted(w.posting.Count, code, w.began.Sub(w.came), time.Since(w.began))
}

// committed tells the watcher of a transaction.
func (l *Ledger) committed(postings int, began time.Time) {
	if to := l.watcher.Load(); to != nil {
		(*to).Committed(postings, time.Since(began))
	}
}

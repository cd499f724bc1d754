package server

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// budget shares out memory, in bytes: so much for all together and for each account, so that nobody's files take what all have.
type budget struct {
	all, each int64

	mu   sync.Mutex
	used map[string]int64 // by account
}

// take takes so much for an account, where there is as much left for all and for the account.
func (b *budget) take(account string, bytes int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	var sum int64
	for _, n := range b.used {
		sum += n
	}
	if sum+bytes > b.all || b.used[account]+bytes > b.each {
		return false
	}
	if b.used == nil {
		b.used = map[string]int64{}
	}
	b.used[account] += bytes
	return true
}

// give gives back what was taken.
func (b *budget) give(account string, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used[account] -= bytes; b.used[account] <= 0 {
		delete(b.used, account)
	}
}

// bodies are the files that are being brought at once: one of the largest and some smaller ones, of each account one.
func bodies() *budget { return &budget{all: maxUpload * 3 / 2, each: maxUpload} }

// admit lets a file in before any of it is read, where there is room for it; done gives the room back. Without room the reader is told to
// come again, and nothing is kept of what they send.
func (r *request) admit(most int64) (done func(), err error) {
	if most <= maxForm {
		return func() {}, nil
	}
	size := r.Request.ContentLength
	if size < 0 || size > most {
		size = most
	}
	account := r.who.Account
	if !r.s.bodies.take(account, size) {
		drain(r.Context)
		r.Header("Retry-After", strconv.Itoa(int(retryUpload.Seconds())))
		return nil, &journal.Error{Code: journal.Unavailable, Text: "正有许多人在上传,现在没有地方放;请过几秒再传"}
	}
	return func() { r.s.bodies.give(account, size) }, nil
}

// retryUpload is when somebody whose file was not let in should come again.
const retryUpload = 5 * time.Second

// drain takes what a reader is still sending and throws it away: who is still sending does not read the answer. As much is taken as
// somebody may send by mistake.
func drain(c *gin.Context) {
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(formTime))
	_, _ = io.CopyN(io.Discard, c.Request.Body, min(max(c.Request.ContentLength, 0), 2*maxUpload))
}

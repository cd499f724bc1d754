package server

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// Check looks whether something that the program needs is in order: nil where it is. Its name is public, its error is not.
type Check struct {
	Name string
	Do   func() error
}

// readyFor is how long an answer stays: anybody may ask, and looking writes to the disk.
const readyFor = 2 * time.Second

// readiness is what was found last.
type readiness struct {
	mu     sync.Mutex
	at     time.Time
	failed map[string]bool
}

// healthy says that the program lives.
func healthy(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// ready says whether the program can do what it is there for: read the books, post to them, open what they seal.
func (s *Server) ready(c *gin.Context) {
	s.readiness.mu.Lock()
	defer s.readiness.mu.Unlock()
	if now := s.clock(); now.Sub(s.readiness.at) >= readyFor || now.Before(s.readiness.at) {
		s.readiness.at, s.readiness.failed = now, map[string]bool{}
		for _, check := range s.checks {
			if err := check.Do(); err != nil {
				s.readiness.failed[check.Name] = true
				slog.Error("not ready", "check", check.Name, "err", err)
			}
		}
	}
	answer, code := gin.H{}, http.StatusOK
	for _, check := range s.checks {
		answer[check.Name] = "ok"
		if s.readiness.failed[check.Name] {
			answer[check.Name], code = "failing", http.StatusServiceUnavailable
		}
	}
	c.JSON(code, answer)
}

var errStuck = errors.New("the committer waits for room on the disk")

// ownChecks are what the server itself needs.
func (s *Server) ownChecks() []Check {
	return []Check{
		{"books", func() error { _, err := s.ledger.IsDemo(); return err }},
		{"committer", func() error {
			if s.ledger.Stuck() {
				return errStuck
			}
			return nil
		}},
	}
}

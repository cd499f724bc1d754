package server

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"
)

// requestID is where a request keeps its id: the log of requests has it, and a page that tells of a fault.
const requestID = "request-id"

// logged gives every request an id and writes a line about it when it has been answered: the route as it is registered, not the address, in
// which ids and what was looked for stand; never a personal number, and nothing that was typed.
func (s *Server) logged(c *gin.Context) {
	id, began := rand.Text()[:12], s.clock()
	c.Set(requestID, id)
	c.Writer.Header().Set("X-Request-Id", id)
	started := time.Now()
	c.Next()
	if s.timed != nil {
		s.timed(c.FullPath(), c.Writer.Status(), time.Since(started))
	}
	if s.requests == nil {
		return
	}
	s.requests.LogAttrs(context.Background(), slog.LevelInfo, "request", slog.String("id", id), slog.String("method", c.Request.Method),
		slog.String("route", c.FullPath()), slog.Int("status", c.Writer.Status()), slog.Int64("ms", s.clock().Sub(began).Milliseconds()),
		slog.Int("bytes", max(0, c.Writer.Size())), slog.String("from", c.ClientIP()), slog.String("account", c.GetString(actingAccount)))
}

// actingAccount is where a request keeps the name of the account that it was made by.
const actingAccount = "account"

// newRequestLog makes a log of requests, nil where nobody wants one.
func newRequestLog(o Options) *slog.Logger {
	if o.Requests == nil {
		return nil
	}
	return slog.New(slog.NewJSONHandler(o.Requests, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			a.Value = slog.StringValue(a.Value.Time().UTC().Format(time.RFC3339Nano))
		}
		return a
	}}))
}

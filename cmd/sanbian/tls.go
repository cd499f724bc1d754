package main

import (
	"crypto/tls"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// certificate is the server's own, from two PEM files that are read again when they have changed: a renewed one needs no restart.
type certificate struct {
	cert, key string // files

	mu     sync.Mutex
	loaded *tls.Certificate
	state  [2]time.Time // when the files were last changed
	looked time.Time
}

// lookAgain is how often it is looked whether the files have changed.
const lookAgain = 5 * time.Second

// loadCertificate reads a certificate for the first time: what is wrong with it is said before anything is served.
func loadCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key}
	if err := c.load(); err != nil {
		return nil, tell("证书读不出来:%s", err.Error())
	}
	return c, nil
}

func (c *certificate) load() error {
	state := c.changed()
	loaded, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.loaded, c.state = &loaded, state
	return nil
}

// get gives the certificate to a connection. Where new files cannot be read the one before goes on.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= lookAgain {
		if c.changed() != c.state {
			if err := c.load(); err != nil {
				slog.Error("certificate", "err", err)
			}
		}
		c.looked = now
	}
	return c.loaded, nil
}

// changed is when the files were last changed.
func (c *certificate) changed() [2]time.Time {
	return [2]time.Time{changedAt(c.cert), changedAt(c.key)}
}

func changedAt(file string) time.Time {
	info, err := os.Stat(file)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// beyondThisMachine tells whether an address can be reached from other machines.
func beyondThisMachine(at net.Addr) bool {
	tcp, ok := at.(*net.TCPAddr)
	return ok && !tcp.IP.IsLoopback()
}

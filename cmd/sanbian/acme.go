package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// issuer is an ACME server (RFC 8555) of the office's own network, from which certificates come and are renewed by themselves.
type issuer struct {
	directory string   // address of the server's directory
	root      string   // file with what signs the server's own certificate; "" where this machine knows it
	hosts     []string // the names that certificates are asked for
	keep      string   // folder of the certificates and their keys
}

// longestIssuing is how long the ACME server may take to answer one question.
const longestIssuing = 30 * time.Second

// config is how connections get their certificates: the first one to a name asks for it. The server proves that the name is its own on the
// same port (tls-alpn-01, RFC 8737).
func (i issuer) config() (*tls.Config, error) {
	if len(i.hosts) == 0 {
		return nil, tell("--acme 要写明主机名:加 --host,像 --host taizhang.xian.example")
	}
	client := &acme.Client{DirectoryURL: i.directory, UserAgent: "sanbian", HTTPClient: &http.Client{Timeout: longestIssuing}}
	if i.root != "" {
		text, err := os.ReadFile(i.root)
		if err != nil {
			return nil, tell("证书读不出来:%s", err.Error())
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(text) {
			return nil, tell("%s 里没有证书(PEM)", i.root)
		}
		client.HTTPClient.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	}
	m := &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(i.hosts...), Cache: autocert.DirCache(i.keep),
		Client: client}
	config := m.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	return config, nil
}

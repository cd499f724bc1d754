package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

// A certificate comes from an ACME server of one's own network, which proves the name on the same port; it is kept for the next start, and
// asked for no name that is not the server's.
func TestCertificateFromAnACMEServer(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	names, err := net.ListenPacket("udp", "127.0.0.1:0") // a free port for the names' server
	if err != nil {
		t.Fatal(err)
	}
	at := names.LocalAddr().String()
	names.Close()
	quiet := log.New(io.Discard, "", 0)
	dns, err := challtestsrv.New(challtestsrv.Config{DNSAddrs: []string{at}, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	dns.SetDefaultDNSIPv4("127.0.0.1")
	dns.SetDefaultDNSIPv6("")
	go dns.Run()
	defer dns.Shutdown()
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := port.Addr().(*net.TCPAddr)
	port.Close()

	memory := db.NewMemoryStore()
	authority := ca.New(quiet, memory, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	prover := va.New(quiet, 0, address.Port, true, at, memory)
	front := wfe.New(quiet, memory, prover, authority, []string{"ca.example"}, true, false, 0, 0)
	office := httptest.NewTLSServer(front.Handler())
	defer office.Close()
	dir := t.TempDir()
	root := filepath.Join(dir, "root.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: office.Certificate().Raw})
	if err := os.WriteFile(root, text, 0o600); err != nil {
		t.Fatal(err)
	}
	from := issuer{directory: office.URL + wfe.DirectoryPath, root: root, hosts: []string{"ledger.example"}, keep: filepath.Join(dir, "kept")}
	serials := map[string]bool{}
	for range 2 { // the second start has the certificate
		listener, err := entrance{address: address.String(), from: from}.listen()
		if err != nil {
			t.Fatal(err)
		}
		site := &http.Server{Handler: http.NotFoundHandler(), ErrorLog: quiet}
		go func() { _ = site.Serve(listener) }()
		conn, err := tls.Dial("tcp", address.String(), &tls.Config{ServerName: "ledger.example",
			InsecureSkipVerify: true}) //nolint:gosec // looked at below
		if err != nil {
			t.Fatal(err)
		}
		cert := conn.ConnectionState().PeerCertificates[0]
		conn.Close()
		roots := x509.NewCertPool()
		roots.AddCert(authority.GetRootCert(0).Cert)
		chain := x509.NewCertPool()
		chain.AddCert(conn.ConnectionState().PeerCertificates[1])
		if _, err := cert.Verify(x509.VerifyOptions{DNSName: "ledger.example", Roots: roots, Intermediates: chain}); err != nil {
			t.Errorf("the certificate: %v", err)
		}
		serials[cert.SerialNumber.String()] = true
		if conn, err := tls.Dial("tcp", address.String(), &tls.Config{ServerName: "other.example", InsecureSkipVerify: true}); err == nil {
			conn.Close()
			t.Error("a certificate was asked for a name that is not the server's")
		}
		site.Close()
	}
	if len(serials) != 1 {
		t.Errorf("%d certificates in two starts", len(serials))
	}
	kept, err := os.Stat(from.keep)
	if err != nil || kept.Mode().Perm()&0o077 != 0 {
		t.Errorf("what is kept: %v, %v", kept.Mode(), err)
	}
	for name, wrong := range map[string]entrance{"no host": {from: issuer{directory: office.URL}},
		"files, too": {cert: root, key: root, from: from}, "no such root": {from: issuer{directory: office.URL, hosts: from.hosts, root: dir}}} {
		wrong.address = "127.0.0.1:0"
		if l, err := wrong.listen(); err == nil {
			l.Close()
			t.Errorf("%s: it listens", name)
		}
	}
}

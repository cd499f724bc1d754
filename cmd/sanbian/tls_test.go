package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// writeCertificate writes a certificate of its own signing with its key, of a serial number.
func writeCertificate(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "ledger.test"},
		DNSNames:  []string{"ledger.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A certificate that was renewed is served without a restart; one that cannot be read is not, and the one before goes on.
func TestCertificateIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if _, err := loadCertificate(cert, key); err == nil {
		t.Error("no files are a certificate")
	}
	writeCertificate(t, cert, key, 1)
	c, err := loadCertificate(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := entrance{address: "127.0.0.1:0", cert: cert, key: key}.listen()
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	serial := func() int64 {
		c.looked = time.Time{} // the time to look again has come
		got, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParseCertificate(got.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return parsed.SerialNumber.Int64()
	}
	touch := func(at time.Time) {
		for _, file := range []string{cert, key} {
			if err := os.Chtimes(file, at, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	writeCertificate(t, cert, key, 2)
	touch(time.Now().Add(time.Minute))
	if n := serial(); n != 2 {
		t.Errorf("renewed, it is still number %d", n)
	}
	if err := os.WriteFile(cert, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	touch(time.Now().Add(2 * time.Minute))
	if n := serial(); n != 2 {
		t.Errorf("with a broken file it is number %d", n)
	}
	for name, e := range map[string]entrance{"a certificate without its key": {address: "127.0.0.1:0", cert: cert},
		"a broken certificate": {address: "127.0.0.1:0", cert: cert, key: key}} {
		if l, err := e.listen(); err == nil {
			l.Close()
			t.Errorf("%s is served", name)
		}
	}
}

// Nothing older than TLS 1.2 is spoken.
func TestOldTLSIsRefused(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writeCertificate(t, cert, key, 1)
	listener, err := entrance{address: "127.0.0.1:0", cert: cert, key: key}.listen()
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_ = conn.(*tls.Conn).Handshake()
				conn.Close()
			}()
		}
	}()
	dial := func(most uint16) error {
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10,
			MaxVersion: most})
		if err == nil {
			conn.Close()
		}
		return err
	}
	if err := dial(tls.VersionTLS11); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if err := dial(tls.VersionTLS13); err != nil {
		t.Error(err)
	}
}

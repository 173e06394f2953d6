package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"text/template"
	"time"
)

// nginx is the server: one worker on one core, which answers everything with one small JSON.
type nginx struct {
	cmd               *exec.Cmd
	plain, tls, http2 string // base URLs
}

func startNginx(b *bench) (*nginx, error) {
	path := b.peers["nginx"].path
	if path == "" {
		return nil, errors.New("nginx is missing, and everything is measured against it (Debian: nginx-light)")
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	if err := writeCertificate(b.dir); err != nil {
		return nil, err
	}
	conf := filepath.Join(b.dir, "nginx.conf")
	if err := writeConf(conf, b, ports); err != nil {
		return nil, err
	}
	n := &nginx{cmd: exec.Command(path, "-c", conf, "-p", b.dir, "-e", filepath.Join(b.dir, "nginx.log"))}
	n.plain = fmt.Sprintf("http://127.0.0.1:%d", ports[0])
	n.tls = fmt.Sprintf("https://127.0.0.1:%d", ports[1])
	n.http2 = fmt.Sprintf("https://127.0.0.1:%d", ports[2])
	var said bytes.Buffer
	n.cmd.Stderr = &said
	if err := n.cmd.Start(); err != nil {
		return nil, err
	}
	if !answers(ports[0]) {
		n.stop()
		return nil, fmt.Errorf("nginx does not answer: %s", lastLine(said.String()))
	}
	return n, nil
}

func (n *nginx) stop() {
	_ = n.cmd.Process.Signal(os.Interrupt) // if it has ended, Wait says so
	_ = n.cmd.Wait()
}

func writeConf(to string, b *bench, ports []int) error {
	t, err := template.ParseFS(load, "load/nginx.conf")
	if err != nil {
		return err
	}
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	files := openFiles()
	err = t.Execute(file, map[string]any{
		"Dir": b.dir, "Mask": fmt.Sprintf("%b", 1<<b.server), "Files": files, "Connections": files - 100,
		"Plain": ports[0], "TLS": ports[1], "HTTP2": ports[2],
	})
	return errors.Join(err, file.Close())
}

// freePorts are ports that nobody listened on a moment ago.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// answers waits for somebody to listen on a port.
func answers(port int) bool {
	for range 100 {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = c.Close()
			return true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

// writeCertificate makes a certificate that nobody vouches for.
func writeCertificate(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(240 * time.Hour),
	}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600),
		os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}), 0o600),
	)
}

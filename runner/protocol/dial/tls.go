package dial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"software.sslmate.com/src/go-pkcs12"
)

// sessions is how many servers' TLS sessions are remembered.
const sessions = 256

// secure turns the configuration into that of crypto/tls.
func secure(cfg Config) (*tls.Config, error) {
	conf := &tls.Config{
		MinVersion:         cfg.MinVersion,
		MaxVersion:         cfg.MaxVersion,
		ServerName:         serverName(cfg.ServerName),
		InsecureSkipVerify: cfg.InsecureSkipVerify, //nolint:gosec // the plan's author asked for it by name
		NextProtos:         cfg.ALPN,
	}
	if !cfg.FullHandshakes {
		conf.ClientSessionCache = tls.NewLRUClientSessionCache(sessions)
	}
	if len(cfg.CA) > 0 {
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(cfg.CA) {
			return nil, errors.New("tls.ca: no certificate in it (PEM, -----BEGIN CERTIFICATE-----)")
		}
	}
	if conf.MinVersion == 0 {
		conf.MinVersion = tls.VersionTLS12
		if conf.MaxVersion != 0 {
			conf.MinVersion = min(conf.MinVersion, conf.MaxVersion)
		}
	}
	return conf, identify(conf, cfg)
}

// identify adds our own certificate, if there is one.
func identify(conf *tls.Config, cfg Config) error {
	switch {
	case len(cfg.PKCS12) > 0:
		key, leaf, chain, err := pkcs12.DecodeChain(cfg.PKCS12, cfg.Password)
		if errors.Is(err, pkcs12.ErrIncorrectPassword) {
			return errors.New("tls.pkcs12: tls.password doesn't open it")
		}
		var unsupported pkcs12.NotImplementedError
		switch {
		case errors.As(err, &unsupported):
			return fmt.Errorf("tls.pkcs12: %s", strings.TrimPrefix(err.Error(), "pkcs12: "))
		case err != nil:
			return errors.New("tls.pkcs12: not a PKCS#12 file with one certificate and its key (.p12, .pfx)")
		}
		pair := tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
		for _, c := range chain {
			pair.Certificate = append(pair.Certificate, c.Raw)
		}
		conf.Certificates = []tls.Certificate{pair}
		return nil
	case len(cfg.Cert) == 0 && len(cfg.Key) == 0:
		return nil
	case len(cfg.Cert) == 0 || len(cfg.Key) == 0:
		return errors.New("tls.cert and tls.key belong together: give both")
	}
	pair, err := tls.X509KeyPair(cfg.Cert, cfg.Key)
	if err != nil {
		return fmt.Errorf("tls.cert and tls.key: %s", strings.TrimPrefix(err.Error(), "tls: "))
	}
	conf.Certificates = []tls.Certificate{pair}
	return nil
}

// serverName is the host as certificates have it: no zone, no final dot.
func serverName(host string) string {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.WithZone("").String()
	}
	return strings.TrimSuffix(host, ".")
}

// explain puts a handshake's error into words for the plan's author.
func explain(err error) error {
	var unverified *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.As(err, &unverified):
		return fmt.Errorf("%w (tls.ca names another authority, tls.insecure_skip_verify accepts any)", unverified.Err)
	case errors.As(err, &record):
		return errors.New("the answer is not TLS; is it http:// there?")
	case errors.As(err, &op) && op.Op == "remote error":
		return fmt.Errorf("the server refused: %w", op.Err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return errors.New("the server closed the connection")
	}
	return reason(err)
}

package spec

import "slices"

// With is these settings with others over them, word by word; headers add up.
func (h HTTP) With(over HTTP) HTTP {
	m := h
	m.Headers = append(slices.Clone(h.Headers), over.Headers...)
	if !over.BaseURL.IsZero() {
		m.BaseURL = over.BaseURL
	}
	pick(&m.Timeout, over.Timeout)
	pick(&m.Redirects, over.Redirects)
	pick(&m.Cookies, over.Cookies)
	pick(&m.MaxBody, over.MaxBody)
	pick(&m.Decode, over.Decode)
	pick(&m.Version, over.Version)
	if len(over.Expect) > 0 {
		m.Expect = over.Expect
	}
	if over.Auth != nil {
		m.Auth = over.Auth
	}
	if over.Connections.Mode != "" {
		m.Connections = over.Connections
	}
	pickText(&m.Proxy, over.Proxy)
	if over.NoProxy != nil {
		m.NoProxy = over.NoProxy
	}
	for _, e := range over.Hosts {
		m.Hosts = append(slices.DeleteFunc(slices.Clone(m.Hosts), func(o Entry[[]Text]) bool { return o.Key == e.Key }), e)
	}
	m.TLS = h.TLS.with(over.TLS)
	return m
}

// with lets a pkcs12 file replace cert and key, and the other way round.
func (t TLS) with(over TLS) TLS {
	m := t
	if !over.Pos.IsZero() {
		m.Pos = over.Pos
	}
	if !over.PKCS12.IsZero() {
		m.Cert, m.Key = Text{}, Text{}
	}
	if !over.Cert.IsZero() || !over.Key.IsZero() {
		m.PKCS12, m.Password = Text{}, Text{}
	}
	pickText(&m.CA, over.CA)
	pickText(&m.Cert, over.Cert)
	pickText(&m.Key, over.Key)
	pickText(&m.PKCS12, over.PKCS12)
	pickText(&m.Password, over.Password)
	pickText(&m.ServerName, over.ServerName)
	pick(&m.InsecureSkipVerify, over.InsecureSkipVerify)
	pick(&m.MinVersion, over.MinVersion)
	pick(&m.MaxVersion, over.MaxVersion)
	return m
}

func pick[T any](to *Opt[T], from Opt[T]) {
	if from.Set {
		*to = from
	}
}

func pickText(to *Text, from Text) {
	if !from.IsZero() {
		*to = from
	}
}

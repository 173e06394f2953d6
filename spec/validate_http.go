package spec

// mostShared is how many connections to one target a scenario may share.
const mostShared = 100_000

// wire judges how requests travel, as far as one level of http says it.
func (v *validator) wire(h HTTP) {
	v.within("connections.shared", h.Connections.Shared, 1, mostShared, h.Connections.Pos)
	t := h.TLS
	if t.MinVersion.Set && t.MaxVersion.Set && t.MinVersion.Value > t.MaxVersion.Value {
		v.at(t.MinVersion.Pos, t.Pos, "min_version is %s and max_version %s: no version is left", t.MinVersion.Value, t.MaxVersion.Value)
	}
	if !t.PKCS12.IsZero() && (!t.Cert.IsZero() || !t.Key.IsZero()) {
		v.at(t.PKCS12.Pos, t.Pos, "pkcs12 holds certificate and key: leave out cert and key")
	}
	for _, e := range h.Hosts {
		if len(e.Value) == 0 {
			v.at(e.KeyPos, h.Pos, "hosts: %s has no address", quoteShort(e.Key))
		}
	}
}

package draft

import (
	"strings"
)

// trackers are cookies of measurement and advertising, which no target needs.
var trackers = pattern(`^(_ga|_gid|_gat|_gcl|_fbp|_fbc|_hj|_pk_|ajs_|amplitude|mp_|optimizely|__utm|_clck|_clsk|_uet)`)

var cookieName = pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$")

// presetCookies finds cookies that a browser had before its recording began: no reply of it set them, so the plan has to be
// given them. All others come and go by themselves in an iteration's jar.
func (d *desk) presetCookies(all []entry) {
	jar := map[string]bool{}
	for i := range all {
		var own []Pair
		for _, c := range splitCookies(all[i].cookies) {
			if c.value == "" || jar[c.name] || trackers().MatchString(c.name) || !cookieName().MatchString(c.name) {
				continue
			}
			expr := d.secrets.keep("COOKIE_"+c.name, c.value, "the cookie "+c.name+", which the browser had before the recording began")
			own = append(own, Pair{Key: c.name, Value: Template("${" + expr + "}")})
		}
		if len(own) > 0 {
			all[i].words = append(all[i].words, Pair{Key: "cookies", Value: Map(own...)})
		}
		for _, name := range all[i].set {
			jar[name] = true
		}
	}
}

func splitCookies(headers []string) []field {
	var all []field
	seen := map[string]bool{}
	for _, h := range headers {
		for _, c := range strings.Split(h, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(c), "=")
			if !seen[name] {
				seen[name] = true
				all = append(all, field{name, value})
			}
		}
	}
	return all
}

// setCookies are the names of the cookies that a reply sets.
func setCookies(resp *tree) []string {
	var names []string
	for _, h := range pairsOf(resp.at("headers")) {
		if !strings.EqualFold(h.name, "set-cookie") {
			continue
		}
		for _, line := range strings.Split(h.value, "\n") { // Firefox puts several in one header
			name, _, _ := strings.Cut(line, "=")
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

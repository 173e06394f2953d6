package draft

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"runner/spec"
)

// curlArgs are the arguments of one curl command.
type curlArgs struct {
	desk     *desk
	in       Input
	line     int
	x        exchange
	urls     []string
	data     []string
	hasData  bool
	json     bool
	get      bool
	parts    []field
	uploads  []file
	user     string
	auth     string // basic or digest
	follow   bool
	maxTime  string
	settings []Pair
}

// curlOption is one option of curl: its names, whether a value follows, and what it does to the request. Options without
// an effect on what is sent have none.
type curlOption struct {
	long, short string
	value       bool
	do          func(a *curlArgs, v string)
}

// curlOptions are the options that matter to a plan, and those that don't. All others are listed as not carried over.
func curlOptions() []curlOption {
	drop := func(*curlArgs, string) {}
	all := []curlOption{
		{"request", "X", true, func(a *curlArgs, v string) { a.x.method = v }},
		{"header", "H", true, (*curlArgs).header},
		{"data", "d", true, (*curlArgs).plainData}, {"data-ascii", "", true, (*curlArgs).plainData},
		{"data-raw", "", true, func(a *curlArgs, v string) { a.addData(v) }},
		{"data-binary", "", true, func(a *curlArgs, v string) { a.fileData(v, false) }},
		{"data-urlencode", "", true, (*curlArgs).encodedData},
		{"json", "", true, func(a *curlArgs, v string) { a.json = true; a.fileData(v, false) }},
		{"form", "F", true, (*curlArgs).form},
		{"form-string", "", true, func(a *curlArgs, v string) { a.part(v) }},
		{"get", "G", false, func(a *curlArgs, _ string) { a.get = true }},
		{"head", "I", false, func(a *curlArgs, _ string) { a.x.method = "HEAD" }},
		{"user", "u", true, func(a *curlArgs, v string) { a.user, a.auth = v, "basic" }},
		{"digest", "", false, func(a *curlArgs, _ string) { a.auth = "digest" }}, {"basic", "", false, drop},
		{"oauth2-bearer", "", true, func(a *curlArgs, v string) { a.header("Authorization: Bearer " + v) }},
		{"cookie", "b", true, (*curlArgs).cookie},
		{"user-agent", "A", true, func(a *curlArgs, v string) { a.header("User-Agent: " + v) }},
		{"referer", "e", true, func(a *curlArgs, v string) { a.header("Referer: " + v) }},
		{"url", "", true, func(a *curlArgs, v string) { a.urls = append(a.urls, v) }},
		{"location", "L", false, func(a *curlArgs, _ string) { a.follow = true }},
		{"max-time", "m", true, (*curlArgs).timeout},
		{"insecure", "k", false, func(a *curlArgs, _ string) {
			a.set("tls", Row(Pair{Key: "insecure_skip_verify", Value: Word("true")}))
		}},
		{"http2", "", false, drop}, {"http1.1", "", false, func(a *curlArgs, _ string) { a.set("version", Word("1.1")) }},
		{"http2-prior-knowledge", "", false, func(a *curlArgs, _ string) { a.set("version", Word("2")) }},
		{"compressed", "", false, func(a *curlArgs, _ string) { a.set("decompress", Word("true")) }},
	}
	for _, silent := range []string{"silent s", "show-error S", "verbose v", "include i", "fail f", "fail-with-body ", "progress-bar #", "no-progress-meter ", "no-buffer N", "globoff g", "remote-name O", "location-trusted "} {
		long, short, _ := strings.Cut(silent, " ")
		all = append(all, curlOption{long, short, false, drop})
	}
	for _, silent := range []string{"output o", "write-out w", "dump-header D", "cookie-jar c", "trace ", "trace-ascii ", "stderr "} {
		long, short, _ := strings.Cut(silent, " ")
		all = append(all, curlOption{long, short, true, drop})
	}
	return all
}

// lostValues are further options of curl that a value follows; what they do is not carried over.
var lostValues = strings.Fields("--connect-timeout --retry --retry-delay --retry-max-time --max-redirs --proxy -x --proxy-user -U --cacert --capath --cert -E --key --resolve --connect-to --interface --limit-rate --aws-sigv4 " +
	"--upload-file -T --range -r --cert-type --key-type --pass --ciphers --tls-max --proxy-header --noproxy --unix-socket --config -K --netrc-file --time-cond -z --continue-at -C --speed-limit -Y --speed-time -y --dns-servers --request-target --parallel-max --rate --variable")

// read goes through the words.
func (a *curlArgs) read(words []string) {
	options := curlOptions()
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "--" || w == "-":
		case strings.HasPrefix(w, "--"):
			name, inline, has := strings.Cut(w[2:], "=")
			i += a.apply(find(options, name, false), "--"+name, inline, has, words[i+1:])
		case strings.HasPrefix(w, "-"):
			i += a.cluster(options, w[1:], words[i+1:])
		default:
			a.urls = append(a.urls, w)
		}
	}
}

func find(options []curlOption, name string, short bool) *curlOption {
	i := slices.IndexFunc(options, func(o curlOption) bool { return short && o.short == name || !short && o.long == name })
	if i < 0 || name == "" {
		return nil
	}
	return &options[i]
}

// cluster is -sSL or -XPOST. It returns how many of the next words were values.
func (a *curlArgs) cluster(options []curlOption, letters string, next []string) int {
	for i := range len(letters) {
		o := find(options, letters[i:i+1], true)
		takes := o != nil && o.value || slices.Contains(lostValues, "-"+letters[i:i+1])
		if takes {
			return a.apply(o, "-"+letters[i:i+1], letters[i+1:], i+1 < len(letters), next)
		}
		a.apply(o, "-"+letters[i:i+1], "", false, nil)
	}
	return 0
}

// apply does what an option says. It returns 1 if the next word was its value.
func (a *curlArgs) apply(o *curlOption, name, value string, has bool, next []string) int {
	used := 0
	if !has && (o != nil && o.value || slices.Contains(lostValues, name)) && len(next) > 0 {
		value, used = next[0], 1
	}
	if o == nil {
		a.desk.plan.lose(a.line, "the option "+shorten(name, 40)+" of curl")
		return used
	}
	o.do(a, value)
	return used
}

func (a *curlArgs) set(key string, v Value) {
	a.settings = append(a.settings, Pair{Key: key, Value: v})
}

func (a *curlArgs) header(v string) {
	name, value, ok := strings.Cut(v, ":")
	if !ok {
		name, _, _ = strings.Cut(v, ";")
	}
	if ok && strings.TrimSpace(value) == "" || strings.HasPrefix(v, "@") {
		a.desk.plan.lose(a.line, fmt.Sprintf("-H %q: it takes a header away or reads a file", shorten(v, 40)))
		return
	}
	a.x.headers = append(a.x.headers, field{strings.TrimSpace(name), strings.TrimSpace(value)})
}

func (a *curlArgs) cookie(v string) {
	if !strings.Contains(v, "=") {
		a.desk.plan.lose(a.line, "the cookies of the file "+shorten(v, 60))
		return
	}
	a.header("Cookie: " + v)
}

func (a *curlArgs) addData(v string) { a.data, a.hasData = append(a.data, v), true }

func (a *curlArgs) plainData(v string) { a.fileData(v, true) }

// fileData is data, or with @ the content of a file.
func (a *curlArgs) fileData(v string, strip bool) {
	name, isFile := strings.CutPrefix(v, "@")
	if !isFile {
		a.addData(v)
		return
	}
	text, ok := a.open(name)
	if ok && strip {
		text = strings.NewReplacer("\n", "", "\r", "", "\x00", "").Replace(text)
	}
	a.addData(text)
}

// open reads a file that the command names; what can't be read is noted.
func (a *curlArgs) open(name string) (string, bool) {
	if a.in.Files != nil && name != "-" {
		text, err := a.in.Files(name)
		if err == nil {
			return string(text), true
		}
		a.desk.plan.lose(a.line, fmt.Sprintf("the content of %s: %v", shorten(name, 60), err))
		return "", false
	}
	a.desk.plan.lose(a.line, "the content of "+shorten(name, 60))
	return "", false
}

// encodedData is --data-urlencode: content, =content, name=content, @file or name@file.
func (a *curlArgs) encodedData(v string) {
	i := strings.IndexAny(v, "=@")
	if i < 0 {
		a.addData(url.QueryEscape(v))
		return
	}
	name, value := v[:i], v[i+1:]
	if v[i] == '@' {
		value, _ = a.open(value)
	}
	value = strings.ReplaceAll(url.QueryEscape(value), url.QueryEscape(shellMark), shellMark)
	if name != "" {
		value = name + "=" + value
	}
	a.addData(value)
}

func (a *curlArgs) part(v string) {
	name, value, _ := strings.Cut(v, "=")
	a.parts = append(a.parts, field{name, value})
}

// form is -F: name=value, name=@file or name=<file, with ;type= and ;filename= behind it.
func (a *curlArgs) form(v string) {
	name, value, _ := strings.Cut(v, "=")
	if value == "" || value[0] != '@' && value[0] != '<' {
		a.part(v)
		return
	}
	words := strings.Split(value[1:], ";")
	f := file{name: name, path: strings.Trim(words[0], `"`)}
	for _, w := range words[1:] {
		switch key, of, _ := strings.Cut(strings.TrimSpace(w), "="); key {
		case "type":
			f.mime = of
		case "filename":
			f.filename = strings.Trim(of, `"`)
		}
	}
	if _, ok := a.open(f.path); !ok {
		f.path = ""
	}
	a.uploads = append(a.uploads, f)
}

func (a *curlArgs) timeout(v string) {
	seconds, err := strconv.ParseFloat(v, 64)
	if err != nil || seconds <= 0 || seconds > 86400 {
		a.desk.plan.lose(a.line, "the option --max-time "+shorten(v, 40))
		return
	}
	text := strconv.FormatFloat(seconds, 'f', -1, 64) + "s"
	if _, err := spec.ParseDuration(text); err != nil {
		return
	}
	a.maxTime = text
}

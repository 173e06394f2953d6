package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// peer is a program that is measured beside runner, or that serves.
type peer struct {
	path    string // empty: it is missing
	version string
}

// wanted are the peers, where they come from, and how they say their version.
var wanted = []struct {
	name, debian, module string
	version              []string
}{
	{name: "nginx", debian: "nginx-light", version: []string{"-v"}},
	{name: "wrk", debian: "wrk", version: []string{"--version"}},
	{name: "hey", debian: "hey"},
	{name: "h2load", debian: "nghttp2-client", version: []string{"--version"}},
	{name: "k6", module: "go.k6.io/k6@v1.8.1", version: []string{"version"}},
	{name: "vegeta", module: "github.com/tsenart/vegeta/v12@v12.13.0", version: []string{"-version"}},
}

// findPeers looks for the peers and, if it may, installs what is missing. What can't be had stays missing: the report says so.
func findPeers(install bool, errs io.Writer) map[string]peer {
	peers := map[string]peer{}
	for _, w := range wanted {
		path := look(w.name)
		if path == "" && install {
			fmt.Fprintf(errs, "installing %s …\n", w.name)
			if out, err := installer(w.debian, w.module).CombinedOutput(); err != nil {
				fmt.Fprintf(errs, "  not installed: %v: %s\n", err, lastLine(string(out)))
			}
			path = look(w.name)
		}
		p := peer{path: path}
		if path != "" {
			p.version = version(path, w.version, w.debian, w.module)
		}
		peers[w.name] = p
	}
	return peers
}

func installer(debian, module string) *exec.Cmd {
	if module != "" {
		return exec.Command("go", "install", module)
	}
	return exec.Command("apt-get", "install", "-y", "--no-install-recommends", debian)
}

// look finds a program on the path, where Debian keeps servers, or where go install puts things.
func look(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	folders := []string{"/usr/sbin", os.Getenv("GOBIN")}
	if out, err := exec.Command("go", "env", "GOPATH").Output(); err == nil {
		folders = append(folders, filepath.Join(strings.TrimSpace(string(out)), "bin"))
	}
	for _, folder := range folders {
		if path := filepath.Join(folder, name); folder != "" && executable(path) {
			return path
		}
	}
	return ""
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

var looksLikeVersion = regexp.MustCompile(`v?\d+\.\d+(\.\d+)?[-+.\w]*`)

// version asks the program; one that does not know is asked for at its source.
func version(path string, ask []string, debian, module string) string {
	if _, v, ok := strings.Cut(module, "@"); ok {
		return v
	}
	if len(ask) > 0 {
		out, _ := exec.Command(path, ask...).CombinedOutput() // some end with an error after saying it
		if v := looksLikeVersion.FindString(string(out)); v != "" {
			return v
		}
	}
	if out, err := exec.Command("dpkg-query", "-W", "-f=${Version}", debian).Output(); err == nil {
		return string(out)
	}
	return "unknown"
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

package lsp

import (
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
)

// The part of the protocol's types that this server uses, named as the specification names them (version 3.17). Lines and
// characters count from 0; characters are UTF-16 units.
type (
	position struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	span struct {
		Start position `json:"start"`
		End   position `json:"end"`
	}
	location struct {
		URI   string `json:"uri"`
		Range span   `json:"range"`
	}
	textDocument struct {
		URI  string `json:"uri"`
		Text string `json:"text"`
	}
	textPosition struct {
		TextDocument textDocument `json:"textDocument"`
		Position     position     `json:"position"`
	}
	change struct {
		TextDocument   textDocument `json:"textDocument"`
		ContentChanges []struct {
			Text string `json:"text"`
		} `json:"contentChanges"`
	}
	diagnostic struct {
		Range    span   `json:"range"`
		Severity int    `json:"severity"`
		Code     string `json:"code,omitempty"`
		Source   string `json:"source"`
		Message  string `json:"message"`
	}
	published struct {
		URI         string       `json:"uri"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}
	markup struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	}
	hovered struct {
		Contents markup `json:"contents"`
		Range    span   `json:"range"`
	}
	completion struct {
		Label         string   `json:"label"`
		Kind          int      `json:"kind"`
		Detail        string   `json:"detail,omitempty"`
		Documentation *markup  `json:"documentation,omitempty"`
		SortText      string   `json:"sortText,omitempty"`
		InsertFormat  int      `json:"insertTextFormat,omitempty"`
		TextEdit      textEdit `json:"textEdit"`
	}
	textEdit struct {
		Range   span   `json:"range"`
		NewText string `json:"newText"`
	}
	completions struct {
		Incomplete bool         `json:"isIncomplete"`
		Items      []completion `json:"items"`
	}
	symbol struct {
		Name      string   `json:"name"`
		Detail    string   `json:"detail,omitempty"`
		Kind      int      `json:"kind"`
		Range     span     `json:"range"`
		Selection span     `json:"selectionRange"`
		Children  []symbol `json:"children,omitempty"`
	}
)

// Numbers of the protocol.
const (
	severityError, severityWarning = 1, 2

	kindFunction, kindField, kindVariable, kindModule = 3, 5, 6, 9
	kindProperty, kindValue, kindKeyword, kindFile    = 10, 12, 14, 17

	plainText, snippetText = 1, 2
)

func markdown(text string) markup { return markup{Kind: "markdown", Value: text} }

// pathOf is the path of a file's URI; other URIs, such as untitled:, stay what they are.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return uri
	}
	path := u.Path
	if runtime.GOOS == "windows" {
		path = strings.TrimPrefix(path, "/")
	}
	return filepath.Clean(filepath.FromSlash(path))
}

// uriOf is the URI of a file.
func uriOf(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

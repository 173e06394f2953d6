package request

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// multipart is a body of parts (RFC 7578).
type multipart struct {
	parts []part
	files bool // it has files: it is read while it is sent
	slot  int  // of the boundary
	step  string
}

// part is a field or a file.
type part struct {
	name               string // escaped
	value              *expr.Template
	path               string // of the file; "": a field
	size               int64
	filename, mimeType *expr.Template // nil: as follows
	base, guess        string         // the file's own name, and the type that it suggests
}

// mimeTypes are those of files by the ends of their names. A table of our own is the same on every machine.
var mimeTypes = map[string]string{
	".csv": "text/csv", ".gif": "image/gif", ".gz": "application/gzip", ".htm": "text/html", ".html": "text/html", ".jpeg": "image/jpeg",
	".jpg": "image/jpeg", ".json": "application/json", ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".pdf": "application/pdf", ".png": "image/png",
	".svg": "image/svg+xml", ".txt": "text/plain", ".webp": "image/webp", ".xml": "application/xml", ".yaml": "application/yaml", ".zip": "application/zip",
}

func compileMultipart(c *vu.Compiler, parts []spec.Part) *multipart {
	m := &multipart{slot: c.NewConst()}
	for _, p := range parts {
		one := part{name: escapeName(p.Name)}
		if !p.File.IsZero() {
			one.open(c, p.File)
			m.files = true
		} else {
			one.value = c.Text(p.Value)
		}
		if !p.Filename.IsZero() {
			one.filename = c.Text(p.Filename)
		}
		if !p.ContentType.IsZero() {
			one.mimeType = c.Text(p.ContentType)
		}
		m.parts = append(m.parts, one)
	}
	return m
}

// open finds the file, before the run.
func (p *part) open(c *vu.Compiler, file spec.Text) {
	path, problem := c.File(file)
	if problem != nil {
		c.Add(spec.Problems{*problem})
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		c.Addf(file.Pos, len(file.Value), "the file %s can't be read: %v", file.Value, err)
		return
	}
	p.path, p.size, p.base = path, info.Size(), filepath.Base(path)
	if p.guess = mimeTypes[strings.ToLower(filepath.Ext(path))]; p.guess == "" {
		p.guess = "application/octet-stream"
	}
}

// escapeName makes a text fit between the quotes of a part's header, as browsers do.
func escapeName(s string) string {
	return strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22").Replace(s)
}

// build lays the texts of the body into the VU's buffer. With files it makes x.streamed the body, else the buffer is it.
func (m *multipart) build(v *vu.VU, x *scratch) error {
	boundary, err := m.boundary(v)
	if err != nil {
		return err
	}
	x.multipart = append(append(x.multipart[:0], "multipart/form-data; boundary="...), boundary...)
	x.streamed.files = x.streamed.files[:0]
	for i := range m.parts {
		x.body = append(append(append(x.body, "--"...), boundary...), "\r\n"...)
		if err := m.parts[i].build(v, x); err != nil {
			return fmt.Errorf("multipart %s: %w", m.parts[i].name, err)
		}
		x.body = append(x.body, "\r\n"...)
	}
	x.body = append(append(append(x.body, "--"...), boundary...), "--\r\n"...)
	if m.files {
		x.streamed.text = x.body
		x.req.Content = &x.streamed
	}
	return nil
}

func (p *part) build(v *vu.VU, x *scratch) error {
	x.body = append(append(x.body, `Content-Disposition: form-data; name="`...), p.name...)
	x.body = append(x.body, '"')
	if p.path != "" {
		name, err := p.text(v, x, p.filename, p.base)
		if err != nil {
			return err
		}
		x.body = append(append(append(x.body, `; filename="`...), escapeName(name)...), '"')
	}
	mimeType, err := p.text(v, x, p.mimeType, p.guess)
	if err != nil {
		return err
	}
	if mimeType != "" {
		x.body = append(append(x.body, "\r\nContent-Type: "...), mimeType...)
	}
	x.body = append(x.body, "\r\n\r\n"...)
	if p.path != "" {
		x.streamed.files = append(x.streamed.files, embedded{at: len(x.body), path: p.path, size: p.size})
		return nil
	}
	x.body, err = p.value.Append(x.body, &v.VM)
	return err
}

// text is what a word of the part comes to, or else what the file suggests.
func (p *part) text(v *vu.VU, x *scratch, t *expr.Template, otherwise string) (string, error) {
	if t == nil {
		return otherwise, nil
	}
	var err error
	if x.text, err = t.Append(x.text[:0], &v.VM); err != nil {
		return "", err
	}
	return string(x.text), checkHeader(x.text)
}

// boundary follows from the run's seed and the step, so that the same seed sends the same bytes.
func (m *multipart) boundary(v *vu.VU) (string, error) {
	value, err := v.Run.Const(m.slot, func() (any, error) {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", v.Run.Seed, m.step))
		return "runner-" + hex.EncodeToString(sum[:15]), nil
	})
	if err != nil {
		return "", err
	}
	return value.(string), nil
}

// streamed is a body of texts with files between them.
type streamed struct {
	text  []byte
	files []embedded
}

// embedded is a file that stands before text[at].
type embedded struct {
	at   int
	path string
	size int64
}

var _ protocol.Content = (*streamed)(nil)

// Size is that of all texts and files.
func (s *streamed) Size() int64 {
	n := int64(len(s.text))
	for _, f := range s.files {
		n += f.size
	}
	return n
}

// Open begins to read; each file is opened when its turn comes.
func (s *streamed) Open() (io.ReadCloser, error) {
	var parts []io.Reader
	var files []*fileReader
	from := 0
	for _, f := range s.files {
		one := &fileReader{embedded: f}
		files = append(files, one)
		parts = append(parts, bytes.NewReader(s.text[from:f.at]), one)
		from = f.at
	}
	return &streamedReader{io.MultiReader(append(parts, bytes.NewReader(s.text[from:]))...), files}, nil
}

// Pieces goes through the body without reading files.
func (s *streamed) Pieces(text func([]byte), file func(path string)) {
	from := 0
	for _, f := range s.files {
		text(s.text[from:f.at])
		file(f.path)
		from = f.at
	}
	text(s.text[from:])
}

type streamedReader struct {
	io.Reader
	files []*fileReader
}

// Close closes the file that is being read.
func (r *streamedReader) Close() error {
	for _, f := range r.files {
		f.close()
	}
	return nil
}

// fileReader opens a file at the first read and closes it at its end.
type fileReader struct {
	embedded
	file *os.File
	over bool
}

// Read reads. A file whose size is another than before the run is an error: the request has promised that size.
func (r *fileReader) Read(p []byte) (int, error) {
	if r.over {
		return 0, io.EOF
	}
	if r.file == nil {
		if err := r.open(); err != nil {
			return 0, err
		}
	}
	n, err := r.file.Read(p)
	if err == io.EOF {
		r.close()
	}
	return n, err
}

func (r *fileReader) open() error {
	file, err := os.Open(r.path)
	if err != nil {
		return err
	}
	r.file = file
	info, err := file.Stat()
	if err == nil && info.Size() != r.size {
		err = fmt.Errorf("%s has %d bytes now, and had %d before the run", r.path, info.Size(), r.size)
	}
	return err
}

func (r *fileReader) close() {
	if r.file != nil {
		_ = r.file.Close() // nothing was written
		r.file = nil
	}
	r.over = true
}

package service

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Config says what to run.
type Config struct {
	Command []string // program and arguments; nothing in it is expanded by a shell
	Env     []string // NAME=value, added to the runner's own environment; PORT is added to it
	Dir     string   // working folder; "": the runner's
	Port    int      // from PickPort; 0: one is picked
	// Ready is the path that is polled until it answers 2xx, or a whole http:// URL. "": the service is taken as ready as
	// soon as it was started.
	Ready   string
	Timeout time.Duration       // from the start until it is ready; 0: 120 s
	Grace   time.Duration       // between SIGTERM and SIGKILL; 0: 5 s
	Log     io.Writer           // also gets stdout and stderr as they come, from one goroutine; nil: nobody. Its errors are ignored
	Hurry   <-chan struct{}     // closed: what could not be started gets no grace; nil: it always does
	Mask    func(string) string // hides secrets in log lines that errors show; nil: there are none
}

// complete fills in defaults, and refuses what would fail later in a way that is harder to understand.
func (c *Config) complete() (err error) {
	c.Timeout = cmp.Or(c.Timeout, 120*time.Second)
	c.Grace = cmp.Or(c.Grace, 5*time.Second)
	if c.Mask == nil {
		c.Mask = func(s string) string { return s }
	}
	if len(c.Command) == 0 || c.Command[0] == "" {
		return errors.New("command is empty")
	}
	if info, err := os.Stat(cmp.Or(c.Dir, ".")); err != nil || !info.IsDir() {
		return fmt.Errorf("dir: there is no folder %s", c.Dir)
	}
	if c.Port == 0 {
		c.Port, err = PickPort()
		return err
	}
	if err := tryPort(c.Port); err != nil {
		return fmt.Errorf("%w: port %d (%w)", ErrPortTaken, c.Port, err)
	}
	return nil
}

// explain says why the process could not be started. It names the program only: arguments can hold secrets.
func (c *Config) explain(err error) error {
	program := c.Command[0]
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("the program %q is not installed or not in PATH; install it, or write its path", program)
	case errors.Is(err, fs.ErrNotExist):
		file := program
		if !filepath.IsAbs(file) {
			file = filepath.Join(c.Dir, file)
		}
		if _, err := os.Stat(file); err == nil {
			return fmt.Errorf("cannot start %s: the interpreter that its first line names is missing", file)
		}
		return fmt.Errorf("there is no program %s", file)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s may not be executed (chmod +x?)", program)
	}
	return fmt.Errorf("cannot start %s: %w", program, err)
}

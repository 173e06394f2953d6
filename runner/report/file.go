package report

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// CheckWritable says before any load whether a result can be written to path at its end, and what to do if not. It
// leaves no file and changes none. "-" and devices such as /dev/null and /dev/stdout are fine.
func CheckWritable(path string) error {
	if path == "-" {
		return nil
	}
	if path == "" {
		return errors.New("the file's name is empty: name a file, or - for stdout")
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return checkNew(path)
	case err != nil:
		return fmt.Errorf("%s cannot be reached (%w): name another file", Clean(path), withoutPath(err))
	case info.IsDir():
		return fmt.Errorf("%s is a folder: name a file in it, such as %s", Clean(path), Clean(filepath.Join(path, "result.json")))
	case info.Mode()&fs.ModeSocket != 0:
		return fmt.Errorf("%s is a socket: name a file", Clean(path))
	case !info.Mode().IsRegular():
		return nil
	}
	if info.Mode().Perm()&0o222 == 0 {
		return fmt.Errorf("%s is read-only: make it writable (chmod u+w), or name another file", Clean(path))
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("%s cannot be written (%w): change its permissions, or name another file", Clean(path), withoutPath(err))
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("%s: %w", Clean(path), withoutPath(err))
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return fmt.Errorf("%s: %w", Clean(path), withoutPath(err))
	}
	return checkFolder(path, filepath.Dir(real))
}

// checkNew checks a path at which there is nothing yet.
func checkNew(path string) error {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s is a link to a file that does not exist: remove the link, or name its target", Clean(path))
	}
	if os.IsPathSeparator(path[len(path)-1]) {
		return fmt.Errorf("%s ends like a folder: name a file", Clean(path))
	}
	folder := filepath.Dir(path)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: the folder %s does not exist: create it first (mkdir -p)", Clean(path), Clean(folder))
	}
	return checkFolder(path, folder)
}

// checkFolder tries whether a file can be made in a folder, by making one and removing it.
func checkFolder(path, folder string) error {
	f, err := create(folder, 0o600)
	if err != nil {
		return fmt.Errorf("%s: no file can be made in the folder %s (%w): change its permissions, or name a file elsewhere",
			Clean(path), Clean(folder), withoutPath(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// create makes a new file with a name nobody has. Unlike os.CreateTemp it leaves the permissions to the umask, as a
// user expects of a file he asked for.
func create(folder string, mode fs.FileMode) (*os.File, error) {
	for {
		name := filepath.Join(folder, fmt.Sprintf(".runner-%016x.tmp", rand.Uint64()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// writeFile replaces a file in one step and keeps its permissions; devices and pipes are written as they are. A link
// keeps pointing where it did: its target is replaced.
func writeFile(path string, text []byte) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return writeDevice(path, text)
	}
	mode, keep := fs.FileMode(0o666), false
	if err == nil {
		mode, keep = info.Mode().Perm(), true
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	}
	folder := filepath.Dir(path)
	f, err := create(folder, mode)
	if err != nil {
		return err
	}
	if err := install(f, path, text, mode, keep); err != nil {
		return err
	}
	syncFolder(folder)
	return nil
}

// install fills f and gives it its name, or removes it.
func install(f *os.File, path string, text []byte, mode fs.FileMode, keep bool) error {
	if err := replace(f, path, text, mode, keep); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// replace fills f, makes sure that it is on the disk, and gives it its name.
func replace(f *os.File, path string, text []byte, mode fs.FileMode, keep bool) error {
	_, err := f.Write(text)
	if err == nil && keep {
		err = f.Chmod(mode) // the umask may have taken bits that the old file had
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func writeDevice(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// syncFolder makes the new name survive a power cut where the system can do that. The file itself is complete either
// way, so that an error changes nothing.
func syncFolder(folder string) {
	if d, err := os.Open(folder); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// withoutPath is an error without the path that os puts in front: the message has it already.
func withoutPath(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"
)

// readers is how many queries may run at once. Reads are pure CPU on a file that fits the page cache: more connections
// than cores only cost memory.
const readers = 4

// preparedMax bounds the reads that stay prepared. Filters can spell any number of queries, a dashboard a few dozen.
const preparedMax = 256

// store is the database: one connection that writes, so that writers queue in Go and never meet SQLITE_BUSY, and a few
// that read beside it (write-ahead log: neither waits for the other).
//
// Statements do not take the request's context. A client that hangs up does not undo a purchase half way, as behind a
// real gateway, and the driver starts no goroutine a statement to watch for it.
type store struct {
	file   string
	temp   string // folder to remove at the end; "" if the database is the user's
	writer writer
	reader *sql.DB

	mu       sync.Mutex           // guards querying
	querying map[string]*sql.Stmt // by SQL text
}

// openStore opens or makes the database file; "" is a new one in the system's folder for temporary files.
func openStore(ctx context.Context, file string) (*store, error) {
	s := &store{file: file, querying: map[string]*sql.Stmt{}}
	synchronous := "NORMAL"
	if file == "" {
		folder, err := os.MkdirTemp("", "boxoffice-")
		if err != nil {
			return nil, fmt.Errorf("no place for the database: %w", err)
		}
		s.temp, s.file = folder, filepath.Join(folder, "boxoffice.db")
		synchronous = "OFF" // nobody will read it after a crash
	}
	if err := s.open(ctx, synchronous); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", s.file, err), s.close())
	}
	return s, nil
}

func (s *store) open(ctx context.Context, synchronous string) (err error) {
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(s.file)}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(" + synchronous + ")"
	if err := s.writer.open(ctx, dsn); err != nil {
		return err
	}
	if _, err := s.writer.conn.ExecContext(ctx, schema); err != nil {
		return err
	}
	if s.reader, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return s.reader.PingContext(ctx)
}

// close ends the database and removes it if it was temporary. It may be called on a store that did not open.
func (s *store) close() error {
	var errs []error
	if s.reader != nil {
		errs = append(errs, s.reader.Close())
	}
	errs = append(errs, s.writer.close())
	if s.temp != "" {
		errs = append(errs, os.RemoveAll(s.temp))
	}
	return errors.Join(errs...)
}

// query is a prepared read, and what to call when its rows were read: beyond preparedMax distinct texts a statement is
// made for one call alone.
func (s *store) query(text string) (stmt *sql.Stmt, done func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt, ok := s.querying[text]; ok {
		return stmt, func() {}, nil
	}
	stmt, err = s.reader.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, nil, err
	}
	if len(s.querying) >= preparedMax {
		return stmt, func() { _ = stmt.Close() }, nil
	}
	s.querying[text] = stmt
	return stmt, func() {}, nil
}

// stamp is a time as Postgres's JSON shows it, in UTC and always of one length.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

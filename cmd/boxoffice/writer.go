package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// writer is the one connection that changes the database.
type writer struct {
	db   *sql.DB
	conn *sql.Conn

	mu       sync.Mutex           // held for a whole transaction
	prepared map[string]*sql.Stmt // by SQL text; on conn, so that preparing inside a transaction does not wait for itself
}

func (w *writer) open(ctx context.Context, dsn string) (err error) {
	w.prepared = map[string]*sql.Stmt{}
	if w.db, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	w.conn, err = w.db.Conn(ctx)
	return err
}

func (w *writer) close() error {
	var errs []error
	if w.conn != nil {
		errs = append(errs, w.conn.Close())
	}
	if w.db != nil {
		errs = append(errs, w.db.Close())
	}
	return errors.Join(errs...)
}

// transaction runs do with the database to itself, and commits if do returns nil. Only do may use the tx.
func (w *writer) transaction(do func(tx tx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := tx{w}
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	err := do(t)
	if err == nil {
		_, err = t.exec("COMMIT")
	}
	if err != nil {
		_, undo := t.exec("ROLLBACK")
		return errors.Join(err, undo)
	}
	return nil
}

// tx is a transaction that is open now.
type tx struct{ w *writer }

// exec runs a statement and tells how many rows it changed.
func (t tx) exec(query string, args ...any) (int64, error) {
	stmt, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row reads one row; found is false if there is none.
func (t tx) row(query string, args []any, into ...any) (found bool, err error) {
	stmt, err := t.stmt(query)
	if err != nil {
		return false, err
	}
	err = stmt.QueryRowContext(context.Background(), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// stmt prepares a statement once a process: the texts are constants of this program.
func (t tx) stmt(query string) (*sql.Stmt, error) {
	if stmt, ok := t.w.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := t.w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	t.w.prepared[query] = stmt
	return stmt, nil
}

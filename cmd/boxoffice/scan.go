package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
)

// The states of a ticket.
const (
	ticketValid = "valid"
	ticketUsed  = "used"
)

// scanResult is what the Postgres function scan_ticket_atomic returns: a refusal is a result, not an HTTP error.
type scanResult struct {
	Success    bool    `json:"success"`
	ErrorCode  string  `json:"error_code,omitempty"` // ALREADY_SCANNED, NOT_FOUND
	Message    string  `json:"message"`
	TicketID   string  `json:"ticket_id"`
	EventID    string  `json:"event_id,omitempty"`
	OrderID    string  `json:"order_id,omitempty"`
	HolderName string  `json:"holder_name,omitempty"`
	ScannedAt  *string `json:"scanned_at,omitempty"`
	ScannedBy  *string `json:"scanned_by,omitempty"`
}

const (
	claimTicket = `UPDATE tickets SET status = '` + ticketUsed + `', scanned_at = ?, scanned_by = ? WHERE id = ? AND status = '` + ticketValid + `'`
	findTicket  = `SELECT event_id, order_id, holder_name, scanned_at, scanned_by FROM tickets WHERE id = ?`
)

// scanTicket is POST /rest/v1/rpc/scan_ticket_atomic.
func (s *server) scanTicket(c call) reply {
	if c.role != service {
		return postgrestError(http.StatusUnauthorized, "42501", "permission denied for function scan_ticket_atomic", "")
	}
	data, refusal := c.content()
	if refusal != nil {
		return *refusal
	}
	ticket, scanner, refusal := scanArguments(data)
	if refusal != nil {
		return *refusal
	}
	result, err := s.scan(ticket, scanner)
	if err != nil {
		return broken(err)
	}
	return reply{status: http.StatusOK, body: result}
}

// scanArguments reads the function's named arguments. PostgREST picks a function by its argument names, so an unknown or
// missing one means that there is no such function.
func scanArguments(data []byte) (ticket string, scanner *string, refusal *reply) {
	var args map[string]any
	if err := json.Unmarshal(data, &args); err != nil {
		r := postgrestError(http.StatusBadRequest, "PGRST102", "Empty or invalid json", "")
		return "", nil, &r
	}
	known := map[string]bool{"p_ticket_id": true, "p_scanner_id": true, "p_device_info": true}
	names := slices.Sorted(maps.Keys(args))
	if args["p_ticket_id"] == nil || slices.ContainsFunc(names, func(n string) bool { return !known[n] }) {
		r := postgrestError(http.StatusNotFound, "PGRST202", fmt.Sprintf("Could not find the function public.scan_ticket_atomic(%s) in the schema cache", strings.Join(names, ", ")),
			"Perhaps you meant to call the function public.scan_ticket_atomic(p_device_info, p_scanner_id, p_ticket_id)")
		return "", nil, &r
	}
	ticket, ok := args["p_ticket_id"].(string)
	if !ok || !uuidShape.MatchString(ticket) {
		r := postgrestError(http.StatusBadRequest, "22P02", fmt.Sprintf("invalid input syntax for type uuid: \"%v\"", args["p_ticket_id"]), "")
		return "", nil, &r
	}
	if value := args["p_scanner_id"]; value != nil {
		who := fmt.Sprint(value)
		scanner = &who
	}
	return strings.ToLower(ticket), scanner, nil
}

// scan lets a ticket in once. The UPDATE is the decision: it changes the row for exactly one caller.
func (s *server) scan(ticket string, scanner *string) (scanResult, error) {
	result := scanResult{TicketID: ticket}
	outcome := &s.stats.scans.notFound
	err := s.store.writer.transaction(func(t tx) error {
		now := stamp(s.now())
		claimed, err := t.exec(claimTicket, now, scanner, ticket)
		if err != nil {
			return err
		}
		found, err := t.row(findTicket, []any{ticket}, &result.EventID, &result.OrderID, &result.HolderName, &result.ScannedAt, &result.ScannedBy)
		if err != nil || !found {
			return err
		}
		outcome = s.judge(&result, claimed == 1)
		_, err = t.exec(addScan, ticket, result.EventID, scanner, or(result.ErrorCode, "SUCCESS"), now)
		return err
	})
	if err != nil {
		return scanResult{}, err
	}
	if result.EventID == "" {
		result.ErrorCode, result.Message = "NOT_FOUND", "there is no such ticket"
	}
	s.stats.scans.attempted.Add(1)
	outcome.Add(1)
	return result, nil
}

// judge words the result for a ticket that exists, and says which counter it belongs to.
func (s *server) judge(result *scanResult, won bool) *atomic.Int64 {
	if won {
		result.Success, result.Message = true, "welcome"
		return &s.stats.scans.won
	}
	result.ErrorCode, result.Message = "ALREADY_SCANNED", "this ticket was scanned before"
	return &s.stats.scans.rejected
}

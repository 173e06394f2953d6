package main

// schema is the database of a ticket shop. Times are text in one format (see stamp), so that comparing text compares
// times. seats_sold is what a purchase is checked against; /stats counts seats from the orders instead, so that a mistake
// in the one is seen in the other.
const schema = `
CREATE TABLE IF NOT EXISTS events (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, venue TEXT NOT NULL, status TEXT NOT NULL, starts_at TEXT NOT NULL,
  price_cents INTEGER NOT NULL, currency TEXT NOT NULL, seats_total INTEGER NOT NULL, seats_sold INTEGER NOT NULL,
  created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
  id TEXT PRIMARY KEY, event_id TEXT NOT NULL, customer_email TEXT NOT NULL, customer_name TEXT NOT NULL,
  quantity INTEGER NOT NULL, amount_total INTEGER NOT NULL, currency TEXT NOT NULL, status TEXT NOT NULL,
  stripe_session_id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL, paid_at TEXT);
CREATE INDEX IF NOT EXISTS orders_by_event ON orders (event_id, created_at);
CREATE INDEX IF NOT EXISTS orders_by_time ON orders (created_at);
CREATE TABLE IF NOT EXISTS tickets (
  id TEXT PRIMARY KEY, event_id TEXT NOT NULL, order_id TEXT NOT NULL, status TEXT NOT NULL, holder_name TEXT NOT NULL,
  holder_email TEXT NOT NULL, scanned_at TEXT, scanned_by TEXT, created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS tickets_by_event ON tickets (event_id, status);
CREATE INDEX IF NOT EXISTS tickets_by_time ON tickets (created_at);
CREATE TABLE IF NOT EXISTS scans (
  id INTEGER PRIMARY KEY, ticket_id TEXT NOT NULL, event_id TEXT NOT NULL, scanner_id TEXT, result TEXT NOT NULL,
  scanned_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS scans_by_event ON scans (event_id, scanned_at);
CREATE INDEX IF NOT EXISTS scans_by_time ON scans (scanned_at);
CREATE TABLE IF NOT EXISTS stripe_events (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, received_at TEXT NOT NULL);`

// kind is a column's type as far as filters care.
type kind uint8

const (
	text kind = iota
	integer
	uuid
	timestamp
)

// column is one column that the dashboard may read.
type column struct {
	name string
	kind kind
}

// table is one table that the dashboard may read.
type table struct {
	columns []column
	public  bool // readable with the anon key
}

func (t table) column(name string) (column, bool) {
	for _, c := range t.columns {
		if c.name == name {
			return c, true
		}
	}
	return column{}, false
}

// readable are the tables under /rest/v1, with their columns in the order of select=*.
var readable = map[string]table{
	"events": {public: true, columns: []column{
		{"id", uuid}, {"name", text}, {"venue", text}, {"status", text}, {"starts_at", timestamp}, {"price_cents", integer},
		{"currency", text}, {"seats_total", integer}, {"seats_sold", integer}, {"created_at", timestamp}}},
	"orders": {columns: []column{
		{"id", uuid}, {"event_id", uuid}, {"customer_email", text}, {"customer_name", text}, {"quantity", integer},
		{"amount_total", integer}, {"currency", text}, {"status", text}, {"stripe_session_id", text},
		{"created_at", timestamp}, {"paid_at", timestamp}}},
	"tickets": {columns: []column{
		{"id", uuid}, {"event_id", uuid}, {"order_id", uuid}, {"status", text}, {"holder_name", text},
		{"holder_email", text}, {"scanned_at", timestamp}, {"scanned_by", text}, {"created_at", timestamp}}},
	"scans": {columns: []column{
		{"id", integer}, {"ticket_id", uuid}, {"event_id", uuid}, {"scanner_id", text}, {"result", text},
		{"scanned_at", timestamp}}},
}

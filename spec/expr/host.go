// Package expr compiles the plan's expressions and templates into read-only programs and runs them on a VM that one
// virtual user owns. It is the only importer of expr-lang. It does not know what a request, a scenario or a metric is:
// what an expression may ask of its surroundings is the Host interface.
package expr

import (
	"time"

	"runner/spec/extract"
)

// Host is what expressions may ask of the one that evaluates them. Only the VM's owner calls it.
type Host interface {
	Random() Random                    // the iteration's random source, the same for the same (seed, scenario, iteration)
	Now() time.Time                    // wall clock
	Generate(i int) (any, error)       // generator i of the scope, afresh
	Row(i int) (map[string]any, error) // feeder i's row of this iteration, drawn at first use
	Rows(i int) (int64, error)         // how many rows feeder i has
	RequestBody() ([]byte, error)      // exact bytes that will be sent
	Response() Response                // the last response; nil before the first
	StepResponse(slot int) Response    // the last response of a step in this iteration; nil before it
}

// Random is the part of math/rand/v2's generators that functions use.
type Random interface{ Uint64() uint64 }

// Response is what expressions may ask of the last response.
type Response interface {
	// JSON finds a gjson path. ok is false if nothing is there; err if the body is not valid JSON. Integral numbers are
	// int64, others float64; objects and lists become map[string]any and []any.
	JSON(path string) (v any, ok bool, err error)
	// Document is the decoded body, for questions that are no JSON paths.
	Document() (*extract.Document, error)
	// Header is the value of a header, several joined by ", "; "" if absent.
	Header(name string) string
	// Body is the decoded body as text.
	Body() (string, error)
	// Cookies are the cookies that the response set.
	Cookies() map[string]any
	// Headers are all headers by lower-case name.
	Headers() map[string]any

	Status() int
	Duration() float64 // ms
	Waiting() float64  // ms
	Size() int         // bytes of the body as received
	URL() string
	Proto() string
}

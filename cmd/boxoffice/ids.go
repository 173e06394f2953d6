package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
)

// newUUID is a random (version 4) id. Nothing here is worth guessing, so the fast generator will do.
func newUUID() string { return formatUUID(rand.Uint64(), rand.Uint64()) }

// formatUUID lays 122 of 128 bits out as a version 4 UUID.
func formatUUID(hi, lo uint64) string {
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&(1<<48-1))
}

var uuidShape = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// newSessionID looks like the id of a Stripe Checkout session in test mode.
func newSessionID() string {
	id := []byte("cs_test_")
	for range 58 {
		id = append(id, alphanumeric[rand.IntN(len(alphanumeric))])
	}
	return string(id)
}

package main

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// keys are the two keys of a Supabase project.
type keys struct{ anon, service string }

// role is what a key allows.
type role uint8

const (
	nobody  role = iota
	anon         // the public: buy tickets, read events
	service      // the staff: everything
)

// access is what a route asks of its callers.
type access uint8

const (
	open       access = iota // nothing
	restKey                  // the apikey header, as in front of PostgREST
	anyKey                   // a key in either header, as in front of an edge function
	serviceKey               // the service-role key in either header
)

// gateMessage is the shape in which Supabase's gateway refuses.
type gateMessage struct {
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// admit finds the caller's role. A key that is present must be right, even where the other header would do; a bearer
// token outranks the apikey, as it does in Supabase. The refusal is nil if the caller may go on.
func (k keys) admit(r *http.Request, need access) (role, *reply) {
	if need == open {
		return nobody, nil
	}
	key, authorization := r.Header.Get("Apikey"), r.Header.Get("Authorization")
	if key == "" && (need == restKey || authorization == "") {
		return nobody, refuse("No API key found in request", "No `apikey` request header was found.")
	}
	caller := k.role(key)
	if key != "" && caller == nobody {
		return nobody, refuse("Invalid API key", "Double check your Supabase `anon` or `service_role` API key.")
	}
	if authorization != "" {
		token, ok := strings.CutPrefix(authorization, "Bearer ")
		if caller = k.role(token); !ok || caller == nobody {
			return nobody, refuse("Invalid JWT", "Authorization must be \"Bearer \" and the anon or service_role key.")
		}
	}
	if need == serviceKey && caller != service {
		return nobody, refuse("permission denied", "This needs the service_role key.")
	}
	return caller, nil
}

// role tells whose key it is, in a time that does not depend on how much of a guess is right.
func (k keys) role(key string) role {
	switch {
	case key == "":
		return nobody
	case subtle.ConstantTimeCompare([]byte(key), []byte(k.service)) == 1:
		return service
	case subtle.ConstantTimeCompare([]byte(key), []byte(k.anon)) == 1:
		return anon
	}
	return nobody
}

func refuse(message, hint string) *reply {
	return &reply{status: http.StatusUnauthorized, body: gateMessage{Message: message, Hint: hint}}
}

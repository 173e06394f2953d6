package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// security are the words of a request that its security requirements ask for: the first alternative that a plan can say.
func (a *api) security(o operation) []Pair {
	requirements := a.doc.Security
	if o.Security != nil {
		requirements = *o.Security
	}
	for _, r := range requirements {
		var words []Pair
		names := make([]string, 0, len(r))
		for name := range r {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			words = append(words, a.scheme(name, r[name])...)
		}
		if len(words) > 0 || len(r) == 0 {
			return words
		}
	}
	return nil
}

// scheme is one security scheme; the same for every operation that names it.
func (a *api) scheme(name string, scopes []string) []Pair {
	if words, known := a.auth[name]; known {
		return words
	}
	var words []Pair
	if a.doc.Components != nil {
		if ref := a.doc.Components.SecuritySchemes[name]; ref != nil && ref.Value != nil {
			words = a.words(name, ref.Value, scopes)
		}
	}
	if words == nil {
		a.plan.lose(0, fmt.Sprintf("the security scheme %s", oneLine(name)))
	}
	a.auth[name] = words
	return words
}

// secretFor is a variable for a secret that the document only describes.
func (a *api) secretFor(name, what string) Value {
	v := a.secrets.names.free(shout(name))
	a.plan.Env = append(a.plan.Env, Variable{Name: v, Secret: true, Description: oneLine(what)})
	return Template("${env." + v + "}")
}

func (a *api) words(name string, s *openapi3.SecurityScheme, scopes []string) []Pair {
	auth := func(kind string, v Value) []Pair { return []Pair{{Key: "auth", Value: Map(Pair{Key: kind, Value: v})}} }
	login := func(prefix string) Value {
		a.plan.Env = append(a.plan.Env, Variable{Name: a.secrets.names.free(prefix + "USERNAME"), Default: "user"})
		user := a.plan.Env[len(a.plan.Env)-1].Name
		return Map(Pair{Key: "username", Value: Template("${env." + user + "}")}, Pair{Key: "password", Value: a.secretFor(prefix+"PASSWORD", "the password for "+name)})
	}
	switch {
	case s.Type == "http" && strings.EqualFold(s.Scheme, "bearer"):
		return auth("bearer", a.secretFor("TOKEN", "the token for "+name))
	case s.Type == "http" && (strings.EqualFold(s.Scheme, "basic") || strings.EqualFold(s.Scheme, "digest")):
		return auth(strings.ToLower(s.Scheme), login(""))
	case s.Type == "openIdConnect":
		return auth("bearer", a.secretFor("TOKEN", "an access token for "+name))
	case s.Type == "oauth2":
		return a.oauth2(name, s, scopes)
	case s.Type == "apiKey" && headerName().MatchString(s.Name):
		pair := Map(Pair{Key: s.Name, Value: a.secretFor(s.Name, "the API key for "+name)})
		word := map[string]string{"header": "headers", "query": "query", "cookie": "cookies"}[s.In]
		if word != "" {
			return []Pair{{Key: word, Value: pair}}
		}
	}
	return nil
}

// oauth2 is the client credentials flow where there is one; of flows with a browser only the token is left.
func (a *api) oauth2(name string, s *openapi3.SecurityScheme, scopes []string) []Pair {
	var flow *openapi3.OAuthFlow
	if s.Flows != nil {
		flow = s.Flows.ClientCredentials
	}
	if flow == nil || flow.TokenURL == "" || !isText(flow.TokenURL) || strings.ContainsAny(flow.TokenURL, "{}$ ") {
		a.plan.lose(0, fmt.Sprintf("how a token of %s is got (it needs a browser): TOKEN is one that you have", oneLine(name)))
		return []Pair{{Key: "auth", Value: Map(Pair{Key: "bearer", Value: a.secretFor("TOKEN", "an access token for "+name)})}}
	}
	a.plan.Env = append(a.plan.Env, Variable{Name: a.secrets.names.free("CLIENT_ID"), Default: "load-test"})
	id := a.plan.Env[len(a.plan.Env)-1].Name
	a.plan.Env = append(a.plan.Env, Variable{Name: a.secrets.names.free("TOKEN_URL"), Default: flow.TokenURL})
	endpoint := a.plan.Env[len(a.plan.Env)-1].Name
	words := []Pair{
		{Key: "token_url", Value: Template("${env." + endpoint + "}")},
		{Key: "client_id", Value: Template("${env." + id + "}")},
		{Key: "client_secret", Value: a.secretFor("CLIENT_SECRET", "the client's secret for "+name)},
	}
	if len(scopes) > 0 {
		words = append(words, Pair{Key: "scope", Value: Literal(strings.Join(scopes, " "))})
	}
	return []Pair{{Key: "auth", Value: Map(Pair{Key: "oauth2", Value: Map(words...)})}}
}

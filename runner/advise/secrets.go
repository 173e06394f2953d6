package advise

import (
	"regexp"
	"slices"
	"strings"

	"runner/spec"
)

var (
	// known are keys by the shape that who hands them out gives them.
	known = regexp.MustCompile(`\b(?:sk_live_[A-Za-z0-9]{16,}|rk_live_[A-Za-z0-9]{16,}|A(?:KI|SI)A[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,}|glpat-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{20,}|AIza[A-Za-z0-9_-]{35}|SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,})\b|-----BEGIN [A-Z ]*PRIVATE KEY-----`)
	// secretKeys are words and fields whose value is one.
	secretKeys = regexp.MustCompile(`(?i)^(?:password|passwd|passphrase|client_?secret|secret_?key|secret_access_key|api_?key|x-api-key|private_?key|refresh_token|bearer)$`)
	secretEnv  = regexp.MustCompile(`(?i)(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)(?:$|_)`)
	scheme     = regexp.MustCompile(`(?i)^(?:bearer|basic|token|apikey)\s+(\S+)$`)
	// harmless is what nobody has to hide: a value that says so itself.
	harmless = regexp.MustCompile(`(?i)test|demo|example|sample|dummy|fake|local|change.?me|placeholder|secret|pass|wrong|invalid|xxx|\*\*\*|^none$|^null$|^anon`)
)

const secretHint = `read it from the environment: env: { NAME: { secret: true } }, and ${env.NAME} here`

// secrets finds what should not stand in a file that others read. The value is masked in the snippet.
func secrets(s *Subject) spec.Problems {
	var found spec.Problems
	add := func(t spec.Text, value, format string, args ...any) {
		s.Plan.Hide(t)
		found = append(found, at(t.Pos, value, format, args...).WithHint("%s", secretHint))
	}
	s.Plan.Written(func(keys []string, t spec.Text) {
		key := last(keys)
		switch {
		case slices.Contains(keys, "default") && slices.Contains(keys, "env"): // judged below, with what the variable says
		case known.MatchString(t.Value):
			add(t, firstLine(t.Value), "this looks like a real key, in plain text")
		case strings.Contains(t.Value, "${"):
		case strings.EqualFold(key, "Authorization") && slices.Contains(keys, "headers"):
			if m := scheme.FindStringSubmatch(t.Value); m != nil && !harmless.MatchString(m[1]) {
				add(t, t.Value, "a token stands here in plain text")
			}
		case secretKeys.MatchString(key) && len(t.Value) >= 6 && !harmless.MatchString(t.Value) && !inExpressions(keys):
			add(t, t.Value, "%s stands here in plain text", key)
		}
	})
	return append(found, shownEnv(s)...)
}

// shownEnv finds variables that are secrets by their names and are not masked.
func shownEnv(s *Subject) spec.Problems {
	var found spec.Problems
	for _, e := range s.Plan.Env {
		if e.Value == nil || e.Value.Secret.Set || !s.own(e.KeyPos) || !secretEnv.MatchString(e.Key) {
			continue
		}
		found = append(found, at(e.KeyPos, e.Key, "%s is a secret by its name, and is not masked in outputs", e.Key).
			WithHint("write secret: true, or secret: false if it is none"))
	}
	return found
}

// inExpressions tells whether a value is an expression: its text is code, not a secret.
func inExpressions(keys []string) bool {
	return slices.Contains(keys, "capture") || slices.Contains(keys, "check") || slices.Contains(keys, "thresholds")
}

func last(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return keys[len(keys)-1]
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

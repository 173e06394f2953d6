package draft

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when it is first asked for. There are more than fifty in this package:
// compiled with the program's variables they were 4 ms of each start, and few starts draft a plan.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

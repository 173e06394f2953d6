package data

import "strings"

// find is the value at a path of keys joined by dots.
func find(text []byte, path string) (any, bool, error) {
	v, err := decode(text, 1)
	if err != nil {
		return nil, false, err
	}
	for key := range strings.SplitSeq(path, ".") {
		object, _ := v.(map[string]any)
		var ok bool
		if v, ok = object[key]; !ok {
			return nil, false, nil
		}
	}
	return v, true, nil
}

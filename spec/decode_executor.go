package spec

import (
	"reflect"
	"slices"
	"strings"
)

// executor decodes the executor that type names.
func (d *decoder) executor(p pair) Executor {
	if p.val.kind != mapNode {
		d.wrongKind(p, "executor", "a map such as { type: constant-vus, vus: 10, duration: 30s }")
		return nil
	}
	at, width := whereOf(p)
	t := p.val.pair("type")
	if t == nil || t.val.kind != scalarNode {
		d.add(Problemf(at, width, "type is missing in executor").WithHint("one of %s", strings.Join(executorKinds(), ", ")))
		return nil
	}
	i := slices.Index(executorKinds(), t.val.text)
	if i < 0 {
		d.add(Problemf(t.val.pos, t.val.width, "unknown executor %s", quoteShort(t.val.text)).WithHint("%s", orList(t.val.text, executorKinds())))
		return nil
	}
	e := executorTypes()[i]
	d.words(p, reflect.ValueOf(e).Elem(), place{"executor " + t.val.text, "executor"}, []string{"type"})
	return e
}

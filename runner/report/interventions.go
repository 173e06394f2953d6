package report

import (
	"fmt"

	"runner/runner/metrics"
)

// changed says that people changed the run while it went.
func (p *page) changed(r *metrics.Result) {
	parts := changes(r.Interventions)
	if len(parts) == 0 {
		return
	}
	if r.Run.PausedS > 0 {
		parts = append(parts, seconds(r.Run.PausedS)+" standing still")
	}
	p.line(yellow, "Changed by hand while it ran, so not comparable with other runs:")
	for _, part := range parts {
		p.line(yellow, cut(Clean("  "+part), p.limit))
	}
}

// changes lists what people changed while a run went.
func changes(list []metrics.Intervention) []string {
	var parts []string
	for _, i := range list {
		switch i.Action {
		case "pause":
			parts = append(parts, "paused at "+seconds(i.AtS))
		case "resume":
			parts = append(parts, "resumed at "+seconds(i.AtS))
		case "scale":
			parts = append(parts, fmt.Sprintf("%s ×%s at %s", i.Scenario, number(i.Factor, digits), seconds(i.AtS)))
		default:
			parts = append(parts, "stopped at "+seconds(i.AtS))
		}
	}
	const most = 6
	if more := len(parts) - most; more > 1 {
		parts = append(parts[:most], fmt.Sprintf("and %d more changes", more))
	}
	return parts
}

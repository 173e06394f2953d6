package report

import (
	"fmt"
	"strings"
)

// screen redraws a few lines in place. It never hides the cursor and leaves it at the start of the line below its
// frame, so that there is nothing to restore if the process dies; each change is one write.
type screen struct {
	color bool
	size  func() (columns, rows int)

	info  Info
	live  *Live // of the last frame
	drawn []int // the widths of the lines on the screen
}

func (s *screen) start(info Info) string {
	s.info = info
	return joinLines(introduction(info))
}

func (s *screen) show(live *Live, lines []string) string {
	if live != nil {
		s.live = live
	}
	columns, rows := s.size()
	var b strings.Builder
	b.WriteString(s.up(columns))
	if len(lines) > 0 {
		b.WriteString("\x1b[J") // lines may be longer than the frame's lines that they replace
		b.WriteString(joinLines(lines))
	}
	s.drawn = s.drawn[:0]
	if s.live != nil {
		for _, line := range frame(s.live, s.info, columns-1, rows-1, s.color) {
			b.WriteString(line + "\x1b[K\n")
			s.drawn = append(s.drawn, width(line))
		}
	}
	b.WriteString("\x1b[J")
	return b.String()
}

// end takes the frame away: the tables that follow say the same and more.
func (s *screen) end() string {
	columns, _ := s.size()
	up := s.up(columns)
	if up == "" {
		return ""
	}
	return up + "\x1b[J"
}

// up moves the cursor to the start of the frame. A terminal that became narrower has broken its lines in several.
func (s *screen) up(columns int) string {
	rows := 0
	for _, w := range s.drawn {
		rows += max(1, (w+columns-1)/max(1, columns))
	}
	if rows == 0 {
		return ""
	}
	return fmt.Sprintf("\r\x1b[%dA", rows)
}

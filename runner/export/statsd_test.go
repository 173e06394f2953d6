package export

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// datagrams are the lines that come to an UDP port until one of them begins with last.
func datagrams(t *testing.T, conn net.PacketConn, last string) (lines []string) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	buf := make([]byte, 1<<16)
	for {
		n, _, err := conn.ReadFrom(buf)
		if err != nil {
			t.Fatalf("%v after %q", err, lines)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(buf[:n])), "\n") {
			lines = append(lines, line)
			if strings.HasPrefix(line, last) {
				slices.Sort(lines)
				return lines
			}
		}
	}
}

func TestStatsD(t *testing.T) {
	for name, query := range map[string]string{"datadog": "", "plain": "?tags=none"} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.ListenPacket("udp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			s, err := openStatsD(conn.LocalAddr().String() + query)
			if err != nil {
				t.Fatal(err)
			}
			list, _ := intervals(t, shop(), 1)
			if r := feed(t, s, infoOf(shop()), list); r.Delivered != 1 || r.Error != "" {
				t.Fatalf("%+v", r)
			}
			golden(t, "statsd-"+name+".txt", []byte(strings.Join(datagrams(t, conn, "runner.vus_max.max:"), "\n")+"\n"))
		})
	}
}

package http2

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/net/http2"

	"runner/runner/protocol"
)

// hostileRow is what a server does, and what its request must come to.
type hostileRow struct {
	reason string
	script func(s *side)
	want   protocol.Class
	text   string // in the failure
	body   string // of the response
	closes bool   // the connection, when the script is over
	flood  bool   // too long to be sent byte by byte
	change func(*protocol.Request)
}

// on makes a script of what happens after the greeting and the request's head.
func on(then func(s *side, id uint32)) func(*side) {
	return func(s *side) {
		s.greet()
		then(s, s.request())
	}
}

func short(req *protocol.Request) { req.Timeout = 200 * time.Millisecond }

func upload(n int) func(*protocol.Request) {
	return func(req *protocol.Request) {
		req.Method, req.Body, req.HasBody, req.Timeout = "POST", make([]byte, n), true, 300*time.Millisecond
	}
}

func hostileRows() []hostileRow {
	rows := append(hostilePrefaces(), hostileFrames()...)
	rows = append(rows, hostileHeads()...)
	rows = append(rows, hostileBodies()...)
	rows = append(rows, hostileFarewells()...)
	rows = append(rows, hostileSettings()...)
	return rows
}

func hostilePrefaces() []hostileRow {
	return []hostileRow{
		{reason: "HTTP/1.1 in place of HTTP/2", script: func(s *side) { s.raw("HTTP/1.1 400 Bad Request\r\n\r\n") }, want: broken, text: "speaks HTTP/1.1"},
		{reason: "half a word of HTTP/1.1, then nothing", script: func(s *side) { s.raw("HTTP") }, want: late, change: short},
		{reason: "TLS in the clear", script: func(s *side) { s.raw("\x15\x03\x03\x00\x02\x02\x46") }, want: broken, text: "TLS"},
		{reason: "a greeting of another protocol", script: func(s *side) { s.raw("220 mail.example.com ESMTP\r\n") }, want: broken, text: "220 mail"},
		{reason: "no settings first", script: func(s *side) { s.frame(8, framePing, 0, 0, "12345678") }, want: broken, text: "settings"},
		{reason: "an acknowledgement first", script: func(s *side) { s.frame(0, frameSettings, flagAck, 0, "") }, want: broken, text: "settings"},
		{reason: "closed before a word", script: func(*side) {}, want: gone, closes: true},
		{reason: "closed after the settings", script: func(s *side) { s.greet(); s.request() }, want: gone, text: "waiting for the first byte", closes: true},
		{reason: "silence", script: func(*side) {}, want: late, change: short},
		{reason: "silence after the settings", script: func(s *side) { s.greet() }, want: late, change: short},
	}
}

func hostileFrames() []hostileRow {
	odd := func(length int, kind, flags byte, id uint32, payload string) func(*side) {
		return on(func(s *side, _ uint32) { s.frame(length, kind, flags, id, payload) })
	}
	return []hostileRow{
		{reason: "a frame larger than ours may be", script: odd(1<<14+1, frameData, 0, 1, ""), want: broken, text: "16385"},
		{reason: "the largest length there is", script: odd(1<<24-1, 0x77, 0, 0, ""), want: broken},
		{reason: "a type that nobody knows", script: on(func(s *side, id uint32) { s.frame(3, 0x77, 0xff, id, "abc"); s.answer(id) }), body: "hi"},
		{reason: "reserved bit set", script: on(func(s *side, id uint32) {
			s.frame(len(s.block(":status", "204")), frameHeaders, flagEndHeaders|flagEndStream, id|1<<31, string(s.block(":status", "204")))
		})},
		{reason: "DATA on stream 0", script: odd(1, frameData, 0, 0, "x"), want: broken, text: "stream 0"},
		{reason: "HEADERS on stream 0", script: odd(1, frameHeaders, flagEndHeaders, 0, "\x88"), want: broken, text: "stream 0"},
		{reason: "HEADERS on a stream of the server's", script: odd(1, frameHeaders, flagEndHeaders, 2, "\x88"), want: broken, text: "stream 2"},
		{reason: "HEADERS on a stream not begun", script: odd(1, frameHeaders, flagEndHeaders, 99, "\x88"), want: broken, text: "stream 99"},
		{reason: "DATA on a stream not begun", script: odd(1, frameData, 0, 99, "x"), want: broken, text: "stream 99"},
		{reason: "RST_STREAM on a stream not begun", script: odd(4, frameReset, 0, 99, "\x00\x00\x00\x00"), want: broken, text: "stream 99"},
		{reason: "RST_STREAM on stream 0", script: odd(4, frameReset, 0, 0, "\x00\x00\x00\x00"), want: broken},
		{reason: "RST_STREAM of the wrong length", script: odd(3, frameReset, 0, 1, "abc"), want: broken},
		{reason: "WINDOW_UPDATE on a stream not begun", script: odd(4, frameWindowUpdate, 0, 99, word(1)), want: broken, text: "stream 99"},
		{reason: "WINDOW_UPDATE of the wrong length", script: odd(5, frameWindowUpdate, 0, 0, "abcde"), want: broken},
		{reason: "WINDOW_UPDATE by nothing", script: odd(4, frameWindowUpdate, 0, 0, word(0)), want: broken},
		{reason: "WINDOW_UPDATE by nothing on the stream", script: odd(4, frameWindowUpdate, 0, 1, word(0)), want: broken},
		{reason: "the connection's window overflows", script: odd(4, frameWindowUpdate, 0, 0, word(maxWindow)), want: broken},
		{reason: "the stream's window overflows", script: odd(4, frameWindowUpdate, 0, 1, word(maxWindow)), want: broken},
		{reason: "PING of the wrong length", script: odd(7, framePing, 0, 0, "1234567"), want: broken},
		{reason: "PING on a stream", script: odd(8, framePing, 0, 1, "12345678"), want: broken},
		{reason: "PRIORITY of the wrong length", script: odd(4, framePriority, 0, 1, "1234"), want: broken},
		{reason: "PRIORITY is no matter", script: on(func(s *side, id uint32) { s.frame(5, framePriority, 0, id, "\x00\x00\x00\x00\x10"); s.answer(id) }), body: "hi"},
		{reason: "a push", script: odd(5, framePush, flagEndHeaders, 1, "\x00\x00\x00\x02\x88"), want: broken, text: "push"},
		{reason: "a CONTINUATION of nothing", script: odd(1, frameContinuation, flagEndHeaders, 1, "\x88"), want: broken},
		{reason: "PINGs are answered", script: on(func(s *side, id uint32) {
			_ = s.WritePing(false, [8]byte{1, 2, 3})
			for {
				f, err := s.ReadFrame()
				if err != nil {
					return
				}
				if p, ok := f.(*http2.PingFrame); ok && p.IsAck() && p.Data == [8]byte{1, 2, 3} {
					s.answer(id)
					return
				}
			}
		}), body: "hi"},
		{reason: "a flood of PINGs", flood: true, script: on(func(s *side, _ uint32) {
			go func() { _, _ = s.discard() }()
			for range 20_000 {
				if s.WritePing(false, [8]byte{}) != nil {
					return
				}
			}
		}), want: broken, text: "in a row"},
		{reason: "a flood of settings", flood: true, script: on(func(s *side, _ uint32) {
			go func() { _, _ = s.discard() }()
			for range 20_000 {
				if s.WriteSettings() != nil {
					return
				}
			}
		}), want: broken, text: "in a row"},
		{reason: "a flood of empty DATA", flood: true, script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200")
			for range 20_000 {
				if s.WriteData(id, false, nil) != nil {
					return
				}
			}
		}), want: broken, text: "in a row"},
	}
}

func hostileHeads() []hostileRow {
	head := func(fields ...string) func(*side) {
		return on(func(s *side, id uint32) { s.head(id, true, fields...) })
	}
	return []hostileRow{
		{reason: "no status", script: head("x-a", "b"), want: broken, text: ":status"},
		{reason: "an empty list", script: head(), want: broken, text: ":status"},
		{reason: "two statuses", script: head(":status", "200", ":status", "200"), want: broken},
		{reason: "a status behind a field", script: head("x-a", "b", ":status", "200"), want: broken},
		{reason: "a status of two digits", script: head(":status", "20"), want: broken},
		{reason: "a status that is none", script: head(":status", "2x0"), want: broken},
		{reason: "a status below 100", script: head(":status", "099"), want: broken},
		{reason: "status 999 is one", script: head(":status", "999")},
		{reason: "a request's pseudo-header", script: head(":status", "200", ":path", "/"), want: broken},
		{reason: "a name in upper case", script: head(":status", "200", "X-A", "b"), want: broken, text: "X-A"},
		{reason: "a name with a space", script: head(":status", "200", "x a", "b"), want: broken},
		{reason: "an empty name", script: head(":status", "200", "", "b"), want: broken},
		{reason: "a line break in a value", script: head(":status", "200", "x-a", "b\r\nc: d"), want: broken},
		{reason: "a NUL in a value", script: head(":status", "200", "x-a", "b\x00"), want: broken},
		{reason: "a field of connections", script: head(":status", "200", "connection", "close"), want: broken, text: "connection"},
		{reason: "transfer-encoding", script: head(":status", "200", "transfer-encoding", "chunked"), want: broken},
		{reason: "two lengths that differ", script: head(":status", "200", "content-length", "1", "content-length", "2"), want: broken},
		{reason: "a length that is no number", script: head(":status", "200", "content-length", "0x1"), want: broken},
		{reason: "a length of 2^63", script: head(":status", "200", "content-length", "9223372036854775808"), want: broken},
		{reason: "101", script: on(func(s *side, id uint32) { s.head(id, false, ":status", "101") }), want: broken, text: "101"},
		{reason: "an interim reply that ends the stream", script: head(":status", "103"), want: broken, text: "1xx"},
		{reason: "an interim reply with a length", script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "103", "content-length", "99")
			s.answer(id)
		}), body: "hi"},
		{reason: "a flood of interim replies", script: on(func(s *side, id uint32) {
			for range 50 {
				s.head(id, false, ":status", "103")
			}
		}), want: broken, text: "too many 1xx"},
		{reason: "bytes that are no headers", script: on(func(s *side, id uint32) { s.frame(2, frameHeaders, flagEndHeaders, id, "\xff\xff") }), want: broken, text: "decoded"},
		{reason: "an index of nothing", script: on(func(s *side, id uint32) { s.frame(1, frameHeaders, flagEndHeaders, id, "\x80") }), want: broken},
		{reason: "a list that breaks off", script: on(func(s *side, id uint32) { s.frame(2, frameHeaders, flagEndHeaders, id, "\x00\x05") }), want: broken},
		{reason: "padding longer than its frame", script: on(func(s *side, id uint32) { s.frame(2, frameHeaders, flagEndHeaders|flagPadded, id, "\x05\x88") }), want: broken},
		{reason: "padding and priority are taken off", script: on(func(s *side, id uint32) {
			s.frame(9, frameHeaders, flagEndHeaders|flagEndStream|flagPadded|flagPriority, id, "\x02\x00\x00\x00\x00\x10\x88\x00\x00")
		})},
		{reason: "more than 1,000 fields", script: on(func(s *side, id uint32) {
			fields := []string{":status", "200"}
			for range 1001 {
				fields = append(fields, "x", "y")
			}
			s.head(id, true, fields...)
		}), want: broken, text: "1,000"},
		{reason: "headers larger than 256 KiB", flood: true, script: on(func(s *side, id uint32) {
			_ = s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: s.block(":status", "200")})
			for i := range 30 {
				_ = s.WriteContinuation(id, i == 29, s.block(fmt.Sprint("x", i), strings.Repeat("\x7e", 10_000)))
			}
		}), want: broken, text: "256 KiB"},
		{reason: "a bomb of indexed fields", flood: true, script: on(func(s *side, id uint32) {
			_ = s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: s.block(":status", "200", "x", strings.Repeat("y", 4000))})
			for range 20 {
				_ = s.WriteContinuation(id, false, []byte(strings.Repeat("\xbe", 16_000)))
			}
		}), want: broken},
		{reason: "a flood of empty CONTINUATIONs", flood: true, script: on(func(s *side, id uint32) {
			_ = s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: s.block(":status", "200")})
			for range 1000 {
				if s.WriteContinuation(id, false, nil) != nil {
					return
				}
			}
		}), want: broken, text: "128 frames"},
		{reason: "another frame among the headers", script: on(func(s *side, id uint32) {
			_ = s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: s.block(":status", "200")})
			_ = s.WritePing(false, [8]byte{})
		}), want: broken, text: "in a row"},
		{reason: "a CONTINUATION of another stream", script: on(func(s *side, id uint32) {
			_ = s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: s.block(":status", "200")})
			_ = s.WriteContinuation(id+2, true, nil)
		}), want: broken, text: "in a row"},
		{reason: "headers in three frames", script: on(func(s *side, id uint32) {
			_ = s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: s.block(":status", "200"), EndStream: true})
			_ = s.WriteContinuation(id, false, s.block("x-a", "b"))
			_ = s.WriteContinuation(id, true, s.block("x-c", "d"))
		})},
	}
}

func hostileBodies() []hostileRow {
	reply := func(fields []string, parts ...string) func(*side) {
		return on(func(s *side, id uint32) {
			s.head(id, false, append([]string{":status", "200"}, fields...)...)
			for i, p := range parts {
				s.data(id, i == len(parts)-1, p)
			}
		})
	}
	length := func(n string) []string { return []string{"content-length", n} }
	return []hostileRow{
		{reason: "DATA before HEADERS", script: on(func(s *side, id uint32) { s.data(id, true, "hi") }), want: broken, text: "before the headers"},
		{reason: "a body shorter than its length", script: reply(length("5"), "hi"), want: broken, text: "content-length 5"},
		{reason: "a body longer than its length", script: reply(length("1"), "hi"), want: broken, text: "content-length 1"},
		{reason: "headers alone, with a length", script: on(func(s *side, id uint32) { s.head(id, true, ":status", "200", "content-length", "5") }), want: broken},
		{reason: "the same length twice", script: reply([]string{"content-length", "2", "content-length", "2"}, "hi"), body: "hi"},
		{reason: "a body in parts, some empty", script: reply(nil, "", "h", "", "i", ""), body: "hi"},
		{reason: "a body to HEAD", script: reply(length("2"), "hi"), want: broken, text: "HEAD", change: func(r *protocol.Request) { r.Method = "HEAD" }},
		{reason: "a length to HEAD", script: on(func(s *side, id uint32) { s.head(id, true, ":status", "200", "content-length", "5") }), change: func(r *protocol.Request) { r.Method = "HEAD" }},
		{reason: "a body with 204", script: on(func(s *side, id uint32) { s.head(id, false, ":status", "204"); s.data(id, true, "hi") }), want: broken},
		{reason: "204 and an empty end", script: on(func(s *side, id uint32) { s.head(id, false, ":status", "204"); s.data(id, true, "") })},
		{reason: "a body larger than wanted", script: reply(nil, strings.Repeat("x", 2000)), want: tooLarge, change: func(r *protocol.Request) { r.MaxBody = 1000 }},
		{reason: "a length larger than wanted", script: reply(length("8589934592")), want: tooLarge, text: "8589934592"},
		{reason: "a body that breaks off in a frame", closes: true, script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200")
			s.frame(5, frameData, flagEndStream, id, "hi")
		}), want: gone},
		{reason: "trailers", script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200")
			s.data(id, false, "hi")
			s.head(id, true, "x-sum", "1")
		}), body: "hi"},
		{reason: "trailers that do not end the stream", script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200")
			s.head(id, false, "x-sum", "1")
		}), want: broken, text: "middle of the body"},
		{reason: "a status among the trailers", script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200")
			s.head(id, true, ":status", "200")
		}), want: broken},
		{reason: "padded DATA", script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200", "content-length", "2")
			_ = s.WriteDataPadded(id, true, []byte("hi"), make([]byte, 200))
		}), body: "hi"},
		{reason: "DATA that is all padding, and more", script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200")
			s.frame(2, frameData, flagPadded, id, "\x02x")
		}), want: broken, text: "padding"},
		{reason: "a body that drips", script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200")
			for s.WriteData(id, false, []byte("x")) == nil {
				time.Sleep(20 * time.Millisecond)
			}
		}), want: late, text: "reading the body", change: short},
		{reason: "no end, then closed", closes: true, script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200")
			s.data(id, false, "hi")
		}), want: gone, text: "2 bytes"},
	}
}

func hostileFarewells() []hostileRow {
	var rows []hostileRow
	for code, name := range codeNames {
		want, text := cut, name
		if code == codeRefused {
			want, text = refused, "not processed"
		}
		rows = append(rows, hostileRow{reason: "RST_STREAM with " + name, want: want, text: text,
			script: on(func(s *side, id uint32) { _ = s.WriteRSTStream(id, http2.ErrCode(code)) })})
	}
	return append(rows, []hostileRow{
		{reason: "RST_STREAM with a code of its own", script: on(func(s *side, id uint32) { _ = s.WriteRSTStream(id, 0x99) }), want: cut, text: "0x99"},
		{reason: "RST_STREAM in the body", script: on(func(s *side, id uint32) {
			s.head(id, false, ":status", "200", "content-length", "5")
			s.data(id, false, "hi")
			_ = s.WriteRSTStream(id, 2)
		}), want: cut, text: "2 of 5 bytes"},
		{reason: "RST_STREAM behind the reply", script: on(func(s *side, id uint32) { s.answer(id); _ = s.WriteRSTStream(id, 0) }), body: "hi"},
		{reason: "GOAWAY that leaves the request out", script: on(func(s *side, _ uint32) { _ = s.WriteGoAway(0, 0, nil) }), want: goaway, text: "not processed"},
		{reason: "GOAWAY with a code and words", script: on(func(s *side, _ uint32) { _ = s.WriteGoAway(0, 11, []byte("too_many_pings")) }), want: goaway, text: "ENHANCE_YOUR_CALM: \"too_many_pings\""},
		{reason: "GOAWAY before the reply", script: on(func(s *side, id uint32) { _ = s.WriteGoAway(id, 0, nil); s.answer(id) }), body: "hi"},
		{reason: "GOAWAY, then closed: it may have been processed", closes: true, script: on(func(s *side, id uint32) { _ = s.WriteGoAway(id, 2, nil) }), want: gone, text: "may have been processed"},
		{reason: "GOAWAY, then silence", script: on(func(s *side, id uint32) { _ = s.WriteGoAway(id, 0, nil) }), want: late, change: short},
		{reason: "two GOAWAYs, as servers do that leave in peace", script: on(func(s *side, id uint32) {
			_ = s.WriteGoAway(maxWindow, 0, nil)
			_ = s.WriteGoAway(id, 0, nil)
			s.answer(id)
		}), body: "hi"},
		{reason: "a GOAWAY that takes more than the one before", script: on(func(s *side, id uint32) { _ = s.WriteGoAway(id, 0, nil); _ = s.WriteGoAway(id+2, 0, nil) }), want: broken},
		{reason: "GOAWAY too short", script: on(func(s *side, _ uint32) { s.frame(4, frameGoAway, 0, 0, "abcd") }), want: broken},
		{reason: "GOAWAY on a stream", script: on(func(s *side, _ uint32) { s.frame(8, frameGoAway, 0, 1, "abcdefgh") }), want: broken},
		{reason: "the reply comes before the request is out", script: on(func(s *side, id uint32) { s.head(id, true, ":status", "413") }), change: upload(1 << 20)},
		{reason: "no window for the body", script: on(func(*side, uint32) {}), want: stalled, text: "65535 of 1048576", change: upload(1 << 20)},
		{reason: "a body that fits the window, and no reply", script: on(func(*side, uint32) {}), want: late, text: "waiting for the first byte", change: upload(1000)},
		{reason: "reset in the body that we send", script: on(func(s *side, id uint32) { _ = s.WriteRSTStream(id, 8) }), want: cut, text: "CANCEL", change: upload(1 << 20)},
	}...)
}

// received reads DATA until a number of bytes has come, and gives false when the connection ends.
func (s *side) received(n int) bool {
	for n > 0 {
		f, err := s.ReadFrame()
		if err != nil {
			return false
		}
		if d, ok := f.(*http2.DataFrame); ok {
			n -= len(d.Data())
		}
	}
	return n == 0
}

// discard reads what comes.
func (s *side) discard() (int, error) {
	buf := make([]byte, 4096)
	for {
		if n, err := s.Read(buf); err != nil {
			return n, err
		}
	}
}

func hostileSettings() []hostileRow {
	set := func(id http2.SettingID, value uint32) func(*side) {
		return func(s *side) {
			s.greet(http2.Setting{ID: id, Val: value})
			s.answer(s.request())
		}
	}
	return []hostileRow{
		{reason: "settings of a wrong length", script: on(func(s *side, _ uint32) { s.frame(5, frameSettings, 0, 0, "abcde") }), want: broken},
		{reason: "settings on a stream", script: on(func(s *side, _ uint32) { s.frame(0, frameSettings, 0, 1, "") }), want: broken},
		{reason: "an acknowledgement with a payload", script: on(func(s *side, _ uint32) { s.frame(6, frameSettings, flagAck, 0, "abcdef") }), want: broken},
		{reason: "a server that may be pushed to", script: set(settingPush, 1), want: broken},
		{reason: "a window beyond 2^31-1", script: set(settingInitialWindow, 1<<31), want: broken},
		{reason: "frames below 16 KiB", script: set(settingMaxFrame, 100), want: broken},
		{reason: "frames above 16 MiB", script: set(settingMaxFrame, 1<<24), want: broken},
		{reason: "a setting that nobody knows", script: set(0x99, 7), body: "hi"},
		{reason: "no table", script: set(settingTableSize, 0), body: "hi"},
		{reason: "no streams at all, from the second request on", script: set(settingMaxStreams, 0), body: "hi"},
		{reason: "a window of 0, and then some", change: upload(100_000), script: func(s *side) {
			s.greet(http2.Setting{ID: settingInitialWindow, Val: 0})
			id := s.request()
			_ = s.WriteWindowUpdate(0, 1<<20)
			_ = s.WriteWindowUpdate(id, 100_000)
			if s.received(100_000) {
				s.answer(id)
			}
		}, body: "hi"},
		{reason: "a window that becomes negative, and large again", change: upload(100_000), script: func(s *side) {
			s.greet()
			id := s.request()
			if !s.received(65_535) {
				return
			}
			_ = s.WriteWindowUpdate(0, 1<<20)
			_ = s.WriteSettings(http2.Setting{ID: settingInitialWindow, Val: 0}) // -65,535
			_ = s.WriteWindowUpdate(id, 65_535)                                  // 0: not a byte may come
			_ = s.WriteWindowUpdate(id, 34_465)
			if s.received(34_465) {
				s.answer(id)
			}
		}, body: "hi"},
		{reason: "a window that becomes negative, and stays so", change: upload(100_000), want: stalled, script: func(s *side) {
			s.greet()
			s.request()
			_ = s.received(65_535)
			_ = s.WriteWindowUpdate(0, 1<<20)
			_ = s.WriteSettings(http2.Setting{ID: settingInitialWindow, Val: 10})
		}},
		{reason: "a window that overflows by a setting", change: upload(100_000), want: broken, script: func(s *side) {
			s.greet()
			id := s.request()
			_ = s.WriteWindowUpdate(id, maxWindow-65_535)
			_ = s.WriteSettings(http2.Setting{ID: settingInitialWindow, Val: maxWindow})
		}},
	}
}

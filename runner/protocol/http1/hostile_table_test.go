package http1

import (
	"strings"

	"runner/runner/protocol"
)

const (
	fine  = protocol.ClassNone
	wrong = protocol.ClassProtocol
	gone  = protocol.ClassReset
	late  = protocol.ClassTimeout
	large = protocol.ClassBodyTooLarge
)

// hostile is one reply, after which the server closes, and what the exchange must come to.
type hostile struct {
	reason string
	reply  string
	want   protocol.Class
	status int    // with fine; 0: 200
	body   string // with fine
	method string // default GET
	lax    bool   // ours is fine, and net/http's is not: the reason says why
	again  bool   // the connection may be used again
	behind bool   // what is wrong comes behind a complete reply: in pieces, only the next use can see it
}

const ok = "HTTP/1.1 200 OK\r\n"

// lines makes a reply from a head's lines and what is behind it.
func lines(body string, head ...string) string {
	return ok + strings.Join(head, "\r\n") + "\r\n\r\n" + body
}

func hostiles() []hostile {
	return append(append(append(statusRows(), headerRows()...), lengthRows()...), append(append(append(chunkRows(), trailerRows()...), closeRows()...), otherRows()...)...)
}

func statusRows() []hostile {
	const five = "Content-Length: 5\r\n\r\nhello"
	return []hostile{
		{reason: "the plain case", reply: ok + five, body: "hello", again: true},
		{reason: "an empty reason may lack its space", reply: "HTTP/1.1 200\r\n" + five, body: "hello", again: true},
		{reason: "an empty reason", reply: "HTTP/1.1 200 \r\n" + five, body: "hello", again: true},
		{reason: "reasons are free text", reply: "HTTP/1.1 200 Very (good): \xe4\xff\r\n" + five, body: "hello", again: true},
		{reason: "a tab in a reason", reply: "HTTP/1.1 200 O\tK\r\n" + five, body: "hello", again: true},
		{reason: "999 is seen in the wild", reply: "HTTP/1.1 999 Go away\r\n" + five, status: 999, body: "hello", again: true},
		{reason: "a later minor version is 1.1 to us", reply: "HTTP/1.7 200 OK\r\n" + five, body: "hello", again: true},
		{reason: "1.0 closes unless it says otherwise", reply: "HTTP/1.0 200 OK\r\n" + five, body: "hello"},
		{reason: "1.0 may say otherwise", reply: "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" + five, body: "hello", again: true},
		{reason: "an interim reply is skipped", reply: "HTTP/1.1 100 Continue\r\n\r\n" + ok + five, body: "hello", again: true},
		{reason: "early hints have fields of their own", reply: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 99\r\n\r\n" + ok + five, body: "hello", again: true},
		{reason: "several interim replies", reply: strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 3) + ok + five, body: "hello", again: true},
		{reason: "interim replies without end", reply: strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 40) + ok + five, want: wrong},
		{reason: "nobody asked to switch", reply: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", want: wrong},
		{reason: "only an interim reply", reply: "HTTP/1.1 100 Continue\r\n\r\n", want: gone},
		{reason: "not even a byte", reply: "", want: gone},
		{reason: "the first byte", reply: "H", want: gone},
		{reason: "a status line without its end", reply: "HTTP/1.1 200 OK", want: gone},
		{reason: "a status line without its LF", reply: "HTTP/1.1 200 OK\r", want: gone},
		{reason: "a head without its end", reply: ok + "Content-Length: 5\r\n", want: gone},
		{reason: "a head without its last LF", reply: ok + "Content-Length: 0\r\n\r", want: gone},
		{reason: "an answer to another question", reply: "garbage", want: wrong},
		{reason: "another protocol's greeting", reply: "SSH-2.0-OpenSSH_9.6\r\n", want: wrong},
		{reason: "a mail server", reply: "220 mail ESMTP\r\n", want: wrong},
		{reason: "a TLS alert: the port wants https", reply: "\x15\x03\x01\x00\x02\x02\x46", want: wrong},
		{reason: "HTTP/2 settings", reply: "\x00\x00\x12\x04\x00\x00\x00\x00\x00", want: wrong},
		{reason: "an HTTP/2 preface", reply: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", want: wrong},
		{reason: "HTTP/2 in a status line", reply: "HTTP/2.0 200 OK\r\n" + five, want: wrong},
		{reason: "no minor version", reply: "HTTP/1 200 OK\r\n" + five, want: wrong},
		{reason: "no version", reply: "HTTP/ 200 OK\r\n" + five, want: wrong},
		{reason: "a version is not a letter", reply: "HTTP/1.x 200 OK\r\n" + five, want: wrong},
		{reason: "a version of two digits", reply: "HTTP/1.10 200 OK\r\n" + five, want: wrong},
		{reason: "the name is in capitals", reply: "http/1.1 200 OK\r\n" + five, want: wrong},
		{reason: "HTTP/0.9 has no status line", reply: "<html></html>", want: wrong},
		{reason: "an empty line before the reply", reply: "\r\n" + ok + five, want: wrong},
		{reason: "a NUL before the reply", reply: "\x00" + ok + five, want: wrong},
		{reason: "two spaces", reply: "HTTP/1.1  200 OK\r\n" + five, want: wrong},
		{reason: "a tab for a space", reply: "HTTP/1.1\t200 OK\r\n" + five, want: wrong},
		{reason: "a space before the status line", reply: " HTTP/1.1 200 OK\r\n" + five, want: wrong},
		{reason: "no status", reply: "HTTP/1.1\r\n" + five, want: wrong},
		{reason: "no status but a reason", reply: "HTTP/1.1 OK\r\n" + five, want: wrong},
		{reason: "a status of two digits", reply: "HTTP/1.1 20 OK\r\n" + five, want: wrong},
		{reason: "a status of four digits", reply: "HTTP/1.1 2000 OK\r\n" + five, want: wrong},
		{reason: "a negative status", reply: "HTTP/1.1 -20 OK\r\n" + five, want: wrong},
		{reason: "a signed status", reply: "HTTP/1.1 +20 OK\r\n" + five, want: wrong},
		{reason: "a status in letters", reply: "HTTP/1.1 two OK\r\n" + five, want: wrong},
		{reason: "a status below 100", reply: "HTTP/1.1 000 OK\r\n" + five, want: wrong},
		{reason: "a status with a dash behind it", reply: "HTTP/1.1 200-OK\r\n" + five, want: wrong},
		{reason: "a NUL in the reason", reply: "HTTP/1.1 200 O\x00K\r\n" + five, want: wrong},
		{reason: "a bare CR in the reason", reply: "HTTP/1.1 200 O\rK\r\n" + five, want: wrong},
		{reason: "a status line that ends in LF", reply: "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", want: wrong},
		{reason: "a status line of nothing but length", reply: "HTTP/1.1 200 " + strings.Repeat("x", protocol.MaxHead), want: wrong},
	}
}

func headerRows() []hostile {
	const zero = "Content-Length: 0"
	many := make([]string, protocol.MaxFields-1)
	for i := range many {
		many[i] = "A: b"
	}
	return []hostile{
		{reason: "an empty value", reply: lines("", "A:", zero), again: true},
		{reason: "space around a value", reply: lines("", "A: \t b\t ", zero), again: true},
		{reason: "bytes above ASCII in a value", reply: lines("", "A: \xe4\xf6", zero), again: true},
		{reason: "colons in a value", reply: lines("", "A: b:c", zero), again: true},
		{reason: "every token character in a name", reply: lines("", "!#$%&'*+-.^_`|~09azAZ: b", zero), again: true},
		{reason: "as many fields as may be", reply: lines("", append(many, zero)...), again: true},
		{reason: "one field too many", reply: lines("", append(many, "A: b", zero)...), want: wrong},
		{reason: "a value larger than the first buffer", reply: lines("", "A: "+strings.Repeat("b", 10_000), zero), again: true},
		{reason: "a head that is too large", reply: lines("", "A: "+strings.Repeat("b", protocol.MaxHead), zero), want: wrong},
		{reason: "a head without end", reply: ok + strings.Repeat("A: b\r\n", protocol.MaxHead/5), want: wrong},
		{reason: "a folded line", reply: lines("", "A: b", " c", zero), want: wrong},
		{reason: "a line folded by a tab", reply: lines("", "A: b", "\tc", zero), want: wrong},
		{reason: "the first field is folded", reply: lines("", " A: b", zero), want: wrong},
		{reason: "no colon", reply: lines("", "nonsense", zero), want: wrong},
		{reason: "no name", reply: lines("", ": b", zero), want: wrong},
		{reason: "a space before the colon", reply: lines("", "A : b", zero), want: wrong},
		{reason: "a tab before the colon", reply: lines("", "A\t: b", zero), want: wrong},
		{reason: "a space in a name", reply: lines("", "A B: c", zero), want: wrong},
		{reason: "a length hidden behind a space", reply: lines("hello", "Content-Length : 5"), want: wrong},
		{reason: "a NUL in a name", reply: lines("", "A\x00B: c", zero), want: wrong},
		{reason: "a NUL in a value", reply: lines("", "A: b\x00c", zero), want: wrong},
		{reason: "DEL in a value", reply: lines("", "A: b\x7fc", zero), want: wrong},
		{reason: "ESC in a long value", reply: lines("", "A: 0123456789012345\x1b6789", zero), want: wrong},
		{reason: "a control character in a name", reply: lines("", "A\x01: b", zero), want: wrong},
		{reason: "a byte above ASCII in a name", reply: lines("", "\xc4: b", zero), want: wrong},
		{reason: "a bare CR in a value", reply: lines("", "A: b\rc", zero), want: wrong},
		{reason: "a bare CR that hides a field", reply: lines("", "A: b\rContent-Length: 5", zero), want: wrong},
		{reason: "CR CR LF", reply: lines("", "A: b\r", zero), want: wrong},
		{reason: "a bare LF in a head", reply: lines("", "A: b\nB: c", zero), want: wrong},
		{reason: "bare LFs only", reply: "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", want: wrong},
		{reason: "a head that ends in LF LF", reply: ok + zero + "\r\n\n", want: wrong},
		{reason: "brackets in a name", reply: lines("", "A[0]: b", zero), want: wrong},
	}
}

func lengthRows() []hostile {
	length := func(value, body string) string { return lines(body, "Content-Length: "+value) }
	return []hostile{
		{reason: "a length in capitals", reply: lines("hello", "CONTENT-LENGTH: 5"), body: "hello", again: true},
		{reason: "leading zeros are digits", reply: length("0005", "hello"), body: "hello", again: true},
		{reason: "twice the same", reply: lines("hello", "Content-Length: 5", "Content-Length: 5"), body: "hello", again: true},
		{reason: "a list of the same, which RFC 9112 allows and net/http doesn't read", reply: length("5, 5", "hello"), body: "hello", again: true, lax: true},
		{reason: "two lengths", reply: lines("hello!", "Content-Length: 5", "Content-Length: 6"), want: wrong},
		{reason: "a list of two lengths", reply: length("5, 6", "hello!"), want: wrong},
		{reason: "a list with a gap", reply: length("5,", "hello"), want: wrong},
		{reason: "an empty length", reply: length("", "hello"), want: wrong},
		{reason: "a negative length", reply: length("-5", "hello"), want: wrong},
		{reason: "minus nothing", reply: length("-0", ""), want: wrong},
		{reason: "a plus sign", reply: length("+5", "hello"), want: wrong},
		{reason: "hexadecimal", reply: length("0x5", "hello"), want: wrong},
		{reason: "a fraction", reply: length("5.0", "hello"), want: wrong},
		{reason: "an exponent", reply: length("5e0", "hello"), want: wrong},
		{reason: "an underscore", reply: length("1_0", "0123456789"), want: wrong},
		{reason: "a space inside", reply: length("1 0", "0123456789"), want: wrong},
		{reason: "a word", reply: length("five", "hello"), want: wrong},
		{reason: "digits of another script", reply: length("５", "hello"), want: wrong},
		{reason: "one more than an int64 holds", reply: length("9223372036854775808", "hello"), want: wrong},
		{reason: "2^64, which wraps to 0", reply: length("18446744073709551616", ""), want: wrong},
		{reason: "thirty digits", reply: length(strings.Repeat("9", 30), "hello"), want: wrong},
		{reason: "8 GiB are announced to one who keeps 1 MiB", reply: length("8589934592", "hello"), want: large},
		{reason: "the largest length", reply: length("9223372036854775807", "hello"), want: large},
		{reason: "one byte more than is kept", reply: length("1048577", "hello"), want: large},
		{reason: "exactly as much as is kept", reply: length("1048576", strings.Repeat("x", 1<<20)), body: strings.Repeat("x", 1<<20), again: true},
		{reason: "the end comes early", reply: length("500", "hello"), want: gone},
		{reason: "the end comes before the body", reply: length("5", ""), want: gone},
		{reason: "a byte too many", reply: length("5", "hello!"), want: wrong, behind: true},
		{reason: "a byte behind nothing", reply: length("0", "!"), want: wrong, behind: true},
		{reason: "a second reply that nobody asked for", reply: length("5", "hello") + length("5", "other"), want: wrong, behind: true},
		{reason: "a stray CRLF behind the body", reply: length("5", "hello\r\n"), want: wrong, behind: true},
		{reason: "a byte behind a body larger than a buffer", reply: length("100000", strings.Repeat("x", 100_001)), want: wrong, behind: true},
		{reason: "a byte behind a body, and Connection: close", reply: lines("hello!", "Connection: close", "Content-Length: 5"), want: wrong, behind: true},
		{reason: "HEAD has no body, whatever the length", method: "HEAD", reply: length("5", ""), again: true},
		{reason: "HEAD and a chunked body that doesn't come", method: "HEAD", reply: lines("", "Transfer-Encoding: chunked"), again: true},
		{reason: "HEAD without a length", method: "HEAD", reply: lines("", "A: b"), again: true},
		{reason: "a body for HEAD", method: "HEAD", reply: length("5", "hello"), want: wrong, behind: true},
		{reason: "HEAD and a length that is none", method: "HEAD", reply: length("x", ""), want: wrong},
		{reason: "204 has no body", reply: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, again: true},
		{reason: "204 has no body, whatever the length", reply: "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", status: 204, again: true},
		{reason: "204 with a body", reply: "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", want: wrong, behind: true},
		{reason: "304 tells the length of what it doesn't send", reply: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", status: 304, again: true},
		{reason: "304 with a body", reply: "HTTP/1.1 304 Not Modified\r\n\r\nhello", want: wrong, behind: true},
		{reason: "205 with a length of 0", reply: "HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n", status: 205, again: true},
		{reason: "an error is a reply too", reply: "HTTP/1.1 500 Oh\r\nContent-Length: 5\r\n\r\nhello", status: 500, body: "hello", again: true},
	}
}

func chunkRows() []hostile {
	chunks := func(body string) string { return lines(body, "Transfer-Encoding: chunked") }
	return []hostile{
		{reason: "one chunk", reply: chunks("5\r\nhello\r\n0\r\n\r\n"), body: "hello", again: true},
		{reason: "no chunk", reply: chunks("0\r\n\r\n"), again: true},
		{reason: "several chunks", reply: chunks("1\r\nh\r\n4\r\nello\r\n0\r\n\r\n"), body: "hello", again: true},
		{reason: "sizes in both cases", reply: chunks("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"), body: "01234567890123456789", again: true},
		{reason: "leading zeros", reply: chunks("0005\r\nhello\r\n000\r\n\r\n"), body: "hello", again: true},
		{reason: "the coding in capitals", reply: lines("5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: CHUNKED"), body: "hello", again: true},
		{reason: "an extension", reply: chunks("5;a=b\r\nhello\r\n0;c\r\n\r\n"), body: "hello", again: true},
		{reason: "a space before an extension, which RFC 9112 allows and net/http doesn't read", reply: chunks("5 ; a=\"x y\"\r\nhello\r\n0\r\n\r\n"), body: "hello", again: true, lax: true},
		{reason: "a padded size, as old servers write it", reply: chunks("5   \r\nhello\r\n0  \r\n\r\n"), body: "hello", again: true},
		{reason: "a trailer", reply: chunks("5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"), body: "hello", again: true},
		{reason: "a trailer that pretends to be a length", reply: chunks("5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n"), body: "hello", again: true},
		{reason: "a chunk larger than the buffers", reply: chunks("186a0\r\n" + strings.Repeat("x", 100_000) + "\r\n0\r\n\r\n"), body: strings.Repeat("x", 100_000), again: true},
		{reason: "many small chunks", reply: chunks(strings.Repeat("1\r\nx\r\n", 3000) + "0\r\n\r\n"), body: strings.Repeat("x", 3000), again: true},
		{reason: "a CRLF inside the data", reply: chunks("7\r\na\r\n0\r\n\r\r\n0\r\n\r\n"), body: "a\r\n0\r\n\r", again: true},
		{reason: "close after the last chunk", reply: lines("5\r\nhello\r\n0\r\n\r\n", "Connection: close", "Transfer-Encoding: chunked"), body: "hello"},
		{reason: "a length as well: smuggling", reply: lines("5\r\nhello\r\n0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked"), want: wrong},
		{reason: "a length as well, behind", reply: lines("5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "Content-Length: 5"), want: wrong},
		{reason: "chunked twice", reply: lines("5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), want: wrong},
		{reason: "chunked twice in a list", reply: lines("5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked, chunked"), want: wrong},
		{reason: "a coding nobody asked for", reply: lines("5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: gzip, chunked"), want: wrong},
		{reason: "identity was abolished", reply: lines("hello", "Transfer-Encoding: identity"), want: wrong},
		{reason: "an empty coding", reply: lines("hello", "Transfer-Encoding:"), want: wrong},
		{reason: "chunked with something before it", reply: lines("5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: \x0bchunked"), want: wrong},
		{reason: "a coding in HTTP/1.0", reply: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", want: wrong},
		{reason: "no size", reply: chunks("\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a size that is none", reply: chunks("g\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "0x before a size", reply: chunks("0x5\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a negative size", reply: chunks("-5\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a signed size", reply: chunks("+5\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a space before a size", reply: chunks(" 5\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a space inside a size", reply: chunks("5 5\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a size that overflows", reply: chunks("ffffffffffffffffff\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a size that is negative as an int64", reply: chunks("8000000000000000\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "the largest size, to one who keeps 1 MiB", reply: chunks("7ffffffffffffff\r\nhello\r\n"), want: large},
		{reason: "chunks that add up to more than is kept", reply: chunks(strings.Repeat("80000\r\n"+strings.Repeat("x", 1<<19)+"\r\n", 2) + "1\r\n"), want: large},
		{reason: "a size line of nothing but zeros", reply: chunks(strings.Repeat("0", 10_000)), want: wrong},
		{reason: "an extension without end", reply: chunks("5;" + strings.Repeat("a", 10_000)), want: wrong},
		{reason: "a size line that ends in LF", reply: chunks("5\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a bare CR in an extension", reply: chunks("5;a\rb\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "a NUL in an extension", reply: chunks("5;a\x00b\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "no CRLF behind the data", reply: chunks("5\r\nhello0\r\n\r\n"), want: wrong},
		{reason: "LF behind the data", reply: chunks("5\r\nhello\n0\r\n\r\n"), want: wrong},
		{reason: "CR without LF behind the data", reply: chunks("5\r\nhello\rx0\r\n\r\n"), want: wrong},
		{reason: "more data than the size says", reply: chunks("4\r\nhello\r\n0\r\n\r\n"), want: wrong},
		{reason: "the end inside a chunk", reply: chunks("5\r\nhel"), want: gone},
		{reason: "the end behind a chunk", reply: chunks("5\r\nhello"), want: gone},
		{reason: "the end inside the CRLF", reply: chunks("5\r\nhello\r"), want: gone},
		{reason: "the end before the last chunk", reply: chunks("5\r\nhello\r\n"), want: gone},
		{reason: "the end inside a size", reply: chunks("5"), want: gone},
		{reason: "the end before the body", reply: chunks(""), want: gone},
		{reason: "the end before the trailers' end", reply: chunks("5\r\nhello\r\n0\r\n"), want: gone},
		{reason: "the end inside a trailer", reply: chunks("0\r\nX-Sum: 1\r\n"), want: gone},
	}
}

func trailerRows() []hostile {
	chunks := func(body string) string { return lines(body, "Transfer-Encoding: chunked") }
	return []hostile{
		{reason: "a trailer without a colon", reply: chunks("0\r\nnonsense\r\n\r\n"), want: wrong},
		{reason: "a folded trailer", reply: chunks("0\r\nA: b\r\n c\r\n\r\n"), want: wrong},
		{reason: "a trailer that ends in LF", reply: chunks("0\r\nA: b\n\r\n"), want: wrong},
		{reason: "trailers without end", reply: chunks("0\r\n" + strings.Repeat("A: b\r\n", protocol.MaxFields+1)), want: wrong},
		{reason: "a trailer that is too large", reply: chunks("0\r\nA: " + strings.Repeat("b", protocol.MaxHead) + "\r\n\r\n"), want: wrong},
		{reason: "trailers that are too large together", reply: chunks("0\r\n" + strings.Repeat("A: "+strings.Repeat("b", 2000)+"\r\n", 200) + "\r\n"), want: wrong},
		{reason: "bytes behind the last chunk", reply: chunks("0\r\n\r\nmore"), want: wrong, behind: true},
		{reason: "a second reply behind the last chunk", reply: chunks("0\r\n\r\n") + ok + "Content-Length: 0\r\n\r\n", want: wrong, behind: true},
	}
}

func closeRows() []hostile {
	return []hostile{
		{reason: "without a length the body ends with the connection", reply: lines("hello", "A: b"), body: "hello"},
		{reason: "an empty body that ends with the connection", reply: ok + "\r\n"},
		{reason: "HTTP/1.0 does it all the time", reply: "HTTP/1.0 200 OK\r\n\r\nhello", body: "hello"},
		{reason: "keep-alive can't hold without a length", reply: lines("hello", "Connection: keep-alive"), body: "hello"},
		{reason: "more than a buffer", reply: lines(strings.Repeat("x", 100_000), "A: b"), body: strings.Repeat("x", 100_000)},
		{reason: "more than is kept", reply: lines(strings.Repeat("x", 1<<20+1), "A: b"), want: large},
		{reason: "it looks like a second reply and is the body", reply: lines(ok+"\r\n", "A: b"), body: ok + "\r\n"},
		{reason: "close in a list", reply: lines("hello", "Connection: foo, Close", "Content-Length: 5"), body: "hello"},
		{reason: "close in a second field", reply: lines("hello", "Connection: foo", "Connection: close", "Content-Length: 5"), body: "hello"},
		{reason: "close and keep-alive", reply: lines("hello", "Connection: keep-alive, close", "Content-Length: 5"), body: "hello"},
		{reason: "closed is not close", reply: lines("hello", "Connection: closed", "Content-Length: 5"), body: "hello", again: true},
	}
}

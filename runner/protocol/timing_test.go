package protocol

import "testing"

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		reason                      string
		written, first, end         int64
		sending, waiting, receiving int64
	}{
		{"an ordinary exchange", 13, 20, 26, 3, 7, 6},
		{"nothing came", 13, 0, 26, 3, 13, 0},
		{"the end came while sending", 0, 0, 26, 16, 0, 0},
		{"an answer before the request was out", 22, 20, 26, 10, 0, 6},
		{"an answer, and the request never was", 0, 20, 26, 10, 0, 6},
	} {
		x := Timing{BytesOut: true}
		x.Split(10, c.written, c.first, c.end)
		if x.Sending != c.sending || x.Waiting != c.waiting || x.Receiving != c.receiving {
			t.Errorf("%s: %d, %d, %d; want %d, %d, %d", c.reason, x.Sending, x.Waiting, x.Receiving, c.sending, c.waiting, c.receiving)
		}
		if x.Duration() != c.end-10 {
			t.Errorf("%s: the parts make %d, want %d", c.reason, x.Duration(), c.end-10)
		}
	}
	var unsent Timing
	if unsent.Split(10, 0, 0, 26); unsent.Duration() != 0 || unsent.End != 26 {
		t.Errorf("nothing left this host: %+v, want only an end", unsent)
	}
}

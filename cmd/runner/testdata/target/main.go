// Command target is a server that misbehaves as it is told, for the staged runs.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	delay := flag.Duration("delay", 0, "wait before each answer")
	status := flag.Int("status", http.StatusOK, "answer with it")
	hang := flag.Bool("hang", false, "never answer")
	reset := flag.Bool("reset", false, "close the connection instead of answering")
	garbage := flag.Bool("garbage", false, "answer with bytes that are not HTTP")
	once := flag.Bool("once", false, "close the connection after each answer")
	flag.Parse()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("http://" + l.Addr().String())
	err = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(*delay)
		switch {
		case *hang:
			<-r.Context().Done()
		case *reset, *garbage:
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			if *garbage {
				fmt.Fprint(conn, "220 mail.example.com ESMTP\r\n")
			}
			conn.Close()
		default:
			if *once {
				w.Header().Set("Connection", "close")
			}
			w.WriteHeader(*status)
			fmt.Fprint(w, `{"ok":true}`)
		}
	}))
	fmt.Fprintln(os.Stderr, err)
}

package service

import (
	"errors"
	"net"
	"strconv"
	"testing"
)

// A caller that picks another port has to know that the port was the reason.
func TestATakenPortIsToldApart(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := config("serve")
	cfg.Port = taken.Addr().(*net.TCPAddr).Port
	if _, err := Start(t.Context(), "box", cfg); !errors.Is(err, ErrPortTaken) {
		t.Errorf("got %v", err)
	}
}

func TestAPortTakenWhileTheServiceComesUpIsToldApart(t *testing.T) {
	port, err := PickPort()
	if err != nil {
		t.Fatal(err)
	}
	there := newListen(t)
	cfg := config("late", there.Addr)
	cfg.Port = port
	failed := make(chan error)
	go func() {
		_, err := Start(t.Context(), "box", cfg)
		failed <- err
	}()
	conn := there.accept(t)
	taken, err := net.Listen("tcp4", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		t.Skipf("somebody else was faster: %v", err)
	}
	defer taken.Close()
	_, _ = conn.Write([]byte("t"))
	err = receive(t, failed, "end of the start")
	var ended *Ended
	if !errors.Is(err, ErrPortTaken) || !errors.As(err, &ended) {
		t.Errorf("got %v", err)
	}
}

func TestPortsArePickedFromWhereNoConnectionTakesThem(t *testing.T) {
	for range 20 {
		if port, err := PickPort(); err != nil || port < firstPort || port > lastPort {
			t.Errorf("port %d, %v", port, err)
		}
	}
}

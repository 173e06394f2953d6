package http2

import (
	"encoding/binary"
	"runner/runner/protocol"
)

// The types of frames (RFC 9113 section 6).
const (
	frameData         = 0x0
	frameHeaders      = 0x1
	framePriority     = 0x2
	frameReset        = 0x3
	frameSettings     = 0x4
	framePush         = 0x5
	framePing         = 0x6
	frameGoAway       = 0x7
	frameWindowUpdate = 0x8
	frameContinuation = 0x9
)

// Their flags.
const (
	flagEndStream  = 0x1
	flagAck        = 0x1
	flagEndHeaders = 0x4
	flagPadded     = 0x8
	flagPriority   = 0x20
)

// Settings by number.
const (
	settingTableSize     = 0x1
	settingPush          = 0x2
	settingMaxStreams    = 0x3
	settingInitialWindow = 0x4
	settingMaxFrame      = 0x5
	settingMaxHeaderList = 0x6
)

// Sizes in bytes. Ours are Go's: large enough that flow control never holds a target back.
const (
	frameHead     = 9
	defaultFrame  = 16 << 10 // the largest frame until settings say otherwise; we never ask for larger ones
	defaultWindow = 1<<16 - 1
	maxWindow     = 1<<31 - 1
	streamWindow  = 4 << 20
	connWindow    = 1 << 30
)

// Error codes that we send.
const (
	codeNone     = 0x0
	codeProtocol = 0x1
	codeRefused  = 0x7
	codeCancel   = 0x8
)

var codeNames = []string{
	"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
	"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
	"INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
}

// frame is one frame as it came. The payload is the connection's buffer.
type frame struct {
	kind, flags byte
	id          uint32
	payload     []byte
}

func (f *frame) has(flag byte) bool { return f.flags&flag != 0 }

// unpad takes the padding off. false: it is longer than the frame.
func (f *frame) unpad() bool {
	if !f.has(flagPadded) {
		return true
	}
	if len(f.payload) == 0 || int(f.payload[0]) >= len(f.payload) {
		return false
	}
	f.payload = f.payload[1 : len(f.payload)-int(f.payload[0])]
	return true
}

// appendHead appends a frame's head.
func appendHead(dst []byte, length int, kind, flags byte, id uint32) []byte {
	dst = append(dst, byte(length>>16), byte(length>>8), byte(length), kind, flags)
	return binary.BigEndian.AppendUint32(dst, id)
}

func appendReset(dst []byte, id, code uint32) []byte {
	return binary.BigEndian.AppendUint32(appendHead(dst, 4, frameReset, 0, id), code)
}

func appendWindow(dst []byte, id, more uint32) []byte {
	return binary.BigEndian.AppendUint32(appendHead(dst, 4, frameWindowUpdate, 0, id), more)
}

// preface is what a client begins a connection with: the magic, its settings (no pushes, its window, the largest list of
// headers) and a connection window that never gets in the way.
func preface(dst []byte) []byte {
	dst = append(dst, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"...)
	dst = appendHead(dst, 18, frameSettings, 0, 0)
	for _, s := range [...]struct {
		id    uint16
		value uint32
	}{{settingPush, 0}, {settingInitialWindow, streamWindow}, {settingMaxHeaderList, protocol.MaxHead}} {
		dst = binary.BigEndian.AppendUint16(dst, s.id)
		dst = binary.BigEndian.AppendUint32(dst, s.value)
	}
	return appendWindow(dst, 0, connWindow-defaultWindow)
}

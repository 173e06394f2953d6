package expr

import (
	"encoding/base32"
	"encoding/hex"
)

func idFunctions() []*function {
	return []*function{
		live("ids", "uuid()", "A random UUID (version 4).", `uuid()`, nil, 0, String, uuid),
		live("ids", "ulid()", "A ULID: sortable by time, 26 characters.", `ulid()`, nil, 0, String, ulid),
		live("ids", "nanoid(n)", "A URL-safe random id of n characters, by default 21.", `nanoid()`, []Type{Int}, 0, String, nanoid),
	}
}

func uuid(vm *VM, _ []any) (any, error) {
	var b [16]byte
	if err := randomBytes(vm, b[:]); err != nil {
		return nil, err
	}
	b[6] = b[6]&0x0f | 0x40 // version 4
	b[8] = b[8]&0x3f | 0x80 // variant of RFC 9562
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:]), nil
}

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// ulid is 48 bits of milliseconds and 80 random bits. Base 32 takes 130 bits for the 128: two zero bits stand in front.
func ulid(vm *VM, _ []any) (any, error) {
	t, err := vm.now()
	if err != nil {
		return nil, err
	}
	var b [20]byte // four zero bytes in front, so that the last 26 of the 32 digits are the id's
	ms := t.UnixMilli()
	for i := 9; i >= 4; i-- {
		b[i] = byte(ms)
		ms >>= 8
	}
	if err := randomBytes(vm, b[10:]); err != nil {
		return nil, err
	}
	text := crockford.EncodeToString(b[:])
	return text[len(text)-26:], nil
}

func nanoid(vm *VM, args []any) (any, error) {
	var n any = int64(21)
	if len(args) == 1 {
		n = args[0]
	}
	return letters(vm, n, []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"))
}

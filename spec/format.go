package spec

import (
	"fmt"
	"math/big"
	"strings"
	"time"
)

// FormatDuration is a duration as a plan writes it: 1m30s, 500ms, 0s. ParseDuration reads it back exactly, down to the
// microsecond and below it as a fraction of one.
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	if d < 0 {
		b.WriteByte('-')
		d = -d
	}
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}} {
		if n := d / u.size; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
			d %= u.size
		}
	}
	if d > 0 {
		b.WriteString(decimal(big.NewRat(int64(d), 1000)) + "us")
	}
	return b.String()
}

// String is the rate as a plan writes it: 5/s, 0.5/s, 300/m.
func (r Rate) String() string {
	unit := map[time.Duration]string{time.Second: "s", time.Minute: "m", time.Hour: "h"}[r.Per]
	return decimal(big.NewRat(r.Num, max(1, r.Den))) + "/" + unit
}

// String is the ratio as a plan writes it: 1%, 0.7%.
func (r Ratio) String() string {
	return decimal(new(big.Rat).Mul(big.NewRat(r.Num, max(1, r.Den)), big.NewRat(100, 1))) + "%"
}

// FormatSize is a size as a plan writes it, in the largest unit that keeps it whole: 64KiB, 512B.
func FormatSize(n int64) string {
	for _, u := range []string{"GiB", "MiB", "KiB"} {
		if size := sizeUnits[u]; n >= size && n%size == 0 {
			return fmt.Sprintf("%d%s", n/size, u)
		}
	}
	return fmt.Sprintf("%dB", n)
}

// decimal is a fraction without trailing zeros: exact where it ends, as those that plans can write do.
func decimal(r *big.Rat) string {
	prec, exact := r.FloatPrec()
	if !exact {
		prec = 9
	}
	return r.FloatString(prec)
}

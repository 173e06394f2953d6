package expr

// Type is what is known of a value before the run: its kind and, for numbers, its unit.
type Type uint8

// The types. Any is "known only at run time". Int and Float are bare numbers; the four after String are numbers with a
// unit: milliseconds, a ratio of 0 to 1, events per second, bytes.
const (
	Any Type = iota
	Bool
	Int
	Float
	String
	Millis
	Ratio
	PerSecond
	Bytes
	List
	Map
	Time
	null
)

// String names the type as messages do: "a text", "a duration".
func (t Type) String() string {
	switch t {
	case Bool:
		return "true or false"
	case Int:
		return "a whole number"
	case Float:
		return "a number"
	case String:
		return "a text"
	case Millis:
		return "a duration"
	case Ratio:
		return "a ratio"
	case PerSecond:
		return "a rate"
	case Bytes:
		return "a size"
	case List:
		return "a list"
	case Map:
		return "a map"
	case Time:
		return "a time"
	case null:
		return "nil"
	default:
		return "a value"
	}
}

// number tells whether values of the type are numbers, with or without a unit.
func (t Type) number() bool {
	switch t {
	case Int, Float, Millis, Ratio, PerSecond, Bytes:
		return true
	}
	return false
}

// bare tells whether the type is a number without a unit.
func (t Type) bare() bool { return t == Int || t == Float }

// strict tells whether numbers of the unit must be written with it. A bare number beside a ratio or a size is clear.
func (t Type) strict() bool { return t == Millis || t == PerSecond }

// example is a number written in the type's unit, for hints.
func (t Type) example(number string) string {
	switch t {
	case Millis:
		return number + "ms"
	case PerSecond:
		return number + "/s"
	case Ratio:
		return number + "%"
	case Bytes:
		return number + "B"
	default:
		return number
	}
}

// fits tells whether a value of type t may stand where want is asked for.
func (t Type) fits(want Type) bool {
	switch {
	case t == want, t == Any, want == Any:
		return true
	case want == Float:
		return t.number()
	case want == Int:
		return t == Bytes || t == Float
	case want.number():
		return t.bare()
	default:
		return false
	}
}

package expr

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/brianvoe/gofakeit/v7"
)

// fakeFunc is one function of gofakeit under its snake_case name.
type fakeFunc struct {
	Func
	least, most int
	result      Type
	info        *gofakeit.Info
}

// faker makes fake values from the iteration's random source. It belongs to one VM.
type faker struct {
	random Random // of the call that runs: another iteration may have another one
	fake   *gofakeit.Faker
}

// Uint64 makes it the source that gofakeit draws from.
func (f *faker) Uint64() uint64 { return f.random.Uint64() }

// notFakes are functions of gofakeit that are left out: they ask this machine's clock, so a seed would not repeat them,
// or they write files, templates and code rather than values.
var notFakes = []string{
	"past_date", "future_date", "credit_card_exp", "credit_card", "age", "past_time", "future_time", "date_range",
	"csv", "json", "xml", "sql", "template", "generate", "fixed_width", "markdown", "email_text", "svg", "image_jpeg", "image_png",
	"weighted", "slice", "map", "struct", "rand_intn", "shuffle_any_slice", "shuffle_ints", "shuffle_strings", "regex", "error",
}

// fakes lists the functions of fake.*, by name.
var fakes = sync.OnceValue(func() []*fakeFunc {
	var all []*fakeFunc
	methods := reflect.TypeFor[*gofakeit.Faker]()
	for i := range methods.NumMethod() {
		method := methods.Method(i).Name
		name := snakeCase(method)
		info := gofakeit.GetFuncLookup(strings.ToLower(method))
		if info == nil || slices.Contains(notFakes, name) || !simple(info) {
			continue
		}
		all = append(all, newFake(name, info))
	}
	slices.SortFunc(all, func(a, b *fakeFunc) int { return strings.Compare(a.Name, b.Name) })
	return all
})

func newFake(name string, info *gofakeit.Info) *fakeFunc {
	f := &fakeFunc{info: info, most: len(info.Params), result: fakeType(info.Output)}
	var names []string
	for _, p := range info.Params {
		names = append(names, p.Field)
		if !p.Optional && p.Default == "" {
			f.least = len(names)
		}
	}
	if name == "month" {
		f.result = Int // gofakeit says string
	}
	f.Name, f.Category = name, "fake"
	f.Signature = "fake." + name + "(" + strings.Join(names, ", ") + ")"
	f.Doc = strings.TrimSpace(strings.SplitN(info.Description, "\n", 2)[0])
	f.Example = "fake." + name + "()"
	return f
}

// simple tells whether all parameters can be left out, and none is of a kind that expressions have no words for.
func simple(info *gofakeit.Info) bool {
	for _, p := range info.Params {
		if !p.Optional && p.Default == "" {
			return false
		}
		if !slices.Contains([]string{"string", "int", "uint", "float", "float32", "float64", "bool", "[]string"}, p.Type) {
			return false
		}
	}
	return true
}

func fakeType(output string) Type {
	switch output {
	case "string":
		return String
	case "bool":
		return Bool
	case "int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32":
		return Int
	case "float", "float32", "float64":
		return Float
	case "time", "time.Time":
		return Time
	}
	return Any
}

// snakeCase turns FirstName into first_name and HTTPMethod into http_method.
func snakeCase(name string) string {
	name = strings.NewReplacer("IPv4", "Ipv4", "IPv6", "Ipv6").Replace(name)
	var b strings.Builder
	s := []rune(name)
	for i, c := range s {
		startsWord := i > 0 && unicode.IsUpper(c) && (!unicode.IsUpper(s[i-1]) || i+1 < len(s) && unicode.IsLower(s[i+1]))
		if startsWord {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

var fakesByName = sync.OnceValue(func() map[string]*fakeFunc {
	all := map[string]*fakeFunc{}
	for _, f := range fakes() {
		all[f.Name] = f
	}
	return all
})

func findFake(name string) *fakeFunc { return fakesByName()[name] }

func fakeNames() []string {
	var names []string
	for _, f := range fakes() {
		names = append(names, f.Name)
	}
	return names
}

// fake is the call of a fake function: the first argument is the function.
func fake(vm *VM, args []any) (any, error) {
	f := args[0].(*fakeFunc)
	random, err := vm.random()
	if err != nil {
		return nil, err
	}
	if vm.faker == nil {
		vm.faker = &faker{}
		vm.faker.fake = gofakeit.NewFaker(vm.faker, false)
	}
	vm.faker.random = random
	params := gofakeit.NewMapParams()
	for i, a := range args[1:] {
		if err := addParam(params, f.info.Params[i], a); err != nil {
			return nil, err
		}
	}
	v, err := f.info.Generate(vm.faker.fake, params, f.info)
	if err != nil {
		return nil, fmt.Errorf("fake.%s(): %w", f.Name, err)
	}
	return fakeValue(v)
}

// addParam passes an argument in the text form that gofakeit parses; a list only where it takes one.
func addParam(params *gofakeit.MapParams, p gofakeit.Param, v any) error {
	list, isList := asList(v)
	if !isList || p.Type != "[]string" {
		list = []any{v}
	}
	for _, e := range list {
		text, err := argText(e)
		if err != nil {
			return err
		}
		params.Add(p.Field, text)
	}
	return nil
}

// fakeValue turns gofakeit's structs into maps with snake_case keys.
func fakeValue(v any) (any, error) {
	if err, ok := v.(error); ok { // fake.error_http and its like
		return err.Error(), nil
	}
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if k := kindOf(v); k != kindOther || r.Kind() != reflect.Struct {
		return plainValue(v), nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, errors.New("the value has no form in expressions")
	}
	return fromJSON([]any{string(b)})
}

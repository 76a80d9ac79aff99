package param

import (
	"flag"
	"maps"
	"slices"
	"strings"
)

// FlashLayer is the layer of the values stored in flash.
func FlashLayer(stored map[string]string) Layer {
	l := Layer{Origin: FromFlash, Name: "flash"}
	for _, name := range slices.Sorted(maps.Keys(stored)) {
		l.Entries = append(l.Entries, Entry{Name: name, Text: stored[name]})
	}
	return l
}

// EnvironmentPrefix starts the variables that set parameters.
const EnvironmentPrefix = "DESKSET_"

// EnvironmentLayer takes the variables DESKSET_<NAME>, in any case, of a list
// like that of os.Environ. An empty one resets its parameter. Names in except,
// which other parts of the program use, are passed over.
func EnvironmentLayer(environ []string, except ...string) Layer {
	l := Layer{Origin: FromEnvironment, Name: "environment"}
	for _, variable := range environ {
		name, text, _ := strings.Cut(variable, "=")
		rest, ours := strings.CutPrefix(name, EnvironmentPrefix)
		if !ours || slices.Contains(except, name) {
			continue
		}
		l.Entries = append(l.Entries, Entry{Name: strings.ToLower(rest), Text: text, Source: name})
	}
	slices.SortFunc(l.Entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return l
}

// Flags defines a flag for every parameter, except those whose name fs has
// already, and gives a function that makes the layer of those that were used,
// to be called after parsing. A value that does not fit is an error of the
// command line, which package flag quotes; only a value with a password is left
// for Merge to check.
func Flags(fs *flag.FlagSet) func() Layer {
	l := &Layer{Origin: FromFlag, Name: "flags"}
	for i := range table {
		p := &table[i]
		if fs.Lookup(p.Name) == nil {
			fs.Var(&flagValue{param: p, layer: l}, p.Name, p.Help)
		}
	}
	return func() Layer { return *l }
}

// flagValue puts a flag's use into the layer.
type flagValue struct {
	param *Param
	layer *Layer
}

// String is the default that the usage shows; package flag calls it on a zero
// value too.
func (v *flagValue) String() string {
	if v.param == nil {
		return ""
	}
	return v.param.Default(ProfileGuide)
}

func (v *flagValue) Set(text string) error {
	if _, err := v.param.Check(text); err != nil && v.param.quotable(text) == text {
		return err
	}
	v.layer.Entries = append(v.layer.Entries, Entry{Name: v.param.Name, Text: text, Source: "-" + v.param.Name})
	return nil
}

// IsBoolFlag lets -proxy_register stand for -proxy_register=1.
func (v *flagValue) IsBoolFlag() bool { return v.param.Kind == Bool }

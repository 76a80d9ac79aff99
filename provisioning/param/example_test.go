package param_test

import (
	"fmt"

	"deskset/provisioning/cnf"
	"deskset/provisioning/param"
)

func ExampleMerge() {
	stored := map[string]string{"preferred_codec": "g711alaw"}
	common := cnf.Parse("SIPDefault.cnf", []byte("proxy1_address: 192.0.2.1 ; all phones\npreferred_codec: g723\n"))
	phone := cnf.Parse("SIP00503EFFD842.cnf", []byte("line1_name: 5551212\n"))

	set, problems := param.Merge(param.ProfileGuide,
		param.FlashLayer(stored),
		common.Layer(param.FromDefaultFile),
		phone.Layer(param.FromPhoneFile))

	for _, name := range []string{"proxy1_address", "proxy1_port", "preferred_codec", "line1_name"} {
		v := set.Value(name)
		fmt.Printf("%s = %s (%s)\n", name, v.Text, v.Source)
	}
	fmt.Println(problems[0])
	// Output:
	// proxy1_address = 192.0.2.1 (SIPDefault.cnf:1)
	// proxy1_port = 5060 ()
	// preferred_codec = g711alaw (flash)
	// line1_name = 5551212 (SIP00503EFFD842.cnf:1)
	// SIPDefault.cnf:2: preferred_codec "g723": want g711ulaw, g711alaw or g729a; keeping g711alaw
}

package param

import "regexp"

// placeholder is what the templates of provisioning programs look like: a value
// that still has one was never filled in, and phones take it as it stands.
var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}|\$?\{\$?[A-Za-z_][^}]*\}|###[^#]+###|<%[^%]*%>`)

const placeholderAdvice = "looks like a placeholder of a template that nobody has filled in"

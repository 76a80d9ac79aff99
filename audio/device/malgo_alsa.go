//go:build cgo && linux

package device

// #cgo LDFLAGS: -ldl
// #include <dlfcn.h>
//
// static void silent(const char *file, int line, const char *function, int err, const char *format, ...) {
// 	(void)file, (void)line, (void)function, (void)err, (void)format;
// }
//
// static void quiet(void) {
// 	void *lib = dlopen("libasound.so.2", RTLD_NOW); // stays open: it has our function
// 	int (*set)(void *) = lib ? (int (*)(void *))dlsym(lib, "snd_lib_error_set_handler") : 0;
// 	if (set)
// 		set((void *)silent);
// }
import "C"

import "sync"

// quietALSA keeps ALSA's library from writing to standard error, where a phone
// in a terminal has its display. What fails is told by errors anyway.
var quietALSA = sync.OnceFunc(func() { C.quiet() })

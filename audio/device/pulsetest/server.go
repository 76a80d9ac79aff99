//go:build unix

package pulsetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The devices of a fresh server, by the identifiers that programs open.
const (
	Speaker = "spk"
	Headset = "headset"
	Ringer  = "ring"
	MicFeed = "micfeed"
	Mic     = "mic"
)

const startLimit = 10 * time.Second

// Server is a running PulseAudio of the test's own. It is stopped when the test
// ends.
type Server struct {
	t       testing.TB
	dir     string
	daemon  *exec.Cmd
	ended   chan struct{}
	modules map[string]string // module index by sink or source name
	feeders map[string]*feeder
}

// Start runs a server, or skips the test where PulseAudio is not installed.
func Start(t testing.TB) *Server {
	t.Helper()
	for _, program := range []string{"pulseaudio", "pactl", "pacat", "parec"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no sound server to test with: %v; install the packages pulseaudio and pulseaudio-utils", err)
		}
	}
	// Not t.TempDir: the path of a Unix socket may have 107 characters only.
	dir, err := os.MkdirTemp("", "pulse")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, dir: dir, modules: map[string]string{}, feeders: map[string]*feeder{}}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s.launch()
	t.Cleanup(s.Stop)
	for _, sink := range []string{Speaker, Headset, Ringer, MicFeed} {
		s.AddSink(sink)
	}
	s.AddMicrophone(Mic, MicFeed)
	s.pactl("set-default-sink", Speaker)
	s.pactl("set-default-source", Mic)
	return s
}

func (s *Server) launch() {
	s.t.Helper()
	script := filepath.Join(s.dir, "default.pa")
	text := ".fail\nload-module module-native-protocol-unix auth-anonymous=1 socket=" + s.socket() + "\n"
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	// The idle time ends a server whose test was killed. Real-time priority,
	// where it is allowed, keeps a busy machine from making gaps of its own.
	s.daemon = prompt("pulseaudio", "-n", "-F", script, "--daemonize=no", "--exit-idle-time=20",
		"--use-pid-file=no", "--disallow-exit=no", "--realtime=yes", "--high-priority=yes", "--log-target=stderr", "--log-level=notice")
	s.daemon.Env = s.Env()
	s.daemon.Stdout, s.daemon.Stderr = log, log
	if err := s.daemon.Start(); err != nil {
		s.t.Skipf("PulseAudio does not start: %v", err)
	}
	s.ended = make(chan struct{})
	go func() {
		_ = s.daemon.Wait() // how it ended is of no interest
		close(s.ended)
	}()
	s.waitReady()
}

func (s *Server) waitReady() {
	s.t.Helper()
	for deadline := time.Now().Add(startLimit); ; {
		if s.command("pactl", "info").Run() == nil {
			return
		}
		select {
		case <-s.ended:
			s.t.Skipf("PulseAudio cannot run here:\n%s", s.log())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("PulseAudio is not ready after %v:\n%s", startLimit, s.log())
		}
	}
}

func (s *Server) socket() string { return filepath.Join(s.dir, "native") }

// Address is the server in the form that PulseAudio's programs and libraries
// take.
func (s *Server) Address() string { return "unix:" + s.socket() }

func (s *Server) variables() map[string]string {
	return map[string]string{
		"PULSE_SERVER":       s.Address(),
		"PULSE_RUNTIME_PATH": s.dir,
		"PULSE_STATE_PATH":   s.dir,
		"PULSE_COOKIE":       filepath.Join(s.dir, "cookie"),
		"PULSE_CLIENTCONFIG": filepath.Join(s.dir, "client.conf"), // absent: libpulse's defaults
		"PULSE_SINK":         "",
		"PULSE_SOURCE":       "",
	}
}

// Env is the environment of this process with what makes a program use the
// server: for exec.Cmd.
func (s *Server) Env() []string {
	env := os.Environ()
	for name, value := range s.variables() {
		env = append(env, name+"="+value)
	}
	return env
}

// Setenv makes this process and its children use the server until the test
// ends. Not for parallel tests.
func (s *Server) Setenv() {
	s.t.Helper()
	for name, value := range s.variables() {
		s.t.Setenv(name, value)
	}
}

// AddSink plugs a loudspeaker in. What it is given can be recorded by its name.
func (s *Server) AddSink(name string) {
	s.t.Helper()
	s.modules[name] = s.pactl("load-module", "module-null-sink", "sink_name="+name, "rate=48000", "channels=2", "norewinds=1",
		"sink_properties=device.description=Virtual-"+name)
	s.feeders[name] = s.feed(name)
}

// AddMicrophone plugs a microphone in that hears what is played into a sink.
func (s *Server) AddMicrophone(name, sink string) {
	s.t.Helper()
	s.modules[name] = s.pactl("load-module", "module-remap-source", "source_name="+name, "master="+sink+".monitor",
		"source_properties=device.description=Virtual-"+name)
}

// Unplug removes a sink or a microphone under whatever uses it.
func (s *Server) Unplug(name string) {
	s.t.Helper()
	s.pactl("unload-module", s.modules[name])
	delete(s.modules, name)
	if f := s.feeders[name]; f != nil {
		f.stop()
		delete(s.feeders, name)
	}
}

// SetDefault makes a sink or a microphone the one that is used where none is
// named.
func (s *Server) SetDefault(name string) {
	s.t.Helper()
	if s.feeders[name] != nil {
		s.pactl("set-default-sink", name)
	} else {
		s.pactl("set-default-source", name)
	}
}

// Pause makes the server hang without dying; Resume lets it go on.
func (s *Server) Pause() { s.signal(syscall.SIGSTOP) }

// Resume ends Pause.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

// Kill ends the server as a crash does. Restart brings a new one.
func (s *Server) Kill() {
	s.t.Helper()
	s.signal(syscall.SIGKILL)
	<-s.ended
	s.stopFeeders()
}

// Restart brings a killed server back with its devices.
func (s *Server) Restart() {
	s.t.Helper()
	_ = os.Remove(s.socket())
	s.launch()
	for _, sink := range []string{Speaker, Headset, Ringer, MicFeed} {
		s.AddSink(sink)
	}
	s.AddMicrophone(Mic, MicFeed)
	s.pactl("set-default-sink", Speaker)
	s.pactl("set-default-source", Mic)
}

// Stop ends the server. The end of the test does it too.
func (s *Server) Stop() {
	s.stopFeeders()
	select {
	case <-s.ended:
		return
	default:
	}
	s.signal(syscall.SIGCONT) // a paused one would not hear the next
	s.signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(3 * time.Second):
		s.signal(syscall.SIGKILL)
		<-s.ended
	}
}

func (s *Server) signal(sig syscall.Signal) {
	_ = s.daemon.Process.Signal(sig) // it may have ended by itself
}

func (s *Server) stopFeeders() {
	for name, f := range s.feeders {
		f.stop()
		delete(s.feeders, name)
	}
}

// Stream is something that plays or records on the server.
type Stream struct {
	// Device is the sink or source it is connected to.
	Device string
	// Program and Name are what it calls itself.
	Program, Name string
}

// Streams lists who plays into sinks and who records from sources, without the
// feeders and what the server does for itself.
func (s *Server) Streams() []Stream {
	s.t.Helper()
	var list []Stream
	for _, kind := range [][3]string{{"sink-inputs", "sinks", "Sink:"}, {"source-outputs", "sources", "Source:"}} {
		devices := map[string]string{}
		for line := range strings.Lines(s.pactl("list", "short", kind[1])) {
			if columns := strings.Fields(line); len(columns) > 1 {
				devices[columns[0]] = columns[1]
			}
		}
		var now Stream
		end := func() {
			if now.Program != "" && now.Program != "pacat" {
				list = append(list, now)
			}
			now = Stream{}
		}
		for line := range strings.Lines(s.pactl("list", kind[0])) {
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "Sink Input #"), strings.HasPrefix(line, "Source Output #"):
				end()
			case strings.HasPrefix(line, kind[2]):
				now.Device = devices[strings.TrimSpace(line[len(kind[2]):])]
			case strings.HasPrefix(line, "application.name = "):
				now.Program = strings.Trim(line[len("application.name = "):], `"`)
			case strings.HasPrefix(line, "media.name = "):
				now.Name = strings.Trim(line[len("media.name = "):], `"`)
			}
		}
		end()
	}
	return list
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := prompt(name, args...)
	cmd.Env = s.Env()
	return cmd
}

func (s *Server) pactl(args ...string) string {
	s.t.Helper()
	out, err := s.command("pactl", args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("pactl %s: %v: %s\n%s", strings.Join(args, " "), err, out, s.log())
	}
	return strings.TrimSpace(string(out))
}

func (s *Server) log() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(text)
}

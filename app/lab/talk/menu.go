package talk

// choices are what the keys of the spoken menu lead to, within the same call.
// A refusal or a redirection cannot happen any more once the call is answered;
// the menu lets hear what the caller would have heard.
var choices = map[byte]Service{
	'1': Echo, '2': ReadBack, '3': Milliwatt, '4': busy, '5': ringing, '6': Echo, '7': CallBack,
}

// menuRounds is how often the menu is said before it says goodbye.
const menuRounds = 3

// menuPause is the silence between two rounds, in samples.
const menuPause = 3 * sampleRate

// menu says what each number does.
type menu struct {
	s     *Session
	queue queue
	round int
}

func newMenu(s *Session) *menu {
	m := &menu{s: s}
	m.queue = say("welcome")
	return m
}

func (m *menu) frame(pcm []int16) {
	if m.queue.empty() {
		if m.round == menuRounds {
			m.s.become(farewell)
			return
		}
		m.round++
		sentences := say("menu1", "menu2", "menu3", "menu31", "menu4", "menu5", "menu6", "menu7", "choose")
		m.queue.add(sentences.clips...)
		m.queue.add(make([]int16, menuPause))
	}
	m.queue.play(pcm)
}

// digit interrupts the menu.
func (m *menu) digit(key byte) {
	if service, ok := choices[key]; ok {
		m.s.become(service)
		return
	}
	m.queue = say("invalid")
}

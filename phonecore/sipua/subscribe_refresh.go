package sipua

// Refresh asks the server to tell everything anew (RFC 6665 section 4.1.2.3): an
// owner does so that has missed something. It does nothing while a SUBSCRIBE is
// under way already or there is no dialog.
func (s *Subscription) Refresh() {
	defer s.a.enter()()
	if s.state == SubActive && s.x == nil && s.dlg != nil && s.leaving == nil {
		s.refresh()
	}
}

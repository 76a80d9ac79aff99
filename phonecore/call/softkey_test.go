package call

import "testing"

func all(SoftKey) bool { return true }

func TestSoftKeyTableHasEveryContext(t *testing.T) {
	for ctx := ContextIdle; ctx < numContexts; ctx++ {
		if len(softKeys[ctx]) == 0 {
			t.Errorf("context %d has no soft keys", ctx)
		}
	}
	for k := SoftNone + 1; k < NumSoftKeys; k++ {
		if k.Label() == "" {
			t.Errorf("soft key %d has no label", k)
		}
	}
}

func TestMoreThanFourKeysGetPagesThatGoRound(t *testing.T) {
	keys := Keys(ContextIdle, all)
	want := [][]SoftKey{
		{SoftRedial, SoftNewCall, SoftCFwdAll, SoftMore},
		{SoftDND, SoftPickUp, SoftNone, SoftMore},
		{SoftRedial, SoftNewCall, SoftCFwdAll, SoftMore},
	}
	for page, cells := range want {
		if got := Page(keys, page, SoftMore); got != [4]SoftKey(cells) {
			t.Errorf("page %d = %v, want %v", page, got, cells)
		}
	}
}

func TestFourKeysNeedNoMore(t *testing.T) {
	if got := Page(Keys(ContextDialling, all), 3, SoftMore); got != [4]SoftKey{SoftDial, SoftEndCall, SoftBackspace, SoftAlpha} {
		t.Errorf("got %v", got)
	}
}

func TestKeysThatThePhoneLacksAreNotShown(t *testing.T) {
	keys := Keys(ContextRingIn, func(k SoftKey) bool { return k != SoftDivert })
	if len(keys) != 2 || keys[0] != SoftAnswer || keys[1] != SoftReject {
		t.Errorf("got %v", keys)
	}
}

package call

import (
	"testing"

	"deskset/phonecore/text"
)

func all(SoftKey) bool { return true }

func TestSoftKeyTableHasEveryContext(t *testing.T) {
	for ctx := ContextIdle; ctx < NumContexts; ctx++ {
		if len(softKeys[ctx]) == 0 {
			t.Errorf("context %d has no soft keys", ctx)
		}
	}
}

func TestMoreThanFourKeysGetPagesThatGoRound(t *testing.T) {
	keys := Keys(ContextIdle, all)
	want := [][]SoftKey{
		{text.SoftRedial, text.SoftNewCall, text.SoftCFwdAll, text.SoftMore},
		{text.SoftDND, text.SoftPickUp, text.None, text.SoftMore},
		{text.SoftRedial, text.SoftNewCall, text.SoftCFwdAll, text.SoftMore},
	}
	for page, cells := range want {
		if got := Page(keys, page, text.SoftMore); got != [4]SoftKey(cells) {
			t.Errorf("page %d = %v, want %v", page, got, cells)
		}
	}
}

func TestFourKeysNeedNoMore(t *testing.T) {
	if got := Page(Keys(ContextDialling, all), 3, text.SoftMore); got != [4]SoftKey{text.SoftDial, text.SoftEndCall, text.SoftBackspace, text.SoftAlpha} {
		t.Errorf("got %v", got)
	}
}

func TestKeysThatThePhoneLacksAreNotShown(t *testing.T) {
	keys := Keys(ContextRingIn, func(k SoftKey) bool { return k != text.SoftDivert })
	if len(keys) != 2 || keys[0] != text.SoftAnswer || keys[1] != text.SoftReject {
		t.Errorf("got %v", keys)
	}
}

//go:build linux

package interop_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"deskset/phonecore/sipua/siptest/flow"
)

// labRow finds the rows of labFlows in app/flow_test.go, which belongs to
// package main and cannot be imported.
var labRow = regexp.MustCompile(`(?m)^\t\{"(B-\d+)", "[^"]*", "([A-C])"`)

// TestAppendixBIsProven prints which test proves which call flow of the guide,
// and fails for a figure that has no scripted one or none among other programs.
func TestAppendixBIsProven(t *testing.T) {
	lab, err := os.ReadFile("../flow_test.go")
	if err != nil {
		t.Fatal(err)
	}
	inLab, amongReal := map[string][]string{}, map[string][]string{}
	for _, row := range labRow.FindAllSubmatch(lab, -1) {
		inLab[string(row[1])] = append(inLab[string(row[1])], string(row[2]))
	}
	for _, f := range realFlows {
		for _, figure := range strings.Fields(f.figures) {
			amongReal[figure] = append(amongReal[figure], strings.Split(f.role, "")...)
		}
	}
	roles, pages, titles, figures := map[string][]string{}, map[string]string{}, map[string]string{}, []string(nil)
	for _, f := range flow.AppendixB() {
		if titles[f.Figure] == "" {
			figures = append(figures, f.Figure)
			titles[f.Figure], pages[f.Figure] = f.Title, f.Page
		}
		roles[f.Figure] = append(roles[f.Figure], f.As...)
	}
	as := func(roles []string) string {
		roles = slices.Compact(slices.Sorted(slices.Values(roles)))
		if len(roles) == 0 {
			return "-"
		}
		return strings.Join(roles, "")
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-5s %-5s %-4s %-4s %-4s %s\n", "", "page", "(1)", "(2)", "(3)", "the phone in the parts")
	for _, f := range figures {
		fmt.Fprintf(&table, "%-5s %-5s %-4s %-4s %-4s %s\n", f, pages[f], as(roles[f]), as(inLab[f]), as(amongReal[f]), titles[f])
		if len(inLab[f])+len(amongReal[f]) == 0 {
			t.Errorf("figure %s is proven by scripted peers only", f)
		}
	}
	if len(figures) != 17 {
		t.Errorf("%d figures, the guide has 17", len(figures))
	}
	t.Logf("(1) phonecore TestAppendixB: scripted peers, profiles rfc2543 and modern, every step\n"+
		"(2) app TestAppendixBInTheLab  (3) app/interop TestAppendixBAmongRealPhones: Kamailio, baresip\n%s", &table)
}

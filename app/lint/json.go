package lint

import (
	"encoding/json"
	"io"

	"deskset/provisioning/param"
)

// The JSON document. Fields are added, never renamed.
type (
	document struct {
		Profile  string        `json:"profile"`
		Files    []jsonFile    `json:"files"`
		Problems []jsonProblem `json:"problems"`
		Merged   []jsonMerged  `json:"merged"`
		Errors   int           `json:"errors"`
		Warnings int           `json:"warnings"`
		Notes    int           `json:"notes"`
		Exit     int           `json:"exit"`
	}
	jsonFile struct {
		Path string `json:"path"`
		Kind string `json:"kind"`
	}
	jsonProblem struct {
		Severity string `json:"severity"`
		Code     string `json:"code"`
		File     string `json:"file"`
		Line     int    `json:"line,omitempty"`
		Name     string `json:"name,omitempty"`
		Value    string `json:"value,omitempty"`
		// Message is as people read it, with name and value.
		Message string `json:"message"`
	}
	jsonMerged struct {
		Phone   string      `json:"phone,omitempty"`
		Default string      `json:"default,omitempty"`
		Remark  string      `json:"remark,omitempty"`
		Values  []jsonValue `json:"values"`
	}
	jsonValue struct {
		Name   string `json:"name"`
		Value  string `json:"value"`
		Secret bool   `json:"secret,omitempty"`
		Origin string `json:"origin"`
		File   string `json:"file,omitempty"`
		Line   int    `json:"line,omitempty"`
	}
)

// printJSON writes the report as one document.
func printJSON(out io.Writer, r *report) error {
	d := document{
		Profile: r.profile.String(), Files: []jsonFile{}, Problems: []jsonProblem{}, Merged: []jsonMerged{},
		Errors: r.count[param.Error], Warnings: r.count[param.Warning], Notes: r.count[param.Note], Exit: r.exit,
	}
	for _, f := range r.files {
		d.Files = append(d.Files, jsonFile{neutral(f.path), f.kind.String()})
	}
	for _, p := range r.problems {
		d.Problems = append(d.Problems, jsonProblem{
			Severity: p.Severity.String(), Code: string(p.Code), File: neutral(p.Source), Line: p.Line,
			Name: neutral(p.Name), Value: neutral(p.Value), Message: neutral(p.Message()),
		})
	}
	for _, m := range r.merged {
		d.Merged = append(d.Merged, jsonMerged{neutral(m.phone), neutral(m.base), neutral(m.remark), jsonValues(m.values)})
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(d)
}

func jsonValues(values []value) []jsonValue {
	list := make([]jsonValue, len(values))
	for i, v := range values {
		list[i] = jsonValue{
			Name: v.name, Value: neutral(v.text), Secret: v.secret,
			Origin: v.origin.String(), File: neutral(v.source), Line: v.line,
		}
	}
	return list
}

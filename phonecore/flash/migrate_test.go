package flash

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// writeSchema pretends that another version wrote the file.
func (d *disk) writeSchema(schema string) error {
	return d.db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket(metaBucket).Put(schemaKey, []byte(schema))
	})
}

// goldenValues is what every golden file holds.
var goldenValues = map[string]string{"line1_name": "5551212", "preferred_codec": "g711alaw"}

const goldenBlob = "volumes 1 2 3"

// TestEverySchemaStillOpens opens the file that each released schema left
// behind. Run with -update to write that of the newest one, once.
func TestEverySchemaStillOpens(t *testing.T) {
	for schema := 1; schema <= len(migrations); schema++ {
		t.Run(fmt.Sprint(schema), func(t *testing.T) {
			golden := filepath.Join("testdata", fmt.Sprintf("schema%d.db", schema))
			dir := t.TempDir()
			if *update && schema == len(migrations) {
				writeGolden(t, golden)
			}
			data, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, File), data, 0o600); err != nil {
				t.Fatal(err)
			}
			f := open(t, dir)
			wantValues(t, f, goldenValues)
			if got, err := f.Get("volumes"); string(got) != goldenBlob || err != nil || f.Damaged() != "" {
				t.Errorf("blob %q, %v, damaged %q", got, err, f.Damaged())
			}
			want := Images{}
			if schema >= 2 {
				want = someImages
			}
			if got, err := f.Images(); got != want || err != nil {
				t.Errorf("images %+v, %v", got, err)
			}
			for _, b := range buckets {
				if err := f.store.apply([]change{{b, "a name", []byte("a value")}}); err != nil {
					t.Errorf("bucket %s: %v", b, err)
				}
			}
		})
	}
}

func writeGolden(t *testing.T, golden string) {
	t.Helper()
	dir := t.TempDir()
	f := open(t, dir)
	if err := f.Save(goldenValues, nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Put("volumes", []byte(goldenBlob)); err != nil {
		t.Fatal(err)
	}
	if err := f.SetImages(someImages); err != nil {
		t.Fatal(err)
	}
	f.Close()
	data, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(golden, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

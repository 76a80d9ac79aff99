package flash

import (
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// meta is the bucket that tells the schema.
var (
	metaBucket = []byte("meta")
	schemaKey  = []byte("schema")
)

// migrations lead from one schema to the next, newest last: the first makes
// schema 1 out of an empty file. They are never changed once released; each
// has a golden file in testdata, which must still open.
var migrations = []func(tx *bolt.Tx) error{
	// 1: values of parameters and named blobs.
	func(tx *bolt.Tx) error { return create(tx, parameters, blobs) },
	// 2: what is in the image slots; the history of calls.
	func(tx *bolt.Tx) error { return create(tx, images, history) },
}

func create(tx *bolt.Tx, buckets ...bucket) error {
	for _, b := range buckets {
		if _, err := tx.CreateBucketIfNotExists([]byte(b)); err != nil {
			return err
		}
	}
	return nil
}

// migrate brings the database up to the newest schema in one transaction.
func migrate(db *bolt.DB) error {
	have, err := schema(db)
	if err != nil || have == len(migrations) {
		return err
	}
	if have > len(migrations) {
		return fmt.Errorf("%w: schema %d, this one knows up to %d", ErrNewer, have, len(migrations))
	}
	return db.Update(func(tx *bolt.Tx) error {
		for _, step := range migrations[have:] {
			if err := step(tx); err != nil {
				return err
			}
		}
		meta, err := tx.CreateBucketIfNotExists(metaBucket)
		if err != nil {
			return err
		}
		return meta.Put(schemaKey, []byte(strconv.Itoa(len(migrations))))
	})
}

// schema is that of the file, 0 for a new one.
func schema(db *bolt.DB) (have int, err error) {
	err = db.View(func(tx *bolt.Tx) error {
		meta := tx.Bucket(metaBucket)
		if meta == nil {
			return nil
		}
		text := string(meta.Get(schemaKey))
		if have, err = strconv.Atoi(text); err != nil || have < 1 {
			return fmt.Errorf("%w: schema %q", ErrDamaged, text)
		}
		return nil
	})
	return have, err
}

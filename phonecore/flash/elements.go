package flash

import "bytes"

// element is an entry of a page: of a branch, with the page below, or of a
// leaf, with a value or a bucket.
type element struct {
	key, value []byte
	child      uint64
	bucket     bool
}

// elements reads the entries of a page of the tree, whose keys must be in the
// span and in order. Their bytes must follow each other as they do in what
// bbolt writes: entries that shared them could hold much more than the page.
func (p page) elements(keys span) ([]element, error) {
	isRoot := keys.from == nil
	switch {
	case p.kind != branchPage && p.kind != leafPage:
		return nil, damaged("page %d is of kind %#x, none of the tree", p.number, p.kind)
	case p.count == 0 && (p.kind == branchPage || !isRoot):
		return nil, damaged("page %d is empty", p.number)
	}
	end := uint64(headerSize * (1 + p.count)) // of what is read
	if end > uint64(len(p.data)) {
		return nil, damaged("page %d has %d entries", p.number, p.count)
	}
	list := make([]element, p.count)
	var last []byte
	for i := range list {
		at := uint64(headerSize * (1 + i))
		e, position, keySize, valueSize := p.element(at)
		from := at + position
		if from < end || keySize == 0 || from+keySize+valueSize > uint64(len(p.data)) {
			return nil, damaged("entry %d of page %d is not inside", i, p.number)
		}
		e.key, e.value = p.data[from:from+keySize], p.data[from+keySize:from+keySize+valueSize]
		end = from + keySize + valueSize
		if !keys.holds(e.key) || i > 0 && bytes.Compare(last, e.key) >= 0 {
			return nil, damaged("entry %d of page %d is not in order", i, p.number)
		}
		last, list[i] = e.key, e
	}
	return list, nil
}

// element reads the head of an entry: what it is, where its key begins behind
// the head's own place, how long key and value are. Sums of the three cannot
// overflow, since each has 32 bits.
func (p page) element(at uint64) (e element, position, keySize, valueSize uint64) {
	head := p.data[at : at+headerSize]
	first, second := uint64(order.Uint32(head)), uint64(order.Uint32(head[4:]))
	if p.kind == branchPage {
		return element{child: order.Uint64(head[8:])}, first, second, 0
	}
	// The first field is that of flags, and bbolt looks at this one only.
	e.bucket = first&bucketValue != 0
	return e, second, uint64(order.Uint32(head[8:])), uint64(order.Uint32(head[12:]))
}

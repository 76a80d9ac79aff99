package flash

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
)

// bbolt trusts its file: page numbers, counts and lengths in a damaged one make
// it panic, loop over numbers that mean nothing, or fill the memory. So the
// whole structure is checked here first, with a reader that trusts nothing and
// takes each page once: its time and memory are bounded by the file's size.
//
// The layout, in the machine's byte order, is one of pages. Each has a header:
// number (64 bits), kind (16), count of elements (16), further pages that
// belong to it (32). Pages 0 and 1 hold the meta records, the newer valid one
// of which counts; all others belong to the tree, to the list of free pages,
// or are free.
const (
	headerSize  = 16 // of a page, an element, a bucket
	metaSize    = 64
	branchPage  = 0x01
	leafPage    = 0x02
	freePage    = 0x10
	noFreeList  = ^uint64(0)
	bucketValue = 1 // flag of a leaf's element that is a bucket

	metaMagic   = 0xED0CDAED
	metaVersion = 2

	// maxDepth of the tree: each level has two branches at the least.
	maxDepth = 32
	// maxFile bounds what is checked, in bytes; a phone's flash has some
	// hundred KiB.
	maxFile = 256 << 20
)

var order = binary.NativeEndian

// meta is what a meta record says.
type meta struct {
	pageSize, root, freeList, pages, transaction uint64
}

// page is the whole of a page and of those that belong to it.
type page struct {
	number uint64
	kind   uint16
	count  int
	data   []byte
}

// pageCheck walks over a file once.
type pageCheck struct {
	file io.ReaderAt
	size uint64
	meta meta
	// taken are the pages seen so far.
	taken []bool
}

// checkPages tells with ErrDamaged why bbolt must not open a file of so many
// bytes; nil if it may.
func checkPages(file io.ReaderAt, size int64) error {
	if size > maxFile {
		return damaged("%d bytes, at most %d can be", size, int64(maxFile))
	}
	c := &pageCheck{file: file, size: uint64(size)}
	if err := c.findMeta(); err != nil {
		return err
	}
	if c.meta.pages < 2 || c.meta.pages > c.size/c.meta.pageSize {
		return damaged("%d pages of %d bytes in a file of %d", c.meta.pages, c.meta.pageSize, c.size)
	}
	c.taken = make([]bool, c.meta.pages)
	c.taken[0], c.taken[1] = true, true
	if err := c.tree(c.meta.root, 0, span{}); err != nil {
		return err
	}
	return c.freePages()
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrDamaged}, args...)...)
}

// findMeta looks for the records as bbolt does: the first page's may be torn,
// and only it tells where the second page is.
func (c *pageCheck) findMeta() error {
	first, found := c.readMeta(0)
	sizes := []uint64{first.pageSize}
	if !found {
		sizes = sizes[:0]
		for size := uint64(1 << 10); size <= 1<<16; size <<= 1 {
			sizes = append(sizes, size)
		}
	}
	c.meta = first
	for _, size := range sizes {
		second, ok := c.readMeta(size)
		switch {
		case !ok:
		case second.pageSize != size:
			return damaged("pages of %d bytes and of %d", size, second.pageSize)
		case !found || second.transaction > c.meta.transaction:
			c.meta, found = second, true
		}
	}
	if !found {
		return damaged("no page tells what the file holds")
	}
	return nil
}

// readMeta reads the record of the page at an offset; false if it is not valid.
func (c *pageCheck) readMeta(at uint64) (meta, bool) {
	b := make([]byte, metaSize)
	if _, err := c.file.ReadAt(b, int64(at)+headerSize); err != nil {
		return meta{}, false
	}
	sum := fnv.New64a()
	sum.Write(b[:metaSize-8])
	m := meta{
		pageSize: uint64(order.Uint32(b[8:])), root: order.Uint64(b[16:]), freeList: order.Uint64(b[32:]),
		pages: order.Uint64(b[40:]), transaction: order.Uint64(b[48:]),
	}
	powerOfTwo := m.pageSize >= 1<<10 && m.pageSize <= 1<<16 && m.pageSize&(m.pageSize-1) == 0
	return m, order.Uint32(b) == metaMagic && order.Uint32(b[4:]) == metaVersion &&
		order.Uint64(b[metaSize-8:]) == sum.Sum64() && powerOfTwo
}

// take reads a page that nothing else has taken, and what belongs to it.
func (c *pageCheck) take(number uint64) (page, error) {
	if err := c.mark(number, 1); err != nil {
		return page{}, err
	}
	head := make([]byte, headerSize)
	if _, err := c.file.ReadAt(head, int64(number*c.meta.pageSize)); err != nil {
		return page{}, err
	}
	p := page{number: number, kind: order.Uint16(head[8:]), count: int(order.Uint16(head[10:]))}
	more := uint64(order.Uint32(head[12:]))
	if got := order.Uint64(head); got != number {
		return page{}, damaged("page %d says that it is %d", number, got)
	}
	if err := c.mark(number+1, more); err != nil {
		return page{}, err
	}
	p.data = make([]byte, (1+more)*c.meta.pageSize)
	_, err := c.file.ReadAt(p.data, int64(number*c.meta.pageSize))
	return p, err
}

// mark takes so many pages from one on.
func (c *pageCheck) mark(from, count uint64) error {
	if from > c.meta.pages || count > c.meta.pages-from {
		return damaged("page %d and %d more of %d", from, count, c.meta.pages)
	}
	for number := from; number < from+count; number++ {
		if c.taken[number] {
			return damaged("page %d is in use twice", number)
		}
		c.taken[number] = true
	}
	return nil
}

// freePages checks the list of free pages: what it names must not be in use.
func (c *pageCheck) freePages() error {
	if c.meta.freeList == noFreeList {
		return nil
	}
	p, err := c.take(c.meta.freeList)
	if err != nil {
		return err
	}
	if p.kind != freePage {
		return damaged("page %d is of kind %#x, not the list of free ones", p.number, p.kind)
	}
	list, count := p.data[headerSize:], uint64(p.count)
	if p.count == 0xffff { // the count does not fit, and stands in front
		count, list = order.Uint64(list), list[8:]
	}
	if count > uint64(len(list)/8) {
		return damaged("page %d lists %d free pages", p.number, count)
	}
	for i := range count {
		if err := c.mark(order.Uint64(list[8*i:]), 1); err != nil {
			return err
		}
	}
	return nil
}

// span is the range of keys that a page may hold: from its first, to one
// before its end; nil is open.
type span struct{ from, end []byte }

func (s span) holds(key []byte) bool {
	return bytes.Compare(key, s.from) >= 0 && (s.end == nil || bytes.Compare(key, s.end) < 0)
}

// tree checks a page and all below it. depth counts from the root of all.
func (c *pageCheck) tree(number uint64, depth int, keys span) error {
	if depth > maxDepth {
		return damaged("more than %d levels at page %d", maxDepth, number)
	}
	p, err := c.take(number)
	if err != nil {
		return err
	}
	elements, err := p.elements(keys)
	if err != nil {
		return err
	}
	if p.kind == branchPage {
		return c.branches(elements, depth, keys.end)
	}
	return c.leaves(elements, depth)
}

func (c *pageCheck) branches(elements []element, depth int, end []byte) error {
	for i, e := range elements {
		below := span{e.key, end}
		if i+1 < len(elements) {
			below.end = elements[i+1].key
		}
		if err := c.tree(e.child, depth+1, below); err != nil {
			return err
		}
	}
	return nil
}

// leaves follows the buckets among a leaf's elements.
func (c *pageCheck) leaves(elements []element, depth int) error {
	for _, e := range elements {
		if !e.bucket {
			continue
		}
		if len(e.value) < headerSize {
			return damaged("a bucket of %d bytes", len(e.value))
		}
		var err error
		if root := order.Uint64(e.value); root != 0 {
			err = c.tree(root, depth+1, span{})
		} else {
			err = inline(e.value[headerSize:])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inline checks the page of a small bucket, which lies in its value, has no
// number and holds no other bucket.
func inline(data []byte) error {
	if len(data) < headerSize {
		return damaged("a small bucket of %d bytes", len(data))
	}
	p := page{number: order.Uint64(data), kind: order.Uint16(data[8:]), count: int(order.Uint16(data[10:])), data: data}
	if more := order.Uint32(data[12:]); p.number != 0 || p.kind != leafPage || more != 0 {
		return damaged("a small bucket in page %d of kind %#x, with %d pages more", p.number, p.kind, more)
	}
	elements, err := p.elements(span{})
	for _, e := range elements {
		if e.bucket {
			return damaged("a bucket in a small one")
		}
	}
	return err
}

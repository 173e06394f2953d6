package executor

// fifo is the free VUs of an arrival executor, in the order in which they came free. It links the VUs themselves, so that
// queueing allocates nothing.
type fifo struct {
	head, tail *openVU
}

func (q *fifo) push(v *openVU) {
	if q.tail == nil {
		q.head = v
	} else {
		q.tail.next = v
	}
	q.tail = v
}

// pop is the VU that has been free for longest, or nil.
func (q *fifo) pop() *openVU {
	v := q.head
	if v == nil {
		return nil
	}
	if q.head = v.next; q.head == nil {
		q.tail = nil
	}
	v.next = nil
	return v
}

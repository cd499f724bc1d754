package access

// Hashing in these tests costs next to nothing: what they are about is counting.
func init() { hashing.Memory, hashing.Iterations, hashing.Parallelism = 64, 1, 1 }

// Occupy takes every place where hashes are worked out, until it is freed.
func (d *Door) Occupy() (free func()) {
	for range cap(d.slots) {
		d.slots <- struct{}{}
	}
	return func() {
		for range cap(d.slots) {
			<-d.slots
		}
	}
}

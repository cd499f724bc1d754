package journal

// ShortBites makes long postings of such that tests can afford, until the returned function is called.
func ShortBites(entries int) (back func()) {
	b, l := bite, longer
	bite, longer = entries, 2*entries
	return func() { bite, longer = b, l }
}

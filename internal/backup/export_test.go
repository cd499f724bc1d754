package backup

// SmallSegments makes segments such that tests can afford many, until the returned function is called.
func SmallSegments(records uint64, short int) (back func()) {
	r, s := segmentRecords, shortSegments
	segmentRecords, shortSegments = records, short
	return func() { segmentRecords, shortSegments = r, s }
}

// Chosen are the backups that stay.
func Chosen(k Keep, list []Backup) map[string]bool { return k.chosen(list) }

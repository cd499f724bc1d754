package journal

// Papers keeps the contents of papers, by digest. Open gives fs.ErrNotExist for one it does not have.
type Papers interface {
	Open(digest string) ([]byte, error)
}

// KeepPapers says where the contents of papers lie. Without it none can be attached.
func (l *Ledger) KeepPapers(p Papers) { l.Papers = p }

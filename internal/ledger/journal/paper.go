package journal

// Papers keeps the contents of papers, by digest. Open gives a content with the digest of its sealed file, "" where it lies open, and
// fs.ErrNotExist for one it does not have.
type Papers interface {
	Open(digest string) (content []byte, sealed string, err error)
}

// KeepPapers says where the contents of papers lie. Without it none can be attached.
func (l *Ledger) KeepPapers(p Papers) { l.papers = p }

// PaperContent returns the content with a digest; Unavailable where it is not kept here or is damaged.
func (l *Ledger) PaperContent(digest string) ([]byte, error) {
	if l.papers == nil {
		return nil, Refuse(Unavailable, "", "", "这里没有存放附件的地方")
	}
	content, _, err := l.papers.Open(digest)
	return content, err
}

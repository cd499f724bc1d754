//go:build !windows

package store

// isFull knows how a system says that a disk is full where it does so in its own way.
func isFull(error) bool { return false }

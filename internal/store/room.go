//go:build !windows

package store

import "golang.org/x/sys/unix"

// Room is how many bytes of the disk that a folder lies on are free for this program.
func Room(folder string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return 0, err
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}

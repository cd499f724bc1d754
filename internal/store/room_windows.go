package store

import "golang.org/x/sys/windows"

// Room is how many bytes of the disk that a folder lies on are free for this program.
func Room(folder string) (free uint64, err error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, err
	}
	err = windows.GetDiskFreeSpaceEx(name, &free, nil, nil)
	return free, err
}

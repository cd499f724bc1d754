package journal

import (
	"strconv"
)

// tail reads the number at the end of an id.
func Tail(id string, width int) int {
	n, _ := strconv.Atoi(id[len(id)-width:])
	return n
}

package access

// Hashing in these tests costs next to nothing: what they are about is counting.
func init() { hashing.Memory, hashing.Iterations, hashing.Parallelism = 64, 1, 1 }

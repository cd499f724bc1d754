package journal

import "sync"

// mostMemos is how many results of queries a ledger keeps at once; more than that, and it begins anew.
const mostMemos = 10_000

// memos are results of queries that were worked out before, each with what it was worked out from. They only save work: whatever was posted
// since shows in another version.
type memos struct {
	sync.Mutex
	kept map[string]memo
}

type memo struct{ version, value any }

// Memo gives what make works out, or gave for the same version of what it reads. A version must be comparable, and differ whenever what
// make reads does; the result is shared, and nobody changes it. It looks at nobody's region: the caller has.
func Memo[T any](v *View, key string, version any, make func() T) T {
	m := v.memos
	m.Lock()
	kept, ok := m.kept[key]
	m.Unlock()
	if ok && kept.version == version {
		return kept.value.(T)
	}
	value := make()
	m.keep(key, memo{version, value})
	return value
}

// Recall gives what was remembered under a key, of whatever version.
func Recall[T any](v *View, key string) (value T, ok bool) {
	v.memos.Lock()
	defer v.memos.Unlock()
	kept, ok := v.memos.kept[key]
	if !ok {
		return value, false
	}
	return kept.value.(T), true
}

// Remember keeps a value under a key, for Recall.
func Remember(v *View, key string, value any) { v.memos.keep(key, memo{nil, value}) }

func (m *memos) keep(key string, x memo) {
	m.Lock()
	defer m.Unlock()
	if m.kept == nil || len(m.kept) >= mostMemos {
		m.kept = map[string]memo{}
	}
	m.kept[key] = x
}

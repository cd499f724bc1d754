package journal

import "sync"

// mostMemos is how many results of queries a ledger keeps at once: half of them new, and half that nobody has asked for since.
const mostMemos = 20_000

// memos are results of queries that were worked out before, each with what it was worked out from. They only save work: whatever was posted
// since shows in another version.
type memos struct {
	sync.Mutex
	kept map[string]memo
	old  map[string]memo // what was kept before; what somebody asks for is kept again
}

type memo struct{ version, value any }

// Memo gives what make works out, or gave for the same version of what it reads. A version must be comparable, and differ whenever what
// make reads does; the result is shared, and nobody changes it. It looks at nobody's region: the caller has.
func Memo[T any](v *View, key string, version any, make func() T) T {
	m := v.memos
	kept, ok := m.get(key)
	if ok && kept.version == version {
		return kept.value.(T)
	}
	value := make()
	m.keep(key, memo{version, value})
	return value
}

// Recall gives what was remembered under a key, of whatever version.
func Recall[T any](v *View, key string) (value T, ok bool) {
	kept, ok := v.memos.get(key)
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
	m.put(key, x)
}

// get finds what is kept under a key.
func (m *memos) get(key string) (memo, bool) {
	m.Lock()
	defer m.Unlock()
	x, ok := m.kept[key]
	if !ok {
		if x, ok = m.old[key]; ok {
			m.put(key, x)
		}
	}
	return x, ok
}

// put keeps a result, with the lock held: when as many are new as may be, what nobody has asked for since goes.
func (m *memos) put(key string, x memo) {
	if m.kept == nil || len(m.kept) >= mostMemos/2 {
		m.kept, m.old = map[string]memo{}, m.kept
	}
	m.kept[key] = x
}

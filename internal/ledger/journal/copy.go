package journal

import (
	"reflect"
	"sync"
)

// copyOf copies an entry with its lists, so that what is checked, and filled in with what is decided, is never what somebody gave: the
// same posting can be tried again.
func copyOf(e Entry) Entry {
	v := reflect.ValueOf(e).Elem()
	c := reflect.New(v.Type())
	c.Elem().Set(v)
	copyLists(c.Elem())
	return c.Interface().(Entry)
}

// listsOf are the fields of a type that hold lists: looked up once for each type.
func listsOf(t reflect.Type) []int {
	if known, ok := listsByType.Load(t); ok {
		return known.([]int)
	}
	var list []int
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() && f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() != reflect.Uint8 {
			list = append(list, i)
		}
	}
	listsByType.Store(t, list)
	return list
}

var listsByType sync.Map

func copyLists(v reflect.Value) {
	for _, i := range listsOf(v.Type()) {
		f := v.Field(i)
		if f.IsNil() {
			continue
		}
		list := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
		reflect.Copy(list, f)
		if f.Type().Elem().Kind() == reflect.Struct && len(listsOf(f.Type().Elem())) > 0 {
			for k := range list.Len() {
				copyLists(list.Index(k))
			}
		}
		f.Set(list)
	}
}

package seal_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/seal"
)

// A key read from paper is the key; any one digit that is wrong, any two groups that have changed places, and any group left out are found,
// and named where they can be.
func TestKeysOnPaper(t *testing.T) {
	for _, suite := range []seal.Suite{seal.International, seal.National} {
		key, err := seal.New(suite)
		if err != nil {
			t.Fatal(err)
		}
		if key, err = key.Replaced(); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(key.Spell(), "\n")
		for _, typed := range []string{text, strings.ReplaceAll(text, " ", "-"), strings.ReplaceAll(text, " ", ""),
			strings.ReplaceAll(strings.ReplaceAll(text, "1", "\uff11"), " ", "\u3000")} {
			back, err := seal.ReadSpelled(typed)
			if err != nil || back.Text() != key.Text() {
				t.Fatalf("%v", err)
			}
		}
		groups := strings.Fields(text)
		for i, g := range groups {
			for at := range g {
				for d := range byte(10) {
					wrong := g[:at] + string('0'+d) + g[at+1:]
					if wrong == g {
						continue
					}
					list := append(append(append([]string{}, groups[:i]...), wrong), groups[i+1:]...)
					var bad *seal.SpellError
					if _, err := seal.ReadSpelled(strings.Join(list, " ")); !errors.As(err, &bad) {
						t.Fatalf("group %d as %s: %v", i, wrong, err)
					} else if bad.Text != wrong || (bad.Key-1)*len(groups)/2+bad.Group-1 != i {
						t.Fatalf("group %d as %s: %v", i, wrong, bad)
					}
				}
			}
			if i > 0 && groups[i-1] != g {
				list := append([]string{}, groups...)
				list[i-1], list[i] = g, groups[i-1]
				if _, err := seal.ReadSpelled(strings.Join(list, " ")); err == nil {
					t.Errorf("groups %d and %d exchanged", i-1, i)
				}
			}
			if _, err := seal.ReadSpelled(strings.Join(append(append([]string{}, groups[:i]...), groups[i+1:]...), " ")); err == nil {
				t.Errorf("without group %d", i)
			}
		}
	}
	for _, text := range []string{"", "hello", "123456 123456"} {
		if _, err := seal.ReadSpelled(text); err == nil {
			t.Errorf("%q is a key", text)
		}
	}
}

package region

import "testing"

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Code
		level    Level
	}{
		{"a village", "210727102216", "210727102216", Village},
		{"a township is padded", "210727102", "210727102000", Township},
		{"a county is padded", "210727", "210727000000", County},
		{"a city is padded", "2107", "210700000000", City},
		{"a padded city stays a city", "210700000000", "210700000000", City},
		{"zeros name the country", "00", Country, CountryLevel},
		{"too short for any level", "21072", "", 0},
		{"letters", "21072710221X", "", 0},
		{"a village in no township", "210727000216", "", 0},
		{"nothing", "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.in)
			if (err != nil) != (c.want == "") || got != c.want {
				t.Fatalf("Parse(%q) = %q, %v; want %q", c.in, got, err, c.want)
			}
			if err == nil && got.Level() != c.level {
				t.Errorf("level %d, want %d", got.Level(), c.level)
			}
		})
	}
}

func TestContains(t *testing.T) {
	village := MustParse("210727102216")
	for _, c := range []struct {
		name, outer string
		want        bool
	}{
		{"itself", "210727102216", true}, {"its township", "210727102", true}, {"its county", "210727", true},
		{"its city", "2107", true}, {"the country", "00", true},
		{"the next village", "210727102217", false}, {"the next township", "210727103", false}, {"the next county", "210726", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := MustParse(c.outer).Contains(village); got != c.want {
				t.Errorf("%s contains %s: %v", c.outer, village, got)
			}
		})
	}
	if village.Contains(MustParse("210727102")) {
		t.Error("a village contains its township")
	}
	if got := village.Parent(); got != "210727102000" {
		t.Errorf("parent %s", got)
	}
	if Code("").Contains(village) || village.Contains("") {
		t.Error("the empty code contains or is contained")
	}
}

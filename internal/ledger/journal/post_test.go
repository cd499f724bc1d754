package journal_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal/sealtest"
	"github.com/sanbian/ledger/internal/store"
)

func oneYuan() journal.Entry {
	return &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("1")}
}

func TestPostingTwiceHappensOnce(t *testing.T) {
	b := booktest.New(t)
	who := b.As("kj-yuxin")
	first, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan(), oneYuan()}, Request: "form-1"})
	if err != nil || first.Again {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan(), oneYuan()}, Request: "form-1"})
	if err != nil || !again.Again || fmt.Sprint(again.IDs) != fmt.Sprint(first.IDs) {
		t.Errorf("the second time: %+v, %v; the first: %+v", again, err, first)
	}
	if _, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}, Request: "form-1"}); !booktest.CodeIs(err,
		journal.Conflict) {
		t.Errorf("the key of another posting: %v", err)
	}
	other, err := b.Post(b.As("kj-kaizhou"), journal.Posting{Entries: []journal.Entry{&income.RecordIncome{
		Book: booktest.Kaizhou, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("1")}}, Request: "form-1"})
	if err != nil || other.Again {
		t.Errorf("another account's key of the same name: %+v, %v", other, err)
	}
	if n, _ := b.Lines(); n != 2 {
		t.Errorf("%d lines", n)
	}
	// The same form pressed by many fingers at once.
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}, Request: "form-2"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, _ := b.Lines(); n != 3 {
		t.Errorf("%d lines after sixteen presses of one button", n)
	}
	b.Verified()
}

func TestAllOrNothing(t *testing.T) {
	b := booktest.New(t)
	who := b.As("kj-yuxin")
	bad := &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01"}
	_, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan(), bad, oneYuan(), booktest.Household(booktest.Yuxin, 1),
		badHousehold()}})
	rows := map[int]bool{}
	for _, e := range journal.All(err) {
		rows[e.Row] = true
	}
	if len(rows) != 2 || !rows[2] || !rows[5] {
		t.Errorf("faults in rows %v: %v", rows, err)
	}
	if _, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}, DryRun: true}); err != nil {
		t.Error(err)
	}
	if n, _ := b.Lines(); n != 0 {
		t.Errorf("%d lines of a refused posting and a dry run", n)
	}
	if _, err := b.Post(who, journal.Posting{}); !booktest.CodeIs(err, journal.Invalid) {
		t.Errorf("nothing posted: %v", err)
	}
	if _, err := b.Post(who, journal.Posting{Entries: make([]journal.Entry, journal.MaxEntries+1)}); !booktest.CodeIs(err, journal.TooLarge) {
		t.Errorf("too much posted: %v", err)
	}
	b.Verified()
}

func badHousehold() journal.Entry {
	h := booktest.Household(booktest.Yuxin, 2)
	h.IDNo = "11010519491231002Y"
	return h
}

// Refused postings among many at once take none of the good ones down, and every good one is there.
func TestNeighboursOfARefusedPosting(t *testing.T) {
	b := booktest.New(t)
	who := b.As("kj-yuxin")
	var wg sync.WaitGroup
	for c := range 32 {
		wg.Go(func() {
			for i := range 20 {
				entries := []journal.Entry{oneYuan()}
				bad := (c+i)%3 == 0
				if bad {
					entries = append(entries, &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01"})
				}
				if _, err := b.Post(who, journal.Posting{Entries: entries}); (err != nil) != bad {
					t.Errorf("bad %v: %v", bad, err)
				}
			}
		})
	}
	wg.Wait()
	good := 0
	for c := range 32 {
		for i := range 20 {
			if (c+i)%3 != 0 {
				good++
			}
		}
	}
	if n, sum := b.Lines(); n != good || sum != fmt.Sprintf("%d.00", good) {
		t.Errorf("%d lines of %s yuan, %d were taken", n, sum, good)
	}
	b.Verified()
}

// A record that cannot be read stops whoever needs it, and nobody else.
func TestAnUnreadableRecordStopsOnlyItsOwn(t *testing.T) {
	b := booktest.New(t)
	log := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the ledger tells of each; here it is meant to
	t.Cleanup(func() { slog.SetDefault(log) })
	if err := b.Store().Update(func(tx *store.Tx) error { tx.Put("total", booktest.Yuxin+"Y2026", []byte{0xff}); return nil }); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{oneYuan()}}); !booktest.CodeIs(err, journal.Unavailable) {
				t.Errorf("the village whose record is broken: %v", err)
			}
		})
		wg.Go(func() {
			if _, err := b.Post(b.As("kj-kaizhou"), journal.Posting{Entries: []journal.Entry{&income.RecordIncome{
				Book: booktest.Kaizhou, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("1")}}}); err != nil {
				t.Errorf("its neighbour: %v", err)
			}
		})
	}
	wg.Wait()
}

func TestClosedAccountsPostNothing(t *testing.T) {
	b := booktest.New(t)
	who := b.As("kj-yuxin") // looked up before it is closed
	b.Record("admin", &office.CloseAccount{Account: "kj-yuxin", Home: booktest.Yuxin})
	if _, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}}); !booktest.CodeIs(err, journal.Forbidden) {
		t.Errorf("a closed account posted: %v", err)
	}
	if _, err := b.Actor("kj-yuxin"); !booktest.CodeIs(err, journal.Forbidden) {
		t.Errorf("a closed account is somebody: %v", err)
	}
	forged := journal.Actor{Account: "kj-kaizhou", Role: journal.Accountant, Region: region.Country}
	if _, err := b.Post(forged, journal.Posting{Entries: []journal.Entry{oneYuan()}}); !booktest.CodeIs(err, journal.Forbidden) {
		t.Errorf("an actor that claims more than its account: %v", err)
	}
}

// Verify names the first difference: a record changed, removed or put in, a table changed, cut or added to.
func TestVerifyFindsTampering(t *testing.T) {
	record := func(tx *store.Tx, seq int) (string, []byte) {
		key := fmt.Sprintf("210727%012d", seq)
		return key, bytes.Clone(tx.Get("journal", key))
	}
	for _, c := range []struct {
		name, want string
		tamper     func(tx *store.Tx)
	}{
		{"an amount changed in the journal", "does not follow the record before it", func(tx *store.Tx) {
			for seq := 1; ; seq++ {
				key, b := record(tx, seq)
				if bytes.Contains(b, []byte("RecordIncome")) {
					tx.Put("journal", key, bytes.Replace(b, []byte("operating"), []byte("operatinh"), 1))
					return
				}
			}
		}},
		{"the last record changed", "table", func(tx *store.Tx) {
			last := 0
			for seq := 1; ; seq++ {
				if _, b := record(tx, seq); b == nil {
					break
				}
				last = seq
			}
			key, b := record(tx, last)
			tx.Put("journal", key, bytes.Replace(b, []byte("2026-02-01"), []byte("2026-02-02"), -1))
		}},
		{"a record removed", "is missing or out of place", func(tx *store.Tx) { tx.Delete("journal", "210727000000000004") }},
		{"a record added at the end", "missing in the table", func(tx *store.Tx) {
			n := 0
			for seq := 1; ; seq++ {
				if _, b := record(tx, seq); b == nil {
					n = seq
					break
				}
			}
			_, b := record(tx, n-1)
			var rec journal.Record
			if err := store.Decode(b, &rec); err != nil {
				panic(err)
			}
			rec.Seq++
			rec.Prev = hash(b)
			tx.Put("journal", fmt.Sprintf("210727%012d", n), store.Encode(&rec))
		}},
		{"a sum changed", `table total`, func(tx *store.Tx) {
			b := bytes.Clone(tx.Get("total", booktest.Yuxin+"Y2026"))
			b[len(b)-1]++
			tx.Put("total", booktest.Yuxin+"Y2026", b)
		}},
		{"a shareholder removed from the table", "is missing in the table",
			func(tx *store.Tx) { tx.Delete("shareholder", booktest.Yuxin+"H00001") }},
		{"a holding put in", "does not follow from the journal",
			func(tx *store.Tx) { tx.Put("holding", booktest.Yuxin+"E001C01"+booktest.Yuxin+"H00099", []byte{1}) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
			b.Record("kj-yuxin", oneYuan(), oneYuan())
			b.Verified()
			if err := b.Store().Update(func(tx *store.Tx) error { c.tamper(tx); return nil }); err != nil {
				t.Fatal(err)
			}
			_, err := booktest.Verify(b)
			var f *journal.Finding
			if !errors.As(err, &f) || !strings.Contains(f.Error(), c.want) {
				t.Errorf("found %v, want something with %q", err, c.want)
			}
		})
	}
}

// Every table that anything is written to is compared by verify, or walked, or known to be no part of the books.
func TestVerifyLooksAtEveryTable(t *testing.T) {
	b := booktest.New(t)
	for i, s := range booktest.Samples() {
		b.Record(s.Account, booktest.Samples()[i].Entry)
	}
	if _, err := b.Post(journal.Console, journal.Posting{Entries: []journal.Entry{&office.NameDivision{Code: "210700000000", Name: "锦州市"}},
		Request: "r"}); err != nil {
		t.Fatal(err)
	}
	names, err := b.Store().Buckets()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if name == "meta" || name == "journal" {
			continue
		}
		if err := b.Store().Update(func(tx *store.Tx) error { tx.Put(name, "~", []byte{0}); return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := booktest.Verify(b); err == nil {
			t.Errorf("verify does not look at table %q", name)
		}
		if err := b.Store().Update(func(tx *store.Tx) error { tx.Delete(name, "~"); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	b.Verified()
}

// No personal number can be read in the file, and the wrong key does not open it.
func TestNumbersAreSealed(t *testing.T) {
	b := booktest.New(t)
	h := booktest.Household(booktest.Yuxin, 7)
	id := b.Record("kj-yuxin", h)[0]
	if _, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&register.ChangeBankCard{Holder: id,
		Card: booktest.CardNo(8)}},
		Request: "r"}); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	for what, number := range map[string]string{"ID": booktest.ResidentID(7), "card": booktest.CardNo(7), "new card": booktest.CardNo(8),
		"phone": "13900000007",
		"hash":  "hash of kj-yuxin"} {
		if bytes.Contains(file, []byte(number)) {
			t.Errorf("the %s number %s stands in the file", what, number)
		}
	}
	b.See("yixian", func(v *journal.View) {
		s, _ := register.ShareholderOf(v, id)
		if n := register.Masked(v, s); n.Card != "6299 **** "+booktest.CardNo(8)[len(booktest.CardNo(8))-4:] || strings.Contains(n.ID,
			booktest.ResidentID(7)[6:14]) {
			t.Errorf("masked: %+v", n)
		}
		if n := dividend.Full(v, s, register.Revealed{}); n != register.Masked(v, s) {
			t.Errorf("without leave: %+v", n)
		}
	})
	if _, err := register.Reveal(b.Ledger, b.As("yixian"), id, "看看"); !booktest.CodeIs(err, journal.Forbidden) {
		t.Errorf("an official sees numbers: %v", err)
	}
	leave, err := register.Reveal(b.Ledger, b.As("kj-yuxin"), id, "核对")
	if err != nil {
		t.Fatal(err)
	}
	b.See("kj-yuxin", func(v *journal.View) {
		s, _ := register.ShareholderOf(v, id)
		if n := dividend.Full(v, s, leave); n.ID != booktest.ResidentID(7) || n.Card != booktest.CardNo(8) || n.Phone != "13900000007" {
			t.Errorf("in full: %+v", n)
		}
		j, _, _ := v.Journal(booktest.Yuxin, "", 1)
		if j[0].Kind != "RevealNumbers" {
			t.Errorf("the last entry is %s", j[0].Kind)
		}
	})
	other, err := sealtest.Create(filepath.Join(t.TempDir(), "other"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(b.Store(), other, time.Now); !errors.Is(err, journal.ErrWrongKey) {
		t.Errorf("another key: %v", err)
	}
}

// What was acknowledged is on disk, and nothing of what was not is there by half: the process is killed in the middle of its work.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("SANBIAN_KILL_ME"); dir != "" {
		postForEver(t, dir)
		return
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "SANBIAN_KILL_ME="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	in := bufio.NewScanner(out)
	for len(acknowledged) < 300 && in.Scan() {
		if id, ok := strings.CutPrefix(in.Text(), "ack "); ok {
			acknowledged[id] = true
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for in.Scan() { // acknowledged before the blow, read after it
		if id, ok := strings.CutPrefix(in.Text(), "ack "); ok && len(id) == len(booktest.Yuxin)+len("YddddNddddd") {
			acknowledged[id] = true
		}
	}
	_ = cmd.Wait()
	if len(acknowledged) < 300 {
		t.Fatalf("only %d entries were acknowledged", len(acknowledged))
	}
	s, err := store.Open(filepath.Join(dir, "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	scratch, err := store.OpenScratch(filepath.Join(dir, "scratch"))
	if err != nil {
		t.Fatal(err)
	}
	defer scratch.Close()
	if _, err := journal.Verify(s, scratch, nil); err != nil {
		t.Errorf("verify after the kill: %v", err)
	}
	if err := s.View(func(r store.Reader) error {
		there := 0
		for k := range r.Scan("income", "", "") {
			delete(acknowledged, k)
			there++
		}
		if len(acknowledged) > 0 {
			t.Errorf("%d acknowledged entries are lost: %v", len(acknowledged), acknowledged)
		}
		if there%2 != 0 { // every posting had two entries
			t.Errorf("%d lines: half a posting is there", there)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func postForEver(t *testing.T, dir string) {
	key, err := sealtest.Create(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(filepath.Join(dir, "db"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := journal.Open(s, key, func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Post(journal.Console, journal.Posting{Entries: []journal.Entry{
		&office.NameDivision{Code: "210727000000", Name: "义县"}, &office.NameDivision{Code: "210727102000", Name: "七里河镇"},
		&office.NameDivision{Code: booktest.Yuxin, Name: "育新村"},
		&office.AddAccount{Name: "kj", Role: journal.Accountant, Region: booktest.Yuxin, Hash: "h"},
	}}); err != nil {
		t.Fatal(err)
	}
	var out sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100_000 { // the parent kills long before; if it does not, the test ends by itself
				r, err := l.Post(journal.Actor{Account: "kj"}, journal.Posting{Entries: []journal.Entry{oneYuan(), oneYuan()}})
				if err != nil {
					t.Error(err)
					return
				}
				out.Lock()
				fmt.Printf("ack %s\nack %s\n", r.IDs[0], r.IDs[1])
				out.Unlock()
			}
		})
	}
	wg.Wait()
}

func hash(b []byte) []byte {
	h := sealtest.Suite().Hash(b)
	return h[:]
}

// What names no place at all is refused in words like any other mistake.
func TestPlacesThatAreNone(t *testing.T) {
	b := booktest.New(t)
	for _, place := range []region.Code{"", "1", "*", "21072710221", "2107271022166", "中文", "210727"} {
		for account, e := range map[string]journal.Entry{"sh-qilihe": &office.CloseYear{Village: place, Year: 2024},
			"yixian": &office.ChangeSetting{Region: place, Setting: "map_tiles", Value: "x", From: "2026-03-01", Reason: "x"}} {
			_, err := b.Post(b.As(account), journal.Posting{Entries: []journal.Entry{e}})
			if !booktest.CodeIs(err, journal.Invalid) && !booktest.CodeIs(err, journal.NotFound) && !booktest.CodeIs(err, journal.Forbidden) {
				t.Errorf("%T of %q: %v", e, place, err)
			}
		}
	}
}

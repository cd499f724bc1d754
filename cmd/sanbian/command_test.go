package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
	"github.com/sanbian/ledger/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

const village = "210727102216"

// shell runs commands on a data folder of a test.
type shell struct {
	*testing.T
	data   string
	beside bool // whether a server that holds the folder may run what is typed
}

func newShell(t *testing.T) *shell { return &shell{T: t, data: filepath.Join(t.TempDir(), "books")} }

// run runs a command and returns what it printed, or what it said when it failed.
func (s *shell) run(stdin string, args ...string) (out string, ok bool) {
	s.Helper()
	o := &options{out: io.Discard}
	c := o.command()
	var stdout, stderr bytes.Buffer
	args = append(args, "--data", s.data)
	if s.beside {
		o.args = args
	}
	c.SetArgs(args)
	c.SetIn(strings.NewReader(stdin))
	c.SetOut(&stdout)
	c.SetErr(&stderr)
	if err := c.Execute(); err != nil && !errors.Is(err, errElsewhere) {
		o.fail(&stderr, err)
		return stdout.String() + stderr.String(), false
	}
	return stdout.String() + stderr.String(), true
}

func (s *shell) must(stdin string, args ...string) string {
	s.Helper()
	out, ok := s.run(stdin, args...)
	if !ok {
		s.Fatalf("%v: %s", args, out)
	}
	return out
}

// fails runs a command that must fail and say something.
func (s *shell) fails(says, stdin string, args ...string) {
	s.Helper()
	if out, ok := s.run(stdin, args...); ok || !strings.Contains(out, says) {
		s.Errorf("%v: %v, said %q; want a failure with %q", args, ok, out, says)
	}
}

// golden compares an export with its file in testdata.
func (s *shell) golden(name, got string) {
	s.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			s.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		s.Fatal(err)
	}
	if got != string(want) {
		s.Errorf("%s:\n%s\nwant\n%s", name, got, want)
	}
}

// begin makes the accounts and divisions of a new ledger, as its README says.
func (s *shell) begin() {
	s.Helper()
	s.must("", "import", "divisions", "testdata/divisions.csv", "--city", "锦州市")
	for _, a := range []struct{ name, role, place string }{
		{"admin", "administrator", "00"}, {"kj", "accountant", village}, {"sh", "reviewer", "210727102"}, {"xian", "official", "210727"},
	} {
		s.must("correct horse\n", "account", "add", a.name, "--role", a.role, "--region", a.place)
	}
}

// file is a file with a text.
func (s *shell) file(text string) string {
	s.Helper()
	name := filepath.Join(s.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
	return name
}

// A ledger is begun, filled and paid out by commands alone; what comes out is as the golden files say.
func TestByCommandsAlone(t *testing.T) {
	s := newShell(t)
	s.begin()
	before := s.must("", "verify")
	if out := s.must("", "post", "testdata/village.jsonl", "--account", "kj", "--dry-run"); !strings.Contains(out, "8 条分录,没有写入") {
		t.Errorf("dry run: %s", out)
	}
	if after := s.must("", "verify"); after != before {
		t.Errorf("the dry run wrote: %s, before %s", after, before)
	}
	if out := s.must("", "post", "testdata/village.jsonl", "--account", "kj"); !strings.Contains(out, `{"id":"210727102216E001C02"}`) ||
		!strings.Contains(out, "已记 8 条分录") {
		t.Errorf("post: %s", out)
	}
	if out := s.must("", "post", "testdata/village.jsonl", "--account", "kj"); !strings.Contains(out, "以前已经记过(8 条分录)") {
		t.Errorf("the same file again: %s", out)
	}
	s.must("", "import", "shareholders", "testdata/households.csv", "--village", village, "--entity", village+"E001", "--date", "2019-06-01",
		"--account", "kj")
	plan, err := os.ReadFile("testdata/plan.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	s.must(`{"entry":"ChangeCharter","entity":"210727102216E001","disclosure_days":"0","resolution":"2025-06"}`, "post", "--account", "kj")
	s.must(string(plan), "post", "--account", "kj")
	s.fails("村会计不能做“审核分红”", `{"entry":"ApproveDistribution","distribution":"210727102216E001D202501"}`, "post", "--account", "kj")
	approve := `{"entry":"ApproveDistribution","distribution":"210727102216E001D202501"}`
	s.fails("要账号本人做", approve, "post", "--account", "sh")
	s.fails("账号或密码不对", approve, "post", "--account", "sh", "--password-file", s.file("wrong\n"))
	s.must(approve, "post", "--account", "sh", "--password-file", s.file("correct horse\n"))
	if said := s.must("", "export", "journal", "--account", "xian", "--format", "raw"); !strings.Contains(said, "审核分红") ||
		strings.Count(said, ",是\r\n") != strings.Count(said, ",kj,村会计,") {
		t.Errorf("who posted is not told:\n%s", said)
	}
	today := string(journal.DateOf(time.Now()))
	s.fails("方案还没有公示", `{"entry":"MakeBatch","distribution":"210727102216E001D202501","date":"`+today+`"}`, "post", "--account", "kj")
	s.must(`{"entry":"DiscloseDistribution","distribution":"210727102216E001D202501","from":"`+today+`"}
{"entry":"MakeBatch","distribution":"210727102216E001D202501","bank":"农商银行","date":"`+today+`"}`, "post", "--account", "kj")
	const batch = village + "E001D202501T01"
	s.golden("batch.csv", strings.ReplaceAll(s.must("", "export", "batch", "--account", "kj", "--batch", batch, "--bank-format",
		"竖线分隔,金额到分,末行汇总(UTF-8)"), today, "TODAY"))
	s.golden("batch-masked.csv", strings.ReplaceAll(s.must("", "export", "batch", "--account", "xian", "--batch", batch, "--bank-format",
		"竖线分隔,金额到分,末行汇总(UTF-8)"), today, "TODAY"))
	s.fails("没有名为“白银行”的银行格式", "", "export", "batch", "--account", "kj", "--batch", batch, "--bank-format", "白银行")
	s.fails("第 1 行 results.1.state: 结果写 paid",
		`{"entry":"SettleBatch","batch":"`+batch+`","date":"`+today+`","results":[{"line":1,"state":"paid"},{"line":2,"state":"好了"}]}`,
		"post", "--account", "kj")
	s.fails("第 2 行 金额: 金额 1 与报盘的", "序号,金额,结果\n1,1,成功\n", "import", "results", "-", "--batch", batch, "--account", "kj")
	s.fails("第 2 行 结果: 缺少结果", "序号,结果\n1,\n", "import", "results", "-", "--batch", batch, "--account", "kj")
	s.fails("第 3 行 金额: 合计 写的是 999999", "序号,金额,结果\n1,"+s.due("H00001")+",成功\n合计,999999,\n", "import", "results", "-", "--batch", batch,
		"--account", "kj")
	fen := strings.ReplaceAll(s.due("H00001"), ".", "")
	s.must("序号|账号|户名|金额(分)|结果|失败原因\n1|6299****0012|测试甲|"+fen+"|成功|\n2||=测试乙||失败|户名不符\n合计|||||\n", "import", "results", "-", "--batch", batch,
		"--account", "kj")
	s.must(`{"entry":"ConfirmPayouts","distribution":"210727102216E001D202501","date":"`+today+`","all":true}`, "post", "--account", "kj")
	s.golden("payouts.csv", strings.ReplaceAll(s.must("", "export", "payouts", "--account", "kj"), today, "TODAY"))
	s.golden("payouts-masked.csv", strings.ReplaceAll(s.must("", "export", "payouts", "--account", "xian", "--distribution",
		village+"E001D202501"), today, "TODAY"))
	s.golden("shareholders.csv", s.must("", "export", "shareholders", "--account", "kj"))
	s.golden("holdings.csv", s.must("", "export", "holdings", "--account", "xian", "--entity", village+"E001"))
	s.golden("income.csv", s.must("", "export", "income", "--account", "xian", "--year", "2025"))
	if out := s.must("", "import", "shareholders", "testdata/households.csv", "--village", village, "--entity", village+"E001", "--date",
		"2019-06-01", "--account", "kj"); !strings.Contains(out, "没有要记的") {
		t.Errorf("the same households again: %s", out)
	}
	const put = "户主,种类,面积(亩),作价(元),股份,配股数,日期,期限起,期限到,权证号\n" +
		"测试甲,耕地,4.5,9000,土地股,4.5,2026/1/5,2026-01-01,2035.12.31,辽(2020)义县0001\n合计,,4.5,9000,,4.5,,,,\n"
	s.must(put, "import", "contributions", "-", "--village", village, "--entity", village+"E001", "--account", "kj")
	s.must("日期,项目,金额\n2026-01-05,经营收入,0.01\n", "import", "income", "-", "--village", village, "--account", "kj")
	s.must("%PDF-1.7\n%%EOF\n", "attach", "-", "--to", village+"E001B00001", "--name", "土地经营权证.pdf", "--account", "kj")
	s.fails("不是 PDF、JPEG 或 PNG", "Word", "attach", "-", "--to", village+"E001B00001", "--account", "kj")
	recorded := regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAllString(s.must("", "export", "journal", "--account", "xian"), "DIGEST")
	recorded = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`).ReplaceAllString(recorded, "TIME")
	yesterday := string(journal.DateOf(time.Now().AddDate(0, 0, -1)))
	s.golden("journal.csv", strings.NewReplacer(today, "TODAY", yesterday, "YESTERDAY").Replace(recorded))
	s.golden("entities.csv", s.must("", "export", "entities", "--account", "xian"))
	s.golden("contributions.csv", s.must("", "export", "contributions", "--account", "xian", "--year", "2026"))
	s.golden("transformation.csv", s.must("", "export", "transformation", "--account", "xian", "--year", "2026", "--place", village))
	s.must("成员,日期,品名,交易量,交易额\n测试甲,2026-01-05,黄瓜,100,250.5\n,2026-01-06,黄瓜,10,25\n", "import", "trade", "-", "--village", village, "--entity",
		village+"E001", "--account", "kj")
	s.must(`{"entry":"QuantifySubsidy","entity":"210727102216E001","date":"2026-01-10","amount":"100","source":"县农业农村局"}`, "post",
		"--account", "kj")
	s.golden("members.csv", s.must("", "export", "members", "--account", "xian", "--entity", village+"E001", "--year", "2026"))
	s.golden("trade.csv", s.must("", "export", "trade", "--account", "xian", "--entity", village+"E001", "--year", "2026"))
	s.golden("statement.csv", s.must("", "export", "statement", "--account", "xian", "--year", "2025", "--place", village))
	s.golden("distributions.csv", s.must("", "export", "distributions", "--account", "xian"))
	s.golden("register.csv", s.must("", "export", "register", "--account", "xian", "--class", village+"E001C02", "--on", "2026-01-05"))
	s.golden("register-raw.csv", s.must("", "export", "register", "--account", "xian", "--class", village+"E001C02", "--on", "2026-01-04",
		"--format", "raw"))
	s.fails("没有“pdf”这种格式", "", "export", "entities", "--account", "xian", "--format", "pdf")
	s.must(`{"entry":"RecordResolution","of":"`+village+`E001","body":"assembly","date":"2026-01-04","notice":"2025-12-20",`+
		`"subjects":["fund","distribution"],"number":"2026-01","title":"2025 年收益分配","entitled":90,"present":70,"for":66,"against":2,`+
		`"opened":"2025-12-20"}`, "post", "--account", "kj")
	s.must(`{"entry":"ConfirmMember","collective":"210727102216E001","name":"测试甲","id_no":"210799196001010013","date":"2026-01-10"}`, "post",
		"--account", "kj")
	s.golden("roll.csv", s.must("", "export", "roll", "--account", "xian", "--entity", village+"E001", "--on", "2026-01-10"))
	s.golden("setup.csv", s.must("", "export", "setup", "--account", "xian", "--entity", village+"E001", "--on", "2026-01-10"))
	s.golden("land.csv", s.must("", "export", "land", "--account", "xian", "--on", "2026-01-10"))
	s.golden("resolutions.csv", s.must("", "export", "resolutions", "--account", "xian"))
	s.golden("summary.csv", s.must("", "export", "summary", "--account", "xian", "--year", "2025"))
	if out := s.must("", "verify"); !strings.Contains(out, "核对无误") || !strings.Contains(out, "1 份附件的内容与日志里的摘要相符") {
		t.Errorf("verify: %s", out)
	}
	// What was exported goes into another ledger as it is.
	first := s.must("", "export", "shareholders", "--account", "kj")
	for _, args := range [][]string{{"-o", "shareholders.csv"}, {"-o", "shareholders.xlsx"}, {"-o", "gb.csv", "--format", "gb18030"},
		{"-o", "raw.csv", "--format", "raw"}} {
		other := newShell(t)
		other.begin()
		args[1] = filepath.Join(t.TempDir(), args[1])
		s.must("", append([]string{"export", "shareholders", "--account", "kj"}, args...)...)
		other.must("", "import", "shareholders", args[1], "--village", village, "--account", "kj")
		if again := other.must("", "export", "shareholders", "--account", "kj"); again != first {
			t.Errorf("%v: exported, imported and exported again:\n%s\nfirst\n%s", args, again, first)
		}
	}
	// A paper that was changed is found out.
	papers, err := filepath.Glob(filepath.Join(s.data, "papers", "*", "*"))
	if err != nil || len(papers) != 1 {
		t.Fatalf("papers %v, %v", papers, err)
	}
	if err := os.WriteFile(papers[0], []byte("%PDF-1.7  %%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.fails("不在或已被改动", "", "verify")
}

func TestCommandsThatFail(t *testing.T) {
	s := newShell(t)
	s.fails("里没有台账", "", "verify")
	s.begin()
	s.fails("账号“nobody”不存在", "{}", "post", "--account", "nobody")
	s.fails("第 2 行 amount: 36000.555 的小数超过两位",
		`{"entry":"RecordIncome","book":"210727102216","item":"operating","date":"2025-05-20","amount":"1"}
{"entry":"RecordIncome","book":"210727102216","item":"operating","date":"2025-05-20","amount":"36000.555"}`, "post", "--account", "kj")
	s.fails("没有名为“Recordincome”的分录", `{"entry":"Recordincome"}`, "post", "--account", "kj")
	s.fails("不是 JSON 对象", `[1]`, "post", "--account", "kj")
	s.fails("没有“amout”这一项", `{"entry":"RecordIncome","amout":"1"}`, "post", "--account", "kj")
	s.fails("没有要记的分录", "# nothing\n", "post", "--account", "kj")
	s.fails("管不到", `{"entry":"RecordIncome","book":"210727102215","item":"operating","date":"2025-05-20","amount":"1"}`, "post", "--account",
		"kj")
	s.fails("密码只能用", `{"entry":"SetPassword","account":"kj","home":"210727102216"}`, "post", "--account", "kj")
	s.fails("打不开", "", "import", "divisions", "testdata/nothing.csv")
	s.fails("第 3 行 银行卡号: 银行卡号 6299990000000000021 不对",
		"户主,身份证号,银行卡号\n甲,210799196001010013,6299990000000000012\n乙,210799196002020029,6299990000000000021\n",
		"import", "shareholders", "-", "--village", village, "--account", "kj")
	s.fails("第 2 行 土地股: “三亩”不是数量", "户主,身份证号,土地股\n甲,210799196001010013,三亩\n", "import", "shareholders", "-", "--village", village, "--account",
		"kj", "--entity", s.land())
	// A file that registers somebody else is no reason to overlook a number that nobody has.
	s.fails("第 2 行 id_no: 本村没有登记身份证号为", `{"entry":"RegisterShareholder","village":"210727102216","name":"甲","id_no":"210799196001010013"}
{"entry":"IssueShares","class":"210727102216E001C01","id_no":"210799196002020029","quantity":"1","date":"2020-01-01"}`,
		"post", "--account", "kj")
	s.fails("密码至少要 8 个字符", "short\n", "account", "add", "x1", "--role", "official", "--region", "210727")
	s.fails("没有“king”这种角色", "correct horse\n", "account", "add", "x1", "--role", "king", "--region", "210727")
	s.fails("没有编号为", "", "export", "payouts", "--account", "xian", "--distribution", village+"E009D202501")
	s.fails("不能查阅", "", "export", "summary", "--account", "kj", "--place", "210727")
}

// land makes an entity with a land class and returns its id.
func (s *shell) land() string {
	s.must(`{"entry":"RegisterEntity","village":"210727102216","name":"农场","kind":"family_farm"}
{"entry":"OpenShareClass","entity":"210727102216E001","kind":"land","unit":"mu"}`, "post", "--account", "kj")
	return village + "E001"
}

// due is what a holder gets of the plan, as the export says.
func (s *shell) due(holder string) string {
	s.Helper()
	for line := range strings.Lines(s.must("", "export", "payouts", "--account", "xian")) {
		if cells := strings.Split(line, ","); strings.Contains(line, holder) {
			return cells[9]
		}
	}
	s.Fatalf("%s gets nothing", holder)
	return ""
}

// Books in another format are left alone, with a word that says what to do.
func TestFormat(t *testing.T) {
	s := newShell(t)
	s.begin()
	books, err := store.Open(filepath.Join(s.data, "sanbian.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := books.Update(func(tx *store.Tx) error { tx.Put("meta", "version", []byte("1")); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := books.Close(); err != nil {
		t.Fatal(err)
	}
	s.fails("第 1 版格式", "", "export", "summary")
}

func TestKeyAndLock(t *testing.T) {
	s := newShell(t)
	s.begin()
	key := s.data + ".key"
	if st, err := os.Stat(key); err != nil || st.Mode().Perm()&0o077 != 0 {
		t.Errorf("key file: %v, %v", st, err)
	}
	if err := os.Rename(key, key+".away"); err != nil {
		t.Fatal(err)
	}
	s.fails("找不到密钥文件", "", "export", "summary")
	if out := s.must("", "verify"); !strings.Contains(out, "核对无误") {
		t.Errorf("verify without the key: %s", out)
	}
	s.must("", "import", "divisions", "testdata/divisions.csv", "--key", key+".away")
	newShell(t).run("", "import", "divisions", "testdata/divisions.csv", "--key", key) // another ledger makes a key of that name
	s.fails("不是一对", "", "export", "summary")
	if err := os.WriteFile(key, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.fails("不是三变台账的密钥文件", "", "export", "summary")
	held, err := store.Open(filepath.Join(s.data, "sanbian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	start := time.Now()
	s.fails("正由另一个 sanbian 使用", "", "verify")
	if waited := time.Since(start); waited > 5*time.Second {
		t.Errorf("it waited %s for the lock", waited)
	}
}

func TestVerifyNamesTheDifference(t *testing.T) {
	s := newShell(t)
	s.begin()
	held, err := store.Open(filepath.Join(s.data, "sanbian.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := held.Update(func(tx *store.Tx) error { tx.Delete("division", village); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	s.fails(`table division, key "210727102216"`, "", "verify")
	if left, _ := filepath.Glob(filepath.Join(s.data, "verify-*")); len(left) > 0 {
		t.Errorf("verify left %v behind", left)
	}
}

// The reference names every kind of entry, who may post it and every field that a script may fill, in words; in both languages.
func TestReferenceNamesEverything(t *testing.T) {
	s := newShell(t)
	for _, lang := range []string{"zh", "en"} {
		rows := map[string]string{}
		for line := range strings.Lines(s.must("", "reference", "--lang", lang)) {
			if parts := strings.Split(line, "`"); len(parts) > 1 {
				rows[parts[1]] = line
			}
		}
		for _, kind := range journal.Kinds() {
			k, _ := journal.KindNamed(kind)
			for _, f := range k.Fields() {
				word := web.NewTranslator(lang).T(string(f.Label))
				if !strings.Contains(rows[kind], "`"+f.Name+"` "+word) {
					t.Errorf("%s: the reference does not say what %s of %s is", lang, f.Name, kind)
				}
			}
		}
	}
}

// The manual names every command, every list and every column of every file.
func TestReferenceNamesCommandsAndColumns(t *testing.T) {
	s := newShell(t)
	manual := s.must("", "reference")
	want := []string{"`sanbian serve`", "`sanbian verify`", "`sanbian export batch`", "`sanbian import divisions FILE`", "`--listen`"}
	for _, l := range exchange.Lists() {
		want = append(want, "`sanbian export "+l.Name+"`", "| `"+l.Name+"` "+l.Title, strings.Join(l.Headings, " · "))
	}
	for _, k := range append([]exchange.Kind{exchange.Divisions}, exchange.VillageKinds()...) {
		for _, c := range exchange.Columns(k) {
			want = append(want, c.Headings...)
		}
	}
	for _, c := range exchange.ResultColumns() {
		want = append(want, c.Headings...)
	}
	for _, text := range want {
		if !strings.Contains(manual, text) {
			t.Errorf("the manual does not say %s", text)
		}
	}
}
